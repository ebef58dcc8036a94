"""The whole search of one process: annealing first, then neighbourhoods in turn with reheating."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from services.scheduling.domain.timetabling.annealer import (
    COLD,
    PIECE,
    REHEATED,
    SETTLED,
    UNSETTLED,
    WARM,
    Annealer,
)
from services.scheduling.domain.timetabling.bounds import lower_bound
from services.scheduling.domain.timetabling.instance import Instance
from services.scheduling.domain.timetabling.neighbourhoods import (
    Freed,
    place_anew,
    some_curricula,
)
from services.scheduling.domain.timetabling.solution import Timetable
from services.scheduling.domain.timetabling.tables import tables_of

MOVES_PER_WORK = 4_000_000
"""Moves that one unit of CP-SAT's deterministic time counts for."""

_WORK = 3.0  # deterministic time for one part placed anew
_PROOF_WORK = 12.0  # the same for a whole small problem
_FREED_LECTURES = 90.0  # at first
_SMALL_LECTURES = 90  # of a problem that is tried whole, and often proved
_SETTLING = 0.25  # share of the budget, at most, for getting rid of breaches alone
_QUICK = 0.1  # share of the budget for a first timetable of such a problem


@dataclass(frozen=True, kw_only=True)
class Found:
    """A timetable with what it breaks and costs.

    Attributes:
        proved: it is known that none is better.
    """

    timetable: Timetable
    violations: int
    cost: int
    proved: bool = False

    @property
    def rank(self) -> tuple[int, int]:
        """Smaller is better."""
        return self.violations, self.cost


class Meter(Protocol):
    """Says how much of the budget is spent."""

    def spend(self, moves: int) -> float:
        """Note work done; the share of the budget that is spent, 1 and more when all is."""
        ...


class Exchange(Protocol):
    """Where searches meet."""

    def found(self, found: Found) -> None:
        """Hand in a better timetable."""
        ...

    def best(self) -> Found | None:
        """The best that others have handed in."""
        ...


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How a process divides its budget.

    Attributes:
        cooling: share of the budget for the first cooling.
        round_share: share of the budget for one of them.
        neighbourhoods: whether rounds begin with CP-SAT on parts of the timetable.
    """

    cooling: float
    round_share: float
    neighbourhoods: bool


PLANS = (
    # One slow cooling is worth more than several quick ones; what is left of the budget polishes.
    Plan(cooling=0.92, round_share=0.04, neighbourhoods=False),
    Plan(cooling=0.85, round_share=0.05, neighbourhoods=True),
)
"""By the number of the worker, over and over."""


def search(
    instance: Instance,
    *,
    seed: int,
    plan: Plan,
    meter: Meter,
    exchange: Exchange,
    start: Timetable | None = None,
) -> None:
    """Search until the meter says that all is spent, or nothing can be better.

    Args:
        start: a timetable to go on from instead of the first cooling.
    """
    run = _Run(instance, seed=seed, meter=meter, exchange=exchange, start=start)
    if plan.neighbourhoods and instance.lecture_count <= _SMALL_LECTURES:
        run.settle(until=_QUICK)
        run.cool(WARM, COLD, until=_QUICK)
        run.place_all_anew()
    run.settle(until=_SETTLING)
    if start is None:
        run.cool(WARM, COLD, until=plan.cooling)
    while not run.done():
        run.take_over()
        run.settle(until=run.share + plan.round_share)
        if plan.neighbourhoods and run.annealer.violations == 0:
            run.place_parts_anew(plan.round_share)
        run.cool(REHEATED, COLD, until=run.share + plan.round_share)


class _Run:
    """One search under way."""

    def __init__(
        self,
        instance: Instance,
        *,
        seed: int,
        meter: Meter,
        exchange: Exchange,
        start: Timetable | None,
    ) -> None:
        self.instance = instance
        self.annealer = Annealer(tables_of(instance), seed=seed, start=start)
        self.share = 0.0
        self._usual_change = self.annealer.usual_change()
        self._meter = meter
        self._exchange = exchange
        self._seed = seed
        self._freed = _FREED_LECTURES
        self._bound = lower_bound(instance)
        self._shown: tuple[tuple[int, int], bool] | None = None
        self._tell()

    def done(self) -> bool:
        """Whether the budget is spent, or the best cannot be bettered."""
        return self.share >= 1 or self._rank() <= (0, self._bound)

    def settle(self, *, until: float) -> None:
        """Get rid of breaches, whatever the points, at most until a share is spent."""
        begun = self.share
        while self.share < until and self.annealer.violations:
            passed = (self.share - begun) / (until - begun)
            self._spent(self.annealer.settle(UNSETTLED * (SETTLED / UNSETTLED) ** passed))
        self.take_over()

    def cool(self, warm: float, cold: float, *, until: float) -> None:
        """Anneal until a share of the budget is spent, from warm to cold (in usual changes)."""
        begun, until = self.share, min(until, 1.0)
        while self.share < until and not self.done():
            passed = (self.share - begun) / (until - begun)
            self.annealer.run(self._usual_change * warm * (cold / warm) ** passed)
            self._spent(PIECE)

    def take_over(self) -> None:
        """Go on from the best there is, our own or that of others."""
        best = self._exchange.best()
        if best is not None and best.rank < self._rank():
            self.annealer.go_on_from(best.timetable)
        else:
            self.annealer.go_on_from(self.annealer.best())

    def place_all_anew(self) -> None:
        """Let CP-SAT place everything anew, and perhaps prove that nothing is better."""
        self.take_over()
        best = self.annealer.best()
        if self.annealer.violations or self.done():
            return
        anew = place_anew(
            self.instance,
            best,
            Freed(lectures=frozenset(best), periods=frozenset(range(self.instance.period_count))),
            seed=self._seed,
            work=_PROOF_WORK,
            rooms_tried=len(self.instance.rooms),
        )
        if anew.timetable is not None:
            self.annealer.go_on_from(anew.timetable)
        if anew.decided:
            self._bound = self.annealer.cost
        self._spent(round(anew.work * MOVES_PER_WORK))

    def place_parts_anew(self, share: float) -> None:
        """Let CP-SAT place parts of the best anew, for a share of the budget.

        Parts grow while they are decided well within the work for one, and shrink while not.
        """
        until = self.share + share
        while self.share < until and not self.done():
            best = self.annealer.best()
            self._seed += 1
            freed = some_curricula(self.instance, best, self.annealer.draw, round(self._freed))
            anew = place_anew(self.instance, best, freed, seed=self._seed, work=_WORK)
            if anew.timetable is not None:
                self.annealer.go_on_from(anew.timetable)
            elif anew.decided and anew.work < _WORK / 2:
                self._freed = min(self._freed * 1.15, len(best))
            elif not anew.decided:
                self._freed /= 1.1
            self._spent(round(anew.work * MOVES_PER_WORK))

    def _spent(self, moves: int) -> None:
        self.share = self._meter.spend(moves)
        self._tell()

    def _rank(self) -> tuple[int, int]:
        return self.annealer.violations, self.annealer.cost

    def _tell(self) -> None:
        proved = self._rank() <= (0, self._bound)
        if self._shown is None or (self._rank(), not proved) < self._shown:
            self._shown = (self._rank(), not proved)
            self._exchange.found(
                Found(
                    timetable=self.annealer.best(),
                    violations=self.annealer.violations,
                    cost=self.annealer.cost,
                    proved=proved,
                )
            )
