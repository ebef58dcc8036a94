"""Commands about the forgetting of a cohort's people."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.aggregate import Command


@dataclass(frozen=True, kw_only=True)
class RequestCohortErasure(Command):
    """Have the people of a cohort that is over forgotten."""

    cohort_id: str


@dataclass(frozen=True, kw_only=True)
class ReleasePerson(Command):
    """Have one person of such a cohort forgotten, unless they have a reason to stay.

    Attributes:
        settled_ids: their participations of which no certificate can be lost any more.
        requested_by: who asked for the cohort.
    """

    cohort_id: str
    subject_id: str
    settled_ids: frozenset[str]
    requested_by: str


@dataclass(frozen=True, kw_only=True)
class FinishCohortErasure(Command):
    """Note that everybody of a cohort was looked at."""

    cohort_id: str
    round_no: int
