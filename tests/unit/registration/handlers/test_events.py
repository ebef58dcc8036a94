"""Heard events, timers and jobs; everything delivered twice changes nothing the second time."""

from __future__ import annotations

from typing import Any

import pytest

from chassis.access import EVERYTHING
from chassis.errors import NotFound
from chassis.ids import derived_id
from chassis.ports import Timer
from contracts import certification, notifications, partners, scheduling, selection
from contracts.event import Event
from contracts.registration import (
    ContactErased,
    ParticipantCompleted,
    ParticipantEnrolled,
    ParticipantLeft,
    SubjectErased,
    SubjectErasureRequested,
)
from contracts.selection import OfferAccepted
from services.registration.domain.commands.nominations import ConfirmNomination, ReplaceNominee
from services.registration.domain.commands.subjects import (
    RegisterSubject,
    RequestErasure,
    SealContact,
)
from services.registration.domain.nomination import NominationStatus
from services.registration.domain.participant import Participant, ParticipantStatus
from services.registration.handlers import scheduled
from services.registration.handlers.bound import event_handlers, job_handlers, timer_handlers
from tests.builders.registration import (
    COHORT_ID,
    FOCAL_PERSON,
    NOMINEE_ID,
    NOON,
    OFFER_ID,
    OPERATOR,
    OTHER_NOMINEE_ID,
    SUBJECT_ID,
    a_call,
    a_cohort,
    a_focal_point,
    a_nomination,
    a_nominee,
    a_participant,
    a_subject,
    a_submitted_application,
    some_details,
)
from tests.builders.registration_stage import Stage
from tests.fakes_ports import a_job


@pytest.fixture
def stage() -> Stage:
    """A cohort, a call, a focal point, a person and two officials."""
    stage = Stage()
    stage.cohorts.save(a_cohort(), scope=EVERYTHING)
    stage.calls.save(a_call(), scope=EVERYTHING)
    stage.focal_points.save(a_focal_point(), scope=EVERYTHING)
    for subject in (a_subject(), a_nominee(), a_nominee(OTHER_NOMINEE_ID)):
        stage.subjects.save(subject, scope=EVERYTHING)
    return stage


def hear(stage: Stage, *events: Event) -> None:
    """Deliver events, each twice in a row."""
    handlers = event_handlers(stage.handle)
    for event in events:
        for _ in range(2):
            handlers[type(event)](event)


def run_job(stage: Stage, kind: str, key: str) -> None:
    """Do a job and what it stores at its end."""
    completion = job_handlers(stage.shelves, handle=stage.handle)[kind](a_job(kind, key))
    if completion is not None:
        completion()


def an_acceptance() -> OfferAccepted:
    return OfferAccepted(
        offer_id=OFFER_ID,
        application_id=derived_id("application"),
        cohort_id=COHORT_ID,
        subject_id=SUBJECT_ID,
        country_code="AZ",
        route="open",
        accepted_at=NOON,
    )


def test_who_accepts_is_enrolled_once(stage: Stage) -> None:
    hear(stage, an_acceptance())

    (enrolled,) = stage.participants.outbox
    assert enrolled == ParticipantEnrolled(
        participant_id=Participant.id_for(cohort_id=COHORT_ID, subject_id=SUBJECT_ID),
        cohort_id=COHORT_ID,
        subject_id=SUBJECT_ID,
        country_code="AZ",
        route="open",
        cause_id=OFFER_ID,
        language_code="az",
        enrolled_at=NOON,
    )


def test_who_is_being_forgotten_is_not_enrolled(stage: Stage) -> None:
    stage(RequestErasure(actor=OPERATOR, subject_id=SUBJECT_ID))

    hear(stage, an_acceptance())

    assert stage.participants.all() == []


def confirm(stage: Stage) -> Any:
    """A confirmed nomination, and its event."""
    nomination = a_nomination()
    stage.nominations.save(nomination, scope=EVERYTHING)
    stage(ConfirmNomination(actor=FOCAL_PERSON, nomination_id=nomination.nomination_id))
    return stage.nominations.outbox[-1]


def test_a_nominee_is_enrolled_where_no_review_is_asked_for(stage: Stage) -> None:
    hear(stage, confirm(stage))

    assert stage.participants.only().subject_id == NOMINEE_ID
    assert [type(event) for event in stage.participants.outbox] == [ParticipantEnrolled]


def test_a_nominee_waits_for_selection_where_the_cohort_reviews() -> None:
    stage = Stage()
    stage.cohorts.save(a_cohort(seat_pools=()), scope=EVERYTHING)
    stage.calls.save(a_call(), scope=EVERYTHING)
    stage.focal_points.save(a_focal_point(), scope=EVERYTHING)
    stage.subjects.save(a_nominee(), scope=EVERYTHING)

    hear(stage, confirm(stage))

    assert stage.participants.all() == []


def test_a_replaced_nominee_leaves_and_the_other_is_enrolled(stage: Stage) -> None:
    confirmed = confirm(stage)
    hear(stage, confirmed)
    stage(
        ReplaceNominee(
            actor=FOCAL_PERSON,
            nomination_id=confirmed.nomination_id,
            subject_id=OTHER_NOMINEE_ID,
        )
    )
    hear(stage, stage.nominations.outbox[-1])  # the replacement's confirmation
    hear(stage, stage.nominations.outbox[-1])  # the retired one's withdrawal

    retired = stage.nominations.get(confirmed.nomination_id, scope=EVERYTHING)
    assert retired.status is NominationStatus.REPLACED
    statuses = {one.subject_id: one.status for one in stage.participants.all()}
    assert statuses == {
        NOMINEE_ID: ParticipantStatus.LEFT,
        OTHER_NOMINEE_ID: ParticipantStatus.ENROLLED,
    }
    assert [type(event) for event in stage.participants.outbox] == [
        ParticipantEnrolled,
        ParticipantEnrolled,
        ParticipantLeft,
    ]


