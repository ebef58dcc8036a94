"""Krippendorff's alpha: agreement of any number of observers, with gaps, on four kinds of scale.

Source: K. Krippendorff, Computing Krippendorff's Alpha-Reliability (2011).
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Scale(StrEnum):
    """What differences between values mean."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"
    RATIO = "ratio"


def krippendorff_alpha(units: Sequence[Sequence[float]], scale: Scale) -> float | None:
    """Alpha of the values each unit was given: 1 full agreement, 0 as by chance.

    Args:
        units: per applicant the values given, gaps left out; a single value counts for nothing.

    Returns:
        ``None`` where there is nothing to compare: no unit has two values, or all are the same.
    """
    pairable = [unit for unit in units if len(unit) > 1]
    values = np.unique([value for unit in pairable for value in unit])
    if len(values) < 2:
        return None
    coincidences = np.zeros((len(values), len(values)))
    for unit in pairable:
        counts = np.bincount(np.searchsorted(values, unit), minlength=len(values))
        present = np.flatnonzero(counts)
        pairs = np.outer(counts[present], counts[present]) - np.diag(counts[present])
        coincidences[np.ix_(present, present)] += pairs / (len(unit) - 1)
    totals = coincidences.sum(axis=0)
    distance = _distance(values, totals, scale)
    observed = float((coincidences * distance).sum())
    expected = float((np.outer(totals, totals) * distance).sum()) / (totals.sum() - 1)
    return 1 - observed / float(expected)


def _distance(values: Floats, totals: Floats, scale: Scale) -> Floats:
    """Squared difference between each two values."""
    left, right = values[:, None], values[None, :]
    if scale is Scale.NOMINAL:
        return np.not_equal(left, right).astype(np.float64)
    if scale is Scale.INTERVAL:
        return (left - right) ** 2
    if scale is Scale.RATIO:
        sums = np.where(left + right == 0, 1.0, left + right)
        return ((left - right) / sums) ** 2
    # Ordinal: how many values lie between, those of the two counted by half.
    middle = np.cumsum(totals) - totals / 2
    between: Floats = (middle[:, None] - middle[None, :]) ** 2
    return between
