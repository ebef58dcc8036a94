"""What happened, in a form whose sum does not depend on the order of arrival.

Every fact has a key and a rank; of two facts with one key the higher rank stays. Adding is
therefore commutative, associative and idempotent: redelivery and shuffling change nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, TypeVar


class Attendance(StrEnum):
    """How a participant stood to a session."""

    PRESENT = "present"
    LATE = "late"
    LEFT_EARLY = "left_early"
    ABSENT = "absent"
    EXCUSED = "excused"


class _Fact(Protocol):
    @property
    def key(self) -> str: ...

    @property
    def rank(self) -> tuple[Any, ...]: ...


F = TypeVar("F", bound=_Fact)


@dataclass(frozen=True, kw_only=True)
class Placed:
    """A released timetable holds a session. Newer releases replace older ones."""

    session_id: str
    training_code: str
    part_code: str
    release_version: int

    @property
    def key(self) -> str:
        """One place per session."""
        return self.session_id

    @property
    def rank(self) -> tuple[Any, ...]:
        """The newest release."""
        return (self.release_version, self.training_code, self.part_code)


@dataclass(frozen=True, kw_only=True)
class Timed:
    """How long a session is planned to last, or that it was cancelled (released, moved)."""

    session_id: str
    calendar_sequence: int
    planned_minutes: int
    is_cancelled: bool = False

    @property
    def key(self) -> str:
        """One timing per session."""
        return self.session_id

    @property
    def rank(self) -> tuple[Any, ...]:
        """The newest calendar sequence; cancelled wins a tie."""
        return (self.calendar_sequence, self.is_cancelled, self.planned_minutes)


@dataclass(frozen=True, kw_only=True)
class Registered:
    """The register of a session was recorded or corrected: the session took place."""

    session_id: str
    training_code: str
    part_code: str
    planned_minutes: int
    as_of: datetime

    @property
    def key(self) -> str:
        """One register per session."""
        return self.session_id

    @property
    def rank(self) -> tuple[Any, ...]:
        """The newest statement."""
        return (self.as_of, self.planned_minutes, self.training_code, self.part_code)


@dataclass(frozen=True, kw_only=True)
class Attended:
    """A register's entry about one participant, first recorded or corrected later."""

    session_id: str
    status_code: Attendance
    minutes_present: int
    as_of: datetime
    is_correction: bool = False

    @property
    def key(self) -> str:
        """One entry per session."""
        return self.session_id

    @property
    def rank(self) -> tuple[Any, ...]:
        """The newest statement; a correction wins a tie."""
        return (self.as_of, self.is_correction, self.minutes_present, self.status_code)


@dataclass(frozen=True, kw_only=True)
class PlacementDone:
    """A completed study visit or internship."""

    placement_id: str
    minutes: int
    as_of: datetime

    @property
    def key(self) -> str:
        """One statement per placement."""
        return self.placement_id

    @property
    def rank(self) -> tuple[Any, ...]:
        """The newest statement."""
        return (self.as_of, self.minutes)


def with_fact(facts: tuple[F, ...], fact: F) -> tuple[F, ...]:
    """``facts`` with one more, at most one per key, sorted by key."""
    return with_facts(facts, (fact,))


def with_facts(facts: tuple[F, ...], more: Iterable[F]) -> tuple[F, ...]:
    """``facts`` with several more, at most one per key, sorted by key."""
    newest = {fact.key: fact for fact in facts}
    for fact in more:
        known = newest.get(fact.key)
        if known is None or fact.rank > known.rank:
            newest[fact.key] = fact
    return tuple(newest[key] for key in sorted(newest))


@dataclass(frozen=True, kw_only=True)
class PlannedSession:
    """One session that counts: what the plan and the register say of it together."""

    session_id: str
    training_code: str
    part_code: str
    planned_minutes: int
    is_recorded: bool


@dataclass(frozen=True, kw_only=True)
class Plan:
    """All facts about a cohort's sessions, the same for every participant.

    Attributes:
        release_version: of the newest timetable, which may hold no session at all.
        is_closed: the cohort is completed; nothing more will be planned.
    """

    placed: tuple[Placed, ...] = ()
    timed: tuple[Timed, ...] = ()
    registered: tuple[Registered, ...] = ()
    release_version: int = 0
    is_closed: bool = False

    def with_release(
        self, release_version: int, placed: Iterable[Placed], timed: Iterable[Timed]
    ) -> Plan:
        """After a timetable release."""
        return replace(
            self,
            placed=with_facts(self.placed, placed),
            timed=with_facts(self.timed, timed),
            release_version=max(self.release_version, release_version),
        )

    def with_timing(self, timed: Timed) -> Plan:
        """After a session was moved or cancelled."""
        return replace(self, timed=with_fact(self.timed, timed))

    def with_register(self, registered: Registered) -> Plan:
        """After a register was recorded or corrected."""
        return replace(self, registered=with_fact(self.registered, registered))

    def sessions(self) -> tuple[PlannedSession, ...]:
        """The sessions that count, by id.

        A recorded session counts, whatever the plan says. Another counts when the newest
        release holds it and it is not cancelled.
        """
        taught = {fact.session_id: _taught(fact) for fact in self.registered}
        timings = {fact.session_id: fact for fact in self.timed}
        ahead = {
            fact.session_id: _ahead(fact, timings)
            for fact in self.placed
            if fact.release_version == self.release_version and not _is_cancelled(fact, timings)
        }
        both = ahead | taught
        return tuple(both[session_id] for session_id in sorted(both))


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """All facts about one participant."""

    attended: tuple[Attended, ...] = ()
    placements: tuple[PlacementDone, ...] = ()

    def with_attendance(self, attended: Attended) -> Evidence:
        """After a register's entry."""
        return replace(self, attended=with_fact(self.attended, attended))

    def with_placement(self, placement: PlacementDone) -> Evidence:
        """After a completed placement."""
        return replace(self, placements=with_fact(self.placements, placement))


def _taught(fact: Registered) -> PlannedSession:
    return PlannedSession(
        session_id=fact.session_id,
        training_code=fact.training_code,
        part_code=fact.part_code,
        planned_minutes=fact.planned_minutes,
        is_recorded=True,
    )


def _ahead(fact: Placed, timings: Mapping[str, Timed]) -> PlannedSession:
    timing = timings.get(fact.session_id)
    return PlannedSession(
        session_id=fact.session_id,
        training_code=fact.training_code,
        part_code=fact.part_code,
        planned_minutes=timing.planned_minutes if timing else 0,
        is_recorded=False,
    )


def _is_cancelled(fact: Placed, timings: Mapping[str, Timed]) -> bool:
    timing = timings.get(fact.session_id)
    return timing is not None and timing.is_cancelled
