"""Rates of groups: a published example, small numbers, and what subtraction cannot bring back."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.selection.domain.fairness.monitor import (
    LEAST_COUNT,
    GroupRate,
    Outcome,
    stage_report,
)
from services.selection.domain.fairness.stages import Way, report
from services.selection.domain.interview import InterviewStatus
from services.selection.domain.screening import ScreeningStatus as Status


def _of(**groups):
    """Outcomes of groups given as (decided, passed)."""
    return [
        Outcome(group_code=code, passed=n < passed)
        for code, (decided, passed) in groups.items()
        for n in range(decided)
    ]


def test_four_fifths_example():
    stage = stage_report("s", _of(men=(120, 48), women=(80, 20)))
    men, women = stage.groups
    assert men == GroupRate(
        group_code="men", decided_count=120, passed_count=48, rate=0.4, impact_ratio=1.0,
        p_value=None, flagged=False,
    )  # fmt: skip
    assert (women.rate, women.impact_ratio, women.flagged) == (0.25, 0.625, True)
    assert 0.02 < women.p_value < 0.05
    assert (stage.decided_count, stage.passed_count) == (200, 68)


def test_chance_is_told_against_the_group_with_the_highest_rate():
    stage = stage_report("s", _of(a=(20, 15), b=(20, 5)))
    assert stage.groups[1].p_value == pytest.approx(0.00377, abs=1e-4)


def test_a_ratio_just_above_four_fifths_is_not_flagged():
    stage = stage_report("s", _of(a=(100, 50), b=(100, 41)))
    assert [g.flagged for g in stage.groups] == [False, False]
    assert stage_report("s", _of(a=(100, 50), b=(100, 39))).groups[1].flagged


def test_a_small_group_is_hidden_and_another_one_hides_it():
    stage = stage_report("s", _of(big=(100, 50), middle=(40, 20), small=(4, 1)))
    assert [g.group_code for g in stage.groups] == ["big"]
    assert stage.hidden_group_codes == ("middle", "small")


def test_groups_small_together_hide_one_more():
    stage = stage_report("s", _of(big=(100, 50), middle=(40, 20), x=(1, 1), y=(1, 0)))
    assert stage.hidden_group_codes == ("middle", "x", "y")


def test_few_who_passed_are_hidden_since_they_are_few_at_the_next_stage():
    stage = stage_report("s", _of(a=(100, 50), b=(60, 30), c=(50, 3), d=(50, 48)))
    assert "c" in stage.hidden_group_codes
    assert "d" in stage.hidden_group_codes


def test_nobody_and_everybody_are_shown():
    stage = stage_report("s", _of(a=(10, 10), b=(10, 0)))
    assert [(g.rate, g.impact_ratio, g.flagged) for g in stage.groups] == [
        (1.0, 1.0, False),
        (0.0, 0.0, True),
    ]
    nobody = stage_report("s", _of(a=(10, 0), b=(10, 0)))
    assert [(g.impact_ratio, g.flagged) for g in nobody.groups] == [(None, False)] * 2


def test_a_stage_of_few_people_shows_nothing():
    stage = stage_report("s", _of(a=(3, 1), b=(1, 1)))
    assert (stage.decided_count, stage.groups, stage.hidden_group_codes) == (None, (), ("a", "b"))
    assert stage_report("s", []).groups == ()


@given(
    st.dictionaries(
        st.sampled_from("abcdefgh"),
        st.integers(0, 40).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))),
    )
)
@settings(max_examples=300, deadline=None)
def test_nothing_small_can_be_had_by_subtraction(groups):
    stage = stage_report("s", _of(**groups))

    def small(count):
        return 0 < count < LEAST_COUNT

    for group in stage.groups:
        failed = group.decided_count - group.passed_count
        assert not any(small(n) for n in (group.decided_count, group.passed_count, failed))
    if stage.decided_count is not None and stage.hidden_group_codes:
        decided = stage.decided_count - sum(g.decided_count for g in stage.groups)
        passed = stage.passed_count - sum(g.passed_count for g in stage.groups)
        assert len(stage.hidden_group_codes) > 1
        assert not any(small(n) for n in (decided, passed, decided - passed))


def _ways(count, **changes):
    values = {
        "traits": {"country": "AZ"},
        "status": Status.SHORTLISTED,
        "reviewed": True,
        "interview": InterviewStatus.SCORED,
        "offered": True,
    }
    return [Way(**{**values, **changes})] * count


def test_stages_count_who_was_decided_there():
    ways = [
        *_ways(5),
        *_ways(5, offered=False),
        *_ways(6, interview=InterviewStatus.MISSED, offered=False),
        *_ways(7, status=Status.REJECTED, interview=None, offered=False),
        *_ways(8, status=Status.REJECTED, reviewed=False, interview=None, offered=False),
        *_ways(9, status=Status.WAITING, reviewed=False, interview=None, offered=False),
        *_ways(9, status=Status.WITHDRAWN),
    ]
    counts = {s.stage_code: (s.decided_count, s.passed_count) for s in report(ways, "country")}
    assert counts == {
        "eligible": (31, 23),
        "shortlisted": (23, 16),
        "interviewed": (16, 10),
        "offered": (10, 5),
    }


def test_who_did_not_say_is_a_group():
    stages = report(_ways(10), "gender")
    assert [g.group_code for g in stages[0].groups] == ["not_said"]
