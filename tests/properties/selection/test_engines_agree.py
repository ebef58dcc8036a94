"""Ten thousand markets with every kind of quota: the engines agree, and with the definition."""

import pytest

from services.selection.domain.allocation import fast, plain
from services.selection.domain.allocation.verify import verify
from tests.builders.selection_markets import a_random_market
from tests.unit.selection.domain.allocation.oracle import stable_assignments

BLOCK = 1000


@pytest.mark.parametrize("block", range(10))
def test_both_engines_place_everybody_alike(block):
    for seed in range(block * BLOCK, (block + 1) * BLOCK):
        market = a_random_market(10**6 + seed, most_applicants=12, most_cohorts=5)
        result = fast.allocate(market)
        assert result == plain.allocate(market), seed
        assert verify(market, result) == (), seed


@pytest.mark.parametrize("block", range(4))
def test_fast_engine_gives_everybody_their_best_stable_place(block):
    for seed in range(block * 200, (block + 1) * 200):
        market = a_random_market(2 * 10**6 + seed, most_applicants=4, most_cohorts=3)
        result, stable = fast.allocate(market), stable_assignments(market)
        assert result.assignment in stable, seed
        for applicant in market.applicants:
            order = [*applicant.preferences, None]
            places = [order.index(one[applicant.applicant_id]) for one in stable]
            assert order.index(result.assignment[applicant.applicant_id]) == min(places), seed
