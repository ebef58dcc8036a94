"""What scheduling announces: curricula, trainers, timetables, attendance, work plans."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from contracts.event import Event, event
from contracts.types import (
    Code,
    Count,
    CountryMark,
    Delivery,
    EventType,
    Id,
    LanguageMap,
    Number,
    OneOf,
    Percent,
    Presence,
    Zone,
)

AttendanceStatus = Annotated[str, OneOf("present", "late", "left_early", "absent", "excused")]


@event("rtcm.scheduling.curriculum.published.v1", key="curriculum_id")
class CurriculumPublished(Event):
    """A version of a cohort's curriculum was fixed.

    Heard by: partners (projects it).
    Personal data: none.
    """

    curriculum_id: Id
    cohort_id: Id
    country_code: CountryMark
    curriculum_version: Number
    training_count: Count
    planned_minutes: Count
    published_at: datetime


@event("rtcm.scheduling.trainer.confirmed.v1", key="trainer_id")
class TrainerConfirmed(Event):
    """An organisation confirmed a trainer.

    Heard by: partners (projects it).
    Personal data: none; ``trainer_id`` is opaque.
    """

    trainer_id: Id
    country_code: CountryMark
    kind_code: Code
    organisation_code: Code
    confirmed_at: datetime


@dataclass(frozen=True, kw_only=True)
class PlacedSession:
    """A training placed in time and space; ``calendar_sequence`` is iCalendar's SEQUENCE."""

    session_id: Id
    training_code: Code
    part_code: Code
    titles: LanguageMap
    starts_at: datetime
    ends_at: datetime
    zone: Zone
    delivery: Delivery
    room_code: Code | None = None
    calendar_sequence: Count


@event("rtcm.scheduling.timetable.released.v1", key="timetable_id")
class TimetableReleased(Event):
    """A version of a cohort's timetable holds for everybody from now on.

    Heard by: certification (planned hours), scheduling (progress of work plans), notifications
    (mails the calendar), partners (projects it).
    Personal data: none.
    """

    timetable_id: Id
    cohort_id: Id
    country_code: CountryMark
    release_version: Number
    sessions: tuple[PlacedSession, ...]
    released_at: datetime


@event("rtcm.scheduling.session.moved.v1", key="session_id")
class SessionMoved(Event):
    """A session of a released timetable got another time or room.

    Heard by: certification (planned hours), notifications (tells those affected), partners
    (projects it).
    Personal data: none; ``participant_ids`` are opaque.
    """

    session_id: Id
    timetable_id: Id
    cohort_id: Id
    country_code: CountryMark
    training_code: Code
    titles: LanguageMap
    zone: Zone
    previous_starts_at: datetime
    starts_at: datetime
    ends_at: datetime
    room_code: Code | None = None
    calendar_sequence: Count
    participant_ids: tuple[Id, ...]
    """Those affected: only they hear of it."""
    reason_code: Code
    moved_at: datetime


@event("rtcm.scheduling.session.cancelled.v1", key="session_id")
class SessionCancelled(Event):
    """A session of a released timetable does not take place.

    Heard by: certification (the hours are no longer planned), notifications (tells the cohort),
    partners (projects it).
    Personal data: none.
    """

    session_id: Id
    timetable_id: Id
    cohort_id: Id
    country_code: CountryMark
    training_code: Code
    titles: LanguageMap
    starts_at: datetime
    calendar_sequence: Count
    reason_code: Code
    cancelled_at: datetime


@dataclass(frozen=True, kw_only=True)
class AttendanceEntry:
    """How long one participant was there."""

    participant_id: Id
    status_code: AttendanceStatus
    minutes_present: Count
    mode_code: Presence


@event("rtcm.scheduling.attendance.recorded.v1", key="register_id")
class AttendanceRecorded(Event):
    """The register of a session was closed.

    Heard by: certification (adds the hours), scheduling (progress of work plans).
    Personal data: none; ``participant_id`` is opaque.
    """

    register_id: Id
    session_id: Id
    cohort_id: Id
    country_code: CountryMark
    training_code: Code
    part_code: Code
    planned_minutes: Count
    entries: tuple[AttendanceEntry, ...]
    recorded_at: datetime


@event("rtcm.scheduling.attendance.corrected.v1", key="register_id")
class AttendanceCorrected(Event):
    """One entry of a closed register was put right; ``entry`` is what holds now.

    Heard by: certification (evaluates the award again).
    Personal data: none; ``participant_id`` is opaque.
    """

    register_id: Id
    session_id: Id
    cohort_id: Id
    country_code: CountryMark
    training_code: Code
    part_code: Code
    planned_minutes: Count
    entry: AttendanceEntry
    previous_minutes_present: Count
    reason_code: Code
    corrected_at: datetime


@event("rtcm.scheduling.placement.completed.v1", key="placement_id")
class PlacementCompleted(Event):
    """A study visit or internship in a unit was completed.

    Heard by: certification (adds it to the evidence), scheduling (progress of work plans).
    Personal data: none; ``subject_id`` is opaque.
    """

    placement_id: Id
    participant_id: Id
    cohort_id: Id
    subject_id: Id
    country_code: CountryMark
    unit_code: Code
    minutes: Count
    completed_at: datetime


@event("rtcm.scheduling.workplan.item_progressed.v1", key="workplan_id")
class WorkPlanItemProgressed(Event):
    """A row of an annual activity plan moved on, by hand or because of an event.

    Heard by: partners (projects it).
    Personal data: none.
    """

    workplan_id: Id
    item_no: Code
    """The row's number in the plan: ``1.2``."""
    country_code: CountryMark
    progress_percent: Percent
    cause_event_type: EventType | None = None
    progressed_at: datetime


@event("rtcm.scheduling.erasure.confirmed.v1", key="erasure_id")
class ErasureConfirmed(Event):
    """Scheduling removed what it held about a person.

    Heard by: registration (counts the receipt).
    Personal data: none; ``subject_id`` is opaque.
    """

    erasure_id: Id
    subject_id: Id
    country_code: CountryMark
    removed_count: Count
    confirmed_at: datetime
