"""A study visit or internship of one participant in a unit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from chassis.aggregate import Aggregate
from chassis.errors import RuleViolation
from contracts.scheduling import PlacementCompleted


class PlacementStatus(StrEnum):
    """How far a placement has come."""

    PLANNED = "planned"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


@dataclass(kw_only=True)
class Placement(Aggregate):
    """One participant's time in a structural unit.

    Rules
      R1  it ends no earlier than it starts
      R2  it is completed once, not before its first day, with at least one minute
      R3  a completed placement is not cancelled
      R4  one whose person is forgotten stays as it is
    """

    placement_id: str
    participant_id: str
    subject_id: str | None
    cohort_id: str
    country_code: str
    unit_code: str
    starts_on: date
    ends_on: date
    minutes: int = 0
    status: PlacementStatus = PlacementStatus.PLANNED

    def __post_init__(self) -> None:
        if self.ends_on < self.starts_on:
            raise RuleViolation("placement.ends_before_start", "it ends before it starts")

    def complete(self, *, minutes: int, now: datetime) -> None:
        """The unit confirms it; records ``PlacementCompleted``.

        Raises:
            RuleViolation: ``placement.not_planned``, ``placement.forgotten``,
                ``placement.too_early`` or ``placement.no_time``.
        """
        subject_id = self._require_planned()
        if now.date() < self.starts_on:
            raise RuleViolation("placement.too_early", f"it starts on {self.starts_on}")
        if minutes < 1:
            raise RuleViolation("placement.no_time", "a completed placement has minutes")
        self.minutes = minutes
        self.status = PlacementStatus.COMPLETED
        self.record(
            PlacementCompleted(
                placement_id=self.placement_id,
                participant_id=self.participant_id,
                cohort_id=self.cohort_id,
                subject_id=subject_id,
                country_code=self.country_code,
                unit_code=self.unit_code,
                minutes=minutes,
                completed_at=now,
            )
        )

    def cancel(self) -> None:
        """It does not take place.

        Raises:
            RuleViolation: ``placement.not_planned`` or ``placement.forgotten``.
        """
        self._require_planned()
        self.status = PlacementStatus.CANCELLED

    def forget(self) -> bool:
        """Cut the link to the person; whether there was one."""
        linked = self.subject_id is not None
        self.subject_id = None
        return linked

    def _require_planned(self) -> str:
        if self.status is not PlacementStatus.PLANNED:
            raise RuleViolation("placement.not_planned", f"the placement is {self.status}")
        if self.subject_id is None:
            raise RuleViolation("placement.forgotten", "the person is forgotten")
        return self.subject_id
