"""How long personal data are kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta


@dataclass(frozen=True, kw_only=True)
class Retention:
    """The centre's periods.

    Attributes:
        days: counted from a person's registration; then they are forgotten by themselves.
        cohort_keep_days: counted from a cohort's end; before, its people are not forgotten at once.
    """

    days: int
    cohort_keep_days: int

    def until(self, now: datetime) -> date:
        """The last day data taken in ``now`` are kept."""
        return (now + timedelta(days=self.days)).date()

    def end_of(self, day: date) -> datetime:
        """The instant after that day, UTC."""
        return datetime.combine(day + timedelta(days=1), time(), tzinfo=UTC)
