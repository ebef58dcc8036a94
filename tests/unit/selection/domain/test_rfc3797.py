import pytest

from chassis.errors import RuleViolation
from services.selection.domain.rfc3797 import rfc3797_picks

KEY = "9319./2.5.8.10.12./9.18.26.34.41.45./"


def test_worked_example_of_section_6():
    picks = rfc3797_picks(KEY, pool_size=25, pick_count=11)
    assert picks == (17, 7, 2, 16, 25, 23, 8, 24, 19, 13, 22)


def test_everybody_is_picked_once_when_all_are_picked():
    assert sorted(rfc3797_picks(KEY, pool_size=25, pick_count=25)) == list(range(1, 26))


@pytest.mark.parametrize(("pool", "picks"), [(0, 0), (65536, 1), (3, 4), (3, -1)])
def test_impossible_numbers_are_refused(pool, picks):
    with pytest.raises(RuleViolation):
        rfc3797_picks(KEY, pool_size=pool, pick_count=picks)


def test_key_that_is_no_text_is_refused():
    with pytest.raises(RuleViolation) as refused:
        rfc3797_picks("\udcff", pool_size=5, pick_count=1)
    assert refused.value.code == "lottery.key"
