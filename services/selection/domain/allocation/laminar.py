"""Refuses quotas under which deferred acceptance would lose its properties.

All caps together must be laminar: the cells of any two are nested or disjoint. Then the choice
of every cohort, and of every group of cohorts, is substitutable, the outcome is stable and
nobody gains by lying. Ceilings are single cells and never cross anything; seats and group caps
can.

Source: Biro, Fleiner, Irving, Manlove (2010): nested common quotas keep the problem easy,
overlapping ones make it NP-hard.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

from chassis.errors import RuleViolation
from services.selection.domain.allocation.market import (
    ANY_COUNTRY,
    Cell,
    CohortQuota,
    GroupCap,
    Market,
)


def check_market(market: Market) -> None:
    """Refuse a market whose quotas or preferences cannot be honoured.

    Raises:
        RuleViolation: ``market.*`` or ``quota.*``; the detail names the offending pair.
    """
    check_quotas(market.cohorts, market.group_caps)
    _check_applicants(market)


def check_quotas(cohorts: Iterable[CohortQuota], group_caps: Iterable[GroupCap]) -> None:
    """Refuse quotas that contradict or cross each other.

    Raises:
        RuleViolation: ``quota.*``; the detail names the offending pair.
    """
    cohorts, group_caps = tuple(cohorts), tuple(group_caps)
    known = {cohort.cohort_id for cohort in cohorts}
    if len(known) != len(cohorts):
        raise RuleViolation("quota.cohort_twice", "a cohort is listed twice")
    for cohort in cohorts:
        _check_cohort(cohort)
    for group in group_caps:
        _check_group(group, known)
    _check_crossings(cohorts, group_caps)
    _check_promises(cohorts, group_caps)


def covers(cells: Iterable[Cell], cell: Cell) -> bool:
    """Whether a set of cells contains a cell, a whole cohort containing each of its countries."""
    return cell in cells or (cell[0], ANY_COUNTRY) in cells


def _check_cohort(cohort: CohortQuota) -> None:
    name = f"cohort {cohort.cohort_id}"
    numbers = (cohort.seats, *cohort.country_ceilings.values(), *cohort.country_reserves.values())
    if min(numbers) < 0:
        raise RuleViolation("quota.negative", f"{name} has a negative quota")
    promised = sum(cohort.country_reserves.values())
    if promised > cohort.seats:
        raise RuleViolation(
            "quota.reserves_exceed_seats",
            f"{name}: its reserves promise {promised} places, its seats are {cohort.seats}",
        )
    for country_code, reserve in sorted(cohort.country_reserves.items()):
        ceiling = cohort.country_ceilings.get(country_code, reserve)
        if reserve > ceiling:
            raise RuleViolation(
                "quota.reserve_exceeds_ceiling",
                f"{name}: {country_code} has a reserve of {reserve} above its ceiling of {ceiling}",
            )


def _check_group(group: GroupCap, known: set[str]) -> None:
    if group.cap < 0:
        raise RuleViolation("quota.negative", f"the {_named(group)} is negative")
    if not group.cells:
        raise RuleViolation("quota.group_empty", "a group cap has no cells")
    for cohort_id, _ in group.cells:
        if cohort_id not in known:
            raise RuleViolation(
                "quota.unknown_cohort", f"the {_named(group)} names the unknown cohort {cohort_id}"
            )


def _check_crossings(cohorts: tuple[CohortQuota, ...], groups: tuple[GroupCap, ...]) -> None:
    for group in groups:
        for cohort in cohorts:
            seats = ((cohort.cohort_id, ANY_COUNTRY),)
            if _cross(group.cells, seats):
                raise RuleViolation(
                    "quota.caps_cross",
                    f"the {_named(group)} crosses the seats of cohort {cohort.cohort_id}: caps "
                    "must be nested or disjoint, or the outcome is not stable and lying can pay; "
                    "split it into ceilings per cohort",
                )
    for first, second in combinations(groups, 2):
        if _cross(first.cells, second.cells):
            raise RuleViolation(
                "quota.caps_cross",
                f"the {_named(first)} crosses the {_named(second)}: make them nested or disjoint",
            )


def _check_promises(cohorts: tuple[CohortQuota, ...], groups: tuple[GroupCap, ...]) -> None:
    for group in groups:
        promised = sum(
            reserve
            for cohort in cohorts
            for country_code, reserve in cohort.country_reserves.items()
            if covers(group.cells, (cohort.cohort_id, country_code))
        )
        if promised > group.cap:
            raise RuleViolation(
                "quota.reserves_exceed_group",
                f"reserves inside the {_named(group)} promise {promised} places",
            )


def _cross(first: tuple[Cell, ...], second: tuple[Cell, ...]) -> bool:
    touching = any(covers(first, cell) for cell in second) or any(
        covers(second, cell) for cell in first
    )
    return touching and not _inside(first, second) and not _inside(second, first)


def _inside(inner: tuple[Cell, ...], outer: tuple[Cell, ...]) -> bool:
    return all(covers(outer, cell) for cell in inner)


def _named(group: GroupCap) -> str:
    cells = ", ".join(f"{cohort_id}/{country_code}" for cohort_id, country_code in group.cells)
    return f"group cap {group.cap} on [{cells}]"


def _check_applicants(market: Market) -> None:
    known = {cohort.cohort_id for cohort in market.cohorts}
    seen: set[str] = set()
    for applicant in market.applicants:
        name = f"applicant {applicant.applicant_id}"
        if applicant.applicant_id in seen:
            raise RuleViolation("market.applicant_twice", f"{name} is listed twice")
        seen.add(applicant.applicant_id)
        if len(set(applicant.preferences)) != len(applicant.preferences):
            raise RuleViolation("market.preference_twice", f"{name} lists a cohort twice")
        for cohort_id in applicant.preferences:
            if cohort_id not in known:
                raise RuleViolation(
                    "market.unknown_cohort", f"{name} prefers the unknown cohort {cohort_id}"
                )
            if cohort_id not in applicant.priorities:
                raise RuleViolation(
                    "market.priority_missing", f"{name} has no priority at cohort {cohort_id}"
                )
