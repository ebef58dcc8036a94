"""Doors: who may come in, what is shown to whom, and how refusals read."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest

from chassis.access import EVERYTHING, Actor, Role, Scope, service_actor
from chassis.codec import unstructure
from chassis.ids import derived_id
from services.registration.domain.application import Application
from services.registration.domain.commands.programmes import OpenCall
from tests.builders.registration import (
    APPLICANT,
    CALL_ID,
    COHORT_ID,
    FOCAL_PERSON,
    OPERATOR,
    PROGRAMME_ID,
    SCHOOL_FORM,
    SUBJECT_ID,
    TITLES,
    a_call,
    a_cohort,
    a_focal_point,
    a_participant,
    a_programme,
    good_answers,
    some_details,
)
from tests.builders.registration_api import Api
from tests.builders.registration_stage import Stage

APPLICATION_ID = Application.id_for(call_id=CALL_ID, subject_id=SUBJECT_ID)
SERVICE = service_actor("notifications")
REVIEWER = Actor(actor_id="r1", roles=frozenset({Role.REVIEWER}))
STRANGER_ID = derived_id("stranger")
STRANGER = Actor(
    actor_id=STRANGER_ID,
    roles=frozenset({Role.PARTICIPANT}),
    scope=Scope(subject_id=STRANGER_ID),
)
PERSON = {
    "legal_name": "Sara Sınaqova",
    "email": "sara@example.org",
    "language_code": "az",
    "country_code": "AZ",
}


@pytest.fixture
def stage() -> Stage:
    """A programme, a cohort, an open call and a person in the vault."""
    from services.registration.domain.commands.subjects import RegisterSubject

    stage = Stage()
    stage.programmes.save(a_programme(), scope=EVERYTHING)
    stage.cohorts.save(a_cohort(), scope=EVERYTHING)
    stage.calls.save(a_call(), scope=EVERYTHING)
    stage(
        RegisterSubject(
            actor=OPERATOR,
            subject_id=SUBJECT_ID,
            country_code="AZ",
            language_code="az",
            details=some_details(),
        )
    )
    return stage


@pytest.fixture
def api(stage: Stage, tmp_path: Path) -> Api:
    return Api(stage, tmp_path)


def apply(api: Api, **changes: Any) -> Any:
    body = {
        "call_id": CALL_ID,
        "preferences": [COHORT_ID],
        "answers": good_answers(),
        **changes,
    }
    return api.ask("POST", "/applications", body, actor=APPLICANT)


def test_everybody_sees_programmes_cohorts_and_open_calls(api: Api) -> None:
    for path in (
        "/programmes",
        f"/programmes/{PROGRAMME_ID}",
        "/cohorts",
        f"/cohorts/{COHORT_ID}",
        "/public/calls",
        f"/public/calls/{CALL_ID}",
    ):
        assert api.ask("GET", path, actor=None).status_code == 200, path


def test_a_call_shows_its_form_in_all_languages_but_not_its_grace(api: Api) -> None:
    shown = api.ask("GET", f"/public/calls/{CALL_ID}", actor=None).json

    assert shown["form"] == unstructure(SCHOOL_FORM)
    assert "grace_minutes" not in shown
    assert api.ask("GET", f"/calls/{CALL_ID}").json["grace_minutes"] == 60


def test_a_call_in_draft_is_not_for_everybody(stage: Stage, api: Api) -> None:
    draft_id = derived_id("draft")
    stage.calls.save(a_call(call_id=draft_id, opened=False), scope=EVERYTHING)

    assert api.ask("GET", f"/public/calls/{draft_id}", actor=None).status_code == 404
    assert [call["id"] for call in api.ask("GET", "/public/calls").json["items"]] == [CALL_ID]
    stage(OpenCall(actor=OPERATOR, call_id=draft_id))
    assert api.ask("GET", f"/public/calls/{draft_id}", actor=None).status_code == 200


def test_a_call_is_made_of_its_json_form(stage: Stage, api: Api) -> None:
    body = {
        "cohort_ids": [COHORT_ID],
        "titles": TITLES,
        "routes": ["open"],
        "opens_at": "2020-11-15T12:00:00+04:00",
        "closes_at": "2020-11-25T12:00:00+04:00",
        "form": {"sections": unstructure(SCHOOL_FORM)["sections"]},
    }

    made = api.ask("POST", "/calls", body)

    assert made.status_code == 201
    call = stage.calls.get(made.json["id"], scope=EVERYTHING)
    assert call.form == SCHOOL_FORM
    assert f"{call.opens_at:%FT%RZ}" == "2020-11-15T08:00Z"


def test_a_malformed_form_is_refused_with_every_place(api: Api) -> None:
    question = {"code": "a", "kind": "single_choice", "labels": {"en": "A"}, "options": []}
    form = {"sections": [{"code": "s", "titles": TITLES, "questions": [question]}]}
    body = {
        "cohort_ids": [COHORT_ID],
        "titles": TITLES,
        "routes": ["open"],
        "opens_at": "2020-11-15T08:00:00Z",
        "closes_at": "2020-11-25T08:00:00Z",
        "form": form,
    }

    refused = api.ask("POST", "/calls", body)

    assert (refused.status_code, refused.json["code"]) == (422, "form.malformed")
    assert [(one["field"], one["code"]) for one in refused.json["problems"]] == [
        ("form.sections[0].questions[0].labels", "text_missing"),
        ("form.sections[0].questions[0].options", "missing"),
    ]


def test_an_application_is_shown_whole_to_its_writer_only(api: Api) -> None:
    assert apply(api).json == {"id": APPLICATION_ID}
    path = f"/applications/{APPLICATION_ID}"

    assert api.ask("GET", path, actor=APPLICANT).json["answers"] == good_answers()
    to_staff = api.ask("GET", path).json["answers"]
    assert to_staff["level"] == "recent-graduate"
    assert {"motivation", "email"}.isdisjoint(to_staff)
    assert api.ask("GET", path, actor=STRANGER).status_code == 404
    assert api.ask("GET", path, actor=REVIEWER).status_code == 403


def test_a_reviewer_reads_blind(api: Api) -> None:
    apply(api)

    blind = api.ask("GET", f"/applications/{APPLICATION_ID}/blind", actor=REVIEWER).json

    assert blind["answers"]["motivation"] == good_answers()["motivation"]
    assert {"father_name", "email", "phone", "birth_on"}.isdisjoint(blind["answers"])
    assert {"subject_id", "country_code"}.isdisjoint(blind)


def test_a_stale_page_does_not_overwrite_a_draft(api: Api) -> None:
    apply(api)
    path = f"/applications/{APPLICATION_ID}"
    tag = api.ask("GET", path, actor=APPLICANT).headers["ETag"]
    body = {"preferences": [COHORT_ID], "answers": {}}

    first = api.ask("PUT", f"{path}/draft", body, actor=APPLICANT, If_Match=tag)
    second = api.ask("PUT", f"{path}/draft", body, actor=APPLICANT, If_Match=tag)

    assert (first.status_code, second.status_code) == (204, 412)


def test_submitting_twice_with_one_key_is_answered_once(stage: Stage, api: Api) -> None:
    apply(api)
    path = f"/applications/{APPLICATION_ID}/submission"

    answers = [api.ask("POST", path, actor=APPLICANT, Idempotency_Key="k") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [202, 202]
    assert len(stage.applications.outbox) == 1
    third = api.ask("POST", path, actor=APPLICANT)
    assert (third.status_code, third.json["code"]) == (409, "application.not_draft")


def test_only_a_person_signed_in_as_themselves_applies(api: Api) -> None:
    nobody = Actor(actor_id="x", roles=frozenset({Role.PARTICIPANT}))
    body = {"call_id": CALL_ID}

    assert api.ask("POST", "/applications", body, actor=None).status_code == 401
    assert api.ask("POST", "/applications", body).status_code == 403
    refused = api.ask("POST", "/applications", body, actor=nobody)
    assert (refused.status_code, refused.json["code"]) == (403, "access.subject_missing")


def test_registering_tells_nothing_of_who_is_known(stage: Stage, api: Api) -> None:
    known = api.ask("POST", "/subjects", PERSON, actor=None)
    fresh = api.ask("POST", "/subjects", {**PERSON, "email": "new@example.org"}, actor=None)

    assert (known.status_code, set(known.json)) == (fresh.status_code, set(fresh.json))
    assert known.json["id"] != SUBJECT_ID
    assert stage.subjects.find(known.json["id"], scope=EVERYTHING) is None
    assert stage.subjects.find(fresh.json["id"], scope=EVERYTHING) is not None
    assert api.ask("POST", "/subjects", PERSON).json["id"] == SUBJECT_ID


def test_signing_in_is_answered_alike(stage: Stage, api: Api) -> None:
    answers = [
        api.ask("POST", "/signins", {"email": email}, actor=None)
        for email in ("sara@example.org", "nobody@example.org")
    ]

    assert [(one.status_code, one.data) for one in answers] == [(202, b""), (202, b"")]
    assert len(stage.signins.outbox) == 1


def test_a_person_reads_and_corrects_themselves(stage: Stage, api: Api) -> None:
    path = f"/subjects/{SUBJECT_ID}"
    shown = api.ask("GET", path, actor=APPLICANT).json
    assert (shown["legal_name"], shown["birth_on"]) == ("Sara Sınaqova", "1999-03-21")
    assert api.ask("GET", path, actor=STRANGER).status_code == 404
    changed = {"legal_name": "Sara Sınaqlı", "email": "sara@example.org", "language_code": "en"}

    assert api.ask("PUT", path, changed, actor=APPLICANT).status_code == 204

    shown = api.ask("GET", path, actor=APPLICANT).json
    assert (shown["legal_name"], shown["language_codes"]) == ("Sara Sınaqlı", ["en"])


def test_keys_and_names_are_for_services_until_erasure_is_asked_for(api: Api) -> None:
    path = f"/subjects/{SUBJECT_ID}"

    key = api.ask("GET", f"{path}/key", actor=SERVICE).json
    assert base64.b64decode(key["key"]) == b"k" * 32
    name = api.ask("GET", f"{path}/legal-name", actor=SERVICE).json
    assert name == {
        "legal_name": "Sara Sınaqova",
        "native_name": "Сара Сынагова",
        "language_code": "az",
    }
    for actor in (OPERATOR, APPLICANT, REVIEWER):
        assert api.ask("GET", f"{path}/key", actor=actor).status_code == 403
    assert api.ask("POST", f"{path}/erasure", actor=APPLICANT).status_code == 202
    for part in ("key", "legal-name"):
        gone = api.ask("GET", f"{path}/{part}", actor=SERVICE)
        assert (gone.status_code, gone.json["code"]) == (404, "subject.erased")
    assert api.ask("GET", f"{path}/erasure").json["awaited"] == [
        "certification",
        "notifications",
        "partners",
        "scheduling",
        "selection",
    ]


def test_nobody_asks_for_another_persons_erasure(stage: Stage, api: Api) -> None:
    assert api.ask("POST", f"/subjects/{SUBJECT_ID}/erasure", actor=STRANGER).status_code == 404
    assert stage.erasures.all() == []


def test_a_focal_point_is_invited_and_names_people_of_its_country(stage: Stage, api: Api) -> None:
    person = {"legal_name": "Focal", "email": "focal@example.org", "language_code": "ru"}
    body = {
        "call_id": CALL_ID,
        "cohort_id": COHORT_ID,
        "organisation_code": "kz-migration",
        "country_code": "KZ",
        "place_count": 3,
        "person": person,
    }
    invited = api.ask("POST", "/focal-points", body).json["id"]
    focal_point = stage.focal_points.get(invited, scope=EVERYTHING)
    me = Actor(actor_id=focal_point.subject_id, roles=FOCAL_PERSON.roles, scope=FOCAL_PERSON.scope)
    official = {"legal_name": "Official", "email": "o@example.org", "language_code": "ru"}
    naming = {"focal_point_id": invited, "person": official}

    made = api.ask("POST", "/nominations", naming, actor=me)

    assert made.status_code == 201
    path = f"/nominations/{made.json['id']}"
    assert api.ask("GET", path, actor=me).json["legal_name"] == "Official"
    assert api.ask("GET", path, actor=FOCAL_PERSON).status_code == 403
    assert api.ask("POST", f"{path}/confirmation", actor=me).status_code == 202
    mine = api.ask("GET", "/focal-points", actor=me).json["items"]
    assert [one["id"] for one in mine] == [invited]
    assert api.ask("GET", "/focal-points", actor=FOCAL_PERSON).json["items"] == []


def test_a_focal_point_of_another_country_sees_nothing(stage: Stage, api: Api) -> None:
    focal_point = a_focal_point()
    stage.focal_points.save(focal_point, scope=EVERYTHING)
    uzbek = Actor(
        actor_id=FOCAL_PERSON.actor_id,
        roles=FOCAL_PERSON.roles,
        scope=Scope(countries=frozenset({"UZ"})),
    )
    body = {"focal_point_id": focal_point.focal_point_id, "person": {**PERSON}}
    del body["person"]["country_code"]  # type: ignore[attr-defined]  # -- the person is a dict

    assert api.ask("POST", "/nominations", body, actor=uzbek).status_code == 404
    path = f"/focal-points/{focal_point.focal_point_id}"
    assert api.ask("GET", path, actor=uzbek).status_code == 404


def test_a_roster_has_names_for_who_teaches(stage: Stage, api: Api) -> None:
    stage.participants.save(a_participant(), scope=EVERYTHING)
    trainer = Actor(
        actor_id="t1", roles=frozenset({Role.TRAINER}), scope=Scope(cohorts=frozenset({COHORT_ID}))
    )

    (entry,) = api.ask("GET", f"/roster?cohort_id={COHORT_ID}", actor=trainer).json["items"]

    assert (entry["legal_name"], entry["status"]) == ("Sara Sınaqova", "enrolled")
    other = Actor(
        actor_id="t2", roles=trainer.roles, scope=Scope(cohorts=frozenset({derived_id("other")}))
    )
    assert api.ask("GET", f"/roster?cohort_id={COHORT_ID}", actor=other).json["items"] == []


def test_the_funnel_counts(stage: Stage, api: Api) -> None:
    stage.participants.save(a_participant(), scope=EVERYTHING)

    answer = api.ask("GET", f"/statistics?cohort_id={COHORT_ID}").json

    assert answer == {"cohort_id": COHORT_ID, "counts": {"participants_enrolled": 1}}


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/programmes", {"code": "A", "titles": {}, "descriptions": {}}, "code"),
        ("/cohorts", {"zone": "Mars/Base"}, "zone"),
        ("/cohorts", {"starts_on": "9999-12-31"}, "starts_on"),
        ("/cohorts", {"country_codes": ["AZ", "AZ"]}, "country_codes"),
        ("/calls", {"opens_at": "2020-11-15T08:00:00"}, "opens_at"),
        ("/calls", {"routes": ["back-door"]}, "routes.0"),
        ("/focal-points", {"place_count": 0}, "place_count"),
        ("/subjects", {**PERSON, "email": "nobody"}, "email"),
        ("/subjects", {**PERSON, "legal_name": "two\nlines"}, "legal_name"),
        ("/subjects", {**PERSON, "admin": True}, "admin"),
    ],
)
def test_a_wrong_body_names_the_field(api: Api, path: str, body: Any, field: str) -> None:
    refused = api.ask("POST", path, body)

    assert refused.status_code == 422
    assert field in [problem["field"] for problem in refused.json["problems"]]


def test_lists_come_in_pages(stage: Stage, api: Api) -> None:
    for number in range(5):
        stage.cohorts.save(a_cohort(cohort_id=derived_id("c", str(number))), scope=EVERYTHING)
    seen: list[str] = []
    cursor = ""
    while cursor is not None:
        page = api.ask("GET", f"/cohorts?limit=2{cursor and f'&cursor={cursor}'}").json
        seen += [one["id"] for one in page["items"]]
        cursor = page["next_cursor"]

    assert sorted(seen) == sorted(one.cohort_id for one in stage.cohorts.all())
