import pytest

from chassis.errors import RuleViolation
from tests.builders.selection import some_rules

RUBRIC = some_rules().review


def test_sheets_are_weighed_and_averaged_in_whole_milli_points():
    assert RUBRIC.weighted_milli({"motivation": 70, "ideas": 55}) == 64_000
    sheets = [{"motivation": 70, "ideas": 55}, {"motivation": 71, "ideas": 55}]
    assert RUBRIC.mean_milli(sheets) == 64_300


def test_mean_is_rounded_down():
    sheets = [
        {"motivation": 1, "ideas": 0},
        {"motivation": 0, "ideas": 0},
        {"motivation": 0, "ideas": 1},
    ]
    assert RUBRIC.mean_milli(sheets) == 1000 // 3


@pytest.mark.parametrize(
    ("points", "code"),
    [
        ({"motivation": 70}, "scores.incomplete"),
        ({"motivation": 70, "ideas": 101}, "scores.out_of_range"),
        ({"motivation": 70, "ideas": -1}, "scores.out_of_range"),
        ({"motivation": 70, "ideas": 5, "charm": 3}, "scores.unknown_criterion"),
    ],
)
def test_wrong_sheet_is_refused(points, code):
    with pytest.raises(RuleViolation) as refused:
        RUBRIC.check(points)
    assert refused.value.code == code


def test_points_between_anchors_are_refused_where_only_levels_count():
    with pytest.raises(RuleViolation) as refused:
        some_rules().interview.check(
            {"world_view": 50, "logical_thinking": 50, "foreign_languages": 50}
        )
    assert refused.value.code == "scores.not_an_anchor"


def test_no_sheet_has_no_mean():
    with pytest.raises(RuleViolation):
        RUBRIC.mean_milli([])
