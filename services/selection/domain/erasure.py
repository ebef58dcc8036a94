"""The receipt selection gives when it forgot a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chassis.aggregate import Aggregate
from chassis.ids import derived_id
from contracts.selection import ErasureConfirmed


@dataclass(kw_only=True)
class Erasure(Aggregate):
    """One person forgotten; holds the opaque id, so that a repeat finds it done."""

    erasure_id: str
    erased_subject_id: str
    country_code: str
    removed_count: int

    @staticmethod
    def id_for(subject_id: str) -> str:
        """A person is erased once."""
        return derived_id("selection-erasure", subject_id)

    @classmethod
    def confirm(
        cls, *, subject_id: str, country_code: str, removed_count: int, now: datetime
    ) -> Erasure:
        """Give the receipt; records ``ErasureConfirmed``."""
        erasure = cls(
            erasure_id=cls.id_for(subject_id),
            erased_subject_id=subject_id,
            country_code=country_code,
            removed_count=removed_count,
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
