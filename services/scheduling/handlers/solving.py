"""The engine as durable jobs: outside any transaction, started again where a process died.

A job reads the timetable as it stands, solves, and hands back what to store. Started twice for
the same state it finds the same plan, or goes on from the best that an earlier try reported; an
answer that is no longer asked for is dropped.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from chassis.access import EVERYTHING, Actor, Role, service_actor
from chassis.aggregate import Handle
from chassis.language_map import LanguageMap
from chassis.ports import Aggregates, Job
from services.scheduling.domain.commands import (
    NoteRepairObstacles,
    TakeObstacles,
    TakePlan,
    TakeRepair,
)
from services.scheduling.domain.solver.problem import Plan
from services.scheduling.domain.solver.repair import Repaired, RepairOutcome, repair
from services.scheduling.domain.solver.search import Effort
from services.scheduling.domain.solver.solve import Impossible, Outcome, Solved, solve
from services.scheduling.domain.timetable import Solution, Timetable
from services.scheduling.handlers.progress import Best, best_of, told
from services.scheduling.handlers.snapshots import Snapshots

_ME = service_actor("scheduling")

_UNDECIDED: LanguageMap = {
    "en": "No plan was found within the effort allowed; ask again with more.",
    "az": "Ayrılmış hesablama həddində plan tapılmadı; daha böyük hədlə yenidən cəhd edin.",
}


class JobWatch:
    """Tells people how far the engine is, and the engine when to stop."""

    def __init__(self, job: Job, *, problem_sha256: str, seed: int, done_percent: int) -> None:
        self._job = job
        self._problem_sha256 = problem_sha256
        self._seed = seed
        self._done = done_percent

    def found(self, plan: Plan, cost: int, bound: int, share: float) -> None:
        """Report a better plan whole: people may take it, another worker may go on from it."""
        solution = Solution(
            problem_sha256=self._problem_sha256, seed=self._seed, cost=cost, bound=bound
        )
        percent = self._done + round((100 - self._done) * share)
        self._job.report(told(Best(plan=plan, solution=solution, percent=percent)))

    def stopped(self) -> bool:
        """Whether the job was cancelled or lost."""
        return self._job.cancelled()


def run_solving(
    job: Job, *, timetables: Aggregates[Timetable], snapshots: Snapshots, handle: Handle
) -> Callable[[], None]:
    """Make the plan a timetable asked for.

    A try before this one may have been cut off: if the problem is still the same, this one goes
    on from the best plan it reported, with the work that was left.
    """
    payload = job.payload
    timetable = timetables.get(payload["timetable_id"], scope=EVERYTHING)
    problem = snapshots.of(timetable)
    digest, seed = problem.digest(), payload["seed"]
    best = best_of(job.progress)
    if best is not None and best.solution.problem_sha256 != digest:
        best = None
    done = best.percent if best is not None else 0
    outcome = solve(
        problem,
        effort=Effort(seed=seed, work=payload["work"] * (100 - done) / 100),
        watch=JobWatch(job, problem_sha256=digest, seed=seed, done_percent=done),
        start=best.plan if best is not None else None,
    )
    number = payload["solving_number"]
    if not isinstance(outcome, Solved):
        failed = TakeObstacles(
            actor=_ME,
            timetable_id=timetable.timetable_id,
            solving_number=number,
            sentences=obstacles_of(outcome),
        )
        return lambda: handle(failed)
    taken = TakePlan(
        actor=_ME,
        timetable_id=timetable.timetable_id,
        solving_number=number,
        placed=outcome.plan.placed,
        solution=Solution(problem_sha256=digest, seed=seed, cost=outcome.cost, bound=outcome.bound),
    )
    return lambda: handle(taken)


def run_repair(
    job: Job, *, timetables: Aggregates[Timetable], snapshots: Snapshots, handle: Handle
) -> Callable[[], None]:
    """Find other places for a session and as few others as possible."""
    payload = job.payload
    timetable = timetables.get(payload["timetable_id"], scope=EVERYTHING)
    timetable.loosen({payload["session_id"]})

    def told(moves: int, share: float) -> None:
        job.report({"moves": moves, "percent": round(100 * share)})

    wanted = payload["starts_at"]
    outcome = repair(
        snapshots.of(timetable),
        Plan(placed=timetable.placed),
        session_id=payload["session_id"],
        to=datetime.fromisoformat(wanted) if wanted else None,
        effort=Effort(seed=payload["seed"], work=payload["work"]),
        stopped=job.cancelled,
        told=told,
    )
    if not isinstance(outcome, Repaired):
        failed = NoteRepairObstacles(
            actor=_ME, timetable_id=timetable.timetable_id, sentences=obstacles_of(outcome)
        )
        return lambda: handle(failed)
    moved = TakeRepair(
        actor=Actor(actor_id=payload["actor_id"], roles=frozenset({Role.SERVICE})),
        timetable_id=timetable.timetable_id,
        placed=tuple(outcome.plan.by_session[each] for each in outcome.moved),
        reason_code=payload["reason_code"],
    )
    return lambda: handle(moved)


def obstacles_of(outcome: Outcome | RepairOutcome) -> tuple[LanguageMap, ...]:
    """Why there is no plan, for people."""
    if isinstance(outcome, Impossible):
        return tuple(reason.sentence for reason in outcome.reasons)
    return (_UNDECIDED,)
