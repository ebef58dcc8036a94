"""The two verifiers judge alike, right results and wrong ones."""

import random

import numpy as np
import pytest

from chassis.errors import RuleViolation
from services.selection.domain.allocation import plain
from services.selection.domain.allocation.columns import NOWHERE, columns_of
from services.selection.domain.allocation.market import Result
from services.selection.domain.allocation.verify import verify
from services.selection.domain.allocation.verify_columns import (
    column_violations,
    require_columns_verified,
)
from tests.builders.selection_markets import a_market, a_random_market


def _placed(market, assignment):
    columns, ids = columns_of(market)
    number = {cohort.cohort_id: at for at, cohort in enumerate(columns.cohorts)}
    return columns, np.array([number.get(assignment[i], NOWHERE) for i in ids], dtype=np.int64)


def test_results_of_the_plain_engine_pass():
    for seed in range(300):
        market = a_random_market(seed, most_applicants=14)
        columns, placed = _placed(market, plain.allocate(market).assignment)
        assert list(column_violations(columns, placed)) == [], seed


def test_arbitrary_assignments_are_judged_as_by_the_other_verifier():
    verdicts = {True: 0, False: 0}
    for seed in range(1000):
        market = a_random_market(seed, most_applicants=5, most_cohorts=3)
        draw = random.Random(seed)
        assignment = {
            a.applicant_id: draw.choice([None, *a.preferences, *a.preferences])
            for a in market.applicants
        }
        right = verify(market, Result(assignment)) == ()
        assert (list(column_violations(*_placed(market, assignment))) == []) == right, seed
        verdicts[right] += 1
    assert min(verdicts.values()) > 100, verdicts


@pytest.mark.parametrize(
    ("placed", "sentence"),
    [
        ([0], "the result has not one place a person"),
        ([1, NOWHERE], "row 0 is placed where they did not ask for"),
        ([0, 0], "seats of c: 2 > 1"),
        ([0, NOWHERE], "row 1 rightly misses their preference 1, c"),
    ],
)
def test_first_violation_is_said(placed, sentence):
    columns, _ = columns_of(
        a_market({"a": ["c"], "b": ["c"]}, {"c": ["b", "a"], "d": []}, seats={"c": 1, "d": 1})
    )
    with pytest.raises(RuleViolation) as refused:
        require_columns_verified(columns, np.array(placed))
    assert (refused.value.code, refused.value.detail) == ("run.not_verified", sentence)
