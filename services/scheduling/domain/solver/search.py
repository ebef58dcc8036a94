"""Running CP-SAT so that the same model and effort give the same answer."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from ortools.sat.python import cp_model

from services.scheduling.domain.solver.problem import Plan

_LOOK_SECONDS = 0.25
_WORK_PER_VARIABLE = 1e-4
"""What building and presolving take, which CP-SAT's own count leaves out; measured."""


@dataclass(frozen=True, kw_only=True)
class Effort:
    """How long to search, counted in work and not in seconds.

    Attributes:
        seed: of the search.
        work: CP-SAT's deterministic time and an allowance for building models; one unit is near
            a second of one idle core.
    """

    seed: int = 0
    work: float = 10.0


class Work:
    """What is left of an effort."""

    def __init__(self, limit: float) -> None:
        self.limit = limit
        self.left = limit

    def spend(self, amount: float) -> None:
        """Take away what was used."""
        self.left = max(0.0, self.left - amount)

    @property
    def share(self) -> float:
        """How much is spent, from 0 to 1."""
        return self.share_with(0.0)

    def share_with(self, spent: float) -> float:
        """The same once an amount under way is paid."""
        return 1.0 - max(0.0, self.left - spent) / self.limit if self.limit else 1.0


class Watch(Protocol):
    """Who looks on while the engine works."""

    def found(self, plan: Plan, cost: int, bound: int, share: float) -> None:
        """The best plan so far, its cost, what no plan can beat, and how much work is spent."""
        ...

    def stopped(self) -> bool:
        """Whether to stop with what there is."""
        ...


Seen = Callable[[Any, float], None]
"""Told of every solution CP-SAT finds: what reads its variables, and the work spent on it."""


class _Looking(cp_model.CpSolverSolutionCallback):
    def __init__(self, seen: Seen) -> None:
        super().__init__()
        self._seen = seen

    def on_solution_callback(self) -> None:
        """Called by the solver."""
        self._seen(self, self.deterministic_time)


def search(
    cp: cp_model.CpModel,
    effort: Effort,
    *,
    work: Work | None = None,
    seen: Seen | None = None,
    stopped: Callable[[], bool] | None = None,
) -> tuple[cp_model.CpSolver, Any]:
    """Solve with one worker: several would race, and the winner would depend on the machine.

    Args:
        work: pays for what is used.
        seen: looks at every solution.
        stopped: asked now and then; once true, the search ends with what it has.
    """
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = effort.seed
    # Probing and symmetry cost more than these models, of a few thousand choices, give back.
    solver.parameters.cp_model_probing_level = 0
    solver.parameters.symmetry_level = 0
    solver.parameters.max_deterministic_time = effort.work
    with _stopping(solver, stopped):
        status = solver.solve(cp, _Looking(seen) if seen is not None else None)
    if work is not None:
        variables = len(cp.proto.variables)
        work.spend(solver.response_proto.deterministic_time + _WORK_PER_VARIABLE * variables)
    return solver, status


@contextmanager
def _stopping(solver: cp_model.CpSolver, stopped: Callable[[], bool] | None) -> Iterator[None]:
    """Have ``solver`` stop when asked to, also while it finds nothing."""
    if stopped is None:
        yield
        return
    over = threading.Event()

    def look() -> None:
        while not over.wait(_LOOK_SECONDS):
            if stopped():
                solver.stop_search()

    looker = threading.Thread(target=look, name="solver-stop", daemon=True)
    looker.start()
    try:
        yield
    finally:
        over.set()
        looker.join()
