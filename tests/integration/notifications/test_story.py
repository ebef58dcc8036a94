"""From the fact to the mail, on a real database and over real SMTP."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from icalendar import Calendar

from chassis.mongo.connection import Database
from chassis.mongo.documents import JobRow
from chassis.mongo.inbox import Verdict
from chassis.mongo.jobs import claim
from contracts.notifications import ErasureConfirmed, MessageSent
from contracts.registration import (
    ApplicationSubmitted,
    CallOpened,
    CohortAnnounced,
    SubjectErasureRequested,
)
from tests.builders.notifications import CALL, COHORT, NOON, a_sample, an_id
from tests.builders.notifications_events import (
    an_offer,
    cancelled,
    enrolled,
    moved,
    released,
)
from tests.fakes_ports import a_job
from tests.integration.notifications.scene import Scene

ANNA, BAKIR = an_id(21), an_id(22)


@pytest.fixture
def scene(database: Database, tmp_path: Path) -> Iterator[Scene]:
    """A service that knows a cohort, a call and two people."""
    scene = Scene(database, tmp_path)
    with scene.sink:
        scene.hear(
            replace(
                a_sample(CohortAnnounced),
                cohort_id=COHORT,
                titles={"az": "Miqrasiya Məktəbi", "en": "Migration School"},
            ),
            replace(a_sample(CallOpened), call_id=CALL),
        )
        scene.meet(ANNA, "Anna Nümunə", "anna@example.org")
        scene.meet(BAKIR, "Bakir Sample", "bakir@example.org", "en")
        yield scene


def submitted(subject_id: str = ANNA) -> ApplicationSubmitted:
    return replace(
        a_sample(ApplicationSubmitted), call_id=CALL, cohort_id=COHORT, subject_id=subject_id
    )


def test_fact_heard_twice_is_one_mail_and_one_word_of_it(scene):
    assert scene.hear(submitted()) == [Verdict.REPEAT]
    scene.settle()
    scene.settle()

    (mail,) = scene.received()
    assert mail["to"] == "Anna Nümunə <anna@example.org>"
    assert mail["subject"] == "Müraciətiniz qəbul edildi: Miqrasiya Məktəbi"
    assert submitted().application_id in mail["text"]
    (sent,) = scene.announced(MessageSent)
    assert (sent.subject_id, sent.message_type_code) == (ANNA, "application_received")
    assert mail["message_id"].startswith(f"<{sent.message_id}@")


def test_neither_name_nor_address_is_stored(scene):
    scene.hear(submitted(), submitted(BAKIR))
    scene.settle()
    stored = scene.everything_stored()
    for secret in ("Anna", "Bakir", "example.org"):
        assert secret not in stored


def test_timetable_and_its_changes_reach_the_right_calendars(scene):
    scene.hear(enrolled(1), enrolled(2), released(), moved(an_id(12)), cancelled())
    scene.settle()

    mails = scene.received()
    kinds = Counter((mail["type_code"], mail["to"]) for mail in mails)
    anna, bakir = "Anna Nümunə <anna@example.org>", "Bakir Sample <bakir@example.org>"
    assert kinds == {
        ("participant_enrolled", anna): 1,
        ("participant_enrolled", bakir): 1,
        ("timetable_released", anna): 1,
        ("timetable_released", bakir): 1,
        ("session_moved", bakir): 1,
        ("session_cancelled", anna): 1,
        ("session_cancelled", bakir): 1,
    }
    uids = {}
    for mail in mails:
        for attachment in mail["attachments"]:
            calendar = Calendar.from_ical(attachment["content"])
            uids[mail["type_code"]] = {str(event["UID"]) for event in calendar.walk("VEVENT")}
    assert uids["session_moved"] == uids["session_cancelled"]


def test_offer_is_reminded_of_when_its_time_comes(scene):
    offer = replace(an_offer(), subject_id=ANNA)
    scene.hear(offer)
    scene.settle()
    scene.now = offer.answer_by - timedelta(hours=48)
    scene.settle()
    scene.settle()
    assert [m["type_code"] for m in scene.received()] == ["offer_made", "offer_reminder"]


@pytest.mark.parametrize(
    ("offers", "mails", "status"), [(False, 1, "uncertain"), (True, 2, "accepted")]
)
def test_worker_that_dies_after_the_mail_left_keeps_the_promise(scene, offers, mails, status):
    scene.hear(replace(an_offer(), subject_id=ANNA) if offers else submitted())
    job = claim(tuple(scene.parts.on_job))
    handler = scene.parts.on_job[job.kind]
    handler(a_job(job.kind, job.key))  # the mail leaves; its completion is never stored
    JobRow._get_collection().update_one({"_id": job.id}, {"$set": {"waiting_until": NOON}})

    scene.settle()

    assert len(scene.received()) == mails
    assert len({mail["message_id"] for mail in scene.received()}) == 1
    (item,) = scene.ok("GET", "/messages")["items"]
    assert item["status"] == status


def test_operator_sees_counts_and_sends_again(scene):
    scene.hear(submitted())
    scene.settle()
    (item,) = scene.ok("GET", f"/messages?cohort_id={COHORT}")["items"]
    again = scene.ok("POST", f"/messages/{item['message_id']}/resending")
    scene.settle()

    assert again["id"] != item["message_id"]
    assert len(scene.received()) == 2
    counts = scene.ok("GET", "/messages/counts")
    assert counts["by_status"]["accepted"] == 2
    assert len(scene.ok("GET", "/sink/mails")["items"]) == 2


def test_forgotten_person_gets_nothing_more_and_leaves_nothing(scene):
    scene.hear(enrolled(1), enrolled(2))
    sealed = scene.everything_stored().count("'sealed': '")
    scene.hear(
        SubjectErasureRequested(subject_id=ANNA, country_code="AZ", requested_at=NOON),
        released(),
        submitted(),
    )
    del scene.registration.keys[ANNA]
    scene.settle()

    assert {mail["to"] for mail in scene.received()} == {"Bakir Sample <bakir@example.org>"}
    assert scene.everything_stored().count("'sealed': '") == sealed - 1
    (receipt,) = scene.announced(ErasureConfirmed)
    assert (receipt.subject_id, receipt.removed_count) == (ANNA, 3)
