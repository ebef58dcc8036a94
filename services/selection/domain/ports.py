"""What selection's handlers ask of the outside, beside ``chassis.ports``."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from chassis.ports import Aggregates
from services.selection.domain.appeal import Appeal
from services.selection.domain.call import Call, Cohort
from services.selection.domain.erasure import Erasure
from services.selection.domain.interview import Interview
from services.selection.domain.interview_plan import InterviewPlan
from services.selection.domain.offer import Offer, Place
from services.selection.domain.reviewer_assignment import ReviewerAssignment
from services.selection.domain.rule_set import RuleSet
from services.selection.domain.run import Run
from services.selection.domain.screening import Screening
from services.selection.domain.shortlist import Shortlist

Cohorts = Aggregates[Cohort]
Calls = Aggregates[Call]
RuleSets = Aggregates[RuleSet]
Screenings = Aggregates[Screening]
Shortlists = Aggregates[Shortlist]
Interviews = Aggregates[Interview]
Runs = Aggregates[Run]
Offers = Aggregates[Offer]
Places = Aggregates[Place]
Appeals = Aggregates[Appeal]
Erasures = Aggregates[Erasure]
ReviewerAssignments = Aggregates[ReviewerAssignment]
InterviewPlans = Aggregates[InterviewPlan]

NewSecret = Callable[[], str]
"""Makes the lottery's secret (``chassis.ids.new_secret``)."""


@dataclass(frozen=True, kw_only=True)
class Reviewed:
    """A cohort's applications after the reviews, by first preference.

    Attributes:
        screenings: with their sheets.
        open_count: not decided yet.
        call_open: whether a call for the cohort is not closed yet.
    """

    screenings: tuple[Screening, ...]
    open_count: int
    call_open: bool


class Register(Protocol):
    """Questions that span aggregates, answered from the same database within the transaction."""

    def reviewed(self, cohort_id: str) -> Reviewed:
        """The state of a cohort's reviews."""
        ...

    def waiting_for_rules(self, cohort_id: str) -> tuple[str, ...]:
        """Ids of screenings that prefer the cohort and wait for frozen rules."""
        ...

    def in_review(self, call_id: str) -> Iterable[Screening]:
        """Eligible screenings of a call that wait for reviews, of people who were not erased."""
        ...

    def shortlisted(self, call_id: str) -> Iterable[Screening]:
        """Shortlisted screenings of a call, of people who were not erased."""
        ...

    def interviews(self, application_ids: Iterable[str]) -> Iterable[Interview]:
        """Interviews of these applications."""
        ...

    def offers(self, run_id: str) -> Iterable[Offer]:
        """All offers of a run."""
        ...

    def places(self, run_id: str) -> Iterable[Place]:
        """All waiting-list places of a run."""
        ...

    def runs_of_application(self, application_id: str) -> tuple[str, ...]:
        """Ids of runs whose snapshot holds the application."""
        ...

    def withdrawn(self, application_ids: Iterable[str]) -> frozenset[str]:
        """Those of these applications that were withdrawn, or whose person was erased."""
        ...

    def live_offers(
        self, *, application_id: str | None = None, subject_id: str | None = None
    ) -> Iterable[Offer]:
        """Offers made or accepted, of one application or of one person."""
        ...

    def records_of(self, subject_id: str) -> Iterable[tuple[str, str]]:
        """Kind and id of everything held about a person."""
        ...
