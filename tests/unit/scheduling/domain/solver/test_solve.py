import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.scheduling.domain.availability import Availability
from services.scheduling.domain.delivery import Delivery
from services.scheduling.domain.solver.check import check
from services.scheduling.domain.solver.problem import (
    Engagement,
    LocalHours,
    Pin,
    Problem,
    RoomOffer,
    TrainerOffer,
)
from services.scheduling.domain.solver.repair import Repaired, repair
from services.scheduling.domain.solver.rules import Rule
from services.scheduling.domain.solver.search import Effort
from services.scheduling.domain.solver.solve import Impossible, Solved, Undecided, solve
from services.scheduling.domain.solver.wishes import cost_of
from tests.builders.scheduling import a_need, a_problem, some_terms

EFFORT = Effort(seed=1, work=4.0)


def solved(problem, effort=EFFORT) -> Solved:
    outcome = solve(problem, effort=effort)
    assert isinstance(outcome, Solved)
    assert check(problem, outcome.plan) == ()
    return outcome


def test_preferred_days_come_first_and_spread_out_in_the_order_of_the_curriculum():
    outcome = solved(a_problem())

    days = [place.starts_at.date() for place in outcome.plan.placed]
    assert outcome.proved
    assert all(day.isoweekday() == 6 for day in days)
    assert days == sorted(days)
    assert days == [date(2021, 3, day) for day in (6, 13, 13, 27)]


def test_the_cost_is_that_of_the_plain_sum():
    outcome = solved(a_problem())

    assert outcome.cost == cost_of(a_problem(), outcome.plan)


def test_the_same_problem_seed_and_effort_give_the_same_plan():
    assert solve(a_problem(), effort=EFFORT) == solve(a_problem(), effort=EFFORT)


def test_a_trainer_taken_elsewhere_and_a_closed_hall_are_worked_around():
    saturday = datetime(2021, 3, 6, 6, tzinfo=UTC)
    problem = a_problem(
        engagements=(
            Engagement(starts_at=saturday, ends_at=saturday + timedelta(hours=12), trainer_id="t1"),
        ),
        rooms=(
            RoomOffer(
                room_code="hall",
                kind_code="hall",
                seat_count=30,
                availability=Availability(unavailable_on=(date(2021, 3, 13),)),
            ),
        ),
    )

    days = {place.starts_at.date() for place in solved(problem).plan.placed if place.room_code}

    assert not days & {date(2021, 3, 6), date(2021, 3, 13)}


def test_pins_hold_even_off_the_starting_times():
    start = datetime(2021, 3, 2, 7, 15, tzinfo=UTC)
    problem = a_problem(pins=(Pin(session_id="a", starts_at=start),))

    assert solved(problem).plan.by_session["a"].starts_at == start


def test_trainers_who_need_an_interpreter_are_the_second_choice():
    problem = a_problem(
        trainers=(
            TrainerOffer(trainer_id="t1", kind_code="sms", language_codes=("en",)),
            TrainerOffer(trainer_id="t2", kind_code="sms", language_codes=("az",)),
        )
    )

    assert {place.trainer_id for place in solved(problem).plan.placed} == {"t2"}


def test_a_regional_course_lies_in_the_local_hours_of_ten_countries():
    zones = {
        "MD": "Europe/Chisinau", "UA": "Europe/Kyiv", "TR": "Europe/Istanbul",
        "BY": "Europe/Minsk", "AZ": "Asia/Baku", "GE": "Asia/Tbilisi", "UZ": "Asia/Tashkent",
        "TJ": "Asia/Dushanbe", "KZ": "Asia/Almaty", "KG": "Asia/Bishkek",
        "EET": "Etc/GMT-2",
    }  # fmt: skip
    hours = tuple(
        LocalHours(country_code=code, zone=zone, earliest_minute=540, latest_minute=1080)
        for code, zone in zones.items()
    )
    problem = Problem(
        sessions=tuple(
            a_need(f"s{n}", rank=n, minutes=90, delivery=Delivery.ONLINE) for n in range(6)
        ),
        trainers=(TrainerOffer(trainer_id="t1", kind_code="sms", language_codes=("en",)),),
        rooms=(),
        cohorts=(
            some_terms(
                starts_on=date(2021, 5, 25),
                ends_on=date(2021, 5, 27),
                weekdays=(1, 2, 3, 4, 5),
                preferred_weekdays=(1, 2, 3, 4, 5),
                start_minutes=tuple(range(8 * 60, 18 * 60, 30)),
                closed_on=(),
                hours=hours,
                sessions_per_day=2,
            ),
        ),
    )

    plan = solved(problem).plan

    # UTC+2 begins at 7:00 UTC, UTC+6 ends at 12:00 UTC.
    assert all(place.starts_at.hour >= 7 for place in plan.placed)
    assert all(place.ends_at.hour < 12 or place.ends_at.minute == 0 for place in plan.placed)
    assert {place.starts_at.date().day for place in plan.placed} == {25, 26, 27}


def test_two_cohorts_share_one_trainer_and_one_hall():
    problem = a_problem(
        sessions=(
            *a_problem().sessions,
            *(a_need(f"y{n}", cohort_id="y", rank=n) for n in range(4)),
        ),
        cohorts=(some_terms("c"), some_terms("y", starts_on=date(2021, 3, 5))),
    )

    solved(problem)


