"""Cohorts as plain rows and as the events that certification hears of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from chassis.ids import derived_id
from contracts.event import Event
from contracts.registration import (
    CohortAnnounced,
    CohortCompleted,
    ParticipantEnrolled,
    ParticipantLeft,
)
from contracts.scheduling import (
    AttendanceCorrected,
    AttendanceEntry,
    AttendanceRecorded,
    PlacedSession,
    TimetableReleased,
)
from tests.builders.certification import NOON
from tests.properties.certification.histories import PART_OF, TRAININGS

RULE: dict[str, Any] = {
    "grades": [
        {
            "kind_code": kind,
            "overall": {"percent": percent},
            "parts": [],
            "required_trainings": [],
            "placement_minutes": None,
        }
        for kind, percent in (("completion", 80), ("participation", 50))
    ],
    "excused": "as_absent",
    "refuses_unrecorded": True,
}
SESSION_MINUTES = 90
SIZE = 10


@dataclass(frozen=True)
class Person:
    """One participant: what happened to them, in the oracle's rows."""

    number: int
    participant_id: str
    subject_id: str
    rows: tuple[dict[str, Any], ...]
    has_left: bool


@dataclass(frozen=True)
class Edition:
    """One cohort of ``SIZE`` people."""

    cohort_id: str
    people: tuple[Person, ...]
    events: tuple[Event, ...]


def an_edition(number: int) -> Edition:
    """The n-th cohort; always the same one."""
    chance = Random(f"edition-{number}")
    cohort_id = derived_id("storm cohort", str(number))
    sessions = {f"{cohort_id}-{n}": TRAININGS[n] for n in range(3)}
    shared: list[dict[str, Any]] = [
        {
            "row": "release",
            "version": 1,
            "sessions": [(name, code, SESSION_MINUTES, 0) for name, code in sessions.items()],
        },
        {"row": "closed"},
    ]
    events: list[Event] = [_announced(cohort_id), _released(cohort_id, sessions), _over(cohort_id)]
    numbers = range(number * SIZE, (number + 1) * SIZE)
    rows: dict[int, list[dict[str, Any]]] = {one: [] for one in numbers}
    for tick, (name, code) in enumerate(sessions.items()):
        shared.append(_register(name, code, tick))
        present = {one: chance.choice((0, 45, 90, 90, 90)) for one in numbers}
        events.append(_recorded(cohort_id, name, code, present, tick))
        for one, minutes in present.items():
            rows[one].append(_entry(name, minutes, tick, is_correction=False))
        for one in numbers:
            if chance.random() < 0.04:  # a slip of the hand is put right, or one is made
                minutes = chance.choice((0, 90))
                shared.append(_register(name, code, 10 + tick))
                rows[one].append(_entry(name, minutes, 10 + tick, is_correction=True))
                events.append(_corrected(cohort_id, name, code, one, minutes, 10 + tick))
    people = []
    for one in numbers:
        has_left = chance.random() < 0.05
        participant_id, subject_id = ids_of(one)
        events.append(_enrolled(cohort_id, one))
        if has_left:
            events.append(_left(cohort_id, one))
        whole = (*shared, *rows[one])
        people.append(Person(one, participant_id, subject_id, whole, has_left))
    return Edition(cohort_id, tuple(people), tuple(events))


def ids_of(number: int) -> tuple[str, str]:
    """Participant id and subject id."""
    return derived_id("storm participant", str(number)), derived_id("storm subject", str(number))


def _at(tick: int) -> datetime:
    return NOON + timedelta(minutes=tick)


def _register(session: str, code: str, tick: int) -> dict[str, Any]:
    said = {"session": session, "training": code, "minutes": SESSION_MINUTES, "at": tick}
    return {"row": "register", **said}


def _entry(session: str, minutes: int, tick: int, *, is_correction: bool) -> dict[str, Any]:
    status = "present" if minutes else "absent"
    said = {"session": session, "status": status, "minutes": minutes, "at": tick}
    return {"row": "entry", "correction": is_correction, **said}


def _announced(cohort_id: str) -> CohortAnnounced:
    return CohortAnnounced(
        cohort_id=cohort_id,
        programme_id=derived_id("storm programme"),
        programme_code="migration-school",
        edition_code="ms-3",
        titles={"az": "Miqrasiya Məktəbi", "en": "Migration School"},
        country_code="AZ",
        country_codes=("AZ",),
        starts_on=date(2021, 1, 9),
        ends_on=date(2021, 7, 3),
        zone="Asia/Baku",
        delivery="hybrid",
        language_code="az",
        seat_count=SIZE,
        announced_at=NOON,
    )


def _released(cohort_id: str, sessions: dict[str, str]) -> TimetableReleased:
    return TimetableReleased(
        timetable_id=derived_id("storm timetable", cohort_id),
        cohort_id=cohort_id,
        country_code="AZ",
        release_version=1,
        sessions=tuple(
            PlacedSession(
                session_id=name,
                training_code=code,
                part_code=PART_OF[code],
                titles={"en": "Training"},
                starts_at=NOON,
                ends_at=NOON + timedelta(minutes=SESSION_MINUTES),
                zone="Asia/Baku",
                delivery="onsite",
                calendar_sequence=0,
            )
            for name, code in sessions.items()
        ),
        released_at=NOON,
    )


def _over(cohort_id: str) -> CohortCompleted:
    return CohortCompleted(cohort_id=cohort_id, country_code="AZ", completed_at=NOON)


def _enrolled(cohort_id: str, number: int) -> ParticipantEnrolled:
    participant_id, subject_id = ids_of(number)
    return ParticipantEnrolled(
        participant_id=participant_id,
        cohort_id=cohort_id,
        subject_id=subject_id,
        country_code="AZ",
        route="open",
        cause_id=derived_id("storm offer", str(number)),
        language_code="az",
        enrolled_at=NOON,
    )


def _left(cohort_id: str, number: int) -> ParticipantLeft:
    participant_id, subject_id = ids_of(number)
    return ParticipantLeft(
        participant_id=participant_id,
        cohort_id=cohort_id,
        subject_id=subject_id,
        country_code="AZ",
        reason_code="own_wish",
        left_at=NOON,
    )


def _said(cohort_id: str, session: str, code: str) -> dict[str, Any]:
    return {
        "register_id": derived_id("storm register", session),
        "session_id": session,
        "cohort_id": cohort_id,
        "country_code": "AZ",
        "training_code": code,
        "part_code": PART_OF[code],
        "planned_minutes": SESSION_MINUTES,
    }


def _present(number: int, minutes: int) -> AttendanceEntry:
    return AttendanceEntry(
        participant_id=ids_of(number)[0],
        status_code="present" if minutes else "absent",
        minutes_present=minutes,
        mode_code="onsite",
    )


def _recorded(
    cohort_id: str, session: str, code: str, present: dict[int, int], tick: int
) -> AttendanceRecorded:
    return AttendanceRecorded(
        **_said(cohort_id, session, code),
        entries=tuple(_present(number, minutes) for number, minutes in present.items()),
        recorded_at=_at(tick),
    )


def _corrected(
    cohort_id: str, session: str, code: str, number: int, minutes: int, tick: int
) -> AttendanceCorrected:
    return AttendanceCorrected(
        **_said(cohort_id, session, code),
        entry=_present(number, minutes),
        previous_minutes_present=0,
        reason_code="misread",
        corrected_at=_at(tick),
    )
