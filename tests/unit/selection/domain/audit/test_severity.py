"""The outsider's program finds the severities that the centre's finds."""

from __future__ import annotations

import random

import pytest

from services.selection.domain.audit.severity import severities
from services.selection.domain.calibration.ratings import Rating, Ratings
from services.selection.domain.calibration.severity import calibrate


def _sheets(seed):
    """Random applications of a connected graph: a chain of reviewers, then whoever comes."""
    draw = random.Random(seed)
    count = draw.randint(2, 12)
    strict = [draw.choice((0, 4_000, 12_000)) * draw.uniform(-1, 1) for _ in range(count)]
    noise = draw.choice((0, 0, 1_000, 9_000))
    pairs = [(n, n + 1) for n in range(count - 1)]
    pairs += [
        tuple(draw.sample(range(count), draw.randint(1, 2))) for _ in range(draw.randint(0, 40))
    ]
    return {
        f"a{n}": {
            f"r{r}": int(50_000 + 100 * n - strict[r] + draw.gauss(0, 1) * noise) for r in pair
        }
        for n, pair in enumerate(pairs)
    }


@pytest.mark.parametrize("seed", range(60))
def test_both_programs_agree(seed):
    sheets = _sheets(seed)
    ratings = [Rating(a, r, float(p)) for a, milli in sheets.items() for r, p in milli.items()]
    expected = {s.reviewer_id: s.points for s in calibrate(Ratings.of(ratings)).severities}
    assert severities(sheets) == pytest.approx(expected, abs=1e-4)


def test_reviewers_who_agree_have_no_severity():
    sheets = {"a": {"r1": 50_000, "r2": 50_000}, "b": {"r1": 70_000, "r2": 70_000}}
    assert severities(sheets) == {"r1": 0.0, "r2": 0.0}
