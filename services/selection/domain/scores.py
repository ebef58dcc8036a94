"""What a final score is made of, and which of two review scores ranks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from chassis.errors import RuleViolation


class ReviewScore(StrEnum):
    """Which review score ranks people.

    ``RAW``: the plain mean of the sheets. ``ADJUSTED``: the mean with the reviewers' severity taken
    out (``calibration.frozen``).
    """

    RAW = "raw"
    ADJUSTED = "adjusted"


@dataclass(frozen=True, kw_only=True)
class Scores:
    """One person's parts, in milli-points; the raw mean is there whatever ranks.

    Attributes:
        adjusted_milli: ``None`` where no cohort the person asked for ranks by it.
    """

    review_milli: int
    adjusted_milli: int | None = None
    interview_milli: int

    def ranked(self, by: ReviewScore) -> int:
        """The review score that ranks.

        Raises:
            RuleViolation: ``run.not_adjusted``; it was never adjusted.
        """
        if by is ReviewScore.RAW:
            return self.review_milli
        if self.adjusted_milli is None:
            raise RuleViolation(
                "run.not_adjusted", "the rules rank by adjusted scores, and somebody has none"
            )
        return self.adjusted_milli
