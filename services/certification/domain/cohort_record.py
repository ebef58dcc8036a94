"""What certification knows of a cohort: names and dates for the paper, and the plan."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime

from chassis.aggregate import Aggregate
from chassis.language_map import LanguageMap
from services.certification.domain.awarding.facts import Placed, Plan, Registered, Timed


@dataclass(frozen=True, kw_only=True)
class CohortTerms:
    """What a cohort was announced with, as far as a certificate shows it."""

    programme_id: str
    programme_code: str
    edition_code: str
    titles: LanguageMap
    language_code: str


@dataclass(frozen=True, kw_only=True)
class CohortDates:
    """When a cohort is held, as stated at ``as_of``."""

    starts_on: date
    ends_on: date
    as_of: datetime


@dataclass(kw_only=True)
class CohortRecord(Aggregate):
    """Facts about a cohort, gathered from what registration and scheduling announce.

    Rules
      R1  facts may arrive in any order and more than once; the sum is the same
      R2  a completed cohort stays completed
    """

    cohort_id: str
    country_code: str
    announced: CohortTerms | None = None
    dates: CohortDates | None = None
    plan: Plan = field(default_factory=Plan)

    def announce(self, terms: CohortTerms) -> None:
        """The cohort was announced."""
        self.announced = terms

    def date(self, dates: CohortDates) -> None:
        """The cohort was announced or changed; the newest statement stays (R1)."""
        if self.dates is None or dates.as_of >= self.dates.as_of:
            self.dates = dates

    def release(
        self, release_version: int, placed: tuple[Placed, ...], timed: tuple[Timed, ...]
    ) -> None:
        """A timetable was released (R1)."""
        self.plan = self.plan.with_release(release_version, placed, timed)

    def retime(self, timed: Timed) -> None:
        """A session was moved or cancelled (R1)."""
        self.plan = self.plan.with_timing(timed)

    def register(self, registered: Registered) -> None:
        """A register was recorded or corrected (R1)."""
        self.plan = self.plan.with_register(registered)

    def complete(self) -> None:
        """Nothing more will be planned (R2)."""
        self.plan = replace(self.plan, is_closed=True)
