"""The job that sends: every way it can end or die."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chassis.access import EVERYTHING
from chassis.errors import RuleViolation, Unavailable
from contracts.notifications import MessageBounced, MessageSent
from services.notifications.domain.delivery import AnswerLost, Letter, NotTaken, RefusedForGood
from services.notifications.domain.message import Outcome, Status
from services.notifications.handlers import bound
from services.notifications.handlers.messages import SEND
from services.notifications.handlers.sending import Sender
from tests.builders.notifications import (
    NOON,
    a_cohort,
    a_contact,
    a_message,
    a_recipient,
)
from tests.fakes_ports import FakeBus, FakeJobs, a_job
from tests.shelf import Shelf

LETTER = Letter(
    to_address="numune@example.org", content=b"mail", language_code="az", content_sha256="a" * 64
)


class FakePostOffice:
    """Takes letters, or fails as told."""

    def __init__(self, problem: Exception | None = None) -> None:
        self.problem = problem
        self.taken: list[Letter] = []

    def deliver(self, letter: Letter) -> None:
        if self.problem is not None:
            raise self.problem
        self.taken.append(letter)


class FakeVault:
    """Opens every contact, or none."""

    def __init__(self, recipient=None) -> None:
        self.recipient = recipient

    def open(self, contact):
        return self.recipient


class FakeComposer:
    """Makes the same letter of everything, or fails as told."""

    def __init__(self, problem: Exception | None = None) -> None:
        self.problem = problem

    def compose(self, message, recipient, *, cohort, call):
        if self.problem is not None:
            raise self.problem
        return LETTER


class Desk:
    """One message, one job."""

    def __init__(self, message=None, *, problem=None, contact=None, compose_problem=None) -> None:
        self.message = message or a_message()
        self.shelf = Shelf(self.message, key="message_id")
        self.post_office = FakePostOffice(problem)
        shelves = bound.Shelves(
            messages=self.shelf,
            contacts=Shelf(*([contact or a_contact()]), key="subject_id"),
            cohorts=Shelf(a_cohort(), key="cohort_id"),
            calls=Shelf(key="call_id"),
            erasures=Shelf(key="erasure_id"),
        )
        self.now = NOON
        self.vault = FakeVault(a_recipient())
        self.contacts = shelves.contacts
        self.sender = Sender(
            messages=self.shelf,
            contacts=shelves.contacts,
            cohorts=shelves.cohorts,
            calls=shelves.calls,
            vault=self.vault,
            composer=FakeComposer(compose_problem),
            post_office=self.post_office,
            handle=FakeBus(
                bound.command_handlers(shelves, jobs=FakeJobs(), clock=lambda: self.now)
            ),
            clock=lambda: self.now,
        )

    def send(self) -> None:
        """Do the job and store its completion."""
        completion = self.start()
        if completion is not None:
            completion()

    def start(self):
        """Do the job; what it would store."""
        return self.sender(a_job(SEND, self.message.message_id))

    @property
    def status(self) -> Status:
        return self.shelf.only().status


def test_sent_message_is_accepted_and_told():
    desk = Desk()
    desk.send()

    assert desk.post_office.taken == [LETTER]
    assert desk.status is Status.ACCEPTED
    assert [type(event) for event in desk.shelf.outbox] == [MessageSent]
    assert desk.shelf.only().content_sha256 == LETTER.content_sha256


def test_settled_message_is_not_sent_again():
    desk = Desk()
    desk.send()
    desk.send()
    assert len(desk.post_office.taken) == 1


@pytest.mark.parametrize(
    ("type_code", "mails", "status"),
    [("application_received", 1, Status.UNCERTAIN), ("offer_made", 2, Status.ACCEPTED)],
)
def test_process_that_dies_after_sending_keeps_the_promise_of_its_type(type_code, mails, status):
    desk = Desk(a_message(type_code))
    desk.start()  # the mail leaves, the completion is never stored
    assert desk.status is Status.SENDING

    desk.send()

    assert (len(desk.post_office.taken), desk.status) == (mails, status)


def test_refused_mail_bounces():
    desk = Desk(problem=RefusedForGood("smtp.550"))
    desk.send()

    assert (desk.status, desk.shelf.only().reason_code) == (Status.BOUNCED, "smtp.550")
    assert [type(event) for event in desk.shelf.outbox] == [MessageBounced]


def test_address_no_mail_can_go_to_bounces():
    desk = Desk(compose_problem=RefusedForGood("address.malformed"))
    desk.send()
    assert desk.status is Status.BOUNCED


@pytest.mark.parametrize("type_code", ["application_received", "offer_made"])
def test_mail_the_server_has_not_got_is_tried_again(type_code):
    desk = Desk(a_message(type_code), problem=NotTaken("smtp.451"))
    with pytest.raises(Unavailable):
        desk.send()
    assert desk.status is Status.PLANNED

    desk.post_office.problem = None
    desk.send()
    assert desk.status is Status.ACCEPTED


def test_lost_answer_is_uncertain_where_at_most_once_is_promised():
    desk = Desk(problem=AnswerLost("smtp.answer_lost"))
    desk.send()
    assert desk.status is Status.UNCERTAIN


def test_lost_answer_is_tried_again_where_at_least_once_is_promised():
    desk = Desk(a_message("signin_link"), problem=AnswerLost("smtp.answer_lost"))
    with pytest.raises(Unavailable):
        desk.send()
    desk.post_office.problem = None
    desk.send()
    assert desk.status is Status.ACCEPTED


def test_message_past_its_use_expires():
    desk = Desk(a_message(expires_at=NOON + timedelta(minutes=1)))
    desk.now = NOON + timedelta(minutes=1)
    desk.send()
    assert (desk.status, desk.post_office.taken) == (Status.EXPIRED, [])


def test_forgotten_person_is_not_written_to():
    contact = a_contact()
    contact.forget()
    desk = Desk(contact=contact)
    desk.send()
    assert (desk.status, desk.shelf.only().reason_code) == (Status.SUPPRESSED, "contact.erased")


def test_person_whose_key_is_destroyed_is_not_written_to():
    desk = Desk()
    desk.vault.recipient = None
    desk.send()
    assert desk.status is Status.SUPPRESSED


def test_contact_that_has_not_arrived_is_waited_for():
    desk = Desk(a_message(subject_id="00000000-0000-4000-8000-000000000077"))
    with pytest.raises(Unavailable) as waits:
        desk.send()
    assert waits.value.code == "contact.not_heard_of"


def test_erasure_that_overtakes_the_answer_wins():
    desk = Desk()
    completion = desk.start()
    message = desk.shelf.only()
    message.settle(Outcome.SUPPRESSED, reason_code="subject.erased", now=NOON)
    desk.shelf.save(message, scope=EVERYTHING)
    with pytest.raises(RuleViolation) as refused:
        completion()
    assert refused.value.code == "message.settled"
    assert desk.start() is None
    assert desk.status is Status.SUPPRESSED
