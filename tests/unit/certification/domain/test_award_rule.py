import pytest

from chassis.errors import RuleViolation
from contracts.certification import AwardRulePublished
from services.certification.domain.award_rule import AwardRule
from tests.builders.certification import COHORT, NOON, later, terms


def a_rule_of_the_cohort() -> AwardRule:
    return AwardRule.for_cohort(cohort_id=COHORT, country_code="AZ")


def test_each_change_is_a_new_version_and_old_ones_stay():  # R2
    rule = a_rule_of_the_cohort()
    rule.publish(terms(), now=NOON)
    rule.publish(terms(hold_minutes=60), now=later(days=1))
    assert [(v.rule_version, v.terms) for v in rule.versions] == [
        (1, terms()),
        (2, terms(hold_minutes=60)),
    ]
    assert rule.current.rule_version == 2
    assert rule.recorded[1] == AwardRulePublished(
        award_rule_id=rule.award_rule_id,
        cohort_id=COHORT,
        country_code="AZ",
        rule_version=2,
        sha256=terms(hold_minutes=60).sha256(),
        published_at=later(days=1),
    )


def test_publishing_what_is_in_force_is_refused():  # R3
    rule = a_rule_of_the_cohort()
    rule.publish(terms(), now=NOON)
    with pytest.raises(RuleViolation) as refused:
        rule.publish(terms(), now=NOON)
    assert refused.value.code == "award_rule.unchanged"


def test_terms_that_ask_nothing_are_not_published():  # R1
    rule = a_rule_of_the_cohort()
    with pytest.raises(RuleViolation) as refused:
        rule.publish(terms(grades=()), now=NOON)
    assert refused.value.code == "award_rule.no_grade"
    assert rule.recorded == []


def test_without_terms_there_is_nothing_in_force():
    with pytest.raises(RuleViolation) as refused:
        _ = a_rule_of_the_cohort().current
    assert refused.value.code == "award_rule.unpublished"
