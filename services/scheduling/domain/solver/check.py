"""A plain checker: every hard rule looked at again, one by one, without the model.

It shares with the engine only the snapshot and the names of the rules, so that a mistake of the
one is seen by the other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import combinations

from chassis.language_map import LanguageMap
from services.scheduling.domain.solver.limits import LIMITS
from services.scheduling.domain.solver.problem import (
    Placed,
    Plan,
    Problem,
    RoomOffer,
    SessionNeed,
    TrainerOffer,
)
from services.scheduling.domain.solver.rules import SENTENCES, Rule


@dataclass(frozen=True, kw_only=True)
class Violation:
    """One broken rule: which sessions break it, and a sentence that names them."""

    rule: Rule
    session_ids: tuple[str, ...]
    sentence: LanguageMap


def check(problem: Problem, plan: Plan) -> tuple[Violation, ...]:
    """Every breach of a hard rule; empty means that the plan holds.

    A plan that is not complete is answered with that alone: the other rules need every place.
    """
    incomplete = tuple(_incomplete(problem, plan))
    if incomplete:
        return incomplete
    return tuple(breach for find in _FINDERS for breach in find(problem, plan))


def _breach(problem: Problem, rule: Rule, *session_ids: str) -> Violation:
    codes = ", ".join(
        problem.needs[each].training_code if each in problem.needs else each for each in session_ids
    )
    sentence = {code: f"{text} ({codes})" for code, text in SENTENCES[rule].items()}
    return Violation(rule=rule, session_ids=session_ids, sentence=sentence)


def _incomplete(problem: Problem, plan: Plan) -> Iterator[Violation]:
    seen = Counter(place.session_id for place in plan.placed)
    for session_id in sorted(seen.keys() | problem.needs.keys()):
        if seen[session_id] != 1 or session_id not in problem.needs:
            yield _breach(problem, Rule.COMPLETE, session_id)
            continue
        place = plan.by_session[session_id]
        length = timedelta(minutes=problem.needs[session_id].minutes)
        if place.ends_at - place.starts_at != length:
            yield _breach(problem, Rule.COMPLETE, session_id)


def _calendar(problem: Problem, plan: Plan) -> Iterator[Violation]:
    for place in plan.placed:
        terms = problem.terms[problem.needs[place.session_id].cohort_id]
        day = terms.day_of(place.starts_at)
        if not terms.starts_on <= day <= terms.ends_on:
            yield _breach(problem, Rule.SPAN, place.session_id)
        if day.isoweekday() not in terms.weekdays:
            yield _breach(problem, Rule.WEEKDAY, place.session_id)
        if day in terms.closed_on:
            yield _breach(problem, Rule.HOLIDAY, place.session_id)
        if not all(hours.hold(place.starts_at, place.ends_at) for hours in terms.hours):
            yield _breach(problem, Rule.HOURS, place.session_id)
        if not problem.needs[place.session_id].may_lie_on(day):
            yield _breach(problem, Rule.WINDOW, place.session_id)
        if _engaged(problem, terms.cohort_id, place):
            yield _breach(problem, Rule.COHORT_AVAILABLE, place.session_id)


def _order(problem: Problem, plan: Plan) -> Iterator[Violation]:
    for places in _grouped(plan, lambda place: problem.needs[place.session_id].cohort_id):
        for first, second in combinations(places, 2):
            one, two = problem.needs[first.session_id], problem.needs[second.session_id]
            early, late = (first, second) if one.part_rank < two.part_rank else (second, first)
            if one.part_rank != two.part_rank and late.starts_at < early.ends_at:
                yield _breach(problem, Rule.PART_ORDER, early.session_id, late.session_id)
    for need in problem.sessions:
        for other in need.after:
            if plan.by_session[need.session_id].starts_at < plan.by_session[other].ends_at:
                yield _breach(problem, Rule.AFTER, other, need.session_id)


def _grouped(plan: Plan, holder: Callable[[Placed], str | None]) -> Iterator[list[Placed]]:
    groups: dict[str, list[Placed]] = {}
    for place in plan.placed:
        key = holder(place)
        if key is not None:
            groups.setdefault(key, []).append(place)
    yield from groups.values()


def _day_limit(problem: Problem, plan: Plan) -> Iterator[Violation]:
    for terms in problem.cohorts:
        days: dict[object, list[str]] = {}
        for place in plan.placed:
            if problem.needs[place.session_id].cohort_id == terms.cohort_id:
                days.setdefault(terms.day_of(place.starts_at), []).append(place.session_id)
        for sessions in days.values():
            if len(sessions) > terms.sessions_per_day:
                yield _breach(problem, Rule.DAY_LIMIT, *sessions)


def _one_at_a_time(problem: Problem, plan: Plan) -> Iterator[Violation]:
    kinds: tuple[tuple[Rule, Callable[[Placed], str | None]], ...] = (
        (Rule.COHORT_ONCE, lambda place: problem.needs[place.session_id].cohort_id),
        (Rule.TRAINER_ONCE, lambda place: place.trainer_id),
        (Rule.ROOM_ONCE, lambda place: place.room_code),
    )
    for rule, holder in kinds:
        for places in _grouped(plan, holder):
            for first, second in combinations(places, 2):
                if first.starts_at < second.ends_at and second.starts_at < first.ends_at:
                    yield _breach(problem, rule, first.session_id, second.session_id)


def _trainers(problem: Problem, plan: Plan) -> Iterator[Violation]:
    for place in plan.placed:
        need = problem.needs[place.session_id]
        offer: TrainerOffer | None = problem.offers.get(place.trainer_id)
        if offer is None or offer.kind_code != need.trainer_kind_code:
            yield _breach(problem, Rule.TRAINER_KIND, place.session_id)
            continue
        day = problem.terms[need.cohort_id].day_of(place.starts_at)
        elsewhere = _engaged(problem, place.trainer_id, place)
        if elsewhere or not offer.availability.allows(day):
            yield _breach(problem, Rule.TRAINER_AVAILABLE, place.session_id)


def _rooms(problem: Problem, plan: Plan) -> Iterator[Violation]:
    offers = {offer.room_code: offer for offer in problem.rooms}
    for place in plan.placed:
        need = problem.needs[place.session_id]
        if not need.delivery.needs_room and place.room_code is None:
            continue
        offer = offers.get(place.room_code or "")
        if offer is None or not _fits(problem, need, offer):
            yield _breach(problem, Rule.ROOM_FIT, place.session_id)
            continue
        day = problem.terms[need.cohort_id].day_of(place.starts_at)
        elsewhere = _engaged(problem, offer.room_code, place)
        if elsewhere or not offer.availability.allows(day):
            yield _breach(problem, Rule.ROOM_AVAILABLE, place.session_id)


def _engaged(problem: Problem, holder: str, place: Placed) -> bool:
    return any(
        each.overlaps(place.starts_at, place.ends_at) for each in problem.taken.get(holder, ())
    )


def _fits(problem: Problem, need: SessionNeed, room: RoomOffer) -> bool:
    return (
        need.delivery.needs_room
        and room.seat_count >= problem.terms[need.cohort_id].seat_count
        and need.room_kind_code in (None, room.kind_code)
    )


def _limits(problem: Problem, plan: Plan) -> Iterator[Violation]:
    for limit in LIMITS:
        for session_ids in limit.breaches(problem, plan):
            yield _breach(problem, limit.rule, *session_ids)


def _pins(problem: Problem, plan: Plan) -> Iterator[Violation]:
    for pin in problem.pins:
        place = plan.by_session[pin.session_id]
        if (
            place.starts_at != pin.starts_at
            or pin.trainer_id not in (None, place.trainer_id)
            or pin.room_code not in (None, place.room_code)
        ):
            yield _breach(problem, Rule.PIN, pin.session_id)


_FINDERS: tuple[Callable[[Problem, Plan], Iterator[Violation]], ...] = (
    _calendar,
    _order,
    _day_limit,
    _one_at_a_time,
    _trainers,
    _rooms,
    _limits,
    _pins,
)
