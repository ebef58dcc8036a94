"""The quotas a run is held to, as its rule sets give them."""

from __future__ import annotations

from collections.abc import Iterable

from services.selection.domain.allocation.laminar import check_quotas
from services.selection.domain.allocation.market import GroupCap
from services.selection.domain.candidate import GroupRecord, QuotaRecord
from services.selection.domain.rules import Rules


def quota_of(cohort_id: str, ruleset_sha256: str, rules: Rules) -> QuotaRecord:
    """The quota of one cohort."""
    quota = rules.quota
    return QuotaRecord(
        cohort_id=cohort_id,
        ruleset_sha256=ruleset_sha256,
        seats=quota.seats,
        country_ceilings=dict(quota.country_ceilings),
        country_reserves=dict(quota.country_reserves),
    )


def groups_of(all_rules: Iterable[Rules]) -> tuple[GroupRecord, ...]:
    """Group caps of all rule sets, each once.

    Raises:
        RuleViolation: ``quota.*``; quotas of different cohorts contradict each other.
    """
    all_rules = tuple(all_rules)
    caps = sorted(
        {(tuple(sorted(g.cells)), g.cap) for rules in all_rules for g in rules.group_caps}
    )
    check_quotas([rules.quota for rules in all_rules], [GroupCap(*cap) for cap in caps])
    return tuple(
        GroupRecord(cells=tuple(f"{c}/{country}" for c, country in cells), cap=cap)
        for cells, cap in caps
    )
