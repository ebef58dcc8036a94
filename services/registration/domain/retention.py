"""How long personal data are kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta


@dataclass(frozen=True, kw_only=True)
class Retention:
    """The centre's period; ``days`` counted from registration."""

    days: int

    def until(self, now: datetime) -> date:
        """The last day data taken in ``now`` are kept."""
        return (now + timedelta(days=self.days)).date()

    def end_of(self, day: date) -> datetime:
        """The instant after that day, UTC."""
        return datetime.combine(day + timedelta(days=1), time(), tzinfo=UTC)
