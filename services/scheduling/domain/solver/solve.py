"""Solving a problem, and repairing a plan with the fewest changes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from ortools.sat.python import cp_model

from services.scheduling.domain.solver.explain import Reason, core, counted_reasons
from services.scheduling.domain.solver.model import Model, build, read_plan
from services.scheduling.domain.solver.problem import Pin, Plan, Problem
from services.scheduling.domain.solver.search import Effort, Watch, search

_MOVED_START = 100_000
_OTHER_TRAINER = 2_000
_OTHER_ROOM = 1_000


@dataclass(frozen=True, kw_only=True)
class Solved:
    """A plan that keeps every hard rule.

    Attributes:
        cost: points by the wishes (``wishes.cost_of``); of a repair, points of change.
        bound: no plan can cost less.
        moved: sessions with another start, trainer or room than before; of a repair only.
    """

    plan: Plan
    cost: int
    bound: int
    moved: tuple[str, ...] = ()

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


def solve(problem: Problem, *, effort: Effort, watch: Watch | None = None) -> Outcome:
    """The cheapest plan found within ``effort``; same problem and effort, same plan."""
    model = build(problem)
    model.cp.minimize(sum(model.wishes))
    return _outcome(problem, model, effort, watch)


def repair(
    problem: Problem,
    plan: Plan,
    *,
    session_id: str,
    effort: Effort,
    to: datetime | None = None,
) -> Outcome:
    """Move one session and as few others as possible.

    Args:
        plan: the places held so far; it may break rules that have changed since.
        session_id: the session that has to move.
        to: where to (UTC); ``None`` leaves the choice, but anywhere else than now.
    """
    held = {place.session_id: {place.starts_at} for place in plan.placed}
    asked = problem
    if to is not None:
        pins = [pin for pin in problem.pins if pin.session_id != session_id]
        asked = replace(problem, pins=(*pins, Pin(session_id=session_id, starts_at=to)))
    model = build(asked, also=held)
    if to is None:
        _leave(model, session_id, plan.by_session[session_id].starts_at)
    model.cp.minimize(sum(model.wishes) + sum(_changes(model, plan)))
    outcome = _outcome(asked, model, effort)
    if isinstance(outcome, Solved):
        before = plan.by_session
        moved = tuple(p.session_id for p in outcome.plan.placed if before.get(p.session_id) != p)
        return replace(outcome, moved=moved)
    return outcome


def _leave(model: Model, session_id: str, start: datetime) -> None:
    """Anywhere but ``start``."""
    choice = model.choices[session_id]
    if start in choice.starts:
        day, minute = choice.starts[start]
        model.cp.add_bool_or([~choice.days[day], ~choice.minutes[minute]])


def _changes(model: Model, plan: Plan) -> list[Any]:
    """Points for every change against ``plan``; they outweigh the wishes."""
    points: list[Any] = []
    for place in plan.placed:
        choice = model.choices[place.session_id]
        moved = model.cp.new_bool_var(f"{place.session_id}_moved")
        if place.starts_at in choice.starts:
            day, minute = choice.starts[place.starts_at]
            model.cp.add_implication(~moved, choice.days[day])
            model.cp.add_implication(~moved, choice.minutes[minute])
            points.extend(abs((other - day).days) * on for other, on in choice.days.items())
        else:
            model.cp.add(moved == 1)
        points.append(_MOVED_START * moved)
        points.append(_OTHER_TRAINER * (1 - choice.trainers.get(place.trainer_id, 0)))
        if place.room_code is not None:
            points.append(_OTHER_ROOM * (1 - choice.rooms.get(place.room_code, 0)))
    return points


def _outcome(problem: Problem, model: Model, effort: Effort, watch: Watch | None = None) -> Outcome:
    hopeless = counted_reasons(problem)
    if hopeless:
        return Impossible(reasons=hopeless)
    solver, status = search(model.cp, effort, watch)
    if status == cp_model.INFEASIBLE:
        return Impossible(reasons=(core(problem, effort),))
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Undecided()
    return Solved(
        plan=read_plan(model, solver),
        cost=round(solver.objective_value),
        bound=round(solver.best_objective_bound),
    )
