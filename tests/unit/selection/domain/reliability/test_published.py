"""Agreement against published answers, and alpha against another implementation."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import krippendorff
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from chassis.errors import RuleViolation
from services.selection.domain.reliability.alpha import Scale, krippendorff_alpha
from services.selection.domain.reliability.icc import intraclass_correlations

PUBLISHED = json.loads((Path(__file__).parent / "published.json").read_text("utf-8"))


def _units(observers):
    return [[v for v in unit if v is not None] for unit in zip(*observers, strict=True)]


@pytest.mark.parametrize("scale", Scale)
def test_alpha_of_four_observers_with_gaps(scale):
    example = PUBLISHED["krippendorff_2011"]
    alpha = krippendorff_alpha(_units(example["observers"]), scale)
    assert round(alpha, 3) == example["alpha"][scale]


def test_the_six_correlations_of_shrout_and_fleiss():
    example = PUBLISHED["shrout_fleiss_1979"]
    found = dataclasses.asdict(intraclass_correlations(example["ratings"]))
    assert {form: round(value, 2) for form, value in found.items()} == example["icc"]


@given(
    st.lists(
        st.lists(st.one_of(st.none(), st.integers(0, 6)), min_size=3, max_size=3),
        min_size=2,
        max_size=12,
    ),
    st.sampled_from(list(Scale)),
)
@settings(max_examples=60, deadline=None)
def test_alpha_is_that_of_another_implementation(units, scale):
    pairable = [[v for v in unit if v is not None] for unit in units]
    values = {v for unit in pairable if len(unit) > 1 for v in unit}
    assume(len(values) > 1)
    theirs = krippendorff.alpha(
        reliability_data=np.array(units, dtype=float).T, level_of_measurement=str(scale)
    )
    assert krippendorff_alpha(pairable, scale) == pytest.approx(theirs, abs=1e-9)


def test_alpha_says_nothing_where_there_is_nothing_to_compare():
    assert krippendorff_alpha([[1.0], [2.0]], Scale.INTERVAL) is None
    assert krippendorff_alpha([[1.0, 1.0], [1.0, 1.0]], Scale.INTERVAL) is None


@pytest.mark.parametrize("table", [[[1, 2]], [[1], [2]], [[1, 2], [1]], []])
def test_correlations_need_a_table_without_gaps(table):
    with pytest.raises(RuleViolation, match="needs two applicants"):
        intraclass_correlations(table)


def test_correlations_need_differences():
    with pytest.raises(RuleViolation, match="all values are the same"):
        intraclass_correlations([[3, 3], [3, 3]])
