"""From the call to completion and erasure, and officials through their focal point."""

from __future__ import annotations

import signal
from typing import Any

import pytest

from chassis import sealing
from chassis.access import Actor, Role, service_actor
from chassis.codec import unstructure
from chassis.ids import derived_id
from contracts import certification, notifications, partners, scheduling, selection
from contracts.registration import (
    ApplicationSubmitted,
    CallClosed,
    ContactErased,
    ContactSealed,
    ParticipantCompleted,
    ParticipantEnrolled,
    ParticipantLeft,
    SignInRequested,
    SubjectErased,
)
from tests.builders.registration import OPERATOR, SCHOOL_FORM, TITLES, good_answers
from tests.integration.registration.scene import Scene, applicant, focal_person, instant, until

pytestmark = pytest.mark.mongo

NOTIFICATIONS = service_actor("notifications")
REVIEWER = Actor(actor_id="reviewer-1", roles=frozenset({Role.REVIEWER}))
OTHERS = (selection, scheduling, certification, notifications, partners)


def a_person(name: str) -> dict[str, Any]:
    return {
        "legal_name": f"Synthetic {name}",
        "email": f"{name.lower()}@example.org",
        "language_code": "az",
    }


def open_call(scene: Scene) -> tuple[str, str]:
    """A programme, a cohort and an open call; ids of cohort and call."""
    programme = {"code": "migration-school", "titles": TITLES, "descriptions": TITLES, "sdgs": [10]}
    cohort = {
        "programme_id": scene.made("/programmes", OPERATOR, programme),
        "edition_code": "ms-3",
        "titles": TITLES,
        "country_codes": ["AZ", "KZ"],
        "starts_on": "2021-01-09",
        "ends_on": "2021-07-03",
        "zone": "Asia/Baku",
        "delivery": "hybrid",
        "language_code": "az",
        "seat_count": 24,
        "seat_pools": [{"route": "nomination", "seat_count": 4, "reviewed": False}],
    }
    cohort_id = scene.made("/cohorts", OPERATOR, cohort)
    call = {
        "cohort_ids": [cohort_id],
        "titles": TITLES,
        "routes": ["open", "nomination"],
        "opens_at": "2020-11-15T07:00:00Z",
        "closes_at": "2020-11-25T08:00:00Z",
        "grace_minutes": 30,
        "form": {"sections": unstructure(SCHOOL_FORM)["sections"]},
    }
    call_id = scene.made("/calls", OPERATOR, call)
    assert scene.refused("GET", f"/public/calls/{call_id}", None) == (404, "call.not_found")
    scene.done(f"/calls/{call_id}/opening", OPERATOR)
    assert "grace_minutes" not in scene.seen(f"/public/calls/{call_id}", None)
    return cohort_id, call_id


def an_applicant(scene: Scene) -> Actor:
    body = {**a_person("Sara"), "country_code": "AZ", "consent_codes": ["privacy-notice"]}
    return applicant(scene.made("/subjects", None, body))


def submit(scene: Scene, me: Actor, cohort_id: str, call_id: str) -> str:
    """Draft, save, return, correct, send; the application's id."""
    first = {"call_id": call_id, "answers": {"level": "master"}}
    application_id = scene.made("/applications", me, first)
    path = f"/applications/{application_id}"
    assert scene.refused("POST", "/applications", me, first) == (409, "application.already_exists")
    assert scene.refused("POST", f"{path}/submission", me) == (409, "call.preferences")
    incomplete = {"preferences": [cohort_id], "answers": good_answers(email=None)}
    assert scene.call("PUT", f"{path}/draft", me, incomplete).status_code == 204
    refused = scene.call("POST", f"{path}/submission", me)
    assert [problem["field"] for problem in refused.json["problems"]] == ["answers.email"]
    complete = {"preferences": [cohort_id], "answers": good_answers()}
    assert scene.call("PUT", f"{path}/draft", me, complete).status_code == 204
    scene.done(f"{path}/submission", me)
    assert scene.refused("POST", f"{path}/submission", me) == (409, "application.not_draft")
    return application_id


def accept_offer(scene: Scene, me: Actor, cohort_id: str, application_id: str) -> None:
    scene.hears(
        selection.OfferAccepted(
            offer_id=derived_id("offer"),
            application_id=application_id,
            cohort_id=cohort_id,
            subject_id=me.actor_id,
            country_code="AZ",
            route="open",
            accepted_at=scene.clock(),
        )
    )


def test_a_form_is_sealed_sent_and_counted(scene: Scene) -> None:
    cohort_id, call_id = open_call(scene)
    me = an_applicant(scene)

    application_id = submit(scene, me, cohort_id, call_id)

    path = f"/applications/{application_id}"
    assert scene.seen(path, me)["answers"] == good_answers()
    blind = scene.seen(f"{path}/blind", REVIEWER)["answers"]
    assert blind["motivation"] == good_answers()["motivation"]
    assert {"email", "birth_on", "father_name", "phone"}.isdisjoint(blind)
    (submitted,) = scene.announced(ApplicationSubmitted)
    assert {answer.question_code for answer in submitted.answers} == {
        "lives_in",
        "level",
        "graduation_year",
        "fields",
        "languages",
        "volunteer",
    }
    for name, text in scene.texts().items():
        assert "sara@example.org" not in text.lower(), name
        assert "Synthetic Sara" not in text, name
        assert "I want to learn" not in text, name

    scene.clock.move_to(instant("2020-11-25T08:31:00"))
    (closed,) = until(lambda: scene.announced(CallClosed))
    assert closed.submitted_count == 1
    late = {"preferences": [cohort_id], "answers": good_answers()}
    assert scene.refused("POST", f"{path}/amendment", me, late) == (409, "call.closed")


