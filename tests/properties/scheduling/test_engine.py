"""The engine against the plain checker, on seeded problems with every rule in them."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ortools.sat.python import cp_model

from services.scheduling.domain.availability import Availability
from services.scheduling.domain.delivery import Delivery
from services.scheduling.domain.solver.check import check
from services.scheduling.domain.solver.floor import least_cost
from services.scheduling.domain.solver.model import build, suggest
from services.scheduling.domain.solver.problem import (
    Engagement,
    Pin,
    Plan,
    Problem,
    RoomOffer,
    TrainerOffer,
)
from services.scheduling.domain.solver.repair import Repaired, repair
from services.scheduling.domain.solver.rules import Rule
from services.scheduling.domain.solver.search import Effort, search
from services.scheduling.domain.solver.solve import Impossible, Solved, solve
from services.scheduling.domain.solver.wishes import cost_of
from tests.builders.scheduling import a_need, some_terms

EFFORT = Effort(seed=1, work=3.0)
KINDS = ("sms", "iom")


def a_full_problem(seed: int) -> Problem:
    """Two cohorts in two zones over a clock change, with every limit set; it may be infeasible."""
    dice = random.Random(seed)
    sessions = []
    for cohort in ("x", "y"):
        count = dice.randint(3, 6)
        for n in range(count):
            visit = n >= count - 2 and dice.random() < 0.8
            sessions.append(
                a_need(
                    f"{cohort}{n}",
                    cohort_id=cohort,
                    part_rank=n // 3,
                    rank=n,
                    minutes=dice.choice((60, 90, 150)),
                    trainer_kind_code=dice.choice(KINDS),
                    delivery=Delivery.VISIT if visit else dice.choice(tuple(Delivery)),
                    after=(f"{cohort}{n - 1}",) if dice.random() < 0.2 and n % 3 else (),
                    block_code="visit" if visit else None,
                    travel_minutes=90 if visit else 0,
                    earliest_on=date(2021, 3, dice.randint(1, 12)) if n % 4 == 1 else None,
                    latest_on=date(2021, 4, dice.randint(1, 10)) if n % 4 == 1 else None,
                )
            )
    span = {"starts_on": date(2021, 3, 8), "ends_on": date(2021, 4, 11), "closed_on": ()}
    terms = (
        some_terms(
            "x", sessions_per_week=dice.randint(1, 3), part_gap_days=dice.choice((0, 2, 6)), **span
        ),
        some_terms(
            "y", zone="Europe/Kyiv", sessions_per_day=3, start_minutes=(600, 660, 780), **span
        ),
    )
    return Problem(
        sessions=tuple(sessions),
        trainers=tuple(
            TrainerOffer(
                trainer_id=f"{kind}{n}",
                kind_code=kind,
                language_codes=dice.choice((("az",), ("en",))),
                availability=Availability(weekdays=tuple(sorted(dice.sample(range(1, 8), 5)))),
                sessions_per_day=dice.choice((None, 1, 2)),
                sessions_per_week=dice.choice((None, 2, 3)),
            )
            for kind in KINDS
            for n in range(2)
        ),
        rooms=(RoomOffer(room_code="r", kind_code="hall", seat_count=40),),
        cohorts=terms,
        engagements=tuple(
            Engagement(
                starts_at=datetime(2021, 3, day, 6, tzinfo=UTC),
                ends_at=datetime(2021, 3, day, 9, 30, tzinfo=UTC),
                trainer_id=dice.choice(("sms0", "iom0")),
                cohort_id=dice.choice(("x", None)),
                interpreted=dice.random() < 0.5,
            )
            for day in dice.sample(range(8, 31), 3)
        ),
        interpreter_count=dice.choice((None, 1)),
    )


def held_to(problem: Problem, plan: Plan) -> Problem:
    """The problem with every session pinned where the plan has it."""
    return replace(
        problem,
        pins=tuple(
            Pin(
                session_id=place.session_id,
                starts_at=place.starts_at,
                trainer_id=place.trainer_id,
                room_code=place.room_code,
            )
            for place in plan.placed
        ),
    )


def shaken(problem: Problem, plan: Plan, dice: random.Random) -> Plan:
    """The plan with one to three sessions somewhere else."""
    places = dict(plan.by_session)
    for session_id in dice.sample(sorted(places), min(len(places), dice.randint(1, 3))):
        place = places[session_id]
        shift = timedelta(days=dice.randint(-5, 5), minutes=dice.choice((0, 0, 60, 120, 180)))
        kind = problem.needs[session_id].trainer_kind_code
        places[session_id] = replace(
            place,
            starts_at=place.starts_at + shift,
            ends_at=place.ends_at + shift,
            trainer_id=dice.choice((place.trainer_id, f"{kind}{dice.randint(0, 1)}")),
        )
    return Plan(placed=tuple(places[key] for key in sorted(places)))


seeds = st.integers(min_value=0, max_value=100_000)


@settings(derandomize=True, max_examples=20, deadline=None)
@given(seeds)
def test_what_the_engine_finds_the_checker_accepts_at_the_same_cost(seed):
    problem = a_full_problem(seed)

    outcome = solve(problem, effort=EFFORT)

    if isinstance(outcome, Solved):
        assert check(problem, outcome.plan) == ()
        assert outcome.cost == cost_of(problem, outcome.plan)
        assert least_cost(problem) <= outcome.bound <= outcome.cost
    elif isinstance(outcome, Impossible):
        assert outcome.reasons


@settings(derandomize=True, max_examples=20, deadline=None)
@given(seeds)
def test_the_model_admits_a_plan_exactly_when_the_checker_does(seed):
    problem, dice = a_full_problem(seed), random.Random(seed)
    found = solve(problem, effort=EFFORT)
    if not isinstance(found, Solved):
        return
    for _ in range(6):
        plan = shaken(problem, found.plan, dice)
        breaches = check(problem, plan)
        model = build(held_to(problem, plan))
        model.cp.minimize(sum(model.wishes))
        suggest(model, plan)
        solver, status = search(model.cp, EFFORT)
        assert (status == cp_model.OPTIMAL) == (not breaches), breaches
        if not breaches:
            assert round(solver.objective_value) == cost_of(problem, plan)


@settings(derandomize=True, max_examples=15, deadline=None)
@given(seeds)
def test_a_core_of_reasons_cannot_hold_and_loses_nothing(seed):
    problem = a_full_problem(seed)
    outcome = solve(problem, effort=EFFORT)
    if not isinstance(outcome, Impossible) or outcome.reasons[0].code != "rules.conflict":
        return
    [reason] = outcome.reasons
    others = {rule for rule in Rule if rule not in (*reason.rules, Rule.COMPLETE, Rule.SPAN)}

    assert status_without(problem, others) == cp_model.INFEASIBLE
    for rule in reason.rules:
        assert status_without(problem, others | {rule}) != cp_model.INFEASIBLE


def status_without(problem: Problem, rules: set[Rule]) -> int:
    _, status = search(build(problem, without=rules).cp, EFFORT)
    return status


@settings(derandomize=True, max_examples=10, deadline=None)
@given(seeds)
def test_a_repair_holds_and_moves_no_more_than_a_closed_day_asks(seed):
    problem, dice = a_full_problem(seed), random.Random(seed)
    found = solve(problem, effort=EFFORT)
    if not isinstance(found, Solved):
        return
    place = dice.choice(found.plan.placed)
    day = problem.day_of(place)
    changed = replace(
        problem, cohorts=tuple(replace(terms, closed_on=(day,)) for terms in problem.cohorts)
    )

    outcome = repair(changed, found.plan, effort=EFFORT)

    if isinstance(outcome, Repaired):
        assert check(changed, outcome.plan) == ()
        assert place.session_id in outcome.restarted
        assert set(outcome.restarted) <= set(outcome.moved)
        assert outcome.cost == cost_of(changed, outcome.plan)


@pytest.mark.parametrize("seed", [3])
def test_the_same_seed_and_work_give_the_same_plan(seed):
    assert solve(a_full_problem(seed), effort=EFFORT) == solve(a_full_problem(seed), effort=EFFORT)
