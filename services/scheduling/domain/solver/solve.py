"""Solving a problem: exactly where it is small, week by week and stretch by stretch where not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ortools.sat.python import cp_model

from services.scheduling.domain.solver.explain import Reason, conflict, counted_reasons
from services.scheduling.domain.solver.floor import least_cost
from services.scheduling.domain.solver.improve import improve
from services.scheduling.domain.solver.model import build, read_plan, suggest
from services.scheduling.domain.solver.problem import Plan, Problem
from services.scheduling.domain.solver.search import Effort, Watch, Work, search
from services.scheduling.domain.solver.weeks import first_plan
from services.scheduling.domain.solver.wishes import cost_of

SMALL = 60
"""Sessions up to which one model holds the whole problem, so that a plan can be proved best."""

_WORTH_A_FIRST_PLAN = 20
"""Sessions from which on a quick plan by weeks comes first: there is something to show early."""


@dataclass(frozen=True, kw_only=True)
class Solved:
    """A plan that keeps every hard rule.

    Attributes:
        cost: points by the wishes (``wishes.cost_of``).
        bound: no plan can cost less.
    """

    plan: Plan
    cost: int
    bound: int

    @property
    def proved(self) -> bool:
        """Whether the plan is known to be the cheapest."""
        return self.cost == self.bound


@dataclass(frozen=True, kw_only=True)
class Impossible:
    """There is no plan; each reason alone says what cannot hold."""

    reasons: tuple[Reason, ...]


@dataclass(frozen=True, kw_only=True)
class Undecided:
    """The effort was spent before a plan or a proof was found."""


Outcome = Solved | Impossible | Undecided


def solve(
    problem: Problem, *, effort: Effort, watch: Watch | None = None, start: Plan | None = None
) -> Outcome:
    """The cheapest plan found within ``effort``.

    The same problem, effort and start give the same plan. A plan is never dearer than ``start``,
    which must keep every hard rule: work that was cut off goes on from the best it had.
    """
    hopeless = counted_reasons(problem)
    if hopeless:
        return Impossible(reasons=hopeless)
    if len(problem.sessions) <= SMALL:
        return _exactly(problem, effort, watch, start)
    return _by_stretches(problem, effort, watch, start)


def _exactly(problem: Problem, effort: Effort, watch: Watch | None, start: Plan | None) -> Outcome:
    """One model of everything."""
    work = Work(effort.work)
    stopped = watch.stopped if watch is not None else None
    if start is None and len(problem.sessions) >= _WORTH_A_FIRST_PLAN:
        start = first_plan(problem, effort=effort, work=work)
        if start is not None and watch is not None:
            watch.found(start, cost_of(problem, start), least_cost(problem), work.share)
    model = build(problem)
    model.cp.minimize(sum(model.wishes))
    if start is not None:
        suggest(model, start)

    spent_before = work.limit - work.left

    def seen(solution: Any, spent: float) -> None:
        if watch is not None:
            bound = round(solution.best_objective_bound)
            share = min(1.0, (spent_before + spent) / work.limit)
            watch.found(read_plan(model, solution), round(solution.objective_value), bound, share)

    left = Effort(seed=effort.seed, work=work.left)
    solver, status = search(model.cp, left, seen=seen, stopped=stopped)
    if status == cp_model.INFEASIBLE:
        return Impossible(reasons=(conflict(problem, effort),))
    found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    if not found and start is None:
        return Undecided()
    bound = round(solver.best_objective_bound) if found else least_cost(problem)
    if start is not None and not (found and solver.objective_value <= cost_of(problem, start)):
        return Solved(plan=start, cost=cost_of(problem, start), bound=bound)
    return Solved(plan=read_plan(model, solver), cost=round(solver.objective_value), bound=bound)


def _by_stretches(
    problem: Problem, effort: Effort, watch: Watch | None, start: Plan | None
) -> Outcome:
    """A first plan by weeks, then stretches of it anew."""
    work = Work(effort.work)
    stopped = watch.stopped if watch is not None else lambda: False
    plan = start or first_plan(problem, effort=effort, work=work)
    if plan is None:
        return _without_a_plan(problem, effort)
    bound = least_cost(problem)

    def better(plan: Plan, cost: int) -> None:
        if watch is not None:
            watch.found(plan, cost, bound, work.share)

    better(plan, cost_of(problem, plan))
    best = improve(
        problem, plan, effort=effort, work=work, better=better, stopped=stopped, floor=bound
    )
    return Solved(plan=best.plan, cost=best.cost, bound=bound)


def _without_a_plan(problem: Problem, effort: Effort) -> Outcome:
    """Whether a cohort alone, with everybody at its service, cannot be planned."""
    for terms in problem.cohorts:
        alone = problem.alone(terms.cohort_id)
        _, status = search(build(alone).cp, Effort(seed=effort.seed, work=effort.work / 4))
        if status == cp_model.INFEASIBLE:
            return Impossible(reasons=(conflict(alone, effort),))
    return Undecided()
