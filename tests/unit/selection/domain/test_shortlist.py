import pytest

from chassis.errors import RuleViolation
from services.selection.domain.scores import ReviewScore
from services.selection.domain.shortlist import Shortlist
from tests.builders.selection import (
    ADJUSTED,
    COHORT,
    NOON,
    REVIEWERS,
    a_reviewed_screening,
    a_screening,
    application_id,
    some_rules,
)


def _draw(scores, *, open_count=0, call_open=False, **shortlist):
    rules = some_rules(shortlist={"places": 2, "minimum_points": 40, **shortlist})
    return Shortlist.draw(
        cohort_id=COHORT,
        country_code="AZ",
        screenings=[
            a_screening(screening_id=name, application_id=name, review_milli=milli)
            for name, milli in scores.items()
        ],
        open_count=open_count,
        call_open=call_open,
        rules=rules,
        now=NOON,
    )


def test_waits_for_the_last_review():  # R1
    with pytest.raises(RuleViolation) as refused:
        _draw({"a": 90_000}, open_count=1)
    assert refused.value.code == "shortlist.reviews_missing"


def test_waits_for_the_end_of_the_call():  # R1
    with pytest.raises(RuleViolation) as refused:
        _draw({"a": 90_000}, call_open=True)
    assert refused.value.code == "shortlist.call_open"


def test_best_are_in_and_the_rest_is_out():  # R2
    drawn = _draw({"a": 50_000, "b": 90_000, "c": 70_000})
    assert (drawn.shortlisted_ids, drawn.rejected_ids) == (("b", "c"), ("a",))
    assert drawn.cut_off_milli == 70_000


def test_everybody_who_ties_with_the_last_is_in():  # R2
    drawn = _draw({"a": 70_000, "b": 90_000, "c": 70_000})
    assert drawn.shortlisted_ids == ("a", "b", "c")


def test_nobody_below_the_minimum_is_in():  # R2
    drawn = _draw({"a": 39_999, "b": 40_000})
    assert (drawn.shortlisted_ids, drawn.rejected_ids) == (("b",), ("a",))


@pytest.mark.parametrize(("scores", "places"), [({}, 2), ({"a": 90_000}, 0), ({"a": 1}, 2)])
def test_an_empty_shortlist_has_no_cut_off(scores, places):
    drawn = _draw(scores, places=places)
    assert (drawn.shortlisted_ids, drawn.cut_off_milli) == ((), None)


MILD, STRICT, PLAIN, OTHER = REVIEWERS[:4]


def _read(number, sheets):
    return a_reviewed_screening(application_id=application_id(number), sheets=sheets)


def _severe():
    """One and two are equally good and five is less so; one met the strict reviewer."""
    return [
        _read(1, {STRICT: 60, PLAIN: 70}),
        _read(2, {MILD: 80, PLAIN: 70}),
        _read(3, {STRICT: 40, MILD: 60}),
        _read(4, {STRICT: 50, MILD: 70}),
        _read(5, {PLAIN: 61, MILD: 71}),
    ]


def _draw_severe(screenings, **rules):
    return Shortlist.draw(
        cohort_id=COHORT,
        country_code="AZ",
        screenings=screenings,
        open_count=0,
        call_open=False,
        rules=some_rules(shortlist={"places": 2}, **rules),
        now=NOON,
    )


def test_adjusted_scores_rank_where_the_rules_say_so():  # R3
    screenings = _severe()
    one, two, _, _, five = (screening.screening_id for screening in screenings)
    raw, adjusted = _draw_severe(screenings), _draw_severe(screenings, score=ADJUSTED)
    assert (raw.ranked_by, set(raw.shortlisted_ids)) == (ReviewScore.RAW, {two, five})
    assert (raw.cut_off_milli, raw.calibration) == (66_000, None)
    assert (adjusted.ranked_by, set(adjusted.shortlisted_ids)) == (ReviewScore.ADJUSTED, {one, two})
    milli = adjusted.calibration.adjusted()
    assert adjusted.cut_off_milli == min(milli[application_id(n)] for n in (1, 2))


def test_adjusted_scores_follow_exactly_from_whole_severities():  # R3
    calibration = _draw_severe(_severe(), score=ADJUSTED).calibration
    first = calibration.sheets[0]
    assert dict(first.milli) == {"r2": 60_000, "r3": 70_000}
    severity = calibration.severity_milli
    assert (
        calibration.adjusted()[application_id(1)]
        == (130_000 + severity["r2"] + severity["r3"]) // 2
    )
    assert severity["r2"] > severity["r3"] > severity["r1"]


def test_reviewers_who_share_nothing_refuse_the_shortlist():  # R3
    apart = [_read(1, {MILD: 60, PLAIN: 70}), _read(2, {STRICT: 60, OTHER: 70})]
    with pytest.raises(RuleViolation) as refused:
        _draw_severe(apart, score=ADJUSTED)
    assert refused.value.code == "calibration.not_connected"
    assert "ask one of each group for a further review" in refused.value.detail
    apart.append(_read(3, {PLAIN: 50, STRICT: 40}))
    assert len(_draw_severe(apart, score=ADJUSTED).calibration.severity_milli) == 4


def test_nobody_reviewed_makes_an_empty_adjusted_shortlist():
    drawn = _draw_severe([], score=ADJUSTED)
    assert (drawn.shortlisted_ids, drawn.cut_off_milli) == ((), None)
