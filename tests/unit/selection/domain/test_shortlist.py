import pytest

from chassis.errors import RuleViolation
from services.selection.domain.shortlist import Shortlist
from tests.builders.selection import COHORT, NOON, some_rules


def _draw(scores, *, open_count=0, call_open=False, **shortlist):
    rules = some_rules(shortlist={"places": 2, "minimum_points": 40, **shortlist})
    return Shortlist.draw(
        cohort_id=COHORT,
        country_code="AZ",
        scores=scores,
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
