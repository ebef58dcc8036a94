"""A stretch of a problem: some cohorts in some weeks, everything else standing still around them.

What a stretch gives can be put into the whole plan without breaking a hard rule, and changes the
whole cost by as much as its own: the weeks are whole, so that limits of days and weeks can be seen
inside, and what lies outside is there as engagements.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta

from services.scheduling.domain.solver.problem import (
    CohortTerms,
    Engagement,
    Pin,
    Placed,
    Plan,
    Problem,
    SessionNeed,
)


def stretch_of(
    problem: Problem,
    around: Plan,
    *,
    session_ids: Collection[str],
    first_on: date,
    last_on: date,
    targets: Mapping[str, date],
    held: Collection[Placed] = (),
) -> Problem:
    """The problem of some sessions between a Monday and a Sunday.

    Args:
        around: places that stand; those of ``session_ids`` in it are not looked at.
        session_ids: with every session of their cohorts that lies in those weeks.
        targets: session id -> the day it would have in the whole problem.
        held: sessions of ``session_ids`` that stay where they are.
    """
    cohort_ids = {problem.needs[each].cohort_id for each in session_ids}
    outside = [place for place in around.placed if place.session_id not in session_ids]
    bounds = _bounds(problem, outside, cohort_ids)
    pins = {pin.session_id: pin for pin in problem.pins if pin.session_id in session_ids}
    pins |= {
        place.session_id: Pin(
            session_id=place.session_id,
            starts_at=place.starts_at,
            trainer_id=place.trainer_id,
            room_code=place.room_code,
        )
        for place in held
    }
    return replace(
        problem,
        sessions=tuple(
            _need(problem.needs[each], session_ids, bounds, targets) for each in sorted(session_ids)
        ),
        cohorts=tuple(
            _narrowed(terms, first_on, last_on)
            for terms in problem.cohorts
            if terms.cohort_id in cohort_ids
        ),
        pins=tuple(pins[key] for key in sorted(pins)),
        engagements=(*problem.engagements, *_engagements(problem, outside, cohort_ids)),
    )


def joined(plan: Plan, part: Plan) -> Plan:
    """A whole plan with the places of a part put into it."""
    places = plan.by_session | part.by_session
    return Plan(placed=tuple(places[key] for key in sorted(places)))


def cut_visits(problem: Problem, plan: Plan, inside: Collection[str]) -> tuple[Placed, ...]:
    """Places of the sessions ``inside`` that belong to a visit reaching out: they have to stay."""
    outside = {
        (need.cohort_id, need.block_code)
        for need in problem.sessions
        if need.block_code is not None and need.session_id not in inside
    }
    needs = (problem.needs[each] for each in sorted(inside))
    return tuple(
        plan.by_session[need.session_id]
        for need in needs
        if (need.cohort_id, need.block_code) in outside
    )


def monday_of(day: date) -> date:
    """The first day of its ISO week."""
    return day - timedelta(days=day.weekday())


def _narrowed(terms: CohortTerms, first_on: date, last_on: date) -> CohortTerms:
    return replace(
        terms, starts_on=max(terms.starts_on, first_on), ends_on=min(terms.ends_on, last_on)
    )


Bounds = dict[tuple[str, int], tuple[list[date], list[date]]]


def _bounds(problem: Problem, outside: Collection[Placed], cohort_ids: Collection[str]) -> Bounds:
    """For each part of the cohorts that keep days free between parts: the days it has outside."""
    found: Bounds = {}
    for place in outside:
        need = problem.needs[place.session_id]
        if need.cohort_id in cohort_ids and problem.terms[need.cohort_id].part_gap_days:
            days = found.setdefault((need.cohort_id, need.part_rank), ([], []))
            days[0].append(problem.day_of(place))
    gap = timedelta(days=1)
    return {
        (cohort_id, rank): (
            [day + gap * (problem.terms[cohort_id].part_gap_days + 1) for day in days],
            [day - gap * (problem.terms[cohort_id].part_gap_days + 1) for day in days],
        )
        for (cohort_id, rank), (days, _) in found.items()
    }


def _need(
    need: SessionNeed, session_ids: Collection[str], bounds: Bounds, targets: Mapping[str, date]
) -> SessionNeed:
    earliest = [need.earliest_on] if need.earliest_on is not None else []
    latest = [need.latest_on] if need.latest_on is not None else []
    for (cohort_id, rank), (after, before) in bounds.items():
        if cohort_id == need.cohort_id and rank < need.part_rank:
            earliest += after
        elif cohort_id == need.cohort_id and rank > need.part_rank:
            latest += before
    return replace(
        need,
        after=tuple(each for each in need.after if each in session_ids),
        earliest_on=max(earliest, default=None),
        latest_on=min(latest, default=None),
        target_on=targets[need.session_id],
    )


def _engagements(
    problem: Problem, outside: Collection[Placed], cohort_ids: Collection[str]
) -> Iterator[Engagement]:
    """What stands, as times that are taken; trainers and cohorts travel, rooms do not."""
    for place in outside:
        need = problem.needs[place.session_id]
        travel = timedelta(minutes=need.travel_minutes)
        yield Engagement(
            starts_at=place.starts_at - travel,
            ends_at=place.ends_at + travel,
            trainer_id=place.trainer_id,
            cohort_id=need.cohort_id if need.cohort_id in cohort_ids else None,
            on=problem.day_of(place),
        )
        interpreted = problem.interprets(place)
        if place.room_code is not None or interpreted:
            yield Engagement(
                starts_at=place.starts_at,
                ends_at=place.ends_at,
                room_code=place.room_code,
                interpreted=interpreted,
            )
