"""Intraclass correlations: the six forms of Shrout and Fleiss.

Source: P. E. Shrout, J. L. Fleiss, Intraclass Correlations, Psychological Bulletin 86 (1979).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from chassis.errors import RuleViolation


@dataclass(frozen=True, kw_only=True)
class Icc:
    """Reliability of one rating (``single``) and of the mean of all raters (``mean``).

    Attributes:
        *_one_way: each target has raters of its own: ICC(1,1), ICC(1,k).
        *_random: the raters are a sample of all raters: ICC(2,1), ICC(2,k).
        *_fixed: the raters are all there are: ICC(3,1), ICC(3,k).
    """

    single_one_way: float
    single_random: float
    single_fixed: float
    mean_one_way: float
    mean_random: float
    mean_fixed: float


def intraclass_correlations(table: Sequence[Sequence[float]]) -> Icc:
    """All six forms, of a table without gaps: one row per applicant, one column per rater.

    Raises:
        RuleViolation: ``icc.not_a_table`` (fewer than two rows or columns, or uneven rows) or
            ``icc.no_difference`` (all values are the same).
    """
    widths = {len(row) for row in table}
    if len(table) < 2 or len(widths) != 1 or max(widths) < 2:
        raise RuleViolation("icc.not_a_table", "needs two applicants and two raters without gaps")
    scores = np.array(table, dtype=np.float64)
    targets, raters = scores.shape
    everything = float(((scores - scores.mean()) ** 2).sum())
    if everything == 0.0:
        raise RuleViolation("icc.no_difference", "all values are the same")
    between_rows = raters * float(((scores.mean(axis=1) - scores.mean()) ** 2).sum())
    between_columns = targets * float(((scores.mean(axis=0) - scores.mean()) ** 2).sum())
    rows = between_rows / (targets - 1)
    columns = between_columns / (raters - 1)
    within = (everything - between_rows) / (targets * (raters - 1))
    error = (everything - between_rows - between_columns) / ((targets - 1) * (raters - 1))
    return Icc(
        single_one_way=_share(rows - within, rows + (raters - 1) * within),
        single_random=_share(
            rows - error, rows + (raters - 1) * error + raters * (columns - error) / targets
        ),
        single_fixed=_share(rows - error, rows + (raters - 1) * error),
        mean_one_way=_share(rows - within, rows),
        mean_random=_share(rows - error, rows + (columns - error) / targets),
        mean_fixed=_share(rows - error, rows),
    )


def _share(part: float, whole: float) -> float:
    """A ratio; minus infinity where applicants do not differ at all but raters do."""
    return part / whole if whole else float("-inf")
