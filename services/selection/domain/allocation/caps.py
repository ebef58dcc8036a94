"""What the fast engine knows of the quotas: caps as numbers, inner ones first.

A cell is a cohort and a country, numbered ``cohort * countries + country``. All caps of one
cohort are sets of its cells; a cap over several cohorts holds all cells of each (else it would
cross their seats and be refused).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from services.selection.domain.allocation.columns import ColumnMarket, IntArray
from services.selection.domain.allocation.market import ANY_COUNTRY


@dataclass(frozen=True, slots=True)
class Cap:
    """At most ``size`` people in all ``members`` together: cells, or whole cohorts."""

    members: IntArray
    size: int


@dataclass(frozen=True, slots=True)
class Caps:
    """All quotas of a market.

    Attributes:
        reserve: places promised to each cell.
        inner: for each cohort its caps on cells, small ones first, its seats last.
        outer: for each bundle its caps on cohorts, small ones first.
        bundles: numbers of the cohorts that caps tie together; a cohort alone is one, too.
        bundle_of: bundle of each cohort.
    """

    country_count: int
    reserve: IntArray
    inner: tuple[tuple[Cap, ...], ...]
    outer: tuple[tuple[Cap, ...], ...]
    bundles: tuple[tuple[int, ...], ...]
    bundle_of: IntArray

    @classmethod
    def of(cls, market: ColumnMarket) -> Caps:
        """Number the caps; the market's quotas are checked already."""
        countries = {code: at for at, code in enumerate(market.country_codes)}
        cohorts = {cohort.cohort_id: at for at, cohort in enumerate(market.cohorts)}
        width = len(countries)
        reserve = np.zeros(len(cohorts) * width, dtype=np.int64)
        inner: list[list[Cap]] = [[] for _ in cohorts]
        for at, cohort in enumerate(market.cohorts):
            for code, promised in cohort.country_reserves.items():
                if code in countries:
                    reserve[at * width + countries[code]] = promised
            for code, size in cohort.country_ceilings.items():
                if code in countries:
                    inner[at].append(Cap(np.array([at * width + countries[code]]), size))
        across: list[Cap] = []
        for group in market.group_caps:
            spread: dict[int, set[int]] = defaultdict(set)
            whole = {cohorts[c] for c, code in group.cells if code == ANY_COUNTRY}
            for cohort_id, code in group.cells:
                if code in countries:
                    spread[cohorts[cohort_id]].add(cohorts[cohort_id] * width + countries[code])
            if len(whole) > 1:
                across.append(Cap(np.array(sorted(whole)), group.cap))
            elif whole:
                (at,) = whole
                inner[at].append(Cap(np.arange(at * width, (at + 1) * width), group.cap))
            else:
                for at, cells in spread.items():
                    inner[at].append(Cap(np.array(sorted(cells)), group.cap))
        for at, cohort in enumerate(market.cohorts):
            inner[at].sort(key=lambda cap: cap.members.size)
            inner[at].append(Cap(np.arange(at * width, (at + 1) * width), cohort.seats))
        across.sort(key=lambda cap: cap.members.size)
        bundles = _bundles(len(cohorts), across)
        bundle_of = np.zeros(len(cohorts), dtype=np.int64)
        for number, bundle in enumerate(bundles):
            bundle_of[list(bundle)] = number
        return cls(
            width,
            reserve,
            tuple(map(tuple, inner)),
            tuple(
                tuple(cap for cap in across if bundle_of[cap.members[0]] == number)
                for number in range(len(bundles))
            ),
            bundles,
            bundle_of,
        )


def _bundles(count: int, across: list[Cap]) -> tuple[tuple[int, ...], ...]:
    tied = {at: frozenset({at}) for at in range(count)}
    for cap in across:
        together = frozenset(one for at in cap.members.tolist() for one in tied[at])
        tied.update(dict.fromkeys(together, together))
    return tuple(sorted({tuple(sorted(bundle)) for bundle in tied.values()}))
