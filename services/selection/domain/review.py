"""One reviewer's blind look at one application."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.selection.domain.rubric import Points


class ReviewStatus(StrEnum):
    """How far a reviewer has come."""

    ASSIGNED = "assigned"
    SEALED = "sealed"
    RECUSED = "recused"
    VOID = "void"


@dataclass(frozen=True, kw_only=True)
class GivenPoints:
    """Points for one criterion, 0 to 100."""

    criterion_code: str
    points: int


@dataclass(frozen=True, kw_only=True)
class Review:
    """A sheet that is changed until it is sealed and never after.

    Attributes:
        conflict_code: why the reviewer stepped back, where they did.
    """

    reviewer_id: str
    status: ReviewStatus = ReviewStatus.ASSIGNED
    scores: tuple[GivenPoints, ...] = ()
    sealed_at: datetime | None = None
    conflict_code: str | None = None

    @property
    def points(self) -> Points:
        """Criterion code -> points."""
        return {given.criterion_code: given.points for given in self.scores}


def given_points(points: Points) -> tuple[GivenPoints, ...]:
    """Points as they are stored, in the order of their codes."""
    return tuple(GivenPoints(criterion_code=c, points=points[c]) for c in sorted(points))
