"""What selection remembers of registration's calls and cohorts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from chassis.aggregate import Aggregate


@dataclass(kw_only=True)
class Call(Aggregate):
    """The window in which people apply.

    Attributes:
        closed_at: when it really closed, grace included; ``None`` while it is open.
    """

    call_id: str
    cohort_ids: tuple[str, ...]
    country_code: str
    opens_at: datetime
    closes_at: datetime
    closed_at: datetime | None = None

    def is_open(self, now: datetime) -> bool:
        """Whether people can still apply, the grace after ``closes_at`` left out."""
        return self.closed_at is None and now < self.closes_at

    def close(self, *, closed_at: datetime) -> None:
        """Take note that it closed."""
        self.closed_at = closed_at


@dataclass(kw_only=True)
class Cohort(Aggregate):
    """The edition people are selected for."""

    cohort_id: str
    country_code: str
    starts_on: date
    ends_on: date
    zone: str

    def reschedule(self, *, starts_on: date, ends_on: date, zone: str) -> None:
        """Take note of new dates."""
        self.starts_on, self.ends_on, self.zone = starts_on, ends_on, zone

    def has_started(self, on: date) -> bool:
        """Whether the first day has come, so that vacancies are filled no more."""
        return on >= self.starts_on
