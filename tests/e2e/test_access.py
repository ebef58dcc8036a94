"""What OpenAPI says of roles holds, and one country neither sees nor changes another's.

Every operation of every service is tried; which there are is read from the documents themselves.
A new route has its cases without anybody writing them, or the test says what it cannot try.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import mongoengine
import pytest
from werkzeug.test import TestResponse

from chassis.access import Actor, Role, Scope
from chassis.ids import derived_id
from rtcm.mongo_server import MongoServer
from services.certification.domain.award_rule import award_rule_id_of
from services.certification.domain.letterhead import letterhead_id_of
from services.certification.storage.documents import AwardRuleDocument, LetterheadDocument
from services.registration.storage.documents import CallDocument, CohortDocument
from services.scheduling.handlers.identities import curriculum_id_of, register_id_of
from services.scheduling.storage.documents import CurriculumDocument, RegisterDocument
from tests.e2e.apps import OPERATOR, WITH_API, Service, running
from tests.e2e.bodies import least

OWN, OTHER = "AZ", "GE"
THEIRS = derived_id("what belongs to the other country")
"""One id for everything there: each collection has a row of it, so every path leads to one."""

UNBOUND = frozenset({"operator", "service", "public"})
"""Roles that are not of one country."""

Operation = tuple[str, str, dict[str, Any]]


@pytest.fixture(scope="module", params=WITH_API)
def service(
    request: pytest.FixtureRequest,
    mongo_server: MongoServer,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Service]:
    """One service, and in each of its collections one row of the other country."""
    folder = tmp_path_factory.mktemp(request.param)
    with running(request.param, mongo_uri=mongo_server.uri, folder=folder) as service:
        for document in service.parts.documents:
            document._get_collection().insert_one(_row(document))
        if service.name == "registration":
            _make_a_programme(service)
        yield service


def _row(document: type[mongoengine.Document]) -> dict[str, Any]:
    """A stored row whose marks are the other country's; the rest is filled in by kind."""
    filled: dict[type, Any] = {
        mongoengine.StringField: "x",
        mongoengine.IntField: 1,
        mongoengine.LongField: 1,
        mongoengine.FloatField: 1.0,
        mongoengine.BooleanField: False,
        mongoengine.ListField: [],
        mongoengine.DictField: {},
        mongoengine.DateTimeField: datetime(2021, 1, 9, tzinfo=UTC),
    }
    marks = {"cohort_id": THEIRS, "country_code": OTHER, "subject_id": THEIRS}
    values = {
        field.db_field: THEIRS if field.db_field.endswith("_id") else filled.get(type(field))
        for field in document._fields.values()
        if field.required
    }
    id_ = DERIVED.get(document, THEIRS)
    more = READ_FOR_ALL.get(document, {})
    return {**values, **marks, **more, "_id": id_, "version": 1, "event_count": 0}


READ_FOR_ALL: dict[type[mongoengine.Document], dict[str, Any]] = {
    CallDocument: {
        "status": "open",
        "form": {"sections": []},
        "cohort_ids": [THEIRS],
        "routes": ["nomination"],
    },
    CohortDocument: {
        "status": "announced",
        "starts_on": "2021-05-25",
        "ends_on": "2021-05-27",
        "seat_pools": [],
        "country_codes": [OTHER],
    },
}
"""What has to be readable because handlers look at it whoever asks."""


DERIVED = {
    AwardRuleDocument: award_rule_id_of(THEIRS),
    LetterheadDocument: letterhead_id_of(OTHER),
    CurriculumDocument: curriculum_id_of(THEIRS),
    RegisterDocument: register_id_of(THEIRS),
}
"""Rows whose id follows from the id that a path names."""


def _make_a_programme(service: Service) -> None:
    """Programmes are the centre's: readable by all, so this one has to be a whole one."""
    components = service.document["components"]["schemas"]
    body = least(components["NewProgramme"], components, id_=THEIRS, country_code="*")
    made = service.ask("POST", "/programmes", OPERATOR, body)
    assert made.status_code == 201, made.text
    PROGRAMME["id"] = made.json["id"]


PROGRAMME: dict[str, str] = {}


