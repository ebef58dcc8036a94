import pytest

from chassis.errors import RuleViolation
from services.selection.domain.allocation.laminar import check_market, check_quotas
from services.selection.domain.allocation.market import CohortQuota, GroupCap
from tests.builders.selection_markets import a_market

COHORTS = (CohortQuota("c1", 5, {"AZ": 3}, {"GE": 2}), CohortQuota("c2", 5))


@pytest.mark.parametrize(
    "groups",
    [
        [GroupCap((("c1", "*"), ("c2", "*")), 8)],
        [GroupCap((("c1", "AZ"), ("c1", "GE")), 4), GroupCap((("c1", "*"), ("c2", "*")), 8)],
        [GroupCap((("c1", "AZ"),), 4), GroupCap((("c1", "GE"), ("c1", "TR")), 2)],
    ],
)
def test_nested_or_disjoint_caps_are_taken(groups):
    check_quotas(COHORTS, groups)


def test_cap_across_parts_of_cohorts_is_refused_naming_the_pair():
    with pytest.raises(RuleViolation) as refused:
        check_quotas(COHORTS, [GroupCap((("c1", "AZ"), ("c2", "AZ")), 4)])

    assert refused.value.code == "quota.caps_cross"
    assert "group cap 4 on [c1/AZ, c2/AZ] crosses the seats of cohort c1" in refused.value.detail


def test_overlapping_group_caps_are_refused_naming_the_pair():
    overlapping = [
        GroupCap((("c1", "AZ"), ("c1", "GE")), 4),
        GroupCap((("c1", "GE"), ("c1", "TR")), 3),
    ]
    with pytest.raises(RuleViolation) as refused:
        check_quotas(COHORTS, overlapping)

    assert refused.value.code == "quota.caps_cross"
    assert "[c1/AZ, c1/GE] crosses the group cap 3 on [c1/GE, c1/TR]" in refused.value.detail


@pytest.mark.parametrize(
    ("cohort", "code"),
    [
        (CohortQuota("c", -1), "quota.negative"),
        (CohortQuota("c", 2, {}, {"AZ": 2, "GE": 1}), "quota.reserves_exceed_seats"),
        (CohortQuota("c", 2, {"AZ": 1}, {"AZ": 2}), "quota.reserve_exceeds_ceiling"),
    ],
)
def test_contradicting_quotas_of_a_cohort_are_refused(cohort, code):
    with pytest.raises(RuleViolation) as refused:
        check_quotas([cohort], [])
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("group", "code"),
    [
        (GroupCap((), 1), "quota.group_empty"),
        (GroupCap((("c1", "*"),), -1), "quota.negative"),
        (GroupCap((("c9", "*"),), 1), "quota.unknown_cohort"),
        (GroupCap((("c1", "GE"), ("c1", "AZ")), 1), "quota.reserves_exceed_group"),
    ],
)
def test_group_cap_that_cannot_be_honoured_is_refused(group, code):
    with pytest.raises(RuleViolation) as refused:
        check_quotas(COHORTS, [group])
    assert refused.value.code == code


def test_applicant_without_priority_is_refused():
    market = a_market({"a": ["c"]}, {"c": ["a"]})
    market.applicants[0].priorities.clear()
    with pytest.raises(RuleViolation) as refused:
        check_market(market)
    assert refused.value.code == "market.priority_missing"
