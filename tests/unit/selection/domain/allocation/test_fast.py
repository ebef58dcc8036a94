"""The fast engine is the plain one, whatever the numbers, the order and the form."""

import random
from dataclasses import replace

import numpy as np
import pytest

from chassis.errors import RuleViolation
from services.selection.domain.allocation import fast, plain
from services.selection.domain.allocation.columns import NOWHERE, ColumnMarket, columns_of
from services.selection.domain.allocation.market import CohortQuota, GroupCap, Market, Priority
from tests.builders.selection_markets import a_market, a_random_market


def test_both_engines_place_everybody_alike():
    for seed in range(500):
        market = a_random_market(seed, most_applicants=14, most_cohorts=5)
        assert fast.allocate(market) == plain.allocate(market), seed


def test_order_of_input_means_nothing():
    for seed in range(50):
        market = a_random_market(seed, most_applicants=14)
        draw = random.Random(seed)
        mixed = Market(
            *(
                tuple(draw.sample(part, len(part)))
                for part in (market.cohorts, market.applicants, market.group_caps)
            )
        )
        assert fast.allocate(mixed).sha256 == fast.allocate(market).sha256


@pytest.mark.parametrize("longest", [10**6, 2**62, 2**63, 10**80])
def test_numbers_of_any_length_are_ranked_alike(longest):
    for seed in range(40):
        market = a_random_market(seed, most_applicants=12)
        draw = random.Random(seed)

        def stretched(applicant, draw=draw):
            return replace(
                applicant,
                priorities={
                    c: Priority(
                        p.band * draw.randint(0, longest) - longest,
                        p.score_milli * (longest // 4) - 1,
                        p.lottery * (longest // 3),
                    )
                    for c, p in applicant.priorities.items()
                },
            )

        market = replace(market, applicants=tuple(map(stretched, market.applicants)))
        assert fast.allocate(market) == plain.allocate(market), seed


def test_nobody_and_nothing():
    assert fast.allocate(Market((), ())).assignment == {}
    assert fast.allocate(Market((CohortQuota("c", 2),), ())).assignment == {}
    market = a_market({"a": [], "b": ["c"]}, {"c": ["b"]}, seats={"c": 0})
    assert fast.allocate(market).assignment == {"a": None, "b": None}


def test_cohorts_under_a_common_cap_take_turns():
    people = {f"p{n}": ["c1"] if n < 4 else ["c2"] for n in range(6)}
    rankings = {"c1": [p for p in people if people[p] == ["c1"]], "c2": ["p4", "p5"]}
    market = a_market(
        people,
        rankings,
        seats={"c1": 4, "c2": 4},
        group_caps=[GroupCap((("c1", "*"), ("c2", "*")), 3)],
    )
    placed = fast.allocate(market).assignment
    assert {p for p, c in placed.items() if c} == {"p0", "p1", "p4"}


def test_countries_of_quotas_that_nobody_comes_from_change_nothing():
    market = Market(
        (CohortQuota("c", 1, {"XX": 0}, {"YY": 1}),),
        a_market({"a": ["c"]}, {"c": ["a"]}).applicants,
        (GroupCap((("c", "XX"), ("c", "ZZ")), 0),),
    )
    assert fast.allocate(market) == plain.allocate(market)
    assert fast.allocate(market).placed_count == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"cohorts": (CohortQuota("b", 1), CohortQuota("a", 1))},
        {"country": np.zeros(3, np.int64)},
        {"country": np.ones(2, np.int64)},
        {"preferences": np.full((2, 1), 2)},
        {"band": np.zeros((2, 3), np.int64)},
        {"score_milli": np.zeros((2, 1))},
    ],
)
def test_arrays_that_do_not_fit_are_refused(wrong):
    parts = {name: np.zeros((2, 1), np.int64) for name in ("band", "score_milli", "lottery")}
    whole = {
        "cohorts": (CohortQuota("a", 1), CohortQuota("b", 1)),
        "country_codes": ("AZ",),
        "country": np.zeros(2, np.int64),
        "preferences": np.array([[0], [NOWHERE]]),
    }
    assert fast.allocate_columns(ColumnMarket(**parts | whole)).tolist() == [0, NOWHERE]
    with pytest.raises(RuleViolation) as refused:
        fast.allocate_columns(ColumnMarket(**parts | whole | wrong))
    assert refused.value.code == "market.columns"


def test_rows_are_in_the_order_of_ids():
    market = a_market({"b": ["c"], "a": ["c"]}, {"c": ["b", "a"]})
    columns, ids = columns_of(market)
    assert ids == ["a", "b"]
    assert fast.allocate_columns(columns).tolist() == [NOWHERE, 0]
