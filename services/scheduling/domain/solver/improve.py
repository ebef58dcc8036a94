"""Large neighbourhood search: stretches of a plan are planned anew, kept where that is cheaper."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from ortools.sat.python import cp_model

from services.scheduling.domain.solver.dice import Dice
from services.scheduling.domain.solver.model import build, read_plan, suggest
from services.scheduling.domain.solver.problem import Plan, Problem
from services.scheduling.domain.solver.search import Effort, Work, search
from services.scheduling.domain.solver.stretch import cut_visits, joined, monday_of, stretch_of
from services.scheduling.domain.solver.wishes import cost_of, target_days

_SHAPES = ((1, 6), (3, 3), (8, 1))
"""Cohorts and weeks of a stretch: about as many sessions each, seen from two sides."""

_WORK_OF_A_STRETCH = 1.0


@dataclass(frozen=True, kw_only=True)
class Improved:
    """A plan and what it costs."""

    plan: Plan
    cost: int


def improve(
    problem: Problem,
    plan: Plan,
    *,
    effort: Effort,
    work: Work,
    better: Callable[[Plan, int], None],
    stopped: Callable[[], bool],
    floor: int,
) -> Improved:
    """A plan no dearer than ``plan``; stops when the work is spent, told to, or at ``floor``.

    Args:
        better: told of each cheaper plan and its cost.
        floor: a cost that no plan can beat.
    """
    targets = target_days(problem)
    dice = Dice(effort.seed)
    best, cost = plan, cost_of(problem, plan)
    while work.left > 0 and cost > floor and not stopped():
        tried = _again(problem, best, targets, dice, work, effort.seed)
        if tried is None:
            continue
        tried_cost = cost_of(problem, tried)
        if tried_cost < cost:
            better(tried, tried_cost)
        if tried_cost <= cost:
            best, cost = tried, tried_cost
    return Improved(plan=best, cost=cost)


def _again(
    problem: Problem,
    plan: Plan,
    targets: Mapping[str, date],
    dice: Dice,
    work: Work,
    seed: int,
) -> Plan | None:
    """One stretch planned anew; ``None`` where it holds no session."""
    cohort_count, week_count = dice.one_of(_SHAPES)
    lead = dice.one_of(problem.cohorts)
    monday = monday_of(problem.day_of(dice.one_of(plan.placed)))
    last = monday + timedelta(days=7 * week_count - 1)
    ids = [terms.cohort_id for terms in problem.cohorts if terms.cohort_id != lead.cohort_id]
    cohort_ids = {lead.cohort_id, *dice.some_of(ids, cohort_count - 1)}
    inside = {
        place.session_id
        for place in plan.placed
        if problem.needs[place.session_id].cohort_id in cohort_ids
        and monday <= problem.day_of(place) <= last
    }
    if not inside:
        work.spend(0.001)
        return None
    part = stretch_of(
        problem,
        plan,
        session_ids=inside,
        first_on=monday,
        last_on=last,
        targets=targets,
        held=cut_visits(problem, plan, inside),
    )
    model = build(part, also={each: {plan.by_session[each].starts_at} for each in inside})
    model.cp.minimize(sum(model.wishes))
    suggest(model, plan)
    limit = min(_WORK_OF_A_STRETCH, work.left)
    solver, status = search(model.cp, Effort(seed=seed, work=limit), work=work)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    return joined(plan, read_plan(model, solver))
