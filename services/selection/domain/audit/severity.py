"""Reviewers' severities once more, for an outsider: plain Python, conjugate gradients, no arrays.

Written to share nothing with ``calibration.severity``, which factorises matrices: here no matrix is
ever made, each step walks over the sheets. The model is the same: score = worth - severity + noise,
applicants fixed, severities shrunk by the ratio of noise to severity variance, their mean zero.

Source: Searle, Casella, McCulloch: Variance Components (1992), chapter 5, method 3; Hestenes and
Stiefel (1952) for the conjugate gradients.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from math import fsum

Sheets = Mapping[str, Mapping[str, int]]
"""Application id -> reviewer's code -> milli-points."""

Vector = dict[str, float]

_CLOSE = 1e-13  # of the right side, squared: far below what rounding to milli-points shows
_NO_NOISE = 1e-12  # of the scores' own variance: what rounding leaves of an exact fit


def severities(sheets: Sheets) -> Vector:
    """Reviewer's code -> severity in milli-points, not rounded.

    Args:
        sheets: each application has at least one; reviewers are joined by common applications.
    """
    loads = Counter(code for milli in sheets.values() for code in milli)
    means = {person: fsum(milli.values()) / len(milli) for person, milli in sheets.items()}
    pull = dict.fromkeys(sorted(loads), 0.0)
    square = 0.0
    for person, milli in sheets.items():
        for code, points in milli.items():
            pull[code] += means[person] - points
            square += (points - means[person]) ** 2
    spare = loads.total() - len(sheets) - (len(loads) - 1)
    explained = _dot(pull, _solve(sheets, loads, pull, shrinkage=0.0))
    noise = _noise(sheets, square - explained, spare)
    trace = fsum(1 - 1 / len(milli) for milli in sheets.values() for _ in milli)
    spread = max(0.0, explained - (len(loads) - 1) * (noise or 0.0)) / trace if trace else 0.0
    if spread == 0.0:
        return dict.fromkeys(pull, 0.0)
    solved = _solve(sheets, loads, pull, shrinkage=1.0 if noise is None else noise / spread)
    mean = fsum(solved.values()) / len(solved)
    return {code: points - mean for code, points in solved.items()}


def _noise(sheets: Sheets, unexplained: float, spare: int) -> float | None:
    if spare <= 0:
        return None
    points = [float(one) for milli in sheets.values() for one in milli.values()]
    mean = fsum(points) / len(points)
    around = fsum((one - mean) ** 2 for one in points)
    return 0.0 if unexplained <= _NO_NOISE * around else unexplained / spare


def _solve(sheets: Sheets, loads: Mapping[str, int], right: Vector, *, shrinkage: float) -> Vector:
    """The severities that pull together as ``right`` does; its sum is zero, so is theirs."""

    def stiff(points: Vector) -> Vector:
        """Each reviewer against the mean of those who read the same people."""
        out = {code: (loads[code] + shrinkage) * points[code] for code in points}
        for milli in sheets.values():
            met = fsum(points[code] for code in milli) / len(milli)
            for code in milli:
                out[code] -= met
        return out

    return _conjugate(stiff, right)


def _conjugate(times: Callable[[Vector], Vector], right: Vector) -> Vector:
    solved = dict.fromkeys(right, 0.0)
    rest, way = dict(right), dict(right)
    size = _dot(rest, rest)
    enough = _CLOSE**2 * size
    for _ in range(20 * len(right)):
        if size <= enough:
            break
        pushed = times(way)
        step = size / _dot(way, pushed)
        for code in solved:
            solved[code] += step * way[code]
            rest[code] -= step * pushed[code]
        before, size = size, _dot(rest, rest)
        way = {code: rest[code] + size / before * way[code] for code in way}
    return solved


def _dot(one: Vector, other: Vector) -> float:
    return fsum(value * other[code] for code, value in one.items())