def bound(roles: list[str]) -> list[Actor]:
    """Somebody of our country for each of ``roles`` that is of one."""
    return [
        Actor(
            actor_id=f"{role}-{OWN}",
            roles=frozenset({Role(role)}),
            scope=Scope(
                countries=frozenset({OWN}),
                subject_id=derived_id("me") if role == "participant" else None,
            ),
        )
        for role in roles
        if role not in UNBOUND
    ]


def address(path: str) -> str:
    """The path with every parameter leading to what is theirs."""
    words = {"country": OTHER, "language_code": "en", "item_no": "1", "number": "1"}
    return re.sub(r"{(\w+)}", lambda found: words.get(found[1], THEIRS), path)


def body_of(service: Service, operation: dict[str, Any]) -> Any:
    """The least body it takes, naming what is theirs wherever it can."""
    content = operation.get("requestBody", {}).get("content", {})
    if not content:
        return None
    components = service.document["components"]["schemas"]
    schema = content["application/json"]["schema"]
    name = schema["$ref"].rsplit("/", 1)[1]
    made = least(schema, components, id_=THEIRS, country_code=OTHER)
    BODIES.get((service.name, name), lambda body: None)(made)
    return made


BODIES: dict[tuple[str, str], Callable[[dict[str, Any]], object]] = {
    ("registration", "NewCohort"): lambda body: body.update(programme_id=PROGRAMME["id"]),
    ("scheduling", "TermsShape"): lambda body: body.update(
        weekdays=[6], start_minutes=[600], earliest_minute=540, latest_minute=1080
    ),
    ("scheduling", "EvidenceList"): lambda body: body["items"][0].update(
        left_at="2021-05-25T11:00:00+00:00"
    ),
    ("scheduling", "WorkPlanShape"): lambda body: [
        item.update(when={"en": "current year"}) for item in body["items"]
    ],
    ("certification", "AwardTermsBody"): lambda body: body["grades"][0].update(
        overall={"minutes": 60}
    ),
}
"""What bodies need beyond what OpenAPI can say, so that they are refused for their country only."""

OF_NO_COUNTRY: dict[tuple[str, str, str], str] = {
    ("registration", "POST", "/applications"): (
        "a call is open to all the countries it names; the application is the applicant's own"
    ),
    ("notifications", "GET", "/templates/{type_code}/{language_code}/preview"): (
        "the centre's texts with synthetic values"
    ),
    ("certification", "GET", "/letterheads/{country}"): (
        "where a letterhead may not be seen the centre's own is shown: the test below"
    ),
}
"""Operations that make or show nothing of another country, and why."""

MADE_OF_MORE = {
    ("certification", "GET", "/cohorts/{cohort_id}/certificates.pdf"),
    ("certification", "GET", "/cohorts/{cohort_id}/certificates.zip"),
}
"""The row put here does not do for these: a certificate in force with its document, and their
own refusal of strangers, are in ``tests/integration/certification/test_papers.py``."""


def says_nothing(answer: TestResponse) -> bool:
    """Whether a 200 holds nothing but zeros, empty lists and the id that was asked for."""

    def nothing(value: Any) -> bool:
        if isinstance(value, dict):
            return all(nothing(inner) for inner in value.values())
        return value in (None, 0, [], THEIRS)

    return answer.status_code == 200 and nothing(answer.json)


def _tell(operation: Operation, answer: TestResponse, actor: Actor) -> str:
    method, path, _ = operation
    said = answer.json.get("code") if answer.is_json else ""
    detail = answer.text[:300] if answer.status_code == 422 else ""
    return f"{method} {path} as {min(actor.roles)}: {answer.status_code} {said} {detail}"


def test_without_a_token_only_public_operations_answer(service: Service):
    open_ = [
        f"{method} {path}"
        for method, path, operation in service.operations()
        if operation["x-roles"] != ["public"]
        and service.ask(method, address(path)).status_code != 401
    ]
    assert not open_, "\n" + "\n".join(open_)