def test_a_withdrawn_nomination_leaves_who_came_by_an_offer(stage: Stage) -> None:
    stage.participants.save(a_participant(NOMINEE_ID), scope=EVERYTHING)
    nomination = a_nomination(confirmed=True)
    nomination.withdraw(reason_code="ill", now=NOON)

    hear(stage, nomination.recorded[-1])

    assert stage.participants.only().is_here


def test_everybody_here_at_the_end_completes(stage: Stage) -> None:
    here, gone = a_participant(), a_participant(NOMINEE_ID)
    gone.leave(reason_code="new-job", now=NOON)
    stage.participants.save(here, scope=EVERYTHING)
    stage.participants.save(gone, scope=EVERYTHING)
    stage.participants.outbox.clear()

    for _ in range(2):
        run_job(stage, scheduled.COHORT_COMPLETION, COHORT_ID)

    assert [type(event) for event in stage.participants.outbox] == [ParticipantCompleted]
    assert {one.status for one in stage.participants.all()} == {
        ParticipantStatus.COMPLETED,
        ParticipantStatus.LEFT,
    }


def test_every_timer_that_is_set_has_a_handler() -> None:
    stage = Stage()
    handlers = timer_handlers(stage.handle)

    assert set(handlers) == {
        scheduled.CALL_CLOSING,
        scheduled.COHORT_END,
        scheduled.CONTACT_SEALING,
        scheduled.RETENTION_END,
    }


def test_a_person_is_forgotten_when_retention_ends(stage: Stage) -> None:
    timer = Timer(kind=scheduled.RETENTION_END, key=SUBJECT_ID, due_at=NOON, payload={})

    for _ in range(2):
        timer_handlers(stage.handle)[scheduled.RETENTION_END](timer)

    assert [type(event) for event in stage.erasures.outbox] == [SubjectErasureRequested]
    assert stage.jobs.added == {(scheduled.SUBJECT_ERASURE, SUBJECT_ID): {}}


def a_full_life(stage: Stage) -> None:
    """Everything this service can hold of the person, a contact announced."""
    stage.applications.save(a_submitted_application(), scope=EVERYTHING)
    stage.participants.save(a_participant(), scope=EVERYTHING)
    stage.vault.create_key(SUBJECT_ID)
    sealed = stage.vault.seal(
        SUBJECT_ID, {"legal_name": "S", "email": "s@example.org"}, purpose="subject"
    )
    subject = stage.subjects.get(SUBJECT_ID, scope=EVERYTHING)
    subject.sealed = sealed
    stage.subjects.save(subject, scope=EVERYTHING)
    stage(SealContact(actor=OPERATOR, subject_id=SUBJECT_ID))


RECEIPTS = [
    service.ErasureConfirmed(
        erasure_id=derived_id("erasure", service.__name__),
        subject_id=SUBJECT_ID,
        country_code="AZ",
        removed_count=1,
        confirmed_at=NOON,
    )
    for service in (selection, scheduling, certification, notifications, partners)
]


def test_the_erasure_saga_empties_everything_and_proves_it(stage: Stage) -> None:
    a_full_life(stage)
    stage(RequestErasure(actor=OPERATOR, subject_id=SUBJECT_ID))
    for _ in range(2):
        run_job(stage, scheduled.SUBJECT_ERASURE, SUBJECT_ID)
    hear(stage, *RECEIPTS)

    assert [type(event) for event in stage.erasures.outbox] == [
        SubjectErasureRequested,
        SubjectErased,
    ]
    assert stage.erasures.only().own_removed_count == 4
    assert stage.vault.keys == set()
    with pytest.raises(NotFound):
        stage.subjects.get(SUBJECT_ID, scope=EVERYTHING).require_known()
    assert isinstance(stage.contacts.outbox[-1], ContactErased)
    assert stage.applications.only().subject_id is None
    assert stage.participants.only().subject_id is None
    assert stage.participants.only().status is ParticipantStatus.LEFT


def test_an_erasure_cut_off_goes_on_where_it_stood(stage: Stage) -> None:
    a_full_life(stage)
    stage(RequestErasure(actor=OPERATOR, subject_id=SUBJECT_ID))
    died_after = 3
    taken = 0

    def dying(command: Any) -> Any:
        nonlocal taken
        if taken == died_after:
            raise ConnectionError("the process died here")
        taken += 1
        return stage.handle(command)

    job = a_job(scheduled.SUBJECT_ERASURE, SUBJECT_ID)
    with pytest.raises(ConnectionError):
        job_handlers(stage.shelves, handle=dying)[scheduled.SUBJECT_ERASURE](job)
    assert stage.applications.only().subject_id == SUBJECT_ID
    run_job(stage, scheduled.SUBJECT_ERASURE, SUBJECT_ID)

    assert stage.of_subject(SUBJECT_ID).application_ids == []
    assert stage.of_subject(SUBJECT_ID).participant_ids == []


def test_no_contact_is_announced_of_who_is_being_forgotten() -> None:
    stage = Stage()
    stage(
        RegisterSubject(
            actor=OPERATOR,
            subject_id=SUBJECT_ID,
            country_code="AZ",
            language_code="az",
            details=some_details(),
        )
    )
    stage(RequestErasure(actor=OPERATOR, subject_id=SUBJECT_ID))
    run_job(stage, scheduled.SUBJECT_ERASURE, SUBJECT_ID)

    stage(SealContact(actor=OPERATOR, subject_id=SUBJECT_ID))

    assert [type(event) for event in stage.contacts.outbox] == [ContactErased]
    assert stage.find("hash of sara@example.org") is None
