"""Running CP-SAT so that the same model and effort give the same answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from ortools.sat.python import cp_model


@dataclass(frozen=True, kw_only=True)
class Effort:
    """How long to search, counted in work and not in seconds.

    Attributes:
        seed: of the search.
        work: CP-SAT's deterministic time; one unit is near a second of one idle core.
    """

    seed: int = 0
    work: float = 10.0


class Watch(Protocol):
    """Who looks on while the engine works."""

    def found(self, cost: int, bound: int) -> None:
        """A better plan was found."""
        ...

    def stopped(self) -> bool:
        """Whether to stop with what there is."""
        ...


class _Looking(cp_model.CpSolverSolutionCallback):
    def __init__(self, watch: Watch) -> None:
        super().__init__()
        self._watch = watch

    def on_solution_callback(self) -> None:
        """Tell the watch; called by the solver."""
        self._watch.found(round(self.objective_value), round(self.best_objective_bound))
        if self._watch.stopped():
            self.stop_search()


def search(
    cp: cp_model.CpModel, effort: Effort, watch: Watch | None = None
) -> tuple[cp_model.CpSolver, Any]:
    """Solve with one worker: several would race, and the winner would depend on the machine."""
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = effort.seed
    # Probing and symmetry cost more than these models, of a few thousand choices, give back.
    solver.parameters.cp_model_probing_level = 0
    solver.parameters.symmetry_level = 0
    solver.parameters.max_deterministic_time = effort.work
    return solver, solver.solve(cp, _Looking(watch) if watch is not None else None)
