"""The fast engine: deferred acceptance in rounds, on arrays.

In a round everybody without a place proposes to the first cohort on their list whose cut-off for
their country they beat. Each bundle of cohorts then keeps, of those it holds and the newcomers,

  C1  in each cohort the best of each country as far as its reserve goes
  C2  of the rest, cap by cap from the inside out, only as many as fit: under a cap within a cohort
      the best, under a cap over several cohorts those whose turn comes first (a person's turn is
      how many their cohort has before them; equal turns go by the cohort's id)

and whoever is left out lowers the cut-off of their cell for good. Because caps are nested or
disjoint, cutting from the inside out gives what filling from the best down gives; because the
choice is substitutable, all at once gives what one at a time gives. The plain engine does the
latter of both, and shares nothing with this one but the checks of the input.

Integers only: the result depends on nothing but the market.

Source: Gale and Shapley (1962); Hafalir, Yenmez and Yildirim (2013); Kamada and Kojima (2015).
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from services.selection.domain.allocation.caps import Cap, Caps
from services.selection.domain.allocation.columns import (
    NOWHERE,
    ColumnMarket,
    IntArray,
    columns_of,
)
from services.selection.domain.allocation.keys import row_bits, sort_keys
from services.selection.domain.allocation.laminar import check_market, check_quotas
from services.selection.domain.allocation.market import Market, Result

_EVERYBODY = np.iinfo(np.int64).max


def allocate(market: Market) -> Result:
    """Place applicants.

    Raises:
        RuleViolation: the market is refused (``check_market``).
    """
    check_market(market)
    columns, ids = columns_of(market)
    names = [cohort.cohort_id for cohort in columns.cohorts]
    placed = _Allocation(columns).run().tolist()
    return Result(
        {
            applicant_id: None if at == NOWHERE else names[at]
            for applicant_id, at in zip(ids, placed, strict=True)
        }
    )


def allocate_columns(market: ColumnMarket) -> IntArray:
    """Place people: the number of each one's cohort, or ``NOWHERE``.

    Raises:
        RuleViolation: the market is refused.
    """
    check_quotas(market.cohorts, market.group_caps)
    market.check()
    return _Allocation(market).run()


class _Allocation:
    """One run of the engine.

    ``held`` has for each cell the keys of its people, best first; ``kept`` how many of them the
    choice under way has not left out yet; ``cut_off`` the best key ever left out.
    """

    def __init__(self, market: ColumnMarket) -> None:
        self._market = market
        self._caps = Caps.of(market)
        self._keys = sort_keys(market)
        self._row_mask = (1 << row_bits(len(market.preferences))) - 1
        cells = self._caps.reserve.size
        self._held: list[IntArray] = [np.empty(0, dtype=np.int64) for _ in range(cells)]
        self._kept = np.zeros(cells, dtype=np.int64)
        self._cut_off = np.full(cells, _EVERYBODY, dtype=np.int64)
        self._choice = np.zeros(len(market.preferences), dtype=np.int64)

    def run(self) -> IntArray:
        """Rounds until nobody proposes."""
        proposing = np.arange(len(self._market.preferences))
        while proposing.size:
            touched = self._propose(proposing)
            left_out = [keys for bundle in touched for keys in self._choose(bundle)]
            proposing = np.concatenate([np.empty(0, np.int64), *left_out]) & self._row_mask
            self._choice[proposing] += 1
        placed = np.full(len(self._market.preferences), NOWHERE, dtype=np.int64)
        for cell, keys in enumerate(self._held):
            placed[keys & self._row_mask] = cell // self._caps.country_count
        return placed

    def _propose(self, people: IntArray) -> set[int]:
        """Add everybody to the best cell that may still take them; bundles that got somebody."""
        found_cells, found_keys = [], []
        most = self._market.preferences.shape[1]
        while people.size:
            people = people[self._choice[people] < most]
            choice = self._choice[people]
            cohort = self._market.preferences[people, choice]
            listed = cohort != NOWHERE
            people, choice, cohort = people[listed], choice[listed], cohort[listed]
            cell = cohort * self._caps.country_count + self._market.country[people]
            key = self._keys[people, choice]
            hopeful = key < self._cut_off[cell]
            found_cells.append(cell[hopeful])
            found_keys.append(key[hopeful])
            people = people[~hopeful]
            self._choice[people] += 1
        return self._join(np.concatenate(found_cells), np.concatenate(found_keys))

    def _join(self, cells: IntArray, keys: IntArray) -> set[int]:
        order = np.argsort(cells, kind="stable")
        cells, keys = cells[order], keys[order]
        starts = np.flatnonzero(np.diff(cells, prepend=-1))
        touched = set()
        for cell, newcomers in zip(
            cells[starts].tolist(), np.split(keys, starts[1:].tolist()), strict=False
        ):
            held = self._held[cell]
            self._held[cell] = np.concatenate([held, newcomers])
            self._held[cell].sort()
            self._kept[cell] = held.size + newcomers.size
            touched.add(int(self._caps.bundle_of[cell // self._caps.country_count]))
        return touched

    def _choose(self, bundle: int) -> Iterable[IntArray]:
        """Keys of everybody the bundle leaves out."""
        for cohort in self._caps.bundles[bundle]:
            for cap in self._caps.inner[cohort]:
                self._drop(cap.members, int(self._kept[cap.members].sum()) - cap.size)
        for cap in self._caps.outer[bundle]:
            self._take_turns(cap)
        for cohort in self._caps.bundles[bundle]:
            first = cohort * self._caps.country_count
            for cell in range(first, first + self._caps.country_count):
                held, kept = self._held[cell], int(self._kept[cell])
                if kept < held.size:
                    self._held[cell] = held[:kept]
                    self._cut_off[cell] = held[kept]
                    yield held[kept:]

    def _drop(self, cells: IntArray, excess: int) -> None:
        """Leave out the worst of these cells of one cohort whom no reserve protects."""
        if excess <= 0:
            return
        ends = self._kept[cells]
        starts = np.minimum(ends, np.maximum(self._caps.reserve[cells], ends - excess))
        tails = [
            self._held[cell][start:end]
            for cell, start, end in zip(cells.tolist(), starts, ends, strict=True)
        ]
        at_stake = np.concatenate(tails)
        place = at_stake.size - excess
        best_out = np.partition(at_stake, place)[place]
        self._kept[cells] = starts + [np.searchsorted(tail, best_out) for tail in tails]

    def _take_turns(self, cap: Cap) -> None:
        """Leave out whose turn comes too late under a cap over whole cohorts."""
        cells = cap.members[:, None] * self._caps.country_count + np.arange(
            self._caps.country_count
        )
        promised = np.minimum(self._kept[cells], self._caps.reserve[cells]).sum(axis=1)
        others = self._kept[cells].sum(axis=1) - promised
        room = cap.size - int(promised.sum())
        if int(others.sum()) <= room:
            return

        def before(turn: int) -> IntArray:
            taken: IntArray = np.clip(turn - promised, 0, others)
            return taken

        low, high = 0, int((promised + others).max())
        while low < high:
            middle = (low + high + 1) // 2
            if int(before(middle).sum()) <= room:
                low = middle
            else:
                high = middle - 1
        taken = before(low)
        next_in_turn = np.flatnonzero((promised <= low) & (taken < others))
        taken[next_in_turn[: room - int(taken.sum())]] += 1
        for row, excess in zip(cells, others - taken, strict=True):
            self._drop(row, int(excess))
