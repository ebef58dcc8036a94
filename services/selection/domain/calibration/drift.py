"""Whether a reviewer grew stricter or milder on the way, and whose reviews lie too far apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from services.selection.domain.calibration.ratings import Ratings
from services.selection.domain.calibration.severity import Calibration

LEAST_REVIEWS = 8
"""Fewer say nothing about a change; ours."""


@dataclass(frozen=True, kw_only=True)
class Drift:
    """Severity in the later half of a reviewer's work minus that in the earlier half, in points.

    Measured against the colleagues who read the same applicants: where one turns strict, they
    look a little milder.

    Attributes:
        half_width: of an interval that holds for all reviewers at once at 95 % (Bonferroni).
        flagged: zero is not inside.
    """

    reviewer_id: str
    points: float
    half_width: float
    flagged: bool


def drifts(
    ratings: Ratings, calibration: Calibration, given_at: Mapping[tuple[str, str], float]
) -> tuple[Drift, ...]:
    """Drift of every reviewer with enough reviews.

    Args:
        given_at: (applicant id, reviewer id) -> when, on any scale that grows with time.
    """
    if calibration.residuals is None or calibration.noise_sd is None:
        return ()
    pairs = zip(ratings.applicant, ratings.reviewer, strict=True)
    moment = np.array(
        [given_at[ratings.applicant_ids[a], ratings.reviewer_ids[r]] for a, r in pairs]
    )
    rows_of = {n: np.flatnonzero(ratings.reviewer == n) for n in range(len(ratings.reviewer_ids))}
    enough = {n: rows for n, rows in rows_of.items() if len(rows) >= LEAST_REVIEWS}
    from scipy import stats

    quantile = stats.norm.ppf(1 - 0.025 / max(1, len(enough)))
    found = []
    for number, rows in enough.items():
        ordered = rows[np.argsort(moment[rows], kind="stable")]
        early, late = ordered[: len(rows) // 2], ordered[len(rows) // 2 :]
        # A lower residual than before is a stricter reviewer than before.
        points = float(calibration.residuals[early].mean() - calibration.residuals[late].mean())
        error = calibration.noise_sd * np.sqrt(1 / len(early) + 1 / len(late))
        half_width = float(quantile * error)
        found.append(
            Drift(
                reviewer_id=ratings.reviewer_ids[number],
                points=points,
                half_width=half_width,
                flagged=abs(points) > half_width,
            )
        )
    return tuple(found)


def need_a_third_reader(ratings: Ratings, *, apart: float) -> tuple[str, ...]:
    """Applicants whose highest and lowest score differ by more than ``apart`` points."""
    count = len(ratings.applicant_ids)
    highest, lowest = np.full(count, -np.inf), np.full(count, np.inf)
    np.maximum.at(highest, ratings.applicant, ratings.score)
    np.minimum.at(lowest, ratings.applicant, ratings.score)
    return tuple(ratings.applicant_ids[n] for n in np.flatnonzero(highest - lowest > apart))
