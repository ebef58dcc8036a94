from dataclasses import replace
from datetime import timedelta

import pytest

from chassis.errors import RuleViolation
from contracts.scheduling import PlacedSession, SessionCancelled, SessionMoved
from services.scheduling.domain.delivery import Delivery
from tests.builders.scheduling import COHORT_ID, NOON, a_session, an_id

LATER = NOON + timedelta(days=7)


def later(session):
    return replace(session.place, starts_at=LATER, ends_at=LATER + timedelta(hours=2))


def test_a_move_is_announced_to_those_affected_with_a_higher_sequence():  # R1
    session = a_session()

    session.move(later(session), participant_ids=(an_id("p"),), reason_code="trainer.ill", now=NOON)

    assert session.recorded == [
        SessionMoved(
            session_id=session.session_id,
            timetable_id=an_id("timetable"),
            cohort_id=COHORT_ID,
            country_code="AZ",
            training_code="int-01",
            titles=session.titles,
            zone="Asia/Baku",
            previous_starts_at=NOON,
            starts_at=LATER,
            ends_at=LATER + timedelta(hours=2),
            room_code="hall",
            calendar_sequence=1,
            participant_ids=(an_id("p"),),
            reason_code="trainer.ill",
            moved_at=NOON,
        )
    ]


def test_a_move_to_the_same_place_is_refused():
    session = a_session()

    with pytest.raises(RuleViolation) as refused:
        session.move(session.place, participant_ids=(), reason_code="x", now=NOON)

    assert refused.value.code == "session.unmoved"


def test_another_trainer_alone_raises_the_sequence_too():  # R1
    session = a_session()

    assert session.follow(replace(session.place, trainer_id=an_id("trainer", "two")), now=NOON)
    assert session.calendar_sequence == 1


def test_a_cancelled_session_neither_moves_nor_is_cancelled_again():  # R2
    session = a_session()
    session.cancel(reason_code="venue.closed", now=NOON)

    assert session.recorded == [
        SessionCancelled(
            session_id=session.session_id,
            timetable_id=an_id("timetable"),
            cohort_id=COHORT_ID,
            country_code="AZ",
            training_code="int-01",
            titles=session.titles,
            starts_at=NOON,
            calendar_sequence=1,
            reason_code="venue.closed",
            cancelled_at=NOON,
        )
    ]
    for change in (
        lambda: session.cancel(reason_code="x", now=NOON),
        lambda: session.follow(later(session), now=NOON),
    ):
        with pytest.raises(RuleViolation) as refused:
            change()
        assert refused.value.code == "session.cancelled"


def test_a_visit_is_announced_as_onsite_in_no_room_of_ours():
    session = a_session(delivery=Delivery.VISIT, room_code=None)

    assert session.announced() == PlacedSession(
        session_id=session.session_id,
        training_code="int-01",
        part_code="introduction",
        titles=session.titles,
        starts_at=NOON,
        ends_at=NOON + timedelta(hours=2),
        zone="Asia/Baku",
        delivery="onsite",
        room_code=None,
        calendar_sequence=0,
    )
