"""The additive severity model: score = what the applicant is worth - severity + noise.

Applicants are fixed effects, so a country with good people is not taken for one with mild
reviewers. Severities are shrunk towards zero by as much as the scores themselves say they are
noise; where reviewers do not differ, nothing is adjusted. Scores are never standardised per
reviewer: z-scores take away true differences between groups that different people read.

Source: variance components by Henderson's method 3 (Searle, Casella, McCulloch: Variance
Components, 1992, chapter 5); severities as best linear unbiased predictions.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from chassis.errors import RuleViolation
from services.selection.domain.calibration.ratings import Floats, Ratings

MOST_REVIEWERS = 4000
"""The equations grow with the square of the reviewers; the limit is ours."""

_CONFIDENCE = 0.975  # two-sided 95 %
_NO_NOISE = 1e-12  # of the scores' own variance: what rounding leaves of an exact fit


class Refusal(StrEnum):
    """Why scores were left as they are."""

    NOT_CONNECTED = "not_connected"
    ONE_REVIEWER = "one_reviewer"


@dataclass(frozen=True, kw_only=True)
class Severity:
    """How strict one reviewer is, in points; positive is strict.

    Attributes:
        half_width: of the 95 % interval, as wide as it is before shrinkage; ``None`` where no
            score is left over to tell noise from severity.
        misfit: mean squared residual over the noise variance, 1 as expected, larger is erratic.
    """

    reviewer_id: str
    review_count: int
    points: float
    half_width: float | None
    misfit: float | None


@dataclass(frozen=True, kw_only=True)
class Adjusted:
    """One applicant's mean, plain and with the severities taken out."""

    applicant_id: str
    review_count: int
    raw_mean: float
    adjusted_mean: float | None


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """What came out; where it was refused there are raw means and groups only.

    Attributes:
        groups: reviewers joined by common applicants; more than one: not comparable.
        noise_sd, severity_sd: estimated, in points.
        residuals: per row of the ratings, score minus what the model expects.
    """

    refused: Refusal | None
    groups: tuple[tuple[str, ...], ...]
    applicants: tuple[Adjusted, ...]
    severities: tuple[Severity, ...] = ()
    noise_sd: float | None = None
    severity_sd: float | None = None
    residuals: Floats | None = None


def calibrate(ratings: Ratings) -> Calibration:
    """Estimate severities and take them out; refused where reviewers cannot be compared.

    Raises:
        RuleViolation: ``calibration.too_many_reviewers``.
    """
    if len(ratings.reviewer_ids) > MOST_REVIEWERS:
        raise RuleViolation(
            "calibration.too_many_reviewers",
            f"{len(ratings.reviewer_ids)} reviewers; the limit is {MOST_REVIEWERS}",
        )
    groups = ratings.reviewer_groups()
    if len(groups) > 1:
        return _refused(ratings, Refusal.NOT_CONNECTED, groups)
    if len(ratings.reviewer_ids) == 1:
        return _refused(ratings, Refusal.ONE_REVIEWER, groups)
    return _fit(ratings, groups)


def _refused(
    ratings: Ratings, refusal: Refusal, groups: tuple[tuple[str, ...], ...]
) -> Calibration:
    return Calibration(refused=refusal, groups=groups, applicants=_means(ratings, None))


def _fit(ratings: Ratings, groups: tuple[tuple[str, ...], ...]) -> Calibration:
    from scipy import linalg

    reviewers = len(ratings.reviewer_ids)
    # What each score lies above its applicant's mean: applicants are out of the equations.
    deviation = ratings.score - ratings.raw_means[ratings.applicant]
    pull = -ratings.per_reviewer(deviation)
    stiffness = _stiffness(ratings)
    # The level of all severities together is free; it is pinned at zero.
    pin = np.full((reviewers, reviewers), 1 / reviewers)
    pinned = linalg.inv(stiffness + pin) - pin
    explained = float(pull @ pinned @ pull)
    spare = len(ratings.score) - len(ratings.applicant_ids) - (reviewers - 1)
    noise = _noise_variance(ratings, float(deviation @ deviation) - explained, spare)
    spread = max(0.0, (explained - (reviewers - 1) * (noise or 0.0)) / float(np.trace(stiffness)))
    points = _shrunk(stiffness + pin, pull, noise, spread)
    residuals = deviation + points[ratings.reviewer] - _per_row_mean(ratings, points)
    return Calibration(
        refused=None,
        groups=groups,
        applicants=_means(ratings, points),
        severities=_severities(ratings, points, residuals, noise, np.diag(pinned), spare),
        noise_sd=None if noise is None else float(np.sqrt(noise)),
        severity_sd=float(np.sqrt(spread)) if noise is not None else None,
        residuals=residuals,
    )


def _stiffness(ratings: Ratings) -> Floats:
    """Laplacian of the reviewers' graph: two are tied as often as they read the same people."""
    met = ratings.incidence()
    tied = (met @ (met / ratings.review_counts).T).toarray()
    stiffness: Floats = np.diag(ratings.load_counts.astype(np.float64)) - tied
    return stiffness


def _noise_variance(ratings: Ratings, unexplained: float, spare: int) -> float | None:
    if spare <= 0:
        return None
    negligible = _NO_NOISE * max(float(np.var(ratings.score)), 1e-300) * len(ratings.score)
    return 0.0 if unexplained <= negligible else unexplained / spare


def _shrunk(stiffness: Floats, pull: Floats, noise: float | None, spread: float) -> Floats:
    if spread == 0.0:
        return np.zeros(len(pull))
    from scipy import linalg

    # With nothing left over to measure noise, it is taken to be as large as severity.
    shrinkage = 1.0 if noise is None else noise / spread
    solved: Floats = linalg.solve(stiffness + shrinkage * np.eye(len(pull)), pull, assume_a="pos")
    centred: Floats = solved - solved.mean()
    return centred


def _per_row_mean(ratings: Ratings, points: Floats) -> Floats:
    """For each row, the mean severity its applicant met."""
    met = ratings.per_applicant(points[ratings.reviewer]) / ratings.review_counts
    per_row: Floats = met[ratings.applicant]
    return per_row


def _means(ratings: Ratings, points: Floats | None) -> tuple[Adjusted, ...]:
    raw, counts = ratings.raw_means, ratings.review_counts
    adjusted = None
    if points is not None:
        adjusted = raw + ratings.per_applicant(points[ratings.reviewer]) / counts
    return tuple(
        Adjusted(
            applicant_id=applicant_id,
            review_count=int(counts[n]),
            raw_mean=float(raw[n]),
            adjusted_mean=None if adjusted is None else float(adjusted[n]),
        )
        for n, applicant_id in enumerate(ratings.applicant_ids)
    )


def _severities(
    ratings: Ratings,
    points: Floats,
    residuals: Floats,
    noise: float | None,
    variance: Floats,
    spare: int,
) -> tuple[Severity, ...]:
    counts = ratings.load_counts
    squares = ratings.per_reviewer(residuals**2) / counts
    half_widths = None
    if noise is not None:
        from scipy import stats

        half_widths = stats.t.ppf(_CONFIDENCE, spare) * np.sqrt(noise * np.maximum(variance, 0))
    return tuple(
        Severity(
            reviewer_id=reviewer_id,
            review_count=int(counts[n]),
            points=float(points[n]),
            half_width=None if half_widths is None else float(half_widths[n]),
            misfit=float(squares[n] / noise) if noise else None,
        )
        for n, reviewer_id in enumerate(ratings.reviewer_ids)
    )
