"""What an engine is given and what it gives back: frozen, whole numbers only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from services.selection.domain.canonical import sha256_of

ANY_COUNTRY = "*"
"""In a cell: everybody at the cohort, whatever their country."""

Cell = tuple[str, str]
"""Cohort id and country code, or ``ANY_COUNTRY``."""


@dataclass(frozen=True, slots=True)
class Priority:
    """Where an applicant stands at a cohort.

    Attributes:
        band: lower is better; decides before the score.
        score_milli: thousandths of a point; higher is better.
        lottery: lower is better; decides between equal scores.
    """

    band: int
    score_milli: int
    lottery: int


@dataclass(frozen=True, slots=True)
class CohortQuota:
    """Places of one cohort.

    Attributes:
        seats: places in all.
        country_ceilings: country code -> most places its people may take.
        country_reserves: country code -> places that go first to the best of its people;
            what they do not fill reverts to everybody in the same pass.
    """

    cohort_id: str
    seats: int
    country_ceilings: Mapping[str, int] = field(default_factory=dict)
    country_reserves: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GroupCap:
    """At most ``cap`` places in all ``cells`` together (a site, a funding line, a region)."""

    cells: tuple[Cell, ...]
    cap: int


@dataclass(frozen=True, slots=True)
class Applicant:
    """One person, by opaque id.

    Attributes:
        preferences: cohort ids, best first, none twice.
        priorities: cohort id -> priority, for every preferred cohort.
    """

    applicant_id: str
    country_code: str
    preferences: tuple[str, ...]
    priorities: Mapping[str, Priority]

    def rank_key(self, cohort_id: str) -> tuple[int, int, int, str]:
        """Sort key at a cohort, best first; equal priorities are told apart by id."""
        priority = self.priorities[cohort_id]
        return (priority.band, -priority.score_milli, priority.lottery, self.applicant_id)


@dataclass(frozen=True, slots=True)
class Market:
    """Everything an allocation depends on; the order of its parts means nothing."""

    cohorts: tuple[CohortQuota, ...]
    applicants: tuple[Applicant, ...]
    group_caps: tuple[GroupCap, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """Who is placed where: applicant id -> cohort id, or ``None``."""

    assignment: Mapping[str, str | None]

    @property
    def sha256(self) -> str:
        """Hash of the canonical assignment."""
        return sha256_of(dict(self.assignment))

    @property
    def placed_count(self) -> int:
        """People with a place."""
        return sum(cohort_id is not None for cohort_id in self.assignment.values())
