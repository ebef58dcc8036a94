"""Why somebody is where they are: at each preference the quota that closed, and the cut-off."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial

from services.selection.domain.allocation import fast
from services.selection.domain.allocation.market import Applicant, Market, Priority, Result
from services.selection.domain.allocation.verify import Seating


@dataclass(frozen=True, slots=True)
class Step:
    """One preference of one person.

    Attributes:
        standing: their own priority there.
        closed_by: the innermost quota over them that was full; ``None`` where they are placed.
        cut_off: standing of the last person whom a better one of their country could have
            displaced; ``None`` where nobody could have been: no places, all of them under other
            countries' reserves, or another cohort's turn.
    """

    cohort_id: str
    standing: Priority
    closed_by: str | None
    cut_off: Priority | None


@dataclass(frozen=True, slots=True)
class Change:
    """What a changed quota does to one person.

    Attributes:
        before, after: cohort id, or ``None`` for no place.
        better: whether they prefer what they get now.
        cause: the step that says it: what closes their old place now, or closed the new one before.
    """

    applicant_id: str
    before: str | None
    after: str | None
    better: bool
    cause: Step | None


def explain(market: Market, result: Result) -> dict[str, tuple[Step, ...]]:
    """Applicant id -> their preferences down to the place they have.

    Args:
        result: of this market, verified.
    """
    seating = Seating.of(market, result)
    closed = cache(partial(_closed, seating))  # alike for everybody of a country
    return {
        a.applicant_id: _steps(result.assignment[a.applicant_id], a, closed)
        for a in market.applicants
    }


def what_if(market: Market, changed: Market) -> tuple[Change, ...]:
    """Everybody whose place differs under changed quotas, by id, with the cause.

    Args:
        changed: the same people.

    Raises:
        RuleViolation: one of the markets is refused.
    """
    before, after = fast.allocate(market), fast.allocate(changed)
    why_before, why_after = explain(market, before), explain(changed, after)
    return tuple(
        _change(a, before.assignment, after.assignment, why_before, why_after)
        for a in sorted(market.applicants, key=lambda a: a.applicant_id)
        if before.assignment[a.applicant_id] != after.assignment[a.applicant_id]
    )


def _change(
    applicant: Applicant,
    before: Mapping[str, str | None],
    after: Mapping[str, str | None],
    why_before: Mapping[str, tuple[Step, ...]],
    why_after: Mapping[str, tuple[Step, ...]],
) -> Change:
    person = applicant.applicant_id
    order = [*applicant.preferences, None]
    better = order.index(after[person]) < order.index(before[person])
    steps, place = (why_before, after[person]) if better else (why_after, before[person])
    cause = next((step for step in steps[person] if step.cohort_id == place), None)
    return Change(person, before[person], after[person], better, cause)


def _steps(
    got: str | None,
    applicant: Applicant,
    closed: Callable[[str, str], tuple[str, Priority | None]],
) -> tuple[Step, ...]:
    steps = []
    for cohort_id in applicant.preferences:
        standing = applicant.priorities[cohort_id]
        if cohort_id == got:
            steps.append(Step(cohort_id, standing, None, None))
            break
        steps.append(Step(cohort_id, standing, *closed(cohort_id, applicant.country_code)))
    return tuple(steps)


def _closed(seating: Seating, cohort_id: str, country_code: str) -> tuple[str, Priority | None]:
    """The quota that closed a cohort to a country, and the cut-off."""
    cell = (cohort_id, country_code)
    tight = next(cap for cap in seating.caps_over[cell] if cap.full)
    rivals = [other for other in tight.cells_of[cohort_id] if seating.may_leave(other)]
    last = max((seating.worst[at] for at in (cell, *rivals) if at in seating.worst), default=None)
    cut_off = None if last is None else Priority(last[0], -last[1], last[2])
    where = ", ".join(sorted(tight.cells_of))
    return f"{tight.name} of {where}: {tight.size}", cut_off