def test_a_role_that_is_not_named_is_refused(service: Service):
    let_in = []
    for method, path, operation in service.operations():
        if operation["x-roles"] == ["public"]:
            continue
        for role in set(Role) - {Role(name) for name in operation["x-roles"]}:
            actor = Actor(actor_id="somebody", roles=frozenset({role}))
            answer = service.ask(method, address(path), actor)
            if (answer.status_code, answer.json["code"]) != (403, "access.role_missing"):
                let_in.append(f"{method} {path} as {role}: {answer.status_code}")
    assert not let_in, "\n" + "\n".join(let_in)


def test_another_countrys_things_are_not_there(service: Service):
    """Each path that names a thing: 404 or 403, for every role that is of one country."""
    wrong = []
    for method, path, operation in service.operations():
        if "{" not in path or (service.name, method, path) in OF_NO_COUNTRY:
            continue
        for actor in bound(operation["x-roles"]):
            answer = service.ask(method, address(path), actor, body_of(service, operation))
            if answer.status_code not in (403, 404) and not says_nothing(answer):
                wrong.append(_tell((method, path, operation), answer, actor))
    assert not wrong, "\n" + "\n".join(wrong)


def test_another_countrys_things_are_in_no_list(service: Service):
    wrong = []
    for method, path, operation in service.operations():
        if method != "GET" or "{" in path or (service.name, method, path) in OF_NO_COUNTRY:
            continue
        for actor in bound(operation["x-roles"]):
            query = _query(operation)
            answer = service.ask(method, f"{path}{query}", actor)
            hidden = answer.status_code in (403, 404) or says_nothing(answer)
            if not hidden and (answer.status_code != 200 or THEIRS in answer.text):
                wrong.append(_tell((method, path, operation), answer, actor))
    assert not wrong, "\n" + "\n".join(wrong)


def test_nothing_is_made_for_another_country(service: Service):
    """Each command without a thing in its path: its body names the other country's."""
    wrong = []
    for method, path, operation in service.operations():
        if method == "GET" or "{" in path or (service.name, method, path) in OF_NO_COUNTRY:
            continue
        for actor in bound(operation["x-roles"]):
            answer = service.ask(method, path, actor, body_of(service, operation))
            if answer.status_code not in (403, 404):
                wrong.append(_tell((method, path, operation), answer, actor))
    assert not wrong, "\n" + "\n".join(wrong)


def test_nothing_of_theirs_was_changed(service: Service):
    """After all of the above: every row is as it was put."""
    for document in service.parts.documents:
        rows = list(document._get_collection().find({"country_code": OTHER}))
        assert [_plain(row) for row in rows] == [_plain(_row(document))]


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """Times without a zone, as the driver may give them."""
    return {
        name: value.replace(tzinfo=None) if isinstance(value, datetime) else value
        for name, value in row.items()
    }


@pytest.mark.parametrize("service", ["certification"], indirect=True)
def test_a_letterhead_that_may_not_be_seen_is_the_centres_own(service: Service):
    for actor in bound(["coordinator", "auditor"]):
        answer = service.ask("GET", f"/letterheads/{OTHER}", actor)
        assert (answer.status_code, answer.headers["ETag"]) == (200, '"0"')


def test_the_centre_finds_what_the_other_country_has(service: Service):
    """The cases above lead somewhere: the same request by the operator is answered otherwise."""
    missing = []
    for method, path, operation in service.operations():
        key = (service.name, method, path)
        if method != "GET" or "{" not in path or path.startswith(("/ops", "/feed")):
            continue
        if not bound(operation["x-roles"]) or key in OF_NO_COUNTRY or key in MADE_OF_MORE:
            continue
        stranger = service.ask(method, address(path), bound(operation["x-roles"])[0])
        if _outcome(service.ask(method, address(path), OPERATOR)) == _outcome(stranger):
            missing.append(f"{method} {path}")
    assert not missing, "\n" + "\n".join(missing)


def _outcome(answer: TestResponse) -> tuple[int, Any]:
    """Status and code of a problem, or status and body."""
    return answer.status_code, answer.json.get("code", answer.json) if answer.is_json else None


def _query(operation: dict[str, Any]) -> str:
    needed = [
        each["name"]
        for each in operation["parameters"]
        if each["in"] == "query" and each.get("required")
    ]
    return "?" + "&".join(f"{name}={THEIRS}" for name in needed) if needed else ""
