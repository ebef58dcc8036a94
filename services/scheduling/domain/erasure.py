"""That a person was forgotten here: the receipt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chassis.aggregate import Aggregate
from contracts.scheduling import ErasureConfirmed


@dataclass(kw_only=True)
class Erasure(Aggregate):
    """One person forgotten by scheduling.

    Rules
      R1  confirmed once; what comes about the person later is kept without a link
    """

    erasure_id: str
    subject_id: str
    country_code: str
    removed_count: int = 0
    confirmed_at: datetime | None = None

    def confirm(self, *, removed_count: int, now: datetime) -> None:
        """Everything is removed; records ``ErasureConfirmed``."""
        self.removed_count = removed_count
        self.confirmed_at = now
        self.record(
            ErasureConfirmed(
                erasure_id=self.erasure_id,
                subject_id=self.subject_id,
                country_code=self.country_code,
                removed_count=removed_count,
                confirmed_at=now,
            )
        )
