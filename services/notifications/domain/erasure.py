"""The receipt that a person was forgotten here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chassis.aggregate import Aggregate
from chassis.ids import derived_id
from contracts.notifications import ErasureConfirmed


def erasure_id_of(subject_id: str) -> str:
    """The id of a person's receipt."""
    return derived_id("erasure", "notifications", subject_id)


@dataclass(kw_only=True)
class Erasure(Aggregate):
    """That, when and how much was removed."""

    erasure_id: str
    subject_id: str
    country_code: str
    removed_count: int
    confirmed_at: datetime

    @classmethod
    def confirm(
        cls, *, subject_id: str, country_code: str, removed_count: int, now: datetime
    ) -> Erasure:
        """Give the receipt; records ``ErasureConfirmed``."""
        erasure = cls(
            erasure_id=erasure_id_of(subject_id),
            subject_id=subject_id,
            country_code=country_code,
            removed_count=removed_count,
            confirmed_at=now,
        )
        erasure.record(
            ErasureConfirmed(
                erasure_id=erasure.erasure_id,
                subject_id=subject_id,
                country_code=country_code,
                removed_count=removed_count,
                confirmed_at=now,
            )
        )
        return erasure
