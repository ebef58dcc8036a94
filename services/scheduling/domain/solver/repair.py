"""Mending a plan: as few sessions at another time as possible, then the cheapest such plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from ortools.sat.python import cp_model

from services.scheduling.domain.solver.check import check
from services.scheduling.domain.solver.choices import Model
from services.scheduling.domain.solver.explain import conflict, counted_reasons
from services.scheduling.domain.solver.model import build, read_plan, suggest
from services.scheduling.domain.solver.problem import Pin, Plan, Problem
from services.scheduling.domain.solver.rules import Rule
from services.scheduling.domain.solver.search import Effort, Work, search
from services.scheduling.domain.solver.solve import SMALL, Impossible, Undecided
from services.scheduling.domain.solver.stretch import cut_visits, joined, monday_of, stretch_of
from services.scheduling.domain.solver.wishes import cost_of, target_days

_OTHER_TRAINER = 2_000
_OTHER_ROOM = 1_000

_WIDTHS = (0, 1, 3, 7, 26)
"""Weeks on both sides of what is broken that a repair of a large plan may touch, tried in turn."""

_START_RULES = frozenset(
    {Rule.SPAN, Rule.WEEKDAY, Rule.HOLIDAY, Rule.HOURS, Rule.WINDOW, Rule.COHORT_AVAILABLE}
)
"""Rules that a session breaks by its own start, so that it cannot stay."""

_PAIR_RULES = frozenset({Rule.PART_ORDER, Rule.PART_GAP, Rule.AFTER, Rule.COHORT_ONCE})
"""Rules that two sessions break by their starts, so that one of them cannot stay."""


@dataclass(frozen=True, kw_only=True)
class Repaired:
    """A plan that keeps every hard rule and as much of the old plan as it can.

    Attributes:
        moved: sessions with another start, trainer or room than before.
        restarted: those of them with another start.
        cost: points by the wishes.
        fewest: whether no repair gives fewer sessions another start, as far as is proved.
    """

    plan: Plan
    moved: tuple[str, ...]
    restarted: tuple[str, ...]
    cost: int
    fewest: bool


RepairOutcome = Repaired | Impossible | Undecided

Told = Callable[[int, float], None]
"""Told of sessions at another time in the best repair so far, and the share of work spent."""


def repair(
    problem: Problem,
    plan: Plan,
    *,
    effort: Effort,
    session_id: str | None = None,
    to: datetime | None = None,
    spare: int = 0,
    stopped: Callable[[], bool] | None = None,
    told: Told | None = None,
) -> RepairOutcome:
    """Mend a plan that new facts broke, or move one session and as few others as possible.

    Args:
        plan: the places held so far.
        session_id: a session that has to move; ``None`` mends only what is broken.
        to: where it has to go (UTC); ``None`` leaves the choice, but anywhere else than now.
        spare: so many more sessions than needed may get another start, if that is cheaper.
        stopped: asked now and then; once true, the search ends with what it has.
        told: how it gets on.
    """
    asked = problem
    if session_id is not None and to is not None:
        pins = [pin for pin in problem.pins if pin.session_id != session_id]
        asked = replace(problem, pins=(*pins, Pin(session_id=session_id, starts_at=to)))
    hopeless = counted_reasons(asked)
    if hopeless:
        return Impossible(reasons=hopeless)
    leaving = session_id if to is None else None
    work = Work(effort.work)
    best: RepairOutcome = Undecided()
    least = _must_move(asked, plan, leaving)
    for part, whole in _scopes(asked, plan, session_id):
        found = _mended(part, plan, leaving, effort, work, spare, stopped, told)
        if found.plan is not None:
            after = joined(_known(asked, plan), found.plan)
            mended = _repaired(asked, plan, after, fewest=whole and found.fewest)
            if len(mended.restarted) <= least + spare:
                mended = replace(mended, fewest=True)
            fewer = not isinstance(best, Repaired) or len(mended.restarted) < len(best.restarted)
            if fewer and not check(asked, after):
                best = mended
            if mended.fewest and best is mended:
                return mended
        elif found.impossible and whole:
            return Impossible(reasons=(conflict(asked, effort),))
        if work.left <= 0 or (stopped is not None and stopped()):
            break
    return best


def _known(problem: Problem, plan: Plan) -> Plan:
    return Plan(placed=tuple(each for each in plan.placed if each.session_id in problem.needs))


def _scopes(problem: Problem, plan: Plan, session_id: str | None) -> Iterator[tuple[Problem, bool]]:
    """What may change, from little to everything, and whether it is everything."""
    missing = problem.needs.keys() - plan.by_session.keys()
    if len(problem.sessions) <= SMALL or missing:
        yield problem, True
        return
    known = _known(problem, plan)
    broken = {each for breach in check(problem, known) for each in breach.session_ids}
    broken |= {session_id} if session_id is not None else set()
    if not broken:
        return
    pinned = [problem.pinned[each] for each in broken if each in problem.pinned]
    days = [problem.day_of(known.by_session[each]) for each in broken]
    days += [
        problem.terms[problem.needs[pin.session_id].cohort_id].day_of(pin.starts_at)
        for pin in pinned
    ]
    cohort_ids = {problem.needs[each].cohort_id for each in broken}
    targets = target_days(problem)
    for width in _WIDTHS:
        first = monday_of(min(days)) - timedelta(days=7 * width)
        last = monday_of(max(days)) + timedelta(days=7 * width + 6)
        inside = {
            place.session_id
            for place in known.placed
            if problem.needs[place.session_id].cohort_id in cohort_ids
            and (first <= problem.day_of(place) <= last or place.session_id in broken)
        }
        part = stretch_of(
            problem,
            known,
            session_ids=inside,
            first_on=first,
            last_on=last,
            targets=targets,
            held=cut_visits(problem, known, inside),
        )
        yield part, False


def _mended(
    problem: Problem,
    plan: Plan,
    leaving: str | None,
    effort: Effort,
    work: Work,
    spare: int,
    stopped: Callable[[], bool] | None,
    told: Told | None,
) -> _Mended:
    """A scope solved twice: for the fewest sessions at another time, then for the least cost."""
    held = {place.session_id: {place.starts_at} for place in plan.placed}
    fewest = _kept_model(problem, plan, held, leaving)
    restarts = sum(fewest.restarted)
    fewest.model.cp.minimize(restarts)
    suggest(fewest.model, plan)
    limit = Effort(seed=effort.seed, work=work.left / 2)

    def seen(solution: Any, spent: float) -> None:
        if told is not None:
            told(round(solution.objective_value), work.share_with(spent))

    solver, status = search(fewest.model.cp, limit, work=work, seen=seen, stopped=stopped)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return _Mended(impossible=status == cp_model.INFEASIBLE)
    proved = status == cp_model.OPTIMAL
    first = read_plan(fewest.model, solver)
    count = round(solver.objective_value)
    if told is not None:
        told(count, work.share)
    cheapest = _kept_model(problem, plan, held, leaving)
    cheapest.model.cp.add(sum(cheapest.restarted) <= count + spare)
    cheapest.model.cp.minimize(sum(cheapest.model.wishes) + sum(cheapest.changes))
    suggest(cheapest.model, first)
    limit = Effort(seed=effort.seed, work=work.left)
    solver, status = search(cheapest.model.cp, limit, work=work, stopped=stopped)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return _Mended(plan=first, fewest=proved)
    return _Mended(plan=read_plan(cheapest.model, solver), fewest=proved)


@dataclass(frozen=True, kw_only=True)
class _Mended:
    """What a scope came to."""

    plan: Plan | None = None
    fewest: bool = False
    impossible: bool = False


@dataclass(frozen=True, kw_only=True)
class _Kept:
    """A model that knows the old plan: who gets another start, and points of other changes."""

    model: Model
    restarted: list[Any]
    changes: list[Any]


def _kept_model(
    problem: Problem, plan: Plan, held: dict[str, set[datetime]], leaving: str | None
) -> _Kept:
    model = build(problem, also=held)
    restarted: list[Any] = []
    changes: list[Any] = []
    for place in plan.placed:
        choice = model.choices.get(place.session_id)
        if choice is None:
            continue
        moved = model.cp.new_bool_var("")
        restarted.append(moved)
        if place.starts_at in choice.starts:
            day, minute = choice.starts[place.starts_at]
            model.cp.add_implication(~moved, choice.days[day])
            model.cp.add_implication(~moved, choice.minutes[minute])
            changes.extend(abs((other - day).days) * on for other, on in choice.days.items())
            if place.session_id == leaving:
                model.cp.add_bool_or([~choice.days[day], ~choice.minutes[minute]])
        else:
            model.cp.add(moved == 1)
        changes.append(_OTHER_TRAINER * (1 - choice.trainers.get(place.trainer_id, 0)))
        if place.room_code is not None:
            changes.append(_OTHER_ROOM * (1 - choice.rooms.get(place.room_code, 0)))
    return _Kept(model=model, restarted=restarted, changes=changes)


def _repaired(problem: Problem, before: Plan, after: Plan, *, fewest: bool) -> Repaired:
    old = before.by_session
    moved = tuple(each for each in after.placed if old.get(each.session_id) != each)
    return Repaired(
        plan=after,
        moved=tuple(each.session_id for each in moved),
        restarted=tuple(
            each.session_id
            for each in moved
            if each.session_id not in old or old[each.session_id].starts_at != each.starts_at
        ),
        cost=cost_of(problem, after),
        fewest=fewest,
    )


def _must_move(problem: Problem, plan: Plan, leaving: str | None) -> int:
    """How many sessions at least cannot keep their start, by counting alone."""
    known = _known(problem, plan)
    missing = problem.needs.keys() - known.by_session.keys()
    alone = {leaving} if leaving is not None else set()
    breaches = () if missing else check(problem, known)
    for breach in breaches:
        if breach.rule in _START_RULES:
            alone |= set(breach.session_ids)
    for pin in problem.pins:
        place = known.by_session.get(pin.session_id)
        if place is not None and place.starts_at != pin.starts_at:
            alone.add(pin.session_id)
    taken = set(alone)
    pairs = 0
    for breach in breaches:
        if breach.rule in _PAIR_RULES and not taken & set(breach.session_ids):
            taken |= set(breach.session_ids)
            pairs += 1
    return len(alone) + pairs + len(missing)
