"""Under every rule that is allowed nobody gains by any other list: all lists are tried."""

from dataclasses import replace
from itertools import chain, permutations

import pytest

from services.selection.domain.allocation.market import Market
from services.selection.domain.allocation.plain import allocate
from tests.builders.selection_markets import a_random_market

MARKETS = 2000


def _only(market: Market, *kept: str) -> Market:
    dropped = {"country_ceilings", "country_reserves"} - set(kept)
    cohorts = tuple(replace(c, **{name: {} for name in dropped}) for c in market.cohorts)
    groups = market.group_caps if "group_caps" in kept else ()
    return replace(market, cohorts=cohorts, group_caps=groups)


RULES = {
    "seats": (),
    "ceilings": ("country_ceilings",),
    "reserves": ("country_reserves",),
    "reserves and ceilings": ("country_ceilings", "country_reserves"),
    "group caps and all others": ("country_ceilings", "country_reserves", "group_caps"),
}


@pytest.mark.parametrize("rule", RULES)
def test_no_lie_pays(rule):
    tried = 0
    for seed in range(MARKETS):
        market = a_random_market(3 * 10**6 + seed, most_applicants=4, most_cohorts=3)
        market = _only(market, *RULES[rule])
        honest = allocate(market).assignment
        ids = [cohort.cohort_id for cohort in market.cohorts]
        for number, applicant in enumerate(market.applicants):
            order = [*applicant.preferences, None]
            had = order.index(honest[applicant.applicant_id])
            if had == 0:
                continue  # nothing is better than the first preference
            lies = chain.from_iterable(permutations(ids, size) for size in range(1, len(ids) + 1))
            for lie in lies:
                liar = replace(applicant, preferences=lie)
                people = (*market.applicants[:number], liar, *market.applicants[number + 1 :])
                got = allocate(replace(market, applicants=people)).assignment
                place = got[applicant.applicant_id]
                assert place not in order[:had], (seed, applicant.applicant_id, lie)
                tried += 1
    assert tried > 2000
