"""Ten thousand markets with every kind of quota: the engines agree, and with the definition."""

import pytest

from services.selection.domain.allocation import fast, plain
from services.selection.domain.allocation.verify import verify
from tests.builders.selection_markets import a_random_market
from tests.unit.selection.domain.allocation.oracle import stable_assignments

BLOCK = 1000
MOST_ASSIGNMENTS = 200  # tried one by one by the definition


def _assignments(market):
    count = 1
    for applicant in market.applicants:
        count *= len(applicant.preferences) + 1
    return count


@pytest.mark.parametrize("block", range(10))
def test_engines_place_everybody_alike_and_at_their_best_stable_place(block):
    defined = 0
    for seed in range(block * BLOCK, (block + 1) * BLOCK):
        market = a_random_market(10**6 + seed, most_applicants=12, most_cohorts=5)
        result = fast.allocate(market)
        assert result == plain.allocate(market), seed
        assert verify(market, result) == (), seed
        if _assignments(market) > MOST_ASSIGNMENTS:
            continue
        defined += 1
        stable = stable_assignments(market)
        assert result.assignment in stable, seed
        for applicant in market.applicants:
            order = [*applicant.preferences, None]
            places = [order.index(one[applicant.applicant_id]) for one in stable]
            assert order.index(result.assignment[applicant.applicant_id]) == min(places), seed
    assert defined > 400
