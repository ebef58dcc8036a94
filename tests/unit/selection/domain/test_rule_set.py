import pytest

from chassis.errors import RuleViolation
from contracts.selection import RuleSetFrozen
from services.selection.domain.canonical import sha256_of
from services.selection.domain.rule_set import RuleSet
from tests.builders.selection import COHORT, NOON, a_document, a_rule_set


def test_draft_keeps_the_document_and_its_hash():
    rule_set = RuleSet.draft(cohort_id=COHORT, country_code="AZ", document=a_document())
    assert rule_set.sha256 == sha256_of(a_document())
    assert rule_set.ruleset_id == RuleSet.id_for(COHORT)
    assert rule_set.rules.quota.seats == 2


def test_draft_of_refused_rules_is_refused():  # R1
    with pytest.raises(RuleViolation):
        RuleSet.draft(
            cohort_id=COHORT, country_code="AZ", document=a_document(mechanism="min_cost_flow")
        )


def test_revision_is_a_new_version_with_another_hash():  # R2
    rule_set = a_rule_set(frozen=False)
    before = rule_set.sha256
    rule_set.revise(a_document(quotas={"seats": 24}))
    assert rule_set.ruleset_version == 2
    assert rule_set.sha256 != before
    assert rule_set.rules.quota.seats == 24


def test_freezing_announces_version_and_hash():  # R3
    rule_set = a_rule_set(frozen=False)
    rule_set.freeze(now=NOON)
    assert rule_set.recorded == [
        RuleSetFrozen(
            ruleset_id=rule_set.ruleset_id,
            cohort_id=COHORT,
            country_code="AZ",
            ruleset_version=1,
            sha256=rule_set.sha256,
            frozen_at=NOON,
        )
    ]


@pytest.mark.parametrize(
    "change",
    [lambda r: r.revise(a_document()), lambda r: r.freeze(now=NOON)],
)
def test_frozen_rules_change_no_more(change):  # R2
    rule_set = a_rule_set()
    with pytest.raises(RuleViolation) as refused:
        change(rule_set)
    assert refused.value.code == "ruleset.frozen"


def test_first_use_freezes_and_later_uses_change_nothing():  # R3
    rule_set = a_rule_set(frozen=False)
    rule_set.use(now=NOON)
    rule_set.use(now=NOON)
    assert rule_set.frozen_at == NOON
    assert len(rule_set.recorded) == 1
