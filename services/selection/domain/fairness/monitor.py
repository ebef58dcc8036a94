"""Selection rates of groups at one stage, with small numbers hidden.

The impact ratio is a group's rate over that of the group with the highest rate among those shown;
below four fifths it is flagged. Fisher's exact test says how often chance alone would make such a
difference. Neither says why.

Source: four-fifths rule, 29 CFR 1607.4(D).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

LEAST_COUNT = 5
"""Smaller counts of people, but none at all, are not shown."""

_FOUR_FIFTHS = 0.8


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """One person whose stage is decided, and how."""

    group_code: str
    passed: bool


@dataclass(frozen=True, kw_only=True)
class GroupRate:
    """How one group fared.

    Attributes:
        rate, impact_ratio: 0-1; the ratio is ``None`` where nobody passed anywhere.
        p_value: of Fisher's exact test against the group with the highest rate, two-sided.
        flagged: the impact ratio is below four fifths.
    """

    group_code: str
    decided_count: int
    passed_count: int
    rate: float
    impact_ratio: float | None
    p_value: float | None
    flagged: bool


@dataclass(frozen=True, kw_only=True)
class StageReport:
    """All groups of one stage.

    Attributes:
        decided_count, passed_count: of everybody; ``None`` where they are small themselves.
        groups: those that may be shown, by code.
        hidden_group_codes: those that may not, either small themselves or needed to cover one.
    """

    stage_code: str
    decided_count: int | None
    passed_count: int | None
    groups: tuple[GroupRate, ...]
    hidden_group_codes: tuple[str, ...]


def stage_report(stage_code: str, outcomes: Iterable[Outcome]) -> StageReport:
    """The rates of a stage; what is hidden cannot be had by subtracting what is shown."""
    decided: Counter[str] = Counter()
    passed: Counter[str] = Counter()
    for outcome in outcomes:
        decided[outcome.group_code] += 1
        passed[outcome.group_code] += outcome.passed
    total, total_passed = decided.total(), passed.total()
    if not _may_be_shown(total, total_passed):
        return StageReport(
            stage_code=stage_code,
            decided_count=None,
            passed_count=None,
            groups=(),
            hidden_group_codes=tuple(sorted(decided)),
        )
    hidden = _hidden(decided, passed)
    shown = sorted(decided.keys() - hidden)
    return StageReport(
        stage_code=stage_code,
        decided_count=total,
        passed_count=total_passed,
        groups=tuple(_rates(shown, decided, passed)),
        hidden_group_codes=tuple(sorted(hidden)),
    )


def _may_be_shown(decided: int, passed: int) -> bool:
    """Neither those who passed nor those who did not are few; few who passed here would be few
    people at the next stage.
    """
    return decided >= LEAST_COUNT and not (
        0 < passed < LEAST_COUNT or 0 < decided - passed < LEAST_COUNT
    )


def _hidden(decided: Counter[str], passed: Counter[str]) -> set[str]:
    """Groups not shown: the small ones, and as many more as hide them in the rest."""
    hidden = {group for group in decided if not _may_be_shown(decided[group], passed[group])}
    while hidden and hidden != set(decided):
        together = sum(decided[group] for group in hidden)
        together_passed = sum(passed[group] for group in hidden)
        if len(hidden) > 1 and _may_be_shown(together, together_passed):
            break
        hidden.add(min(decided.keys() - hidden, key=lambda group: (decided[group], group)))
    return hidden


def _rates(shown: list[str], decided: Counter[str], passed: Counter[str]) -> Iterable[GroupRate]:
    if not shown:
        return
    from scipy.stats import fisher_exact

    best = max(shown, key=lambda group: (passed[group] / decided[group], decided[group]))
    highest = passed[best] / decided[best]
    for group in shown:
        rate = passed[group] / decided[group]
        ratio = rate / highest if highest else None
        p_value = None
        if group != best:
            table = [[passed[g], decided[g] - passed[g]] for g in (group, best)]
            p_value = float(fisher_exact(table).pvalue)
        yield GroupRate(
            group_code=group,
            decided_count=decided[group],
            passed_count=passed[group],
            rate=rate,
            impact_ratio=ratio,
            p_value=p_value,
            flagged=ratio is not None and ratio < _FOUR_FIFTHS,
        )
