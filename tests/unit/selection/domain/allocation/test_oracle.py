"""Engine and verifier against every possible assignment of small markets."""

import random

from services.selection.domain.allocation.market import Result
from services.selection.domain.allocation.plain import allocate
from services.selection.domain.allocation.verify import verify
from tests.builders.selection_markets import a_random_market
from tests.unit.selection.domain.allocation.oracle import is_stable, stable_assignments


def test_engine_gives_everybody_their_best_stable_place():
    compared = 0
    for seed in range(2500):
        market = a_random_market(seed, most_applicants=4, most_cohorts=3)
        result = allocate(market)
        stable = stable_assignments(market)
        assert result.assignment in stable, seed
        for applicant in market.applicants:
            order = [*applicant.preferences, None]
            places = [order.index(a[applicant.applicant_id]) for a in stable]
            assert order.index(result.assignment[applicant.applicant_id]) == min(places), seed
        compared += len(stable) > 1
    assert compared > 10, "too few markets with a choice among stable assignments"


def test_verifier_agrees_with_the_definition_on_arbitrary_assignments():
    verdicts = {True: 0, False: 0}
    for seed in range(1500):
        market = a_random_market(seed, most_applicants=5, most_cohorts=3)
        draw = random.Random(seed)
        assignment = {
            a.applicant_id: draw.choice([None, *a.preferences, *a.preferences])
            for a in market.applicants
        }
        stable = is_stable(market, assignment)
        assert (verify(market, Result(assignment)) == ()) == stable, seed
        verdicts[stable] += 1
    assert min(verdicts.values()) > 100, verdicts
