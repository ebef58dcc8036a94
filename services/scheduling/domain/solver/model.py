"""The problem as a CP-SAT model: one choice of start, trainer and room per session."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from ortools.sat.python import cp_model

from services.scheduling.domain.availability import Availability
from services.scheduling.domain.solver.candidates import (
    Without,
    open_days,
    rooms_of,
    starts_of,
    trainers_of,
)
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

_NOON = 12 * 60


def minute_of(instant: datetime) -> int:
    """Whole minutes since 1970."""
    return int(instant.timestamp()) // 60


@dataclass(kw_only=True)
class Choice:
    """The variables of one session: exactly one of each kind is true.

    A start is a day and a minute of that day, chosen apart: far fewer variables than one per
    instant. On the two days a year when the clocks change, a start before noon may not be noon
    minus so many minutes; such starts are left out.
    """

    need: SessionNeed
    begin: Any
    latest: int
    starts: dict[datetime, tuple[date, int]]
    days: dict[date, Any]
    minutes: dict[int, Any]
    trainers: dict[str, Any]
    rooms: dict[str, Any]


@dataclass(kw_only=True)
class Model:
    """The model under construction; ``build`` fills it."""

    problem: Problem
    without: Without = ()
    also: Mapping[str, Collection[datetime]] = field(default_factory=dict)
    cp: cp_model.CpModel = field(default_factory=cp_model.CpModel)
    choices: dict[str, Choice] = field(default_factory=dict)
    wishes: list[Any] = field(default_factory=list)

    def keeps(self, rule: Rule) -> bool:
        """Whether ``rule`` is in this model."""
        return rule not in self.without

    @cached_property
    def origin(self) -> int:
        """Minute since 1970 from which the model counts, before every start."""
        first = min(terms.starts_on for terms in self.problem.cohorts)
        return minute_of(datetime.combine(first, time(), UTC)) - 2 * 24 * 60


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
        for need in problem.sessions:
            if need.cohort_id == terms.cohort_id:
                model.choices[need.session_id] = _choice(model, need, days)
    _one_at_a_time(model)
    _order(model)
    _days(model)
    _availability(model)
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
        if _noon(local.date(), zone) + minute - _NOON == minute_of(start):
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
        == sum((_noon(day, zone) - _NOON - model.origin) * on for day, on in days.items())
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


@lru_cache(maxsize=4096)
def _noon(day: date, zone: ZoneInfo) -> int:
    return minute_of(datetime.combine(day, time(12), zone))


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
    for choice in model.choices.values():
        if choice.need.cohort_id == cohort_id:
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
        for choice in model.choices.values():
            if choice.need.cohort_id != terms.cohort_id:
                continue
            for day, on in choice.days.items():
                days[day].append(on)
                model.wishes.append(day_cost(problem, choice.need, day, targets) * on)
            for minute, at in choice.minutes.items():
                model.wishes.append(minute_cost(problem, terms, minute) * at)
        for day, chosen_on in sorted(days.items()):
            limit = terms.sessions_per_day if model.keeps(Rule.DAY_LIMIT) else len(chosen_on)
            if model.keeps(Rule.DAY_LIMIT):
                cp.add(sum(chosen_on) <= limit)
            for step in range(1, min(limit, len(model.choices))):
                beyond = cp.new_int_var(0, len(model.choices), f"{day}_beyond_{step}")
                cp.add(beyond >= sum(chosen_on) - step)
                model.wishes.append(problem.weights.crowded_day * beyond)


def _availability(model: Model) -> None:
    """Trainers and rooms only on their days and when no other timetable has them."""
    problem = model.problem
    trainer_days = {each.trainer_id: each.availability for each in problem.trainers}
    room_days = {each.room_code: each.availability for each in problem.rooms}
    for choice in model.choices.values():
        if model.keeps(Rule.TRAINER_AVAILABLE):
            for trainer_id, chosen in choice.trainers.items():
                taken = [each for each in problem.engagements if each.trainer_id == trainer_id]
                _forbid(model, choice, chosen, trainer_days[trainer_id], taken)
        if model.keeps(Rule.ROOM_AVAILABLE):
            for room_code, chosen in choice.rooms.items():
                taken = [each for each in problem.engagements if each.room_code == room_code]
                _forbid(model, choice, chosen, room_days[room_code], taken)


def _forbid(
    model: Model,
    choice: Choice,
    chosen: Any,
    availability: Availability,
    taken: Iterable[Engagement],
) -> None:
    length = timedelta(minutes=choice.need.minutes)
    closed = [on for day, on in choice.days.items() if not availability.allows(day)]
    if closed:
        model.cp.add_at_most_one([*closed, chosen])
    engaged = list(taken)
    for start, (day, minute) in choice.starts.items():
        if any(each.overlaps(start, start + length) for each in engaged):
            model.cp.add_bool_or([~choice.days[day], ~choice.minutes[minute], ~chosen])


def _staff_wishes(model: Model) -> None:
    """Trainers who need no interpreter, and a fair load within each kind."""
    problem, weights = model.problem, model.problem.weights
    load: dict[str, list[Any]] = defaultdict(list)
    for choice in model.choices.values():
        terms = problem.terms[choice.need.cohort_id]
        for offer in problem.trainers:
            chosen = choice.trainers.get(offer.trainer_id)
            if chosen is None:
                continue
            load[offer.trainer_id].append(chosen)
            if not speaks(terms, offer.language_codes):
                model.wishes.append(weights.interpreter * chosen)
    for kind in sorted({offer.kind_code for offer in problem.trainers}):
        busiest = model.cp.new_int_var(0, len(model.choices), f"busiest_{kind}")
        for offer in problem.trainers:
            if offer.kind_code == kind:
                model.cp.add(busiest >= sum(load[offer.trainer_id]))
        model.wishes.append(weights.trainer_load * busiest)


def read_plan(model: Model, solver: cp_model.CpSolver) -> Plan:
    """The plan of a solved model."""
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


def _chosen(solver: cp_model.CpSolver, choices: Mapping[Any, Any]) -> Any:
    return next(value for value, chosen in choices.items() if solver.boolean_value(chosen))