def test_repair_moves_one_session_and_no_other():
    problem = a_problem()
    plan = solved(problem).plan

    outcome = repair(problem, plan, session_id="c", effort=EFFORT)

    assert isinstance(outcome, Repaired)
    assert outcome.fewest
    assert check(problem, outcome.plan) == ()
    assert outcome.moved == ("c",)
    assert outcome.plan.by_session["c"].starts_at != plan.by_session["c"].starts_at


def test_repair_to_a_given_time_moves_what_is_in_the_way():
    problem = a_problem()
    plan = solved(problem).plan
    to = plan.by_session["a"].starts_at

    outcome = repair(problem, plan, session_id="b", to=to, effort=EFFORT)

    assert isinstance(outcome, Repaired)
    assert outcome.fewest
    assert check(problem, outcome.plan) == ()
    assert outcome.plan.by_session["b"].starts_at == to
    assert outcome.moved == ("a", "b")


def test_repair_of_a_plan_that_new_facts_broke_keeps_what_it_can():
    plan = solved(a_problem()).plan
    closed = replace(some_terms(), closed_on=(*some_terms().closed_on, date(2021, 3, 13)))
    problem = a_problem(cohorts=(closed,))

    outcome = repair(problem, plan, session_id="b", effort=EFFORT)

    assert isinstance(outcome, Repaired)
    assert outcome.fewest
    assert check(problem, outcome.plan) == ()
    assert outcome.moved == ("b", "c")


def reasons(problem):
    outcome = solve(problem, effort=EFFORT)
    assert isinstance(outcome, Impossible)
    return outcome.reasons


@pytest.mark.parametrize(
    ("problem", "code", "session_ids"),
    [
        (a_problem(trainers=()), "session.no_trainer", {("a",), ("b",), ("c",), ("d",)}),
        (a_problem(rooms=()), "session.no_room", {("a",), ("b",), ("c",)}),
        (
            a_problem(cohorts=(some_terms(start_minutes=(1080,)),)),
            "session.no_start",
            {("a",), ("b",), ("c",), ("d",)},
        ),
        (
            a_problem(cohorts=(some_terms(ends_on=date(2021, 3, 2), sessions_per_day=1),)),
            "cohort.too_many_sessions",
            {("a", "b", "c", "d")},
        ),
    ],
)
def test_what_counting_shows_impossible_is_said_in_plain_words(problem, code, session_ids):
    found = reasons(problem)

    assert {reason.code for reason in found} == {code}
    assert {reason.session_ids for reason in found} == session_ids
    assert all(set(reason.sentence) == {"az", "en"} for reason in found)


def test_rules_that_cannot_hold_together_are_named_and_none_too_many():
    first = datetime(2021, 3, 1, 6, tzinfo=UTC)
    problem = a_problem(pins=(Pin(session_id="c", starts_at=first),))

    [reason] = reasons(problem)

    assert reason.rules == (Rule.PIN, Rule.PART_ORDER)


def test_no_effort_no_answer():
    assert isinstance(solve(a_problem(), effort=Effort(work=0.0)), Undecided)


def a_random_problem(seed: int) -> Problem:
    """A small problem of the centre's kind; it may be infeasible."""
    dice = random.Random(seed)
    kinds = ("sms", "iom", "ngo")
    days = tuple(sorted({date(2021, 3, dice.randint(1, 31)) for _ in range(6)}))
    sessions = tuple(
        a_need(
            f"{cohort}{n}",
            cohort_id=cohort,
            part_rank=n // 3,
            rank=n,
            minutes=dice.choice((60, 90, 120)),
            trainer_kind_code=dice.choice(kinds),
            delivery=dice.choice(tuple(Delivery)),
            after=(f"{cohort}{n - 1}",) if dice.random() < 0.2 and n else (),
        )
        for cohort in ("x", "y")
        for n in range(dice.randint(2, 7))
    )
    return Problem(
        sessions=sessions,
        trainers=tuple(
            TrainerOffer(
                trainer_id=f"{kind}{n}",
                kind_code=kind,
                language_codes=dice.choice((("az",), ("en",))),
                availability=Availability(
                    weekdays=tuple(sorted(dice.sample(range(1, 8), dice.randint(2, 6)))),
                    unavailable_on=tuple(dice.sample(days, min(2, len(days)))),
                ),
            )
            for kind in kinds
            for n in range(dice.randint(1, 2))
        ),
        rooms=tuple(
            RoomOffer(room_code=f"r{n}", kind_code="hall", seat_count=dice.choice((20, 24, 40)))
            for n in range(2)
        ),
        cohorts=(
            some_terms("x", closed_on=days),
            some_terms("y", zone="Europe/Kyiv", sessions_per_day=3, avoided_on=days),
        ),
        engagements=tuple(
            Engagement(
                starts_at=datetime(2021, 3, dice.randint(1, 31), 6, tzinfo=UTC),
                ends_at=datetime(2021, 3, 31, 6, tzinfo=UTC),
                trainer_id=f"{kind}0",
            )
            for kind in kinds
            if dice.random() < 0.3
        ),
    )


@settings(derandomize=True, max_examples=12, deadline=None)
@given(st.integers(min_value=0, max_value=10_000))
def test_what_the_engine_finds_the_checker_accepts(seed):
    problem = a_random_problem(seed)

    outcome = solve(problem, effort=EFFORT)

    if isinstance(outcome, Solved):
        assert check(problem, outcome.plan) == ()
        assert outcome.cost == cost_of(problem, outcome.plan)
        assert outcome.bound <= outcome.cost
    elif isinstance(outcome, Impossible):
        assert outcome.reasons
