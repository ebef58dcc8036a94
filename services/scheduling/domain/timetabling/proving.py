"""Running CP-SAT on an encoded instance."""

from __future__ import annotations

from ortools.sat.python import cp_model

from services.scheduling.domain.timetabling.encoding import Encoding
from services.scheduling.domain.timetabling.solution import Placed, Timetable


def solver_of(*, seed: int, work: float) -> cp_model.CpSolver:
    """One worker, which gives the same answer for the same model, seed and work.

    Args:
        work: deterministic time at most; one unit takes these models some 2-4 CPU seconds.
    """
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    solver.parameters.max_deterministic_time = work
    return solver


def timetable_in(encoding: Encoding, solver: cp_model.CpSolver) -> Timetable | None:
    """The timetable that was found; ``None`` if there is none."""
    response = solver.response_proto
    if response.status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    return tuple(
        Placed(course, room, period)
        for (course, period, room), on in sorted(encoding.places.items())
        if response.solution[on.index]
    )
