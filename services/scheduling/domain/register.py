"""Who was at a session, and for how long."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from chassis.aggregate import Aggregate
from chassis.errors import RuleViolation
from contracts.scheduling import AttendanceCorrected, AttendanceEntry, AttendanceRecorded
from services.scheduling.domain.presence import (
    Evidence,
    Interval,
    Mode,
    clipped,
    common,
    merged,
    minutes_of,
)

_GRACE = timedelta(minutes=10)
"""How late one may come, or how early leave, and count as present; the figure is ours."""


class AttendanceStatus(StrEnum):
    """How a participant attended."""

    PRESENT = "present"
    LATE = "late"
    LEFT_EARLY = "left_early"
    ABSENT = "absent"
    EXCUSED = "excused"


@dataclass(frozen=True, kw_only=True)
class Attendance:
    """What the register says about one participant."""

    participant_id: str
    status: AttendanceStatus
    minutes_present: int
    mode: Mode

    def as_entry(self) -> AttendanceEntry:
        """As others hear it."""
        return AttendanceEntry(
            participant_id=self.participant_id,
            status_code=self.status,
            minutes_present=self.minutes_present,
            mode_code=self.mode,
        )


@dataclass(frozen=True, kw_only=True)
class Correction:
    """One change after the register was closed: the audit trail."""

    participant_id: str
    previous: Attendance | None
    corrected: Attendance
    reason_code: str
    actor_id: str
    corrected_at: datetime


@dataclass(frozen=True, kw_only=True)
class Conflict:
    """Moments for which sources say that one person was in the room and online at once."""

    participant_id: str
    starts_at: datetime
    ends_at: datetime


@dataclass(kw_only=True)
class Register(Aggregate):
    """The attendance of one session.

    Rules
      R1  only who is on the cohort's roster is recorded
      R2  presence is the union of what all sources say, inside the session's time
      R3  a register is closed once, not before the session began, nor with an empty roster
      R4  once closed it changes by corrections alone, each with a reason and who made it
      R5  a correction changes something, and nobody is present longer than the session
      R6  a meeting's log of which nothing lies within the session's time is another meeting's
    """

    register_id: str
    session_id: str
    cohort_id: str
    country_code: str
    training_code: str
    part_code: str
    starts_at: datetime
    ends_at: datetime
    evidence: tuple[Evidence, ...] = ()
    excused_ids: tuple[str, ...] = ()
    attendances: tuple[Attendance, ...] = ()
    corrections: tuple[Correction, ...] = ()
    recorded_at: datetime | None = None

    @property
    def planned_minutes(self) -> int:
        """Length of the session."""
        return int((self.ends_at - self.starts_at).total_seconds()) // 60

    def follow(self, *, starts_at: datetime, ends_at: datetime) -> None:
        """Take the session's present time; once closed, the register keeps the time it had."""
        if self.recorded_at is None:
            self.starts_at, self.ends_at = starts_at, ends_at

    def note(self, evidence: tuple[Evidence, ...], *, roster: Collection[str]) -> None:
        """Add what a source says; the same word said twice counts once.

        Raises:
            RuleViolation: ``attendance.recorded`` or ``attendance.not_on_roster``.
        """
        self._require_open()
        for each in evidence:
            self._require_on_roster(each.participant_id, roster)
        fresh = [each for each in dict.fromkeys(evidence) if each not in self.evidence]
        self.evidence = (*self.evidence, *fresh)

    def note_log(
        self, evidence: tuple[Evidence, ...], *, roster: Collection[str]
    ) -> dict[str, int]:
        """Add what a meeting's log says; participant id -> minutes it gives within the session.

        Raises:
            RuleViolation: as ``note``, or ``attendance.other_time``: nobody in the log was there
                while the session was.
        """
        there = {
            participant_id: minutes_of(
                clipped(
                    (
                        (each.joined_at, each.left_at)
                        for each in evidence
                        if each.participant_id == participant_id
                    ),
                    self.starts_at,
                    self.ends_at,
                )
            )
            for participant_id in sorted({each.participant_id for each in evidence})
        }
        self.note(evidence, roster=roster)
        if there and not any(there.values()):
            raise RuleViolation(
                "attendance.other_time",
                f"nobody in the log was there from {self.starts_at:%F %R} to "
                f"{self.ends_at:%F %R} UTC, when the session is",
            )
        return there

    def excuse(self, participant_id: str, *, roster: Collection[str]) -> None:
        """Absence with leave.

        Raises:
            RuleViolation: ``attendance.recorded`` or ``attendance.not_on_roster``.
        """
        self._require_open()
        self._require_on_roster(participant_id, roster)
        if participant_id not in self.excused_ids:
            self.excused_ids = (*self.excused_ids, participant_id)

    def record_attendance(self, *, roster: Collection[str], now: datetime) -> None:
        """Close the register: one entry for everybody on the roster.

        Records ``AttendanceRecorded``.

        Raises:
            RuleViolation: ``attendance.recorded``, ``attendance.too_early`` or
                ``attendance.nobody``.
        """
        self._require_open()
        if now < self.starts_at:
            raise RuleViolation("attendance.too_early", "the session has not begun")
        if not roster:
            raise RuleViolation("attendance.nobody", "nobody is on the roster of this session")
        self.attendances = tuple(self._attendance(each) for each in sorted(roster))
        self.recorded_at = now
        self.record(
            AttendanceRecorded(
                register_id=self.register_id,
                session_id=self.session_id,
                cohort_id=self.cohort_id,
                country_code=self.country_code,
                training_code=self.training_code,
                part_code=self.part_code,
                planned_minutes=self.planned_minutes,
                entries=tuple(each.as_entry() for each in self.attendances),
                recorded_at=now,
            )
        )

    def correct(
        self,
        corrected: Attendance,
        *,
        reason_code: str,
        actor_id: str,
        roster: Collection[str],
        now: datetime,
    ) -> None:
        """Put one entry right; records ``AttendanceCorrected``.

        Raises:
            RuleViolation: ``attendance.not_recorded``, ``attendance.not_on_roster``,
                ``attendance.too_long``, ``attendance.contradicts_itself`` or
                ``attendance.unchanged``.
        """
        if self.recorded_at is None:
            raise RuleViolation("attendance.not_recorded", "the register is still open")
        self._require_on_roster(corrected.participant_id, roster)
        self._require_sound(corrected)
        held = {each.participant_id: each for each in self.attendances}
        previous = held.get(corrected.participant_id)
        if previous == corrected:
            raise RuleViolation("attendance.unchanged", "this is what the register says already")
        held[corrected.participant_id] = corrected
        self.attendances = tuple(held[each] for each in sorted(held))
        self.corrections = (
            *self.corrections,
            Correction(
                participant_id=corrected.participant_id,
                previous=previous,
                corrected=corrected,
                reason_code=reason_code,
                actor_id=actor_id,
                corrected_at=now,
            ),
        )
        self.record(
            AttendanceCorrected(
                register_id=self.register_id,
                session_id=self.session_id,
                cohort_id=self.cohort_id,
                country_code=self.country_code,
                training_code=self.training_code,
                part_code=self.part_code,
                planned_minutes=self.planned_minutes,
                entry=corrected.as_entry(),
                previous_minutes_present=previous.minutes_present if previous else 0,
                reason_code=reason_code,
                corrected_at=now,
            )
        )

    def conflicts(self) -> tuple[Conflict, ...]:
        """Where sources contradict each other: in the room and online at once."""
        found = []
        for participant_id in sorted({each.participant_id for each in self.evidence}):
            onsite, online = (self._presence(participant_id, mode) for mode in Mode)
            found += [
                Conflict(participant_id=participant_id, starts_at=start, ends_at=end)
                for start, end in common(onsite, online)
            ]
        return tuple(found)

    def _presence(self, participant_id: str, *modes: Mode) -> tuple[Interval, ...]:
        said = (
            (each.joined_at, each.left_at)
            for each in self.evidence
            if each.participant_id == participant_id and each.mode in modes
        )
        return merged(clipped(said, self.starts_at, self.ends_at))

    def _attendance(self, participant_id: str) -> Attendance:
        presence = self._presence(participant_id, *Mode)
        onsite, online = (minutes_of(self._presence(participant_id, mode)) for mode in Mode)
        return Attendance(
            participant_id=participant_id,
            status=self._status(participant_id, presence),
            minutes_present=minutes_of(presence),
            mode=Mode.ONLINE if online > onsite else Mode.ONSITE,
        )

    def _status(self, participant_id: str, presence: tuple[Interval, ...]) -> AttendanceStatus:
        if not minutes_of(presence):
            excused = participant_id in self.excused_ids
            return AttendanceStatus.EXCUSED if excused else AttendanceStatus.ABSENT
        if presence[0][0] > self.starts_at + _GRACE:
            return AttendanceStatus.LATE
        if presence[-1][1] < self.ends_at - _GRACE:
            return AttendanceStatus.LEFT_EARLY
        return AttendanceStatus.PRESENT

    def _require_sound(self, attendance: Attendance) -> None:
        if not 0 <= attendance.minutes_present <= self.planned_minutes:
            raise RuleViolation(
                "attendance.too_long", f"the session has {self.planned_minutes} minutes"
            )
        away = attendance.status in (AttendanceStatus.ABSENT, AttendanceStatus.EXCUSED)
        if away == (attendance.minutes_present > 0):
            raise RuleViolation(
                "attendance.contradicts_itself",
                f"{attendance.status} with {attendance.minutes_present} minutes cannot be",
            )

    def _require_open(self) -> None:
        if self.recorded_at is not None:
            raise RuleViolation("attendance.recorded", "the register is closed; correct an entry")

    @staticmethod
    def _require_on_roster(participant_id: str, roster: Collection[str]) -> None:
        if participant_id not in roster:
            raise RuleViolation(
                "attendance.not_on_roster", f"{participant_id} is not of this cohort"
            )
