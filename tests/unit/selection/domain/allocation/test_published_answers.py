"""Answers printed in the literature; the source stands with each."""

import pytest

from services.selection.domain.allocation import fast, plain
from services.selection.domain.allocation.market import GroupCap
from services.selection.domain.allocation.verify import verify
from tests.builders.selection_markets import a_market

PUBLISHED = {
    "Gale and Shapley 1962, example 2: the only stable matching": (
        {"alpha": "ABCD", "beta": "ADCB", "gamma": "BACD", "delta": "DBCA"},
        {
            "A": ["delta", "gamma", "alpha", "beta"],
            "B": ["beta", "delta", "alpha", "gamma"],
            "C": ["delta", "alpha", "beta", "gamma"],
            "D": ["gamma", "beta", "alpha", "delta"],
        },
        None,
        {"alpha": "C", "beta": "D", "gamma": "A", "delta": "B"},
    ),
    "Abdulkadiroglu and Sonmez 2003, example 1: stable, though i1 and i2 would both swap": (
        {"i1": ["s2", "s1", "s3"], "i2": ["s1", "s2", "s3"], "i3": ["s1", "s2", "s3"]},
        {"s1": ["i1", "i3", "i2"], "s2": ["i2", "i1", "i3"], "s3": ["i2", "i1", "i3"]},
        None,
        {"i1": "s1", "i2": "s2", "i3": "s3"},
    ),
    "NRMP, how the matching algorithm works: applicant-optimal": (
        {"A": "C", "S": "CM", "D": "CMG", "L": "MCG", "J": "CGM"},
        {"M": list("DLSJ"), "C": list("DASLJ"), "G": list("DJL")},
        {"M": 2, "C": 2, "G": 2},
        {"A": "C", "S": "M", "D": "C", "L": "M", "J": "G"},
    ),
    "Wilde, Knight and Gillard 2020 (JOSS), stable marriage example": (
        {"A": "DEF", "B": "DFE", "C": "FDE"},
        {"D": list("BCA"), "E": list("ACB"), "F": list("CBA")},
        None,
        {"A": "E", "B": "D", "C": "F"},
    ),
}


BOTH_ENGINES = pytest.mark.parametrize("allocate", [fast.allocate, plain.allocate])


@BOTH_ENGINES
@pytest.mark.parametrize("name", PUBLISHED)
def test_engine_gives_the_published_answer(name, allocate):
    preferences, rankings, seats, answer = PUBLISHED[name]
    market = a_market(preferences, rankings, seats=seats)

    result = allocate(market)

    assert result.assignment == answer
    assert verify(market, result) == ()


@BOTH_ENGINES
def test_flexible_group_cap_places_all_where_artificial_caps_leave_two_out(allocate):
    """Kamada and Kojima 2015, example 1: a region cap of 10 over two hospitals of 10."""
    doctors = {f"d{n}": ["h1"] if n < 3 else ["h2"] for n in range(10)}
    rankings = {
        "h1": [d for d in doctors if doctors[d] == ["h1"]],
        "h2": [d for d in doctors if doctors[d] == ["h2"]],
    }
    region = GroupCap((("h1", "*"), ("h2", "*")), 10)
    flexible = a_market(doctors, rankings, seats={"h1": 10, "h2": 10}, group_caps=[region])
    artificial = a_market(doctors, rankings, seats={"h1": 5, "h2": 5})

    assert allocate(flexible).placed_count == 10
    assert allocate(artificial).placed_count == 8
