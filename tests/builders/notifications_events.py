"""Events that notifications hears, about ``COHORT`` and its people."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from contracts.registration import ParticipantEnrolled
from contracts.scheduling import PlacedSession, SessionCancelled, SessionMoved, TimetableReleased
from contracts.selection import OfferMade
from tests.builders.notifications import COHORT, NOON, SUBJECT, an_id


def enrolled(number: int = 1, **changes: Any) -> ParticipantEnrolled:
    """Participant 10 + ``number`` is subject 20 + ``number``."""
    values: dict[str, Any] = {
        "participant_id": an_id(10 + number),
        "cohort_id": COHORT,
        "subject_id": an_id(20 + number),
        "country_code": "AZ",
        "route": "open",
        "cause_id": an_id(30),
        "language_code": "az",
        "enrolled_at": NOON,
    }
    return ParticipantEnrolled(**{**values, **changes})


def released(version: int = 1, count: int = 2) -> TimetableReleased:
    """Sessions 100, 101, ... a day apart."""
    starts_at = datetime(2021, 1, 9, 6, tzinfo=UTC)
    return TimetableReleased(
        timetable_id=an_id(50),
        cohort_id=COHORT,
        country_code="AZ",
        release_version=version,
        sessions=tuple(
            PlacedSession(
                session_id=an_id(100 + number),
                training_code=f"the-{number}",
                part_code="theory",
                titles={"az": "Dərs", "en": "Training"},
                starts_at=starts_at + timedelta(days=number),
                ends_at=starts_at + timedelta(days=number, hours=2),
                zone="Asia/Baku",
                delivery="onsite",
                calendar_sequence=0,
            )
            for number in range(count)
        ),
        released_at=NOON,
    )


def moved(*participant_ids: str) -> SessionMoved:
    """Session 100 got another time; these are affected."""
    starts_at = datetime(2021, 2, 1, 6, tzinfo=UTC)
    return SessionMoved(
        session_id=an_id(100),
        timetable_id=an_id(50),
        cohort_id=COHORT,
        country_code="AZ",
        training_code="the-0",
        titles={"az": "Dərs", "en": "Training"},
        zone="Asia/Baku",
        previous_starts_at=starts_at - timedelta(days=1),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
        calendar_sequence=1,
        participant_ids=participant_ids,
        reason_code="trainer_away",
        moved_at=NOON,
    )


def cancelled() -> SessionCancelled:
    """Session 100 does not take place."""
    return SessionCancelled(
        session_id=an_id(100),
        timetable_id=an_id(50),
        cohort_id=COHORT,
        country_code="AZ",
        training_code="the-0",
        titles={"az": "Dərs", "en": "Training"},
        starts_at=datetime(2021, 2, 1, 6, tzinfo=UTC),
        calendar_sequence=2,
        reason_code="holiday",
        cancelled_at=NOON,
    )


def an_offer() -> OfferMade:
    """An offer to ``SUBJECT`` that is kept for a week."""
    return OfferMade(
        offer_id=an_id(70),
        run_id=an_id(71),
        application_id=an_id(72),
        cohort_id=COHORT,
        subject_id=SUBJECT,
        country_code="AZ",
        route="open",
        answer_by=NOON + timedelta(days=7),
        made_at=NOON,
    )
