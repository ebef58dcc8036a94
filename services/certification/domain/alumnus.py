"""People with a certificate, who stay in touch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chassis.aggregate import Aggregate
from chassis.ids import derived_id
from contracts.certification import AlumnusJoined


@dataclass(kw_only=True)
class Alumnus(Aggregate):
    """One person's membership through one cohort.

    Rules
      R1  one membership per person and cohort, whichever certificate came first
    """

    alumnus_id: str
    subject_id: str
    cohort_id: str
    country_code: str
    joined_at: datetime

    @classmethod
    def join(cls, *, subject_id: str, cohort_id: str, country_code: str, now: datetime) -> Alumnus:
        """Become an alumnus; records ``AlumnusJoined``."""
        alumnus = cls(
            alumnus_id=alumnus_id_of(subject_id, cohort_id),
            subject_id=subject_id,
            cohort_id=cohort_id,
            country_code=country_code,
            joined_at=now,
        )
        alumnus.record(
            AlumnusJoined(
                alumnus_id=alumnus.alumnus_id,
                subject_id=subject_id,
                cohort_id=cohort_id,
                country_code=country_code,
                joined_at=now,
            )
        )
        return alumnus


def alumnus_id_of(subject_id: str, cohort_id: str) -> str:
    """The id of a person's one membership through a cohort (R1)."""
    return derived_id("alumnus", subject_id, cohort_id)
