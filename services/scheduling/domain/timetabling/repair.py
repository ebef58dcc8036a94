"""Repair: the timetable with the fewest moves that keeps every hard rule, then the cheapest such.

A lecture is *moved* when its place (period and room) differs. What a change leaves in a forbidden
place has to move in any case: where moving these alone is enough, the number is proved at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ortools.sat.python import cp_model

from services.scheduling.domain.timetabling.check import check
from services.scheduling.domain.timetabling.encoding import Encoding
from services.scheduling.domain.timetabling.instance import Instance
from services.scheduling.domain.timetabling.neighbourhoods import Freed, choices_around
from services.scheduling.domain.timetabling.proving import solver_of, timetable_in
from services.scheduling.domain.timetabling.rules import RULES
from services.scheduling.domain.timetabling.solution import Placed, Timetable


@dataclass(frozen=True, kw_only=True)
class Repaired:
    """A timetable that holds after a change.

    Attributes:
        moves: lectures in another place than before.
        fewest: no timetable has fewer moves.
        cheapest: none with so many moves or fewer costs less.
    """

    timetable: Timetable
    moves: int
    cost: int
    fewest: bool
    cheapest: bool


@dataclass(frozen=True, kw_only=True)
class NotRepaired:
    """No timetable was found; ``proved`` if there is none at all."""

    proved: bool


def broken(instance: Instance, timetable: Timetable) -> frozenset[Placed]:
    """Lectures that cannot stay where they are."""
    return frozenset(
        each
        for each in timetable
        if (each.course, each.period) in instance.unavailable
        or (each.room, each.period) in instance.rooms_closed
    )


def repair(
    instance: Instance, timetable: Timetable, *, seed: int, work: float
) -> Repaired | NotRepaired:
    """Find the fewest moves, and the cheapest timetable with so many.

    What cannot stay is moved alone, if that is enough; else together with what clashes with it;
    else anything may move.

    Args:
        instance: after the change.
        timetable: before it; it broke no hard rule then.
        work: CP-SAT's deterministic time for each of at most four searches.
    """
    forced = broken(instance, timetable)
    if not forced:
        cost = check(instance, timetable).cost
        return Repaired(timetable=timetable, moves=0, cost=cost, fewest=True, cheapest=True)
    alone = _Search(instance, timetable, forced, seed=seed, work=work)
    if alone.fewest_moves() is not None:
        # Every timetable with so few moves moves these and no others.
        return alone.cheapest(len(forced), fewest=True)
    least = len(forced) + alone.decided  # if these alone are not enough, it takes one more
    near = _Search(instance, timetable, _around(instance, timetable, forced), seed=seed, work=work)
    moves = near.fewest_moves()
    whole = _Search(instance, timetable, frozenset(timetable), seed=seed, work=work)
    whole.last = near.last
    if moves is not None and moves <= least:
        return whole.cheapest(moves, fewest=True)
    moves = whole.fewest_moves()
    if moves is None:
        return NotRepaired(proved=whole.decided)
    return whole.cheapest(moves, fewest=whole.decided)


def _around(
    instance: Instance, timetable: Timetable, forced: frozenset[Placed]
) -> frozenset[Placed]:
    """Lectures that cannot stay, and those that clash with them wherever they go."""
    courses = {each.course for each in forced}
    courses |= {other for course in courses for other in instance.conflicts[course]}
    return frozenset(each for each in timetable if each.course in courses) | forced


def with_more_moves(
    instance: Instance, timetable: Timetable, least: Repaired, *, more: int, seed: int, work: float
) -> Repaired:
    """The cheapest timetable with some moves more than the fewest: what a move buys."""
    search = _Search(instance, timetable, frozenset(timetable), seed=seed, work=work)
    search.last = least.timetable
    return search.cheapest(least.moves + more, fewest=False)


class _Search:
    """A model in which some lectures may go anywhere and the others stay."""

    def __init__(
        self,
        instance: Instance,
        before: Timetable,
        free: frozenset[Placed],
        *,
        seed: int,
        work: float,
    ) -> None:
        self.last: Timetable | None = None
        self.decided = False
        self._instance = instance
        self._before = before
        self._seed = seed
        self._work = work
        fixed = [each for each in before if each not in free]
        freed = Freed(lectures=free, periods=frozenset(range(instance.period_count)))
        choices = choices_around(instance, fixed, freed, rooms_tried=len(instance.rooms))
        self._encoding = Encoding(instance, choices)
        self._points = [
            rule.weight * term
            for rule in RULES
            for term in rule.encode(self._encoding)
            if rule.weight
        ]
        places = self._encoding.places
        for course, room, period in fixed:
            self._encoding.model.add(places[course, period, room] == 1)
        kept = [(each.course, each.period, each.room) for each in free]
        self._moved = len(free) - sum(places[place] for place in kept if place in places)

    def fewest_moves(self) -> int | None:
        """Find a timetable with the fewest moves; ``None`` if none is found."""
        self._run(self._moved, hint=self.last or self._before)
        return None if self.last is None else _moves(self._before, self.last)

    def cheapest(self, most: int, *, fewest: bool) -> Repaired:
        """The cheapest with at most so many moves, of which one is at hand."""
        assert self.last is not None
        self._encoding.model.add(self._moved <= most)
        self._run(sum(self._points), hint=self.last)
        return Repaired(
            timetable=self.last,
            moves=_moves(self._before, self.last),
            cost=check(self._instance, self.last).cost,
            fewest=fewest,
            cheapest=self.decided,
        )

    def _run(self, objective: Any, *, hint: Timetable) -> None:
        model = self._encoding.model
        model.clear_hints()  # type: ignore[no-untyped-call]  # untyped -- as ortools has it
        known = set(hint)
        for (course, period, room), on in self._encoding.places.items():
            model.add_hint(on, Placed(course, room, period) in known)
        model.minimize(objective)
        solver = solver_of(seed=self._seed, work=self._work)
        status = solver.solve(model)
        self.decided = status in (cp_model.OPTIMAL, cp_model.INFEASIBLE)
        self.last = timetable_in(self._encoding, solver) or self.last


def _moves(before: Timetable, after: Timetable) -> int:
    return len(set(after) - set(before))
