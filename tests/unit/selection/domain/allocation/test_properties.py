"""What deferred acceptance promises, on random markets with every kind of quota."""

import random
from dataclasses import replace
from itertools import chain, permutations

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from services.selection.domain.allocation.market import CohortQuota, Market, Result
from services.selection.domain.allocation.plain import allocate
from services.selection.domain.allocation.verify import verify
from tests.builders.selection_markets import a_market, a_random_market

SEEDS = st.integers(0, 2**32)
FEW = settings(derandomize=True, max_examples=150, deadline=None, database=None)


def _rank(market: Market, result: Result, applicant_id: str) -> int:
    applicant = next(a for a in market.applicants if a.applicant_id == applicant_id)
    order = [*applicant.preferences, None]
    place = result.assignment[applicant_id]
    return order.index(place) if place in order else len(order)


@FEW
@given(SEEDS)
def test_result_is_stable_under_the_quotas(seed):
    market = a_random_market(seed, most_applicants=14)
    assert verify(market, allocate(market)) == ()


@FEW
@given(SEEDS)
def test_order_of_input_means_nothing(seed):
    market = a_random_market(seed, most_applicants=12)
    draw = random.Random(seed)
    mixed = Market(
        tuple(draw.sample(market.cohorts, len(market.cohorts))),
        tuple(draw.sample(market.applicants, len(market.applicants))),
        tuple(draw.sample(market.group_caps, len(market.group_caps))),
    )
    assert allocate(mixed).sha256 == allocate(market).sha256


@FEW
@given(SEEDS)
def test_withdrawal_hurts_nobody_else(seed):
    market = a_random_market(seed, most_applicants=10)
    assume(market.applicants)
    before = allocate(market)
    leaver = random.Random(seed).choice(market.applicants)
    after = allocate(
        replace(market, applicants=tuple(a for a in market.applicants if a is not leaver))
    )
    for applicant_id in after.assignment:
        assert _rank(market, after, applicant_id) <= _rank(market, before, applicant_id)


@FEW
@given(SEEDS)
def test_extra_seat_hurts_nobody(seed):
    market = a_random_market(seed, most_applicants=10, with_groups=False)
    before = allocate(market)
    lucky = random.Random(seed).randrange(len(market.cohorts))
    more = tuple(
        replace(c, seats=c.seats + (number == lucky)) for number, c in enumerate(market.cohorts)
    )
    after = allocate(replace(market, cohorts=more))
    for applicant_id in after.assignment:
        assert _rank(market, after, applicant_id) <= _rank(market, before, applicant_id)


@FEW
@given(SEEDS)
def test_cutting_a_list_below_the_place_held_changes_nothing(seed):
    market = a_random_market(seed, most_applicants=10)
    before = allocate(market)
    cut = tuple(
        replace(a, preferences=a.preferences[: _rank(market, before, a.applicant_id) + 1])
        for a in market.applicants
    )
    assert allocate(replace(market, applicants=cut)) == before


def test_no_lie_pays_in_any_of_many_small_markets():
    tried = 0
    for seed in range(400):
        market = a_random_market(seed, most_applicants=4, most_cohorts=3)
        honest = allocate(market)
        ids = [cohort.cohort_id for cohort in market.cohorts]
        for number, applicant in enumerate(market.applicants):
            lies = chain.from_iterable(permutations(ids, size) for size in range(len(ids) + 1))
            for lie in lies:
                liar = replace(applicant, preferences=lie)
                people = (*market.applicants[:number], liar, *market.applicants[number + 1 :])
                lied = allocate(replace(market, applicants=people))
                got, had = (
                    _rank(market, result, applicant.applicant_id) for result in (lied, honest)
                )
                assert got >= had, (seed, applicant.applicant_id, lie)
                tried += 1
    assert tried > 5000


@FEW
@given(SEEDS)
def test_reserves_for_a_minority_beat_ceilings_on_the_majority_for_everybody(seed):
    """Hafalir, Yenmez and Yildirim 2013."""
    draw = random.Random(seed)
    base = a_random_market(seed, most_applicants=10, with_groups=False)
    people = tuple(replace(a, country_code=draw.choice(["AZ", "GE"])) for a in base.applicants)
    reserved = {c.cohort_id: draw.randint(0, c.seats) for c in base.cohorts}
    with_reserves, with_ceilings = (
        Market(tuple(CohortQuota(c.cohort_id, c.seats, *quota(c)) for c in base.cohorts), people)
        for quota in (
            lambda c: ({}, {"GE": reserved[c.cohort_id]}),
            lambda c: ({"AZ": c.seats - reserved[c.cohort_id]}, {}),
        )
    )
    better, worse = allocate(with_reserves), allocate(with_ceilings)
    for applicant in people:
        assert _rank(with_reserves, better, applicant.applicant_id) <= _rank(
            with_reserves, worse, applicant.applicant_id
        )


def test_reserve_goes_to_the_best_of_the_country_and_reverts_when_unused():
    market = a_market(
        {"a": ["c"], "b": ["c"], "g": ["c"]},
        {"c": ["a", "b", "g"]},
        seats={"c": 2},
        countries={"a": "AZ", "b": "AZ", "g": "GE"},
        reserves={"c": {"GE": 1, "TR": 1}},
    )
    assert allocate(market).assignment == {"a": "c", "b": None, "g": "c"}


def test_reserve_counts_those_who_would_win_on_merit():
    market = a_market(
        {"a": ["c"], "g1": ["c"], "g2": ["c"]},
        {"c": ["g1", "a", "g2"]},
        seats={"c": 2},
        countries={"a": "AZ", "g1": "GE", "g2": "GE"},
        reserves={"c": {"GE": 1}},
    )
    assert allocate(market).assignment == {"a": "c", "g1": "c", "g2": None}


def test_ceiling_leaves_a_seat_to_somebody_who_ranks_lower():
    market = a_market(
        {"a": ["c"], "b": ["c"], "g": ["c"]},
        {"c": ["a", "b", "g"]},
        seats={"c": 2},
        countries={"a": "AZ", "b": "AZ", "g": "GE"},
        ceilings={"c": {"AZ": 1}},
    )
    assert allocate(market).assignment == {"a": "c", "b": None, "g": "c"}
