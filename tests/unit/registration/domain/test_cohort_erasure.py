"""When a cohort's people may be forgotten, and what keeps one of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chassis.errors import RuleViolation
from services.registration.domain.cohort_erasure import (
    CohortErasure,
    CohortErasureStatus,
    Tie,
    TieKind,
    reasons_to_stay,
)
from tests.builders.registration import COHORT_ID, OTHER_COHORT_ID, a_cohort

COHORT = a_cohort()
COHORT.complete(now=COHORT.ends_at)
KEPT_UNTIL = COHORT.ends_at + timedelta(days=30)


def a_request(**changes: Any) -> CohortErasure:
    arguments = {"requested_by": "operator-1", "keep_days": 30, "now": KEPT_UNTIL, **changes}
    return CohortErasure.request(COHORT, **arguments)


def a_tie(kind: TieKind = TieKind.PARTICIPATION, **changes: Any) -> Tie:
    """Somebody's place in the cohort, all over."""
    arguments = {
        "kind": kind,
        "id_": "p1",
        "cohort_id": COHORT_ID,
        "is_over": True,
        "is_released": False,
        **changes,
    }
    return Tie(**arguments)


def test_a_cohort_that_runs_keeps_its_people() -> None:  # R1
    with pytest.raises(RuleViolation) as refused:
        CohortErasure.request(a_cohort(), requested_by="o", keep_days=0, now=KEPT_UNTIL)

    assert refused.value.code == "cohort.not_over"


def test_the_days_after_the_end_are_waited_for() -> None:  # R1
    with pytest.raises(RuleViolation) as refused:
        a_request(now=KEPT_UNTIL - timedelta(microseconds=1))

    assert refused.value.code == "cohort.kept"
    assert a_request().status is CohortErasureStatus.REQUESTED


def test_a_round_ends_once_and_only_the_one_that_was_done() -> None:  # R3
    erasure = a_request()
    assert not erasure.request_again(requested_by="operator-2", now=KEPT_UNTIL)
    erasure.finish(round_no=1, now=KEPT_UNTIL)
    assert (erasure.status, erasure.done_at) == (CohortErasureStatus.DONE, KEPT_UNTIL)

    later = KEPT_UNTIL + timedelta(days=1)
    assert erasure.request_again(requested_by="operator-2", now=later)
    erasure.finish(round_no=1, now=later)  # the first round's job, once more

    assert (erasure.status, erasure.round_no) == (CohortErasureStatus.REQUESTED, 2)
    assert (erasure.requested_by, erasure.requested_at) == ("operator-2", later)


ELSEWHERE = {"cohort_id": OTHER_COHORT_ID, "id_": "p2"}


@pytest.mark.parametrize(
    ("ties", "reasons"),
    [
        ([], ()),
        ([a_tie()], ()),
        ([a_tie(is_over=False)], ("participation",)),
        ([a_tie(id_="unsettled")], ("certificate",)),
        ([a_tie(), a_tie(**ELSEWHERE)], ("participation",)),
        ([a_tie(), a_tie(**ELSEWHERE, is_released=True)], ()),
        ([a_tie(cohort_id=OTHER_COHORT_ID, id_="unsettled", is_released=True)], ("certificate",)),
        ([a_tie(**ELSEWHERE, is_over=False, is_released=True)], ("participation",)),
        *[
            ([a_tie(kind, **ELSEWHERE, is_over=is_over)], () if is_over else (kind.value,))
            for kind in (TieKind.APPLICATION, TieKind.NOMINATION, TieKind.FOCAL_POINT)
            for is_over in (True, False)
        ],
        (
            [a_tie(id_="unsettled"), *[a_tie(TieKind.NOMINATION, is_over=False)] * 2],
            ("certificate", "nomination"),
        ),
    ],
)
def test_what_is_not_over_or_not_settled_keeps_a_person(
    ties: list[Tie], reasons: tuple[str, ...]
) -> None:  # R2
    assert reasons_to_stay(ties, cohort_id=COHORT_ID, settled_ids={"p1", "p2"}) == reasons
