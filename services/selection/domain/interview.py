"""The second stage: a panel, a slot, and scores that nobody sees before all are in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from chassis.aggregate import Aggregate
from chassis.errors import RuleViolation
from chassis.ids import derived_id
from contracts.selection import (
    InterviewBooked,
    InterviewMissed,
    InterviewMoved,
    InterviewScored,
)
from services.selection.domain.review import Review, ReviewStatus, given_points
from services.selection.domain.rubric import Points
from services.selection.domain.rules import Rules
from services.selection.domain.screening import Screening, ScreeningStatus


class InterviewStatus(StrEnum):
    """Where an interview stands."""

    BOOKED = "booked"
    SCORED = "scored"
    MISSED = "missed"
    CANCELLED = "cancelled"


class Presence(StrEnum):
    """How people meet."""

    ONSITE = "onsite"
    ONLINE = "online"


@dataclass(frozen=True, kw_only=True)
class Slot:
    """When and how: instants in UTC, the zone people read them in."""

    starts_at: datetime
    ends_at: datetime
    zone: str
    mode: Presence


@dataclass(kw_only=True)
class Interview(Aggregate):
    """One shortlisted person before a panel.

    Rules
      R1  only a shortlisted application is interviewed, once
      R2  a slot ends after it starts, and lies ahead when it is booked or moved
      R3  the panel has enough different people, none of them the applicant
      R4  a panelist with a conflict of interest steps back before sealing; enough must remain
      R5  each panelist seals own scores once, complete, after the interview began; nobody sees
          another's before all are in
      R6  with every remaining panelist's scores it is scored
      R7  it is missed only after it began and before anybody sealed
    """

    interview_id: str
    application_id: str
    cohort_id: str
    subject_id: str | None = None
    country_code: str
    slot: Slot
    sheets: tuple[Review, ...]
    status: InterviewStatus = InterviewStatus.BOOKED
    interview_milli: int | None = None

    @staticmethod
    def id_for(application_id: str) -> str:
        """Each application has one interview."""
        return derived_id("interview", application_id)

    @classmethod
    def book(
        cls,
        screening: Screening,
        *,
        slot: Slot,
        panelist_ids: tuple[str, ...],
        rules: Rules,
        now: datetime,
    ) -> Interview:
        """Give a shortlisted person a slot; records ``InterviewBooked``.

        Raises:
            RuleViolation: ``interview.not_shortlisted``, ``interview.slot`` or
                ``interview.panel``.
        """
        if screening.status is not ScreeningStatus.SHORTLISTED:
            raise RuleViolation("interview.not_shortlisted", f"it is {screening.status}")
        _check_slot(slot, now)
        if len(set(panelist_ids)) != len(panelist_ids) or screening.subject_id in panelist_ids:
            raise RuleViolation("interview.panel", "panelists differ and are not the applicant")
        if len(panelist_ids) < rules.panel_minimum:
            raise RuleViolation("interview.panel", f"a panel has at least {rules.panel_minimum}")
        interview = cls(
            interview_id=cls.id_for(screening.application_id),
            application_id=screening.application_id,
            cohort_id=screening.cohort_id,
            subject_id=screening.subject_id,
            country_code=screening.country_code,
            slot=slot,
            sheets=tuple(Review(reviewer_id=panelist_id) for panelist_id in panelist_ids),
        )
        interview.record(InterviewBooked(**interview._marks(), **_said(slot), booked_at=now))
        return interview

    def move(self, slot: Slot, *, now: datetime) -> None:
        """Another slot; records ``InterviewMoved``.

        Raises:
            RuleViolation: ``interview.not_booked``, ``interview.slot`` or ``interview.begun``.
        """
        self._require_booked()
        _check_slot(slot, now)
        if any(sheet.status is ReviewStatus.SEALED for sheet in self.sheets):
            raise RuleViolation("interview.begun", "scores have been sealed already")
        self.slot = slot
        self.record(InterviewMoved(**self._marks(), **_said(slot), moved_at=now))

    def recuse(self, panelist_id: str, *, conflict_code: str, rules: Rules) -> None:
        """A panelist steps back (R4).

        Raises:
            RuleViolation: ``interview.not_booked``, ``interview.not_on_panel`` or
                ``interview.panel``.
        """
        self._require_booked()
        sheet = self._open_sheet(panelist_id)
        remaining = [s for s in self.sheets if s.status is not ReviewStatus.RECUSED and s != sheet]
        if len(remaining) < rules.panel_minimum:
            raise RuleViolation("interview.panel", "too few would remain: name somebody else first")
        self._put(replace(sheet, status=ReviewStatus.RECUSED, conflict_code=conflict_code), sheet)

    def join(self, panelist_id: str) -> None:
        """One more panelist (R3).

        Raises:
            RuleViolation: ``interview.not_booked`` or ``interview.panel``.
        """
        self._require_booked()
        if panelist_id == self.subject_id or any(s.reviewer_id == panelist_id for s in self.sheets):
            raise RuleViolation("interview.panel", "panelists differ and are not the applicant")
        self.sheets = (*self.sheets, Review(reviewer_id=panelist_id))

    def seal(self, panelist_id: str, points: Points, rules: Rules, *, now: datetime) -> None:
        """Take one panelist's scores; with the last ones records ``InterviewScored`` (R5, R6).

        Raises:
            RuleViolation: ``interview.not_booked``, ``interview.not_begun``,
                ``interview.not_on_panel`` or ``scores.*``.
        """
        self._require_booked()
        self._require_begun(now)
        sheet = self._open_sheet(panelist_id)
        rules.interview.check(points)
        sealed = replace(
            sheet, status=ReviewStatus.SEALED, scores=given_points(points), sealed_at=now
        )
        self._put(sealed, sheet)
        if any(s.status is ReviewStatus.ASSIGNED for s in self.sheets):
            return
        done = [s.points for s in self.sheets if s.status is ReviewStatus.SEALED]
        self.interview_milli = rules.interview.mean_milli(done)
        self.status = InterviewStatus.SCORED
        self.record(InterviewScored(**self._marks(), scored_at=now))

    def miss(self, *, now: datetime) -> None:
        """The applicant did not come; records ``InterviewMissed`` (R7).

        Raises:
            RuleViolation: ``interview.not_booked``, ``interview.not_begun`` or
                ``interview.begun``.
        """
        self._require_booked()
        self._require_begun(now)
        if any(sheet.status is ReviewStatus.SEALED for sheet in self.sheets):
            raise RuleViolation("interview.begun", "scores have been sealed already")
        self.status = InterviewStatus.MISSED
        self.record(InterviewMissed(**self._marks(), missed_at=now))

    def cancel(self) -> None:
        """The application was withdrawn.

        Raises:
            RuleViolation: ``interview.not_booked``.
        """
        self._require_booked()
        self.status = InterviewStatus.CANCELLED

    def sheets_for(self, viewer_id: str) -> tuple[Review, ...]:
        """What a panelist may see: their own, and all once every one is in (R5)."""
        if self.status is InterviewStatus.SCORED:
            return self.sheets
        return tuple(sheet for sheet in self.sheets if sheet.reviewer_id == viewer_id)

    def erase(self) -> None:
        """Forget what could lead to the person; the count of interviews stays."""
        if self.status is InterviewStatus.BOOKED:
            self.status = InterviewStatus.CANCELLED
        self.subject_id = None
        self.sheets = tuple(replace(sheet, scores=()) for sheet in self.sheets)

    def _marks(self) -> dict[str, Any]:
        return {
            "interview_id": self.interview_id,
            "application_id": self.application_id,
            "cohort_id": self.cohort_id,
            "subject_id": self.subject_id or "",
            "country_code": self.country_code,
        }

    def _require_booked(self) -> None:
        if self.status is not InterviewStatus.BOOKED:
            raise RuleViolation("interview.not_booked", f"the interview is {self.status}")

    def _require_begun(self, now: datetime) -> None:
        if now < self.slot.starts_at:
            raise RuleViolation(
                "interview.not_begun", f"it begins at {self.slot.starts_at:%F %R} UTC"
            )

    def _open_sheet(self, panelist_id: str) -> Review:
        for sheet in self.sheets:
            if sheet.reviewer_id == panelist_id and sheet.status is ReviewStatus.ASSIGNED:
                return sheet
        raise RuleViolation("interview.not_on_panel", "this person has no open sheet here")

    def _put(self, sheet: Review, instead_of: Review) -> None:
        self.sheets = tuple(sheet if s is instead_of else s for s in self.sheets)


def _check_slot(slot: Slot, now: datetime) -> None:
    if not now <= slot.starts_at < slot.ends_at:
        raise RuleViolation("interview.slot", "a slot lies ahead and ends after it starts")


def _said(slot: Slot) -> dict[str, Any]:
    return {
        "starts_at": slot.starts_at,
        "ends_at": slot.ends_at,
        "zone": slot.zone,
        "mode": slot.mode.value,
    }