def test_contact_travels_sealed_and_sign_in_tells_nothing(scene: Scene) -> None:
    me = an_applicant(scene)

    (contact,) = until(lambda: scene.announced(ContactSealed))
    opened = sealing.open_sealed(
        scene.key_of(me.actor_id, NOTIFICATIONS),
        contact.sealed,
        purpose=sealing.CONTACT,
        subject_id=me.actor_id,
    )
    assert opened == {
        "legal_name": "Synthetic Sara",
        "email": "sara@example.org",
        "language_code": "az",
    }
    for address in ("SARA@example.org", "nobody@example.org"):
        scene.done("/signins", None, {"email": address})
    (requested,) = scene.announced(SignInRequested)
    assert requested.subject_id == me.actor_id
    again = {**a_person("Sara"), "email": "Sara@Example.org", "country_code": "AZ"}
    assert scene.made("/subjects", None, again) != me.actor_id
    assert scene.made("/subjects", OPERATOR, again) == me.actor_id


def test_a_person_completes_though_the_worker_dies_and_is_then_forgotten(scene: Scene) -> None:
    cohort_id, call_id = open_call(scene)
    me = an_applicant(scene)
    application_id = submit(scene, me, cohort_id, call_id)
    accept_offer(scene, me, cohort_id, application_id)
    until(lambda: scene.announced(ParticipantEnrolled))
    scene.stop_worker(signal.SIGKILL)
    scene.clock.move_to(instant("2021-07-03T20:00:01"))  # midnight in Baku
    scene.start_worker()
    until(lambda: scene.announced(ParticipantCompleted))

    path = f"/subjects/{me.actor_id}"
    scene.done(f"{path}/erasure", me)
    scene.done(f"{path}/erasure", me)
    assert scene.refused("GET", f"{path}/key", NOTIFICATIONS) == (404, "subject.erased")
    for service in OTHERS:
        scene.hears(
            service.ErasureConfirmed(
                erasure_id=derived_id("erasure", service.__name__),
                subject_id=me.actor_id,
                country_code="AZ",
                removed_count=1,
                confirmed_at=scene.clock(),
            )
        )
    (erased,) = until(lambda: scene.announced(SubjectErased))

    assert erased.receipt_count == len(OTHERS)
    state = scene.seen(f"{path}/erasure", OPERATOR)
    assert (state["status"], len(state["receipts"]), state["own_removed_count"]) == ("erased", 5, 4)
    assert len(scene.announced(ContactErased)) == 1
    counts = scene.seen(f"/statistics?cohort_id={cohort_id}", OPERATOR)["counts"]
    assert (counts["applications_submitted"], counts["participants_completed"]) == (1, 1)
    left = scene.seen(f"/applications/{application_id}", OPERATOR)
    assert (left["subject_id"], left["answers"]) == (None, {})
    texts = scene.texts()
    assert texts["subject_key"] == ""
    assert me.actor_id not in texts["application"] + texts["participant"]


def test_nominees_are_enrolled_at_once_and_replaced(scene: Scene) -> None:
    cohort_id, call_id = open_call(scene)
    body = {
        "call_id": call_id,
        "cohort_id": cohort_id,
        "organisation_code": "kz-migration",
        "country_code": "KZ",
        "place_count": 1,
        "person": a_person("Focal"),
    }
    focal_point_id = scene.made("/focal-points", OPERATOR, body)
    subject_id = scene.seen(f"/focal-points/{focal_point_id}", OPERATOR)["subject_id"]
    me, stranger = focal_person(subject_id, "KZ"), focal_person(derived_id("stranger"), "KZ")
    abroad = focal_person(subject_id, "UZ")

    naming = {"focal_point_id": focal_point_id, "person": a_person("Aigul")}
    other = (403, "focal_point.other_person")
    assert scene.refused("POST", "/nominations", stranger, naming) == other
    hidden = (404, "focal_point.not_found")
    assert scene.refused("POST", "/nominations", abroad, naming) == hidden
    nomination_id = scene.made("/nominations", me, naming)
    full = (409, "nomination.no_place_left")
    assert scene.refused("POST", "/nominations", me, naming) == full
    path = f"/nominations/{nomination_id}"
    assert scene.seen(path, me)["legal_name"] == "Synthetic Aigul"
    assert scene.refused("GET", path, stranger) == other
    scene.done(f"{path}/confirmation", me)
    until(lambda: scene.announced(ParticipantEnrolled))
    scene.made(f"{path}/replacement", me, {"person": a_person("Bolat")})

    until(
        lambda: scene.announced(ParticipantLeft) and len(scene.announced(ParticipantEnrolled)) == 2
    )
    people = scene.seen(f"/participants?cohort_id={cohort_id}", OPERATOR)["items"]
    assert sorted(one["status"] for one in people) == ["enrolled", "left"]
    counts = scene.seen(f"/statistics?cohort_id={cohort_id}", OPERATOR)["counts"]
    assert (counts["nominations_replaced"], counts["nominations_confirmed"]) == (1, 1)
    names = scene.seen(f"/roster?cohort_id={cohort_id}", OPERATOR)["items"]
    assert {one["legal_name"] for one in names} == {"Synthetic Aigul", "Synthetic Bolat"}
