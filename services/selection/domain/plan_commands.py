"""What may be asked about interviews of a whole call."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.aggregate import Command
from services.selection.domain.interview_plan import (
    PanelistRecord,
    Planned,
    PlanTerms,
    SessionRecord,
)


@dataclass(frozen=True, kw_only=True)
class AskForInterviews(Command):
    """Have interviews planned and booked for everybody shortlisted who has none.

    Attributes:
        country_zones: country code -> zone in which its people live; others live in the zone of
            the first cohort of the call.
    """

    plan_id: str
    call_id: str
    terms: PlanTerms
    sessions: tuple[SessionRecord, ...]
    panelists: tuple[PanelistRecord, ...]
    country_zones: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class EndInterviewPlan(Command):
    """Take over what came of a plan."""

    plan_id: str
    planned: Planned
