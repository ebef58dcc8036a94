"""The window, and the cohorts people may name."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from chassis.errors import InvalidBody, RuleViolation
from contracts.registration import CallClosed, CallOpened
from services.registration.domain.call import Call, CallStatus, Route
from services.registration.domain.form.definition import Form, QuestionKind
from tests.builders.registration import (
    CALL_ID,
    CLOSES,
    COHORT_ID,
    NOON,
    OPENS,
    OTHER_COHORT_ID,
    a_call,
    a_cohort,
    a_form,
    a_question,
)

ENDS = CLOSES + timedelta(minutes=60)
"""The end with the builder's grace."""


def code_of(act: Any) -> str:
    with pytest.raises(RuleViolation) as refused:
        act()
    return refused.value.code


def test_opening_announces_the_window() -> None:  # R3
    call = a_call(opened=False)

    call.open(now=NOON)

    assert call.status is CallStatus.OPEN
    assert call.recorded == [
        CallOpened(
            call_id=CALL_ID,
            cohort_ids=(COHORT_ID,),
            country_code="AZ",
            routes=("open", "nomination"),
            opens_at=OPENS,
            closes_at=CLOSES,
            grace_minutes=60,
            preference_limit=1,
            opened_at=NOON,
        )
    ]


def test_a_call_is_opened_once_and_in_time() -> None:  # R3
    assert code_of(lambda: a_call().open(now=NOON)) == "call.not_draft"
    assert code_of(lambda: a_call(opened=False).open(now=CLOSES)) == "call.window"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"closes_at": OPENS}, "call.window"),  # R1
        ({"preference_limit": 2}, "call.preference_limit"),  # R5
        ({"preference_limit": 0}, "call.preference_limit"),
        ({"titles": {"az": "Çağırış"}}, "call.text_missing"),
    ],
)
def test_a_call_that_breaks_a_rule_is_not_prepared(changes: dict[str, Any], code: str) -> None:
    assert code_of(lambda: a_call(**changes)) == code


def test_the_form_changes_only_in_draft_and_counts_its_versions() -> None:  # R2
    call = a_call(opened=False)
    shorter = a_form(a_question("why", QuestionKind.LONG_TEXT))

    call.revise_form(shorter)

    assert call.form == Form(version=2, sections=shorter.sections)
    with pytest.raises(InvalidBody):
        call.revise_form(Form(sections=()))
    assert code_of(lambda: a_call().revise_form(shorter)) == "call.not_draft"


@pytest.mark.parametrize(
    ("now", "code"),
    [
        (OPENS - timedelta(milliseconds=1), "call.not_yet_open"),
        (OPENS, None),
        (CLOSES, None),
        (ENDS - timedelta(milliseconds=1), None),
        (ENDS, "call.closed"),
    ],
)
def test_the_window_includes_its_beginning_and_the_grace(
    now: datetime, code: str | None
) -> None:  # R4
    call = a_call()

    if code is None:
        call.require_open(Route.OPEN, now=now)
    else:
        assert code_of(lambda: call.require_open(Route.OPEN, now=now)) == code


def test_a_draft_or_closed_call_takes_nothing() -> None:  # R4
    closed = a_call()
    closed.close(submitted_count=0, confirmed_nomination_count=0, now=ENDS)

    early = code_of(lambda: a_call(opened=False).require_open(Route.OPEN, now=NOON))
    assert early == "call.not_yet_open"
    assert code_of(lambda: closed.require_open(Route.OPEN, now=NOON)) == "call.closed"


def test_a_route_the_call_has_not_is_refused() -> None:  # R7
    call = a_call(routes=(Route.NOMINATION,))

    assert code_of(lambda: call.require_open(Route.OPEN, now=NOON)) == "call.other_route"


def two_cohorts() -> Call:
    cohorts = (a_cohort(), a_cohort(cohort_id=OTHER_COHORT_ID))
    return a_call(cohorts=cohorts, preference_limit=2)


@pytest.mark.parametrize(
    "preferences",
    [(), (COHORT_ID, COHORT_ID), (CALL_ID,), (COHORT_ID, OTHER_COHORT_ID, CALL_ID)],
)
def test_preferences_are_cohorts_of_the_call_each_once(preferences: tuple[str, ...]) -> None:  # R5
    assert code_of(lambda: two_cohorts().require_preferences(preferences)) == "call.preferences"


def test_preferences_may_name_all_cohorts_in_any_order() -> None:  # R5
    two_cohorts().require_preferences((OTHER_COHORT_ID, COHORT_ID))


def test_closing_tells_the_counts_and_the_true_end() -> None:  # R6
    call = a_call()

    call.close(submitted_count=120, confirmed_nomination_count=30, now=call.settles_at)

    assert call.recorded == [
        CallClosed(
            call_id=CALL_ID,
            cohort_ids=(COHORT_ID,),
            country_code="AZ",
            closed_at=ENDS,
            submitted_count=120,
            confirmed_nomination_count=30,
        )
    ]


def test_a_call_is_closed_once_and_not_before_its_end() -> None:  # R6
    call = a_call()

    def close(now: datetime) -> None:
        call.close(submitted_count=0, confirmed_nomination_count=0, now=now)

    assert code_of(lambda: close(ENDS - timedelta(seconds=1))) == "call.window"
    close(ENDS)
    assert code_of(lambda: close(ENDS)) == "call.not_open"
