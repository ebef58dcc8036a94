"""One person's answer to one call."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chassis.errors import InvalidBody, RuleViolation
from chassis.ids import derived_id
from contracts.registration import ApplicationAmended, ApplicationSubmitted, ApplicationWithdrawn
from services.registration.domain.application import Application, ApplicationStatus
from services.registration.domain.form.coding import coded_answers
from tests.builders.registration import (
    CALL_ID,
    CLOSES,
    COHORT_ID,
    NOON,
    OPENS,
    OTHER_COHORT_ID,
    SCHOOL_FORM,
    SUBJECT_ID,
    a_call,
    a_cohort,
    a_subject,
    a_submitted_application,
    an_application,
    good_answers,
)

ID = derived_id("application", CALL_ID, SUBJECT_ID)
ENDS = CLOSES + timedelta(minutes=60)


def code_of(act: Any) -> str:
    with pytest.raises(RuleViolation) as refused:
        act()
    return refused.value.code


def test_the_id_follows_from_call_and_person() -> None:  # R1
    application = Application.start(a_call(), a_subject(), now=NOON)

    assert application.application_id == ID
    assert application.status is ApplicationStatus.DRAFT
    assert application.recorded == []


def test_a_draft_needs_an_open_call() -> None:  # R2
    early = OPENS - timedelta(seconds=1)
    assert code_of(lambda: Application.start(a_call(), a_subject(), now=early)) == (
        "call.not_yet_open"
    )


def test_a_draft_is_saved_again_and_again_and_keeps_no_sealed_answer_in_clear() -> None:  # R2, R6
    application = an_application(answers={"level": "master"})
    application.save_draft(
        a_call(),
        preferences=(),
        answers={"level": "recent-graduate", "motivation": "because", "email": "half@"},
        sealed_answers="sealed again",
        now=NOON + timedelta(hours=1),
    )

    assert application.answers == {"level": "recent-graduate"}
    assert application.sealed_answers == "sealed again"
    assert application.cohort_id == COHORT_ID
    assert application.saved_at == NOON + timedelta(hours=1)
    assert application.recorded == []


def test_a_draft_refuses_cohorts_the_call_has_not() -> None:  # R2
    application = an_application()

    def save() -> None:
        application.save_draft(
            a_call(),
            preferences=(OTHER_COHORT_ID,),
            answers={},
            sealed_answers=None,
            now=NOON,
        )

    assert code_of(save) == "call.preferences"


def test_submit_announces_coded_answers_only() -> None:  # R3, R6
    application = an_application()

    application.submit(a_call(), answers=good_answers(), now=NOON)

    assert application.status is ApplicationStatus.SUBMITTED
    assert application.recorded == [
        ApplicationSubmitted(
            application_id=ID,
            call_id=CALL_ID,
            cohort_id=COHORT_ID,
            subject_id=SUBJECT_ID,
            country_code="AZ",
            preferences=(COHORT_ID,),
            answers=coded_answers(SCHOOL_FORM, good_answers()),
            language_code="az",
            submitted_at=NOON,
        )
    ]


def test_submit_in_the_last_instant_of_the_grace_is_taken() -> None:  # R3
    application = an_application()

    application.submit(a_call(), answers=good_answers(), now=ENDS - timedelta(milliseconds=1))

    assert application.status is ApplicationStatus.SUBMITTED


def test_submit_at_the_closing_instant_is_refused() -> None:  # R3
    application = an_application()

    code = code_of(lambda: application.submit(a_call(), answers=good_answers(), now=ENDS))

    assert code == "call.closed"
    assert application.recorded == []


def test_submit_of_an_incomplete_form_names_what_is_missing() -> None:  # R3
    application = an_application()

    with pytest.raises(InvalidBody) as refused:
        application.submit(a_call(), answers=good_answers(motivation=None), now=NOON)

    assert [problem.field for problem in refused.value.problems] == ["answers.motivation"]
    assert application.status is ApplicationStatus.DRAFT


def test_submit_twice_is_refused() -> None:  # R3
    application = a_submitted_application()

    code = code_of(lambda: application.submit(a_call(), answers=good_answers(), now=NOON))

    assert code == "application.not_draft"


def amend(application: Application, **changes: Any) -> None:
    call = a_call(cohorts=(a_cohort(), a_cohort(cohort_id=OTHER_COHORT_ID)), preference_limit=2)
    arguments: dict[str, Any] = {
        "preferences": (OTHER_COHORT_ID, COHORT_ID),
        "answers": good_answers(level="master", graduation_year=None),
        "sealed_answers": "amended",
        "now": NOON,
        **changes,
    }
    application.amend(call, **arguments)


def test_amend_announces_what_holds_now() -> None:  # R4
    application = a_submitted_application()

    amend(application)

    answers = good_answers(level="master", graduation_year=None)
    assert application.cohort_id == OTHER_COHORT_ID
    assert application.sealed_answers == "amended"
    assert application.recorded == [
        ApplicationAmended(
            application_id=ID,
            call_id=CALL_ID,
            cohort_id=OTHER_COHORT_ID,
            subject_id=SUBJECT_ID,
            country_code="AZ",
            preferences=(OTHER_COHORT_ID, COHORT_ID),
            answers=coded_answers(SCHOOL_FORM, answers),
            language_code="az",
            amended_at=NOON,
        )
    ]


def test_amend_needs_a_submitted_form_and_an_open_call() -> None:  # R4
    assert code_of(lambda: amend(an_application())) == "application.not_submitted"
    assert code_of(lambda: amend(a_submitted_application(), now=ENDS)) == "call.closed"


def test_an_incomplete_amendment_leaves_what_was_sent() -> None:  # R4
    application = a_submitted_application()

    with pytest.raises(InvalidBody):
        amend(application, answers={})

    assert application.preferences == (COHORT_ID,)
    assert application.recorded == []


def test_withdraw_is_possible_after_the_call_and_once() -> None:  # R5
    application = a_submitted_application()

    application.withdraw(now=ENDS)

    assert application.recorded == [
        ApplicationWithdrawn(
            application_id=ID,
            call_id=CALL_ID,
            cohort_id=COHORT_ID,
            subject_id=SUBJECT_ID,
            country_code="AZ",
            withdrawn_at=ENDS,
        )
    ]
    assert code_of(lambda: application.withdraw(now=ENDS)) == "application.not_submitted"
    assert code_of(lambda: an_application().withdraw(now=NOON)) == "application.not_submitted"


def test_an_erased_application_stays_as_a_count() -> None:  # R7
    application = a_submitted_application()

    application.erase()
    application.erase()

    assert application.status is ApplicationStatus.SUBMITTED
    assert (application.subject_id, application.answers, application.sealed_answers) == (
        None,
        {},
        None,
    )
    assert code_of(lambda: application.withdraw(now=NOON)) == "application.erased"
