"""The receipt of an erasure: partners no longer knows whose something was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chassis.aggregate import Aggregate
from chassis.ids import derived_id
from contracts.partners import ErasureConfirmed


@dataclass(kw_only=True)
class Erasure(Aggregate):
    """One person's erasure here.

    Rules
      R1  a person is erased once; what is made afterwards is refused by looking here
    """

    erasure_id: str
    subject_id: str
    country_code: str
    removed_count: int
    confirmed_at: datetime

    @classmethod
    def confirm(
        cls, *, subject_id: str, country_code: str, removed_count: int, now: datetime
    ) -> Erasure:
        """All is removed; records ``ErasureConfirmed``."""
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


def erasure_id_of(subject_id: str) -> str:
    """The id of a person's one erasure here (R1)."""
    return derived_id("partners", "erasure", subject_id)
