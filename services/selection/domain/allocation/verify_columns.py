"""The verifier for markets of arrays: the rules V1 to V5 of ``verify``, a million people at once.

Shares no code with the engines and ranks nobody: for each cell it looks up the worst person
somebody of that cell could rightly displace, and then compares everybody's unfulfilled
preferences with it, in time linear in the preferences.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from chassis.errors import RuleViolation
from services.selection.domain.allocation.columns import NOWHERE, ColumnMarket, IntArray
from services.selection.domain.allocation.market import ANY_COUNTRY

Standing = tuple[int, int, int, int]
"""Band, negative score, lottery, row: lower is better."""

_Mask = NDArray[np.bool_]


def require_columns_verified(market: ColumnMarket, placed: IntArray) -> None:
    """Refuse a result that is not right.

    Raises:
        RuleViolation: ``run.not_verified`` with the first violation.
    """
    for sentence in column_violations(market, placed):
        raise RuleViolation("run.not_verified", sentence)


def column_violations(market: ColumnMarket, placed: IntArray) -> Iterator[str]:
    """What is wrong with a result, a sentence for each kind and preference."""
    if placed.shape != market.country.shape:
        yield "the result has not one place a person"
        return
    held = placed != NOWHERE
    asked = (market.preferences == placed[:, None]).any(axis=1)
    if (held & ~asked).any():
        yield f"row {_first(held & ~asked)} is placed where they did not ask for"
        return
    seating = _Seating(market, placed)
    yield from seating.overfull
    yield from seating.claims()


class _Seating:
    """The result seen from the cells, countries that nobody comes from counted in."""

    def __init__(self, market: ColumnMarket, placed: IntArray) -> None:
        named = {code for group in market.group_caps for _, code in group.cells}
        others = sorted((named | {ANY_COUNTRY}) - set(market.country_codes))
        self._codes = [*market.country_codes, *others]
        self._market, self._placed = market, placed
        self._shape = (len(market.cohorts), len(self._codes))
        self._rows = np.flatnonzero(placed != NOWHERE)
        self._cell = placed[self._rows] * self._shape[1] + market.country[self._rows]
        size = self._shape[0] * self._shape[1]
        self._counts = np.bincount(self._cell, minlength=size).reshape(self._shape)
        self._reserve = np.array(
            [[c.country_reserves.get(code, 0) for code in self._codes] for c in market.cohorts],
            dtype=np.int64,
        ).reshape(self._shape)
        caps = sorted(self._lay(), key=lambda cap: int(cap[1].sum()))
        self.overfull = [
            f"{name}: {load} > {most}"
            for name, cells, most in caps
            if (load := int(self._counts[cells].sum())) > most
        ]
        self._tight = [cap for cap in caps if int(self._counts[cap[1]].sum()) >= cap[2]]

    def _lay(self) -> Iterator[tuple[str, _Mask, int]]:
        """Name, cells and size of every cap."""
        number = {cohort.cohort_id: at for at, cohort in enumerate(self._market.cohorts)}
        for at, cohort in enumerate(self._market.cohorts):
            for code, ceiling in cohort.country_ceilings.items():
                if code in self._codes:
                    cells = np.zeros(self._shape, dtype=bool)
                    cells[at, self._codes.index(code)] = True
                    yield f"ceiling of {code} at {cohort.cohort_id}", cells, ceiling
            cells = np.zeros(self._shape, dtype=bool)
            cells[at] = True
            yield f"seats of {cohort.cohort_id}", cells, cohort.seats
        for group in self._market.group_caps:
            cells = np.zeros(self._shape, dtype=bool)
            for cohort_id, code in group.cells:
                columns = slice(None) if code == ANY_COUNTRY else self._codes.index(code)
                cells[number[cohort_id], columns] = True
            yield f"group cap of {group.cap}", cells, group.cap

    def claims(self) -> Iterator[str]:
        """Places people rightly miss."""
        always, bounds = self._bounds()
        market = self._market
        unmet = np.ones(len(self._placed), dtype=bool)
        for at in range(market.preferences.shape[1]):
            wanted = market.preferences[:, at]
            unmet &= (wanted != NOWHERE) & (wanted != self._placed)
            rows = np.flatnonzero(unmet)
            cell = wanted[rows] * self._shape[1] + market.country[rows]
            wrong = always[cell] | self._precedes(rows, at, bounds[cell])
            if wrong.any():
                row = int(rows[_first(wrong)])
                yield (
                    f"row {row} rightly misses their preference {at + 1}, "
                    f"{market.cohorts[int(wanted[row])].cohort_id}"
                )

    def _precedes(self, rows: IntArray, at: int, bounds: IntArray) -> _Mask:
        """Whether somebody stands before their cell's bound."""
        mine = (*self._standings(rows, np.full(rows.size, at)), rows)
        before = np.zeros(rows.size, dtype=bool)
        equal = np.ones(rows.size, dtype=bool)
        for part, bound in zip(mine, bounds.T, strict=True):
            before |= equal & (part < bound)
            equal &= part == bound
        return before

    def _standings(self, rows: IntArray, at: IntArray) -> tuple[IntArray, IntArray, IntArray]:
        def of(part: IntArray) -> IntArray:
            listed: IntArray = part[rows, at if part.shape[1] > 1 else 0]
            return listed

        return of(self._market.band), -of(self._market.score_milli), of(self._market.lottery)

    def _bounds(self) -> tuple[_Mask, IntArray]:
        """For each cell: is any claim right there, and the standing below which it is."""
        worst = self._worst()
        nobody = (np.iinfo(np.int64).min,) * 4
        tight_of: dict[tuple[int, int], tuple[_Mask, int]] = {}
        for _, cells, _ in reversed(self._tight):  # the innermost one is set last
            turn = self._last_turn(cells) if cells.any(axis=1).sum() > 1 else -1
            for at in zip(*(found.tolist() for found in np.nonzero(cells)), strict=True):
                tight_of[at] = (cells, turn)
        always = np.zeros(self._shape, dtype=bool)
        bounds = np.empty((*self._shape, 4), dtype=np.int64)
        may_leave = self._counts > self._reserve
        for cohort, country in np.ndindex(*self._shape):
            found = tight_of.get((cohort, country))
            if found is None or self._counts[cohort, country] < self._reserve[cohort, country]:
                always[cohort, country] = True
                bounds[cohort, country] = nobody
                continue
            cells, turn = found
            mine = (int(self._counts[cohort].sum()) + 1) * self._shape[0] + cohort
            always[cohort, country] = turn > mine
            rivals = np.flatnonzero(cells[cohort] & may_leave[cohort]).tolist()
            bounds[cohort, country] = max(
                (worst.get((cohort, rival), nobody) for rival in {country, *rivals}),
            )
        return always.ravel(), bounds.reshape(-1, 4)

    def _last_turn(self, cells: _Mask) -> int:
        """The latest turn that took a place under the cap, of places not under a reserve."""
        given = cells & (self._counts > self._reserve)
        turns = self._counts.sum(axis=1) * self._shape[0] + np.arange(self._shape[0])
        return int(turns[given.any(axis=1)].max(initial=-1))

    def _worst(self) -> dict[tuple[int, int], Standing]:
        """The last person of every cell, found part by part of the standing."""
        at = np.argmax(
            self._market.preferences[self._rows] == self._placed[self._rows, None], axis=1
        )
        parts = (*self._standings(self._rows, at), self._rows)
        size = self._shape[0] * self._shape[1]
        last = np.ones(self._rows.size, dtype=bool)
        found = np.empty((size, len(parts)), dtype=np.int64)
        for column, part in enumerate(parts):
            most = np.full(size, np.iinfo(np.int64).min, dtype=np.int64)
            np.maximum.at(most, self._cell[last], part[last])
            last &= part == most[self._cell]
            found[:, column] = most
        return {
            divmod(cell, self._shape[1]): tuple(found[cell].tolist())
            for cell in np.unique(self._cell).tolist()
        }


def _first(mask: _Mask) -> int:
    return int(np.argmax(mask))
