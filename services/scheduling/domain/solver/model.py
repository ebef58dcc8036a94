"""The problem as a CP-SAT model: every hard rule, and the cost of every wish."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from services.scheduling.domain.availability import Availability
from services.scheduling.domain.solver.candidates import (
    Without,
    open_days,
    rooms_of,
    starts_of,
    trainers_of,
)
from services.scheduling.domain.solver.choices import NOON, Choice, Model, minute_of, noon_of
from services.scheduling.domain.solver.limits import LIMITS
from services.scheduling.domain.solver.problem import (
    Engagement,
    Placed,
    Plan,
    Problem,
    SessionNeed,
)
from services.scheduling.domain.solver.rules import Rule
from services.scheduling.domain.solver.wishes import (
    day_cost,
    minute_cost,
    speaks,
    target_days,
)


def build(
    problem: Problem,
    *,
    without: Without = (),
    also: Mapping[str, Collection[datetime]] | None = None,
) -> Model:
    """Every hard rule that is not left out, and the cost of every wish.

    A session without any start, trainer or room makes the model infeasible; ``explain`` says so
    in words.
    """
    model = Model(problem=problem, without=without, also=also or {})
    for terms in problem.cohorts:
        days = open_days(terms, without)
        for need in problem.of_cohort[terms.cohort_id]:
            model.choices[need.session_id] = _choice(model, need, days)
    _one_at_a_time(model)
    _order(model)
    _days(model)
    _availability(model)
    for limit in LIMITS:
        if model.keeps(limit.rule):
            limit.bind(model)
    _staff_wishes(model)
    return model


def _choice(model: Model, need: SessionNeed, open_on: tuple[date, ...]) -> Choice:
    cp, problem, name = model.cp, model.problem, need.session_id
    zone = ZoneInfo(problem.terms[need.cohort_id].zone)
    starts: dict[datetime, tuple[date, int]] = {}
    also = model.also.get(name, ())
    for start in starts_of(problem, need, days=open_on, also=also, without=model.without):
        local = start.astimezone(zone)
        minute = local.hour * 60 + local.minute
        if noon_of(local.date(), zone) + minute - NOON == minute_of(start):
            starts[start] = (local.date(), minute)
    wanted_days = sorted({day for day, _ in starts.values()})
    wanted_minutes = sorted({minute for _, minute in starts.values()})
    days = {day: cp.new_bool_var(f"{name}@{day}") for day in wanted_days}
    minutes = {minute: cp.new_bool_var(f"{name}@{minute}") for minute in wanted_minutes}
    trainers = {
        offer.trainer_id: cp.new_bool_var(f"{name}:{offer.trainer_id}")
        for offer in trainers_of(problem, need, model.without)
    }
    rooms = {}
    if need.delivery.needs_room:
        rooms = {
            offer.room_code: cp.new_bool_var(f"{name}#{offer.room_code}")
            for offer in rooms_of(problem, need, model.without)
        }
        cp.add_exactly_one(rooms.values())
    for choices in (days, minutes, trainers):
        cp.add_exactly_one(choices.values())
    known = set(starts.values())
    for day in days:
        for minute in minutes:
            if (day, minute) not in known:
                cp.add_bool_or([~days[day], ~minutes[minute]])
    latest = max((minute_of(start) for start in starts), default=model.origin) - model.origin
    begin = cp.new_int_var(0, latest, f"{name}_begin")
    cp.add(
        begin
        == sum((noon_of(day, zone) - NOON - model.origin) * on for day, on in days.items())
        + sum(minute * at for minute, at in minutes.items())
    )
    return Choice(
        need=need,
        begin=begin,
        latest=latest,
        starts=starts,
        days=days,
        minutes=minutes,
        trainers=trainers,
        rooms=rooms,
    )


def _one_at_a_time(model: Model) -> None:
    """No two sessions of a cohort, a trainer or a room share a moment."""
    cp = model.cp
    cohorts: dict[str, list[Any]] = defaultdict(list)
    holders: dict[tuple[Rule, str], list[tuple[Choice, Any]]] = defaultdict(list)
    for choice in model.choices.values():
        interval = cp.new_fixed_size_interval_var(choice.begin, choice.need.minutes, "")
        cohorts[choice.need.cohort_id].append(interval)
        for trainer_id, chosen in choice.trainers.items():
            holders[Rule.TRAINER_ONCE, trainer_id].append((choice, chosen))
        for room_code, chosen in choice.rooms.items():
            holders[Rule.ROOM_ONCE, room_code].append((choice, chosen))
    if model.keeps(Rule.COHORT_ONCE):
        for intervals in cohorts.values():
            cp.add_no_overlap(intervals)
    for (rule, _), users in holders.items():
        said_by_cohort = model.keeps(Rule.COHORT_ONCE) and (
            len({choice.need.cohort_id for choice, _ in users}) == 1
        )
        if model.keeps(rule) and not said_by_cohort:
            cp.add_no_overlap(
                cp.new_optional_fixed_size_interval_var(
                    choice.begin, choice.need.minutes, chosen, ""
                )
                for choice, chosen in users
            )


def _order(model: Model) -> None:
    """Parts one after the other, and trainings after those they build on."""
    if model.keeps(Rule.PART_ORDER):
        for terms in model.problem.cohorts:
            _parts_in_order(model, terms.cohort_id)
    if model.keeps(Rule.AFTER):
        for choice in model.choices.values():
            for other in choice.need.after:
                first = model.choices[other]
                model.cp.add(first.begin + first.need.minutes <= choice.begin)


def _parts_in_order(model: Model, cohort_id: str) -> None:
    """A moment between two parts: the earlier has ended, the later not begun."""
    parts: dict[int, list[Choice]] = defaultdict(list)
    for choice in model.of_cohort[cohort_id]:
        parts[choice.need.part_rank].append(choice)
    for earlier, later in pairwise(sorted(parts)):
        latest = max(choice.latest for choice in parts[later])
        border = model.cp.new_int_var(0, latest, f"{cohort_id}_part_{later}")
        for choice in parts[earlier]:
            model.cp.add(choice.begin + choice.need.minutes <= border)
        for choice in parts[later]:
            model.cp.add(choice.begin >= border)


def _days(model: Model) -> None:
    """The limit of a day, the cost of crowding it, and the cost of each start."""
    cp, problem = model.cp, model.problem
    targets = target_days(problem)
    for terms in problem.cohorts:
        days: dict[date, list[Any]] = defaultdict(list)
        choices = model.of_cohort[terms.cohort_id]
        for choice in choices:
            for day, on in choice.days.items():
                days[day].append(on)
                model.wishes.append(day_cost(problem, choice.need, day, targets) * on)
            for minute, at in choice.minutes.items():
                model.wishes.append(minute_cost(problem, terms, minute) * at)
        for day, chosen_on in sorted(days.items()):
            limit = terms.sessions_per_day if model.keeps(Rule.DAY_LIMIT) else len(chosen_on)
            if model.keeps(Rule.DAY_LIMIT):
                cp.add(sum(chosen_on) <= limit)
            for step in range(1, min(limit, len(chosen_on))):
                beyond = cp.new_int_var(0, len(choices), f"{day}_beyond_{step}")
                cp.add(beyond >= sum(chosen_on) - step)
                model.wishes.append(problem.weights.crowded_day * beyond)


def _availability(model: Model) -> None:
    """Trainers and rooms only on their days and when nothing else has them."""
    problem = model.problem
    trainer_days = {each.trainer_id: each.availability for each in problem.trainers}
    room_days = {each.room_code: each.availability for each in problem.rooms}
    for choice in model.choices.values():
        starts = sorted(choice.starts)
        if model.keeps(Rule.TRAINER_AVAILABLE):
            for trainer_id, chosen in choice.trainers.items():
                _forbid_days(model, choice, chosen, trainer_days[trainer_id])
                _forbid_starts(model, choice, chosen, starts, problem.taken.get(trainer_id, ()))
        if model.keeps(Rule.ROOM_AVAILABLE):
            for room_code, chosen in choice.rooms.items():
                _forbid_days(model, choice, chosen, room_days[room_code])
                _forbid_starts(model, choice, chosen, starts, problem.taken.get(room_code, ()))


def _forbid_days(model: Model, choice: Choice, chosen: Any, availability: Availability) -> None:
    closed = [on for day, on in choice.days.items() if not availability.allows(day)]
    if closed:
        model.cp.add_at_most_one([*closed, chosen])


def _forbid_starts(
    model: Model,
    choice: Choice,
    chosen: Any,
    starts: Sequence[datetime],
    taken: Sequence[Engagement],
) -> None:
    length = timedelta(minutes=choice.need.minutes)
    forbidden: set[datetime] = set()
    for each in taken:
        first = bisect_left(starts, each.starts_at - length)
        last = bisect_left(starts, each.ends_at)
        forbidden.update(s for s in starts[first:last] if each.overlaps(s, s + length))
    for start in sorted(forbidden):
        day, minute = choice.starts[start]
        model.cp.add_bool_or([~choice.days[day], ~choice.minutes[minute], ~chosen])


def _staff_wishes(model: Model) -> None:
    """Trainers who need no interpreter, and a fair load within each kind."""
    problem, weights = model.problem, model.problem.weights
    load: dict[str, list[Any]] = {
        offer.trainer_id: [len(problem.taken.get(offer.trainer_id, ()))]
        for offer in problem.trainers
    }
    for choice in model.choices.values():
        terms = problem.terms[choice.need.cohort_id]
        for offer in problem.trainers:
            chosen = choice.trainers.get(offer.trainer_id)
            if chosen is None:
                continue
            load[offer.trainer_id].append(chosen)
            if not speaks(terms, offer.language_codes):
                model.wishes.append(weights.interpreter * chosen)
    most = len(model.choices) + max((load_of[0] for load_of in load.values()), default=0)
    for kind in sorted({offer.kind_code for offer in problem.trainers}):
        busiest = model.cp.new_int_var(0, most, f"busiest_{kind}")
        for offer in problem.trainers:
            if offer.kind_code == kind:
                model.cp.add(busiest >= sum(load[offer.trainer_id]))
        model.wishes.append(weights.trainer_load * busiest)


def suggest(model: Model, plan: Plan) -> None:
    """Let the search begin at ``plan``, as far as its places are in the model."""
    for session_id, choice in model.choices.items():
        place = plan.by_session.get(session_id)
        if place is None or place.starts_at not in choice.starts:
            continue
        day, minute = choice.starts[place.starts_at]
        wanted: tuple[tuple[dict[Any, Any], object], ...] = (
            (choice.days, day),
            (choice.minutes, minute),
            (choice.trainers, place.trainer_id),
            (choice.rooms, place.room_code),
        )
        for choices, value in wanted:
            for each, chosen in choices.items():
                model.cp.add_hint(chosen, each == value)


def read_plan(model: Model, solver: Any) -> Plan:
    """The plan of a solved model; ``solver`` may be a callback that looks at one of its plans."""
    placed = []
    for session_id in sorted(model.choices):
        choice = model.choices[session_id]
        at = (_chosen(solver, choice.days), _chosen(solver, choice.minutes))
        start = next(each for each, place in choice.starts.items() if place == at)
        placed.append(
            Placed(
                session_id=session_id,
                starts_at=start,
                ends_at=start + timedelta(minutes=choice.need.minutes),
                trainer_id=_chosen(solver, choice.trainers),
                room_code=_chosen(solver, choice.rooms) if choice.rooms else None,
            )
        )
    return Plan(placed=tuple(placed))


def _chosen(solver: Any, choices: Mapping[Any, Any]) -> Any:
    return next(value for value, chosen in choices.items() if solver.boolean_value(chosen))
