from dataclasses import replace

from services.selection.domain.allocation.explain import Change, Step, explain, what_if
from services.selection.domain.allocation.market import CohortQuota, Priority
from services.selection.domain.allocation.plain import allocate
from tests.builders.selection_markets import a_market, a_random_market

BEST, SECOND, THIRD = (Priority(0, 0, place) for place in range(3))


def _school():
    """Two of Azerbaijan, one of Georgia; `c` has two seats, one for a Georgian at least."""
    return a_market(
        {"a": ["c", "d"], "b": ["c", "d"], "g": ["c"]},
        {"c": ["a", "b", "g"], "d": ["a", "b"]},
        seats={"c": 2, "d": 1},
        countries={"a": "AZ", "b": "AZ", "g": "GE"},
        reserves={"c": {"GE": 1}},
    )


def test_each_preference_says_what_closed_it_and_where_the_cut_was():
    market = _school()
    assert explain(market, allocate(market)) == {
        "a": (Step("c", BEST, None, None),),
        "b": (Step("c", SECOND, "seats of c: 2", BEST), Step("d", SECOND, None, None)),
        "g": (Step("c", THIRD, None, None),),
    }


def test_ceiling_is_named_before_the_seats_and_nobody_is_cut_where_there_is_no_place():
    market = a_market(
        {"a": ["c"], "b": ["c"], "g": ["d"]},
        {"c": ["a", "b"], "d": ["g"]},
        seats={"c": 2, "d": 0},
        countries={"a": "AZ", "b": "AZ", "g": "GE"},
        ceilings={"c": {"AZ": 1}},
    )
    steps = explain(market, allocate(market))
    assert steps["b"] == (Step("c", SECOND, "ceiling of AZ of c: 1", BEST),)
    assert steps["g"] == (Step("d", BEST, "seats of d: 0", None),)


def test_whoever_is_left_out_stands_behind_the_cut_off():
    closed = 0
    for seed in range(200):
        market = a_random_market(seed, most_applicants=10)
        steps = explain(market, allocate(market))
        for applicant in market.applicants:
            for step in steps[applicant.applicant_id]:
                if step.cut_off is None:
                    continue
                mine = applicant.priorities[step.cohort_id]
                last = step.cut_off
                assert (mine.band, -mine.score_milli, mine.lottery) >= (
                    last.band,
                    -last.score_milli,
                    last.lottery,
                )
                closed += 1
    assert closed > 100


def test_changed_quota_names_everybody_it_moves_and_why():
    market = _school()
    without = replace(market, cohorts=(CohortQuota("c", 2), market.cohorts[1]))
    assert what_if(market, without) == (
        Change("b", "d", "c", True, Step("c", SECOND, "seats of c: 2", BEST)),
        Change("g", "c", None, False, Step("c", THIRD, "seats of c: 2", SECOND)),
    )
    assert what_if(market, market) == ()
