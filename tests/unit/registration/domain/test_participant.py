"""A person with a place in a cohort."""

from __future__ import annotations

from typing import Any

import pytest

from chassis.errors import InvalidBody, NotFound, RuleViolation
from contracts.registration import ParticipantCompleted, ParticipantEnrolled, ParticipantLeft
from services.registration.domain.call import Route
from services.registration.domain.participant import Participant, ParticipantStatus
from tests.builders.registration import (
    COHORT_ID,
    NOON,
    OFFER_ID,
    SUBJECT_ID,
    a_cohort,
    a_participant,
    a_subject,
)

ID = Participant.id_for(cohort_id=COHORT_ID, subject_id=SUBJECT_ID)


def enrol(subject: Any) -> Participant:
    return Participant.enrol(
        subject, cohort_id=COHORT_ID, route=Route.OPEN, cause_id=OFFER_ID, now=NOON
    )


def test_enrolment_is_announced() -> None:  # R1
    assert enrol(a_subject()).recorded == [
        ParticipantEnrolled(
            participant_id=ID,
            cohort_id=COHORT_ID,
            subject_id=SUBJECT_ID,
            country_code="AZ",
            route="open",
            cause_id=OFFER_ID,
            language_code="az",
            enrolled_at=NOON,
        )
    ]


def test_an_erased_person_is_not_enrolled() -> None:
    subject = a_subject()
    subject.erase()

    with pytest.raises(NotFound) as refused:
        enrol(subject)

    assert refused.value.code == "subject.erased"


def test_the_second_form_is_taken_complete_and_may_be_replaced() -> None:  # R2
    participant = a_participant()

    with pytest.raises(InvalidBody):
        participant.hand_in_details(a_cohort(), answers={}, sealed_details="sealed")
    assert participant.status is ParticipantStatus.ENROLLED
    participant.hand_in_details(a_cohort(), answers={"diet": "none"}, sealed_details="sealed")
    participant.hand_in_details(a_cohort(), answers={"diet": "fish"}, sealed_details="again")

    assert participant.status is ParticipantStatus.ACTIVE
    assert participant.sealed_details == "again"


def test_a_cohort_without_second_form_takes_none() -> None:  # R2
    with pytest.raises(RuleViolation) as refused:
        a_participant().hand_in_details(
            a_cohort(details_form=None), answers={}, sealed_details="sealed"
        )
    assert refused.value.code == "cohort.no_details_form"


def test_leaving_and_completing_exclude_each_other() -> None:  # R3, R4
    left, completed = a_participant(), a_participant()

    left.leave(reason_code="new-job", now=NOON)
    completed.complete(now=NOON)

    marks: dict[str, Any] = {
        "participant_id": ID,
        "cohort_id": COHORT_ID,
        "subject_id": SUBJECT_ID,
        "country_code": "AZ",
    }
    assert left.recorded == [ParticipantLeft(**marks, reason_code="new-job", left_at=NOON)]
    assert completed.recorded == [ParticipantCompleted(**marks, completed_at=NOON)]
    for gone in (left, completed):
        with pytest.raises(RuleViolation):
            gone.leave(reason_code="again", now=NOON)
        with pytest.raises(RuleViolation):
            gone.complete(now=NOON)
        with pytest.raises(RuleViolation):
            gone.hand_in_details(a_cohort(), answers={"diet": "x"}, sealed_details="s")


def test_who_is_erased_while_here_leaves() -> None:  # R5
    participant = a_participant()

    participant.erase(now=NOON)
    participant.erase(now=NOON)

    assert participant.status is ParticipantStatus.LEFT
    assert (participant.subject_id, participant.sealed_details) == (None, None)
    assert [type(event) for event in participant.recorded] == [ParticipantLeft]


def test_who_is_erased_after_completion_stays_completed() -> None:  # R5
    participant = a_participant()
    participant.complete(now=NOON)

    participant.erase(now=NOON)

    assert participant.status is ParticipantStatus.COMPLETED
    assert participant.subject_id is None
