"""A market as arrays, for the fast engine: one row a person, one column a preference."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chassis.errors import RuleViolation
from services.selection.domain.allocation.market import (
    Applicant,
    CohortQuota,
    GroupCap,
    Market,
    Priority,
)

IntArray = NDArray[np.int64]

NOWHERE = -1
"""In an array of cohort numbers: none."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ColumnMarket:
    """The same as a ``Market``; people are row numbers, in the order of their ids.

    Attributes:
        cohorts: in the order of their ids; a cohort's number is its place here.
        country_codes: a country's number is its place here.
        country: country number of each person, shape (people,).
        preferences: cohort numbers, best first, ``NOWHERE`` after the last, shape (people, most).
        band, score_milli, lottery: priority at the cohort preferred there (``Priority``), whole
            numbers of shape (people, most), or (people, 1) where all are alike.
    """

    cohorts: tuple[CohortQuota, ...]
    country_codes: tuple[str, ...]
    country: IntArray
    preferences: IntArray
    band: IntArray
    score_milli: IntArray
    lottery: IntArray
    group_caps: tuple[GroupCap, ...] = ()

    def check(self) -> None:
        """Refuse arrays that do not fit together.

        Raises:
            RuleViolation: ``market.columns``; says which array.
        """
        ids = [cohort.cohort_id for cohort in self.cohorts]
        people, most = self.preferences.shape
        _require(ids == sorted(ids), "cohorts are not in the order of their ids")
        _require(self.country.shape == (people,), "country has not one number a person")
        _require(_within(self.country, 0, len(self.country_codes)), "country has unknown numbers")
        _require(_within(self.preferences, NOWHERE, len(ids)), "preferences has unknown numbers")
        for name in ("band", "score_milli", "lottery"):
            array: IntArray = getattr(self, name)
            _require(array.shape in ((people, most), (people, 1)), f"{name} has another shape")
            _require(array.dtype.kind in "iu", f"{name} is not of whole numbers")


def columns_of(market: Market) -> tuple[ColumnMarket, list[str]]:
    """A market as arrays, and the person's id of each row."""
    people = sorted(market.applicants, key=lambda applicant: applicant.applicant_id)
    cohorts = tuple(sorted(market.cohorts, key=lambda cohort: cohort.cohort_id))
    number = {cohort.cohort_id: at for at, cohort in enumerate(cohorts)}
    countries = sorted({applicant.country_code for applicant in people})
    country = {code: at for at, code in enumerate(countries)}
    listed = [[number[cohort_id] for cohort_id in a.preferences] for a in people]
    most = max(map(len, listed), default=0) or 1
    lengths = np.array([len(one) for one in listed], dtype=np.int64)
    filled = np.arange(most) < lengths[:, None]

    def spread(values: IntArray, empty: int) -> IntArray:
        table = np.full((len(people), most), empty, dtype=np.int64)
        table[filled] = values
        return table

    columns = ColumnMarket(
        cohorts=cohorts,
        country_codes=tuple(countries),
        country=np.array([country[a.country_code] for a in people], dtype=np.int64),
        preferences=spread(
            np.array([c for one in listed for c in one], dtype=np.int64), empty=NOWHERE
        ),
        band=spread(_numbers(p.band for p in _priorities(people)), empty=0),
        score_milli=spread(_numbers(p.score_milli for p in _priorities(people)), empty=0),
        lottery=spread(_numbers(p.lottery for p in _priorities(people)), empty=0),
        group_caps=market.group_caps,
    )
    return columns, [applicant.applicant_id for applicant in people]


def _priorities(people: Sequence[Applicant]) -> Iterable[Priority]:
    return (a.priorities[cohort_id] for a in people for cohort_id in a.preferences)


def _numbers(values: Iterable[int]) -> IntArray:
    """Whole numbers, or their places among each other where they are too long for a machine."""
    found = list(values)
    try:
        return np.array(found, dtype=np.int64)
    except OverflowError:
        place = {value: at for at, value in enumerate(sorted(set(found)))}
        return np.array([place[value] for value in found], dtype=np.int64)


def _within(array: IntArray, lowest: int, end: int) -> bool:
    return not array.size or (lowest <= int(array.min()) and int(array.max()) < end)


def _require(holds: bool, sentence: str) -> None:
    if not holds:
        raise RuleViolation("market.columns", sentence)
