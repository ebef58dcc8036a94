"""Problems of many sessions: weeks first, stretches anew, going on, mending."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rtcm.timetabling.centre_problem import Size, centre_problem
from services.scheduling.domain.solver.check import check
from services.scheduling.domain.solver.repair import Repaired, repair
from services.scheduling.domain.solver.search import Effort
from services.scheduling.domain.solver.solve import Impossible, Solved, solve
from services.scheduling.domain.solver.wishes import cost_of

PROBLEM = centre_problem(Size(countries=3, cohorts=1, trainings=24, trainers=12), seed=4)
EFFORT = Effort(seed=1, work=2.0)


class Watching:
    """Keeps what it is told, and stops after so many plans."""

    def __init__(self, most: int = 1_000) -> None:
        self.told = []
        self.most = most

    def found(self, plan, cost, bound, share):
        self.told.append((plan, cost, bound, share))

    def stopped(self):
        return len(self.told) >= self.most


@pytest.fixture(scope="module")
def outcome():
    watch = Watching()
    found = solve(PROBLEM, effort=EFFORT, watch=watch)
    assert isinstance(found, Solved)
    return found, watch


def test_the_plan_holds_and_costs_what_it_says(outcome):
    found, _ = outcome

    assert check(PROBLEM, found.plan) == ()
    assert found.cost == cost_of(PROBLEM, found.plan)
    assert found.bound <= found.cost


def test_every_better_plan_is_told_with_how_far_the_work_is(outcome):
    found, watch = outcome
    costs = [cost for _, cost, _, _ in watch.told]
    shares = [share for *_, share in watch.told]

    assert costs == sorted(costs, reverse=True)
    assert len(set(costs)) == len(costs) > 1
    assert shares == sorted(shares)
    assert all(0.0 <= share <= 1.0 for share in shares)
    assert costs[-1] == found.cost


def test_the_same_seed_and_work_give_the_same_plan(outcome):
    assert solve(PROBLEM, effort=EFFORT) == outcome[0]


def test_told_to_stop_it_hands_over_what_it_has(outcome):
    stopped = solve(PROBLEM, effort=EFFORT, watch=Watching(most=1))

    assert isinstance(stopped, Solved)
    assert stopped.plan == outcome[1].told[0][0]


def test_it_goes_on_from_a_plan_and_is_never_worse(outcome):
    found, _ = outcome

    more = solve(PROBLEM, effort=Effort(seed=2, work=0.5), start=found.plan)

    assert isinstance(more, Solved)
    assert more.cost <= found.cost
    assert check(PROBLEM, more.plan) == ()


def test_a_closed_day_moves_only_what_lay_on_it(outcome):
    plan = outcome[0].plan
    place = plan.placed[5]
    day = PROBLEM.day_of(place)
    cohort_id = PROBLEM.needs[place.session_id].cohort_id
    changed = replace(
        PROBLEM,
        cohorts=tuple(
            replace(terms, closed_on=(*terms.closed_on, day))
            if terms.cohort_id == cohort_id
            else terms
            for terms in PROBLEM.cohorts
        ),
    )
    there = {
        each.session_id
        for each in plan.placed
        if PROBLEM.needs[each.session_id].cohort_id == cohort_id and PROBLEM.day_of(each) == day
    }

    mended = repair(changed, plan, effort=Effort(seed=1, work=4.0))

    assert isinstance(mended, Repaired)
    assert check(changed, mended.plan) == ()
    assert set(mended.restarted) >= there
    assert not mended.fewest or len(mended.restarted) == len(there)


def test_a_cohort_that_cannot_be_planned_at_all_is_named_by_its_rules():
    squeezed = replace(
        PROBLEM,
        cohorts=tuple(
            replace(terms, part_gap_days=120) if number == 0 else terms
            for number, terms in enumerate(PROBLEM.cohorts)
        ),
    )

    outcome = solve(squeezed, effort=Effort(seed=1, work=4.0))

    assert isinstance(outcome, Impossible)
    assert "session.gap_between_parts" in outcome.reasons[0].rules


def test_the_same_size_and_seed_give_the_same_problem():
    size = Size(countries=2, cohorts=3, trainings=10, trainers=12)

    assert centre_problem(size, seed=1) == centre_problem(size, seed=1)
    assert centre_problem(size, seed=1).digest() != centre_problem(size, seed=2).digest()
