"""What a group of cohorts chooses, by trying every subset: slow and plainly the definition."""

from __future__ import annotations

from itertools import chain, combinations, product

from services.selection.domain.allocation.laminar import covers
from services.selection.domain.allocation.market import Applicant, Market

Contract = tuple[Applicant, str]


def stable_assignments(market: Market) -> list[dict[str, str | None]]:
    """Every assignment nobody can justly object to."""
    people = market.applicants
    choices = product(*([None, *applicant.preferences] for applicant in people))
    assignments = (
        {p.applicant_id: c for p, c in zip(people, choice, strict=True)} for choice in choices
    )
    return [assignment for assignment in assignments if is_stable(market, assignment)]


def is_stable(market: Market, assignment: dict[str, str | None]) -> bool:
    """Feasible, and no cohort would take somebody who prefers it to what they got."""
    seated = [(a, c) for a in market.applicants if (c := assignment[a.applicant_id]) is not None]
    if not _feasible(market, seated):
        return False
    for applicant in market.applicants:
        for cohort_id in applicant.preferences:
            if cohort_id == assignment[applicant.applicant_id]:
                break
            newcomer = (applicant, cohort_id)
            if newcomer in best_subset(market, [*seated, newcomer]):
                return False
    return True


def best_subset(market: Market, contracts: list[Contract]) -> list[Contract]:
    """Most reserves filled, then turns kept, then merit, compared in this order."""
    subsets = chain.from_iterable(
        combinations(contracts, size) for size in range(len(contracts) + 1)
    )
    feasible = [list(subset) for subset in subsets if _feasible(market, subset)]
    return max(feasible, key=lambda subset: _value(market, contracts, subset))


def _feasible(market: Market, subset) -> bool:
    limits = [(group.cells, group.cap) for group in market.group_caps]
    for cohort in market.cohorts:
        limits.append((((cohort.cohort_id, "*"),), cohort.seats))
        for country, ceiling in cohort.country_ceilings.items():
            limits.append((((cohort.cohort_id, country),), ceiling))
    return all(
        sum(covers(cells, (c, a.country_code)) for a, c in subset) <= size for cells, size in limits
    )


def _value(market: Market, contracts: list[Contract], subset: list[Contract]):
    reserves = sum(
        min(reserve, sum(c == cohort.cohort_id and a.country_code == country for a, c in subset))
        for cohort in market.cohorts
        for country, reserve in cohort.country_reserves.items()
    )
    counts = {q.cohort_id: sum(c == q.cohort_id for _, c in subset) for q in market.cohorts}
    turns = [
        counts[cohort_id] >= turn
        for turn in range(1, len(contracts) + 1)
        for cohort_id in sorted(counts)
    ]
    ranked = sorted(
        contracts, key=lambda contract: (contract[1], contract[0].rank_key(contract[1]))
    )
    return reserves, turns, [contract in subset for contract in ranked]
