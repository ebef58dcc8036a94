"""A cost that no plan can beat, by plain sums."""

from __future__ import annotations

from collections import Counter

from services.scheduling.domain.solver.candidates import open_days, trainers_of
from services.scheduling.domain.solver.problem import Problem
from services.scheduling.domain.solver.wishes import day_cost, minute_cost, speaks, target_days


def least_cost(problem: Problem) -> int:
    """Every session on its own best day, at its best time, with its best trainer, and fair loads.

    Crowded days and everything that sessions take from each other is left out, so the sum may lie
    well below the best plan.
    """
    targets = target_days(problem)
    total, kinds = 0, Counter[str]()
    for terms in problem.cohorts:
        days = open_days(terms)
        for need in problem.of_cohort[terms.cohort_id]:
            pin = problem.pinned.get(need.session_id)
            allowed = [terms.day_of(pin.starts_at)] if pin is not None else days
            total += min((day_cost(problem, need, day, targets) for day in allowed), default=0)
            if pin is None:
                total += min(minute_cost(problem, terms, each) for each in terms.start_minutes)
            if not any(speaks(terms, each.language_codes) for each in trainers_of(problem, need)):
                total += problem.weights.interpreter
            kinds[need.trainer_kind_code] += 1
    return total + problem.weights.trainer_load * sum(
        _least_load(problem, kind, kinds[kind])
        for kind in {offer.kind_code for offer in problem.trainers}
    )


def _least_load(problem: Problem, kind_code: str, session_count: int) -> int:
    """Sessions of the busiest trainer of a kind when all share as fairly as can be."""
    held = [
        len(problem.taken.get(offer.trainer_id, ()))
        for offer in problem.trainers
        if offer.kind_code == kind_code
    ]
    return max(max(held), -(-(sum(held) + session_count) // len(held)))
