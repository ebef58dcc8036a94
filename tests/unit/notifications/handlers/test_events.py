"""Facts of others become messages, once, to the right people."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest

from chassis.access import EVERYTHING
from contracts.event import REGISTRY
from contracts.notifications import ErasureConfirmed
from contracts.registration import (
    ApplicationSubmitted,
    CallOpened,
    CohortAnnounced,
    CohortChanged,
    ContactErased,
    ContactSealed,
    ParticipantLeft,
    SignInRequested,
    SubjectErasureRequested,
)
from contracts.selection import OfferExpired, OfferMade
from services.notifications.domain.message import Status
from services.notifications.domain.message_types import MESSAGE_TYPES
from services.notifications.handlers import bound
from services.notifications.handlers.events import OFFER_REMINDER
from services.notifications.handlers.occasions import OCCASIONS
from tests.builders.notifications import COHORT, NOON, SUBJECT, a_cohort, a_contact, a_sample, an_id
from tests.builders.notifications_events import an_offer, cancelled, enrolled, moved, released
from tests.fakes_ports import FakeBus, FakeJobs, FakeTimers
from tests.shelf import Shelf

EVENT = an_id(900)


class World:
    """Notifications without a database: shelves, handlers, and one event heard at a time."""

    def __init__(self) -> None:
        self.messages, self.contacts = Shelf(key="message_id"), Shelf(key="subject_id")
        self.cohorts, self.calls = Shelf(a_cohort(), key="cohort_id"), Shelf(key="call_id")
        self.erasures = Shelf(key="erasure_id")
        self.timers, self.jobs = FakeTimers(), FakeJobs()
        shelves = bound.Shelves(
            messages=self.messages,
            contacts=self.contacts,
            cohorts=self.cohorts,
            calls=self.calls,
            erasures=self.erasures,
        )
        self.bus = FakeBus(bound.command_handlers(shelves, jobs=self.jobs, clock=lambda: NOON))
        self.event_id = EVENT
        self.handlers = bound.event_handlers(
            handle=self.bus, timers=self.timers, findings=self, cause=lambda: self.event_id
        )

    def hear(self, *events, event_id: str | None = None) -> None:
        for number, event in enumerate(events):
            self.event_id = event_id or an_id(900 + number)
            self.handlers[type(event)](event)

    def cohort_ids_of(self, subject_id: str) -> list[str]:
        return [c.cohort_id for c in self.cohorts.all() if subject_id in repr(c.members)]

    def open_message_ids_of(self, subject_id: str) -> list[str]:
        found = [m for m in self.messages.all() if m.subject_id == subject_id and m.is_open]
        return [m.message_id for m in found]

    def told(self) -> Counter[tuple[str, str]]:
        return Counter((m.type_code, m.subject_id) for m in self.messages.all())


def erasure_requested(subject_id: str = SUBJECT) -> SubjectErasureRequested:
    return SubjectErasureRequested(subject_id=subject_id, country_code="AZ", requested_at=NOON)


def test_every_event_that_names_notifications_as_its_hearer_is_heard():
    promised = {
        event
        for event in REGISTRY.values()
        if "notifications" in (event.__doc__ or "").split("Heard by:")[1].split("Personal")[0]
    }
    assert promised - set(World().handlers) == set()


@pytest.mark.parametrize("event_class", OCCASIONS, ids=lambda c: c.event_type)
def test_personal_fact_is_told_once_however_often_it_is_heard(event_class):
    world, event = World(), a_sample(event_class)

    world.hear(event, event_id=EVENT)
    world.hear(event, event_id=EVENT)

    message = world.messages.only()
    assert message.type_code in MESSAGE_TYPES
    assert (message.subject_id, message.caused_by_event_id) == (event.subject_id, EVENT)
    assert list(world.jobs.added) == [("send", message.message_id)]


def test_two_facts_of_one_kind_are_two_messages():
    world, event = World(), a_sample(ApplicationSubmitted)
    world.hear(event, event_id=an_id(901))
    world.hear(event, event_id=an_id(902))
    assert len(world.messages.all()) == 2


def test_signin_link_is_of_use_for_fifteen_minutes():
    world = World()
    event = SignInRequested(
        signin_id=an_id(80),
        subject_id=SUBJECT,
        country_code="AZ",
        language_code="az",
        requested_at=NOON,
    )
    world.hear(event, event)
    assert {m.expires_at for m in world.messages.all()} == {NOON + timedelta(minutes=15)}


def test_offer_is_mailed_and_reminded_of_48_hours_before_the_answer_is_due():
    world, offer = World(), an_offer()
    world.hear(offer, event_id=EVENT)
    world.hear(offer, event_id=EVENT)

    (timer,) = world.timers.waiting.values()
    assert timer.due_at == offer.answer_by - timedelta(hours=48)
    bound.timer_handlers(handle=world.bus)[OFFER_REMINDER](timer)
    bound.timer_handlers(handle=world.bus)[OFFER_REMINDER](timer)
    assert world.told() == {("offer_made", SUBJECT): 1, ("offer_reminder", SUBJECT): 1}
    assert {m.expires_at for m in world.messages.all()} == {offer.answer_by}


def test_short_offer_is_not_reminded_of():
    world = World()
    short = OfferMade(**{**vars(an_offer()), "answer_by": NOON + timedelta(hours=47)})
    world.hear(short)
    assert world.timers.waiting == {}


def test_closed_offer_is_not_reminded_of():
    world, offer = World(), an_offer()
    marks = {n: getattr(offer, n) for n in ("offer_id", "application_id", "cohort_id")}
    closed = OfferExpired(
        **marks, subject_id=SUBJECT, country_code="AZ", route="open", expired_at=NOON
    )
    world.hear(offer, closed, closed)
    assert world.timers.waiting == {}
    assert ("offer_expired", SUBJECT) in world.told()


def test_timetable_goes_to_everybody_once():
    world = World()
    world.hear(enrolled(1), enrolled(2))
    world.hear(released(), event_id=EVENT)
    world.hear(released(), event_id=EVENT)
    world.hear(released(version=2), event_id=an_id(990))

    told = world.told()
    assert told["timetable_released", an_id(21)] == told["timetable_released", an_id(22)] == 1


def test_who_is_enrolled_after_the_release_gets_the_timetable_too():
    world = World()
    world.hear(released(), enrolled(1), enrolled(1))
    assert world.told()["timetable_released", an_id(21)] >= 1


def test_later_release_with_new_sessions_is_told():
    world = World()
    world.hear(enrolled(1), released(count=2), released(version=2, count=3))
    assert world.told()["timetable_released", an_id(21)] == 2


def test_moved_session_reaches_only_those_affected():
    world = World()
    world.hear(enrolled(1), enrolled(2), released())
    world.hear(moved(an_id(12)), event_id=EVENT)
    world.hear(moved(an_id(12)), event_id=EVENT)

    told = [m for m in world.messages.all() if m.type_code == "session_moved"]
    assert [m.subject_id for m in told] == [an_id(22)]
    assert told[0].params["calendar_sequence"] == "1"


def test_cancelled_session_reaches_the_cohort_but_not_who_left():
    world = World()
    left = ParticipantLeft(
        participant_id=an_id(11),
        cohort_id=COHORT,
        subject_id=an_id(21),
        country_code="AZ",
        reason_code="own_wish",
        left_at=NOON,
    )
    world.hear(enrolled(1), enrolled(2), released(), left)
    world.hear(cancelled(), event_id=EVENT)
    world.hear(cancelled(), event_id=EVENT)

    told = world.told()
    assert told["session_cancelled", an_id(22)] == 1
    assert told["session_cancelled", an_id(21)] == 0
    assert told["participant_left", an_id(21)] == 1


def test_cohort_is_described_by_the_newest_word():
    world = World()
    announced = a_sample(CohortAnnounced)
    changed = CohortChanged(
        cohort_id=announced.cohort_id,
        country_code=announced.country_code,
        starts_on=date(2021, 2, 1),
        ends_on=date(2021, 8, 1),
        zone="Europe/Kyiv",
        delivery="online",
        changed_at=NOON,
    )
    world.hear(announced, changed, changed)

    cohort = world.cohorts.get(announced.cohort_id, scope=EVERYTHING)
    assert cohort.titles == dict(announced.titles)
    assert (cohort.zone, cohort.starts_on) == ("Europe/Kyiv", date(2021, 2, 1))


def test_call_is_known_by_when_it_closes():
    world, opened = World(), a_sample(CallOpened)
    world.hear(opened, opened)
    assert world.calls.only().closes_at == opened.closes_at


def test_contact_stays_sealed_and_goes_when_it_is_erased():
    world, sealed = World(), a_sample(ContactSealed)
    world.hear(sealed, sealed)
    assert world.contacts.only().sealed == sealed.sealed

    erased = ContactErased(subject_id=sealed.subject_id, country_code="AZ", erased_at=NOON)
    world.hear(erased, erased, sealed)
    assert world.contacts.only().sealed is None


def test_erasure_forgets_the_person_everywhere_and_gives_one_receipt():
    world = World()
    world.contacts.save(a_contact(), scope=EVERYTHING)
    world.hear(enrolled(1, subject_id=SUBJECT), enrolled(2))
    world.hear(erasure_requested(), event_id=EVENT)
    world.hear(erasure_requested(), event_id=EVENT)

    assert world.contacts.get(SUBJECT, scope=EVERYTHING).is_forgotten
    assert world.cohorts.only().told() == (an_id(22),)
    mine = [m for m in world.messages.all() if m.subject_id == SUBJECT]
    assert [m.status for m in mine] == [Status.SUPPRESSED]
    (receipt,) = world.erasures.outbox
    assert isinstance(receipt, ErasureConfirmed)
    assert receipt.removed_count == 3  # contact, membership, a message on its way


def test_erasure_of_somebody_unknown_is_confirmed_and_kept():
    world = World()
    world.hear(erasure_requested())
    assert world.erasures.only().removed_count == 0
    assert world.contacts.only().is_forgotten
