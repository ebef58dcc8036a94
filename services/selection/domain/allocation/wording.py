"""Explanations as plain values: what a command writes and a route answers."""

from __future__ import annotations

from typing import Any

from services.selection.domain.allocation.explain import Change, Step
from services.selection.domain.allocation.market import Priority


def step_as_plain(step: Step) -> dict[str, Any]:
    """One preference: cohort, own standing, the quota that closed it, the cut-off."""
    return {
        "cohort_id": step.cohort_id,
        "standing": _priority(step.standing),
        "closed_by": step.closed_by,
        "cut_off": None if step.cut_off is None else _priority(step.cut_off),
    }


def change_as_plain(change: Change) -> dict[str, Any]:
    """One person whom other quotas move, with the step that is the cause."""
    return {
        "applicant_id": change.applicant_id,
        "before": change.before,
        "after": change.after,
        "better": change.better,
        "cause": None if change.cause is None else step_as_plain(change.cause),
    }


def _priority(priority: Priority) -> dict[str, Any]:
    # Lottery numbers may be too long for other languages' numbers, so they are written out.
    return {
        "band": priority.band,
        "score_milli": priority.score_milli,
        "lottery": str(priority.lottery),
    }
