"""What a plan costs: the soft rules, summed without the model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from zoneinfo import ZoneInfo

from services.scheduling.domain.solver.candidates import open_days
from services.scheduling.domain.solver.problem import CohortTerms, Plan, Problem, SessionNeed


def target_days(problem: Problem) -> dict[str, date]:
    """Session id -> the day it asks for, or would have in an even spread in the curriculum's order.

    Preferred days carry the spread; where a cohort has none open, all open days do.
    """
    targets: dict[str, date] = {}
    for terms in problem.cohorts:
        days = open_days(terms)
        preferred = [day for day in days if day.isoweekday() in terms.preferred_weekdays]
        spread = preferred or list(days) or [terms.starts_on]
        needs = sorted(
            problem.of_cohort[terms.cohort_id],
            key=lambda each: (each.part_rank, each.rank, each.session_id),
        )
        for place, need in enumerate(needs):
            even = spread[(2 * place + 1) * len(spread) // (2 * len(needs))]
            targets[need.session_id] = need.target_on or even
    return targets


def day_cost(problem: Problem, need: SessionNeed, day: date, targets: Mapping[str, date]) -> int:
    """Cost points of a session on ``day``: its kind, and its distance from the target."""
    terms, weights = problem.terms[need.cohort_id], problem.weights
    cost = weights.drift_per_day * abs((day - targets[need.session_id]).days)
    if day.isoweekday() not in terms.preferred_weekdays:
        cost += weights.other_weekday
    if day in terms.avoided_on:
        cost += weights.avoided_day
    return cost


def minute_cost(problem: Problem, terms: CohortTerms, minute: int) -> int:
    """Cost points of a start at this local minute: earlier starting times are filled first."""
    return problem.weights.later_start * sum(1 for each in terms.start_minutes if each < minute)


def crowd_cost(problem: Problem, session_count: int) -> int:
    """Cost points of a day with so many sessions: 0, 0, 1, 3, 6, ... times the weight."""
    return problem.weights.crowded_day * (session_count - 1) * session_count // 2


def speaks(terms: CohortTerms, language_codes: tuple[str, ...]) -> bool:
    """Whether a trainer needs no interpreter with this cohort."""
    return terms.language_code in language_codes


def costs_by_wish(problem: Problem, plan: Plan) -> dict[str, int]:
    """Cost points of a whole plan by what causes them."""
    targets = target_days(problem)
    day, minute, interpreters, crowd = 0, 0, 0, Counter[tuple[str, date]]()
    load = Counter({offer: len(problem.taken.get(offer, ())) for offer in problem.offers})
    for place in plan.placed:
        need = problem.needs[place.session_id]
        terms = problem.terms[need.cohort_id]
        local = place.starts_at.astimezone(ZoneInfo(terms.zone))
        day += day_cost(problem, need, local.date(), targets)
        minute += minute_cost(problem, terms, local.hour * 60 + local.minute)
        crowd[need.cohort_id, local.date()] += 1
        load[place.trainer_id] += 1
        interpreters += problem.interprets(place)
    busiest: dict[str, int] = {}
    for trainer_id, count in load.items():
        kind = problem.offers[trainer_id].kind_code
        busiest[kind] = max(busiest.get(kind, 0), count)
    return {
        "days": day,
        "times of day": minute,
        "crowded days": sum(crowd_cost(problem, count) for count in crowd.values()),
        "interpreters": problem.weights.interpreter * interpreters,
        "trainers' load": problem.weights.trainer_load * sum(busiest.values()),
    }


def cost_of(problem: Problem, plan: Plan) -> int:
    """Cost points of a whole plan; the engine's objective value is the same number."""
    return sum(costs_by_wish(problem, plan).values())
