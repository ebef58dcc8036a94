"""Sealed reviews of a cohort as ratings: one score in points per reviewer and application."""

from __future__ import annotations

from collections.abc import Iterable

from services.selection.domain.calibration.ratings import Rating, Ratings
from services.selection.domain.calibration.severity import Calibration, calibrate
from services.selection.domain.review import ReviewStatus
from services.selection.domain.rubric import WHOLE_PERMILLE
from services.selection.domain.rules import Rules
from services.selection.domain.screening import Screening


def ratings_of(screenings: Iterable[Screening], rules: Rules) -> list[Rating]:
    """Weighted points of every sealed sheet, 0 to 100."""
    return [
        Rating(
            screening.application_id,
            review.reviewer_id,
            rules.review.weighted_milli(review.points) / WHOLE_PERMILLE,
        )
        for screening in screenings
        for review in screening.reviews
        if review.status is ReviewStatus.SEALED and review.scores
    ]


def calibrated(ratings: list[Rating]) -> Calibration | None:
    """The calibration; ``None`` where nothing is sealed yet."""
    return calibrate(Ratings.of(ratings)) if ratings else None
