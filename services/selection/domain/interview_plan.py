"""Interviews planned for all shortlisted people of a call at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import pairwise

from chassis.aggregate import Aggregate
from chassis.errors import RuleViolation
from services.selection.domain.interview import Interview, InterviewStatus, Presence
from services.selection.domain.review import ReviewStatus
from services.selection.domain.screening import Screening


class PlanStatus(StrEnum):
    """How far it is."""

    ASKED = "asked"
    DONE = "done"


@dataclass(frozen=True, kw_only=True)
class SessionRecord:
    """A time in which panels sit side by side, all examining one language; instants in UTC."""

    session_id: str
    starts_at: datetime
    ends_at: datetime
    mode: Presence
    language_code: str
    panel_count: int = 1

    @property
    def time_id(self) -> str:
        """The same for sessions at the same time: nobody sits in two of them."""
        return f"{self.starts_at.isoformat()}/{self.ends_at.isoformat()}"


@dataclass(frozen=True, kw_only=True)
class PanelistRecord:
    """A panelist as the centre named them; ``conflict_application_ids`` they must not see."""

    panelist_id: str
    organisation_code: str
    language_codes: tuple[str, ...] = ()
    free_session_ids: tuple[str, ...] = ()
    conflict_application_ids: tuple[str, ...] = ()
    most_panels: int | None = None


@dataclass(frozen=True, kw_only=True)
class CandidateRecord:
    """Somebody to be interviewed, frozen when the plan was asked for."""

    application_id: str
    zone: str
    language_code: str
    conflict_ids: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class BusyRecord:
    """A panelist in an interview that stays as it is."""

    panelist_id: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, kw_only=True)
class SeatRecord:
    """One interview a panel can hold; ``application_id``: whose it is, where it is somebody's."""

    starts_at: datetime
    ends_at: datetime
    mode: Presence
    language_code: str
    panelist_ids: tuple[str, ...]
    application_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class UnmannedRecord:
    """A panel that cannot be made; ``reason`` is a sentence."""

    session_id: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Planned:
    """What came out: seats of people, seats kept free, people without one, panels not made."""

    seats: tuple[SeatRecord, ...]
    reserve_seats: tuple[SeatRecord, ...]
    unplaced_application_ids: tuple[str, ...]
    unmanned: tuple[UnmannedRecord, ...]


@dataclass(frozen=True, kw_only=True)
class PlanTerms:
    """How interviews are held.

    Attributes:
        panel_size, organisations: people in a panel, and of how many organisations at least.
        minutes: length of one interview.
        reserve_permille: share of each day's seats that is kept free.
        language_question_code: the question whose answer is the language a person is examined in;
            without one, or without an answer, ``language_code``.
    """

    panel_size: int
    organisations: int
    minutes: int
    reserve_permille: int
    language_code: str
    language_question_code: str | None = None


@dataclass(kw_only=True)
class InterviewPlan(Aggregate):
    """One time that interviews were planned. Announces nothing; the interviews do.

    Rules
      R1  sessions and panelists are named once; sessions lie ahead and overlap only where they are
          at the same time
      R2  who has an interview keeps it, booked or held: only the others are planned, around them
      R3  it ends once
    """

    plan_id: str
    call_id: str
    country_code: str
    terms: PlanTerms
    sessions: tuple[SessionRecord, ...]
    panelists: tuple[PanelistRecord, ...]
    candidates: tuple[CandidateRecord, ...] = ()
    busy: tuple[BusyRecord, ...] = ()
    kept_count: int = 0
    asked_at: datetime
    status: PlanStatus = PlanStatus.ASKED
    seats: tuple[SeatRecord, ...] = ()
    reserve_seats: tuple[SeatRecord, ...] = ()
    unplaced_application_ids: tuple[str, ...] = ()
    unmanned: tuple[UnmannedRecord, ...] = ()

    def check(self) -> None:
        """Refuse sessions and panelists that do not fit together (R1).

        Raises:
            RuleViolation: ``interview_plan.twice``, ``.session_time``, ``.sessions_overlap`` or
                ``.unknown_session``.
        """
        for what, ids in (
            ("session", [one.session_id for one in self.sessions]),
            ("panelist", [one.panelist_id for one in self.panelists]),
        ):
            if len(set(ids)) != len(ids):
                raise RuleViolation("interview_plan.twice", f"a {what} is named twice")
        for one in self.sessions:
            if not self.asked_at <= one.starts_at < one.ends_at:
                raise RuleViolation(
                    "interview_plan.session_time",
                    f"session {one.session_id} must lie ahead and end after it starts",
                )
        for one, other in pairwise(sorted(self.sessions, key=lambda s: (s.starts_at, s.ends_at))):
            if one.time_id != other.time_id and other.starts_at < one.ends_at:
                raise RuleViolation(
                    "interview_plan.sessions_overlap",
                    f"sessions {one.session_id} and {other.session_id} overlap in part",
                )
        known = {session.session_id for session in self.sessions}
        for panelist in self.panelists:
            for session_id in panelist.free_session_ids:
                if session_id not in known:
                    raise RuleViolation(
                        "interview_plan.unknown_session",
                        f"{panelist.panelist_id} is free in {session_id}, which is no session",
                    )

    def freeze(
        self,
        screenings: Iterable[Screening],
        interviews: Iterable[Interview],
        *,
        zone: str,
        country_zones: dict[str, str],
    ) -> None:
        """Take note of everybody to be planned, and of who is busy meanwhile (R2).

        Args:
            zone: where people live whose country is not in ``country_zones``.
        """
        kept = {interview.application_id: interview for interview in interviews}
        self.kept_count = len(kept)
        self.candidates = tuple(
            self._candidate(screening, country_zones.get(screening.country_code, zone))
            for screening in sorted(screenings, key=lambda s: s.application_id)
            if screening.application_id not in kept
        )
        self.busy = tuple(
            BusyRecord(
                panelist_id=sheet.reviewer_id,
                starts_at=interview.slot.starts_at,
                ends_at=interview.slot.ends_at,
            )
            for interview in sorted(kept.values(), key=lambda i: i.interview_id)
            if interview.status is not InterviewStatus.CANCELLED
            for sheet in interview.sheets
            if sheet.status is not ReviewStatus.RECUSED
        )

    def finish(self, planned: Planned) -> None:
        """Everybody who could be was booked (R3).

        Raises:
            RuleViolation: ``interview_plan.ended``.
        """
        if self.status is not PlanStatus.ASKED:
            raise RuleViolation("interview_plan.ended", f"the plan is {self.status} already")
        self.status = PlanStatus.DONE
        self.seats, self.reserve_seats = planned.seats, planned.reserve_seats
        self.unplaced_application_ids = planned.unplaced_application_ids
        self.unmanned = planned.unmanned

    def _candidate(self, screening: Screening, zone: str) -> CandidateRecord:
        asked = screening.coded_answers.get(self.terms.language_question_code or "", ())
        stepped_back = {
            review.reviewer_id
            for review in screening.reviews
            if review.status is ReviewStatus.RECUSED
        }
        named = {
            panelist.panelist_id
            for panelist in self.panelists
            if screening.application_id in panelist.conflict_application_ids
            or panelist.panelist_id == screening.subject_id
        }
        return CandidateRecord(
            application_id=screening.application_id,
            zone=zone,
            language_code=asked[0] if asked else self.terms.language_code,
            conflict_ids=tuple(sorted(stepped_back | named)),
        )
