"""Rules of messages."""

from datetime import timedelta

import pytest

from chassis.errors import RuleViolation
from contracts.notifications import MessageBounced, MessageSent
from services.notifications.domain.message import Message, Outcome, Status, message_id_of
from tests.builders.notifications import CAUSE, COHORT, NOON, SUBJECT, a_message, an_id

HASH = "a" * 64


def sending(type_code: str = "application_received", **changes) -> Message:
    message = a_message(type_code, **changes)
    message.start_sending(language_code="az", content_sha256=HASH, now=NOON)
    return message


def test_id_is_the_same_for_the_same_cause_and_differs_in_every_part():  # R1
    parts = {
        "cause_id": CAUSE,
        "type_code": "offer_made",
        "subject_id": SUBJECT,
        "channel": "email",
        "occurrence": "",
    }
    ids = [message_id_of(**parts)] + [message_id_of(**{**parts, name: "other"}) for name in parts]
    assert message_id_of(**parts) == ids[0]
    assert len(set(ids)) == 6


def test_accepted_message_says_that_it_was_sent():
    message = sending()
    message.settle(Outcome.ACCEPTED, reason_code=None, now=NOON)

    assert message.status is Status.ACCEPTED
    assert message.recorded == [
        MessageSent(
            message_id=message.message_id,
            subject_id=SUBJECT,
            country_code="AZ",
            cohort_id=COHORT,
            message_type_code="application_received",
            channel="email",
            caused_by_event_id=CAUSE,
            sent_at=NOON,
        )
    ]


@pytest.mark.parametrize(
    ("outcome", "class_code"), [(Outcome.HARD_BOUNCE, "hard"), (Outcome.SOFT_BOUNCE, "soft")]
)
def test_bounce_is_announced_with_its_class(outcome, class_code):
    message = sending()
    message.settle(outcome, reason_code="smtp.550", now=NOON)

    (event,) = message.recorded
    assert isinstance(event, MessageBounced)
    assert event.class_code == class_code
    assert message.status is Status.BOUNCED


def test_accepted_mail_may_still_bounce():  # R4
    message = sending()
    message.settle(Outcome.ACCEPTED, reason_code=None, now=NOON)
    message.settle(Outcome.HARD_BOUNCE, reason_code="dsn.5.1.1", now=NOON)

    assert message.status is Status.BOUNCED


def test_sending_twice_is_refused_where_at_most_once_is_promised():  # R2
    message = sending("application_received")

    with pytest.raises(RuleViolation) as refused:
        message.start_sending(language_code="az", content_sha256=HASH, now=NOON)

    assert refused.value.code == "message.not_sendable"
    assert message.is_lost_track_of


def test_sending_again_is_allowed_where_at_least_once_is_promised():  # R2
    message = sending("offer_made")
    message.start_sending(language_code="az", content_sha256=HASH, now=NOON)

    assert message.attempt_count == 2


def test_mail_the_server_has_not_got_is_planned_again():
    message = sending()
    message.settle(Outcome.NOT_TAKEN, reason_code="smtp.451", now=NOON)

    assert (message.status, message.settled_at, message.recorded) == (Status.PLANNED, None, [])


def test_message_past_its_use_is_not_sent():  # R5
    message = a_message(expires_at=NOON)

    with pytest.raises(RuleViolation) as refused:
        message.start_sending(language_code="az", content_sha256=HASH, now=NOON)

    assert refused.value.code == "message.expired"
    assert not message.has_expired(NOON - timedelta(seconds=1))


@pytest.mark.parametrize("outcome", [Outcome.ACCEPTED, Outcome.UNCERTAIN, Outcome.NOT_TAKEN])
def test_outcome_without_an_attempt_is_refused(outcome):  # R3
    with pytest.raises(RuleViolation) as refused:
        a_message().settle(outcome, reason_code=None, now=NOON)

    assert refused.value.code == "message.settled"


@pytest.mark.parametrize("outcome", list(Outcome))
def test_suppressed_message_changes_no_more(outcome):  # R4
    message = a_message()
    message.settle(Outcome.SUPPRESSED, reason_code="subject.erased", now=NOON)

    with pytest.raises(RuleViolation):
        message.settle(outcome, reason_code=None, now=NOON)


def test_resending_makes_a_message_of_its_own_per_word():  # R6
    message = sending()
    message.settle(Outcome.UNCERTAIN, reason_code="process.died", now=NOON)
    first, second = message.again(nonce="1", now=NOON), message.again(nonce="2", now=NOON)

    assert len({message.message_id, first.message_id, second.message_id}) == 3
    assert first.status is Status.PLANNED
    assert first.caused_by_event_id == message.caused_by_event_id


def test_open_or_suppressed_message_is_not_resent():  # R6
    suppressed = a_message(caused_by_event_id=an_id(8))
    suppressed.settle(Outcome.SUPPRESSED, reason_code="subject.erased", now=NOON)

    for message, code in ((a_message(), "not_settled"), (suppressed, "suppressed")):
        with pytest.raises(RuleViolation) as refused:
            message.again(nonce="1", now=NOON)
        assert refused.value.code == f"message.{code}"
