"""Weeks first: a first plan for many sessions, each given a week, then the weeks one by one.

Which week a session lies in is a small model, coarse on purpose: it counts days and trainers, not
hours. Inside a week the exact model has few days and is quick. Where a week turns out too tight it
is planned again together with its neighbours.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from ortools.sat.python import cp_model

from services.scheduling.domain.solver.candidates import open_days
from services.scheduling.domain.solver.limits.visits import blocks_of
from services.scheduling.domain.solver.model import build, read_plan
from services.scheduling.domain.solver.problem import CohortTerms, Plan, Problem, SessionNeed
from services.scheduling.domain.solver.search import Effort, Work, search
from services.scheduling.domain.solver.stretch import joined, monday_of, stretch_of
from services.scheduling.domain.solver.wishes import day_cost, target_days

_WEEK = timedelta(days=7)
_WIDEST = 7
"""Weeks planned together at most, before the search for a first plan gives up."""

_TOGETHER = 4
"""Cohorts whose week is planned in one model, after those before them."""

_WORK_OF_A_WEEK = 1.0
_SESSIONS_A_TRAINER_DAY = 4
"""What the coarse model believes of a trainer who states no limit."""


def first_plan(problem: Problem, *, effort: Effort, work: Work) -> Plan | None:
    """A plan that keeps every hard rule, or ``None`` where this way finds none."""
    targets = target_days(problem)
    weeks = assigned_weeks(problem, targets, effort=effort, work=work)
    if weeks is None:
        return None
    plan = Plan(placed=())
    for monday in sorted(set(weeks.values())):
        meeting = sorted({problem.needs[each].cohort_id for each in weeks if weeks[each] == monday})
        for first in range(0, len(meeting), _TOGETHER):
            group = meeting[first : first + _TOGETHER]
            placed = _placed_in(
                problem, plan, weeks, monday, group, targets, effort=effort, work=work
            )
            if placed is None:
                return None
            plan = placed
    return plan


def _placed_in(
    problem: Problem,
    plan: Plan,
    weeks: Mapping[str, date],
    monday: date,
    cohort_ids: Collection[str],
    targets: Mapping[str, date],
    *,
    effort: Effort,
    work: Work,
) -> Plan | None:
    """The plan with a week of some cohorts in it; if need be their weeks before change too."""
    for width in range(1, _WIDEST + 1):
        first = monday - (width - 1) * _WEEK
        chosen = {
            each
            for each, week in weeks.items()
            if first <= week <= monday and problem.needs[each].cohort_id in cohort_ids
        }
        part = stretch_of(
            problem,
            plan,
            session_ids=chosen,
            first_on=first,
            last_on=monday + _WEEK - timedelta(days=1),
            targets=targets,
        )
        model = build(part)
        model.cp.minimize(sum(model.wishes))
        limit = min(_WORK_OF_A_WEEK * width, work.left)
        solver, status = search(model.cp, Effort(seed=effort.seed, work=limit), work=work)
        if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return joined(plan, read_plan(model, solver))
        if work.left <= 0:
            return None
    return None


def assigned_weeks(
    problem: Problem, targets: Mapping[str, date], *, effort: Effort, work: Work
) -> dict[str, date] | None:
    """Session id -> the Monday of its week, near the wanted days; ``None`` if there is none."""
    cp = cp_model.CpModel()
    chosen: dict[str, dict[date, Any]] = {}
    costs: list[Any] = []
    places: dict[date, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for terms in problem.cohorts:
        for need in problem.of_cohort[terms.cohort_id]:
            choice = {}
            for monday, cost in sorted(_weeks_for(problem, terms, need, targets).items()):
                choice[monday] = cp.new_bool_var("")
                costs.append(cost * choice[monday])
                places[monday][need.trainer_kind_code].append(choice[monday])
            if not choice:
                return None
            cp.add_exactly_one(choice.values())
            chosen[need.session_id] = choice
        _bind_cohort(cp, problem, terms, chosen)
    for monday, kinds in places.items():
        for kind, users in kinds.items():
            cp.add(sum(users) <= _trainer_places(problem, kind, monday))
    cp.minimize(sum(costs))
    limit = min(effort.work / 8, work.left)
    solver, status = search(cp, Effort(seed=effort.seed, work=limit), work=work)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    return {
        session_id: next(monday for monday, on in choice.items() if solver.boolean_value(on))
        for session_id, choice in chosen.items()
    }


def _weeks_for(
    problem: Problem, terms: CohortTerms, need: SessionNeed, targets: Mapping[str, date]
) -> dict[date, int]:
    """Monday -> the least that a day of that week costs."""
    pin = problem.pinned.get(need.session_id)
    days = [terms.day_of(pin.starts_at)] if pin is not None else open_days(terms)
    found: dict[date, int] = {}
    for day in days:
        if need.may_lie_on(day):
            cost = day_cost(problem, need, day, targets)
            monday = monday_of(day)
            found[monday] = min(cost, found.get(monday, cost))
    return found


def _bind_cohort(
    cp: cp_model.CpModel,
    problem: Problem,
    terms: CohortTerms,
    chosen: Mapping[str, Mapping[date, Any]],
) -> None:
    """Order, blocks and what a week holds."""
    needs = problem.of_cohort[terms.cohort_id]
    week_of = {
        need.session_id: sum(m.toordinal() // 7 * on for m, on in chosen[need.session_id].items())
        for need in needs
    }
    for earlier, later in _orders(needs):
        cp.add(week_of[earlier] <= week_of[later])
    parts: dict[int, list[SessionNeed]] = defaultdict(list)
    for need in needs:
        parts[need.part_rank].append(need)
    for early, late in pairwise(sorted(parts)):
        border = cp.new_int_var(0, terms.ends_on.toordinal() // 7, "")
        for need in parts[early]:
            cp.add(week_of[need.session_id] <= border)
        for need in parts[late]:
            cp.add(week_of[need.session_id] >= border + _weeks_of_gap(terms.part_gap_days))
    held: dict[date, list[Any]] = defaultdict(list)
    for need in needs:
        for monday, on in chosen[need.session_id].items():
            held[monday].append(on)
    open_in: dict[date, int] = defaultdict(int)
    for day in open_days(terms):
        open_in[monday_of(day)] += 1
    for monday, users in held.items():
        most = open_in[monday] * min(terms.sessions_per_day, len(terms.start_minutes))
        if terms.sessions_per_week is not None:
            most = min(most, terms.sessions_per_week)
        pinned = sum(1 for need in needs if need.session_id in problem.pinned)
        cp.add(sum(users) <= max(most, pinned))


def _orders(needs: tuple[SessionNeed, ...]) -> Iterator[tuple[str, str]]:
    """Pairs of sessions, the first in no later week than the second; a visit is in one week."""
    for need in needs:
        for other in need.after:
            yield other, need.session_id
    for block in blocks_of(needs).values():
        for one, two in pairwise(block):
            yield one.session_id, two.session_id
            yield two.session_id, one.session_id


def _weeks_of_gap(days: int) -> int:
    """Whole weeks that must lie between the weeks of two parts for the gap to be possible."""
    return max(0, -(-(days - 5) // 7))


def _trainer_places(problem: Problem, kind_code: str, monday: date) -> int:
    """How many sessions trainers of a kind can give in a week, as the coarse model believes."""
    total = 0
    days = [monday + timedelta(days=offset) for offset in range(7)]
    for offer in problem.trainers:
        if offer.kind_code == kind_code:
            free = sum(offer.availability.allows(day) for day in days)
            a_day = offer.sessions_per_day
            most = free * (_SESSIONS_A_TRAINER_DAY if a_day is None else a_day)
            if offer.sessions_per_week is not None:
                most = min(most, offer.sessions_per_week)
            total += most
    return total
