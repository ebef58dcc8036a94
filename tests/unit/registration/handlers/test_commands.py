"""Load, decide, save: state and events together, scopes heeded, personal data sealed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from chassis.access import EVERYTHING, Actor, Role, Scope
from chassis.errors import AlreadyExists, Forbidden, NotFound, RuleViolation, StaleVersion
from contracts.registration import (
    ApplicationSubmitted,
    CallClosed,
    CohortCompleted,
    ContactSealed,
    NominationConfirmed,
    SignInRequested,
)
from services.registration.domain.application import Application
from services.registration.domain.commands.applications import (
    AmendApplication,
    SaveDraft,
    StartApplication,
    SubmitApplication,
    WithdrawApplication,
)
from services.registration.domain.commands.nominations import (
    ConfirmNomination,
    NominateOfficial,
    ReplaceNominee,
    WithdrawNomination,
)
from services.registration.domain.commands.participants import HandInDetails, LeaveCohort
from services.registration.domain.commands.programmes import (
    AnnounceCohort,
    CloseCall,
    CompleteCohort,
    OpenCall,
    RescheduleCohort,
)
from services.registration.domain.commands.subjects import (
    CorrectSubject,
    RegisterSubject,
    RequestSignIn,
    SealContact,
)
from services.registration.handlers import scheduled
from tests.builders.registration import (
    APPLICANT,
    CALL_ID,
    CLOSES,
    COHORT_ID,
    FOCAL_PERSON,
    NOMINEE_ID,
    NOON,
    OPERATOR,
    OTHER_NOMINEE_ID,
    PROGRAMME_ID,
    SUBJECT_ID,
    TITLES,
    a_call,
    a_cohort,
    a_focal_point,
    a_nominee,
    a_participant,
    a_programme,
    a_subject,
    good_answers,
    some_details,
)
from tests.builders.registration_stage import Stage

APPLICATION_ID = Application.id_for(call_id=CALL_ID, subject_id=SUBJECT_ID)
STRANGER = Actor(
    actor_id="x", roles=frozenset({Role.PARTICIPANT}), scope=Scope(subject_id="somebody else")
)
KAZAKH_COORDINATOR = Actor(
    actor_id="kz",
    roles=frozenset({Role.COORDINATOR}),
    scope=Scope(countries=frozenset({"KZ"})),
)


@pytest.fixture
def stage() -> Stage:
    """A person and an open call."""
    stage = Stage()
    stage.programmes.save(a_programme(), scope=EVERYTHING)
    stage.cohorts.save(a_cohort(), scope=EVERYTHING)
    stage.calls.save(a_call(), scope=EVERYTHING)
    stage.subjects.save(a_subject(), scope=EVERYTHING)
    stage.vault.create_key(SUBJECT_ID)
    return stage


def start(stage: Stage, **changes: Any) -> str:
    fields = {
        "actor": APPLICANT,
        "call_id": CALL_ID,
        "subject_id": SUBJECT_ID,
        "preferences": (COHORT_ID,),
        "answers": good_answers(),
        **changes,
    }
    application_id: str = stage(StartApplication(**fields))
    return application_id


# Programmes, cohorts, calls


def announce(actor: Actor, **changes: Any) -> AnnounceCohort:
    fields: dict[str, Any] = {
        "actor": actor,
        "cohort_id": "new",
        "programme_id": PROGRAMME_ID,
        "edition_code": "ms-4",
        "titles": TITLES,
        "country_code": "KZ",
        "country_codes": ("KZ",),
        "starts_on": date(2022, 1, 8),
        "ends_on": date(2022, 6, 25),
        "zone": "Asia/Almaty",
        "delivery": "onsite",
        "language_code": "kk",
        "seat_count": 20,
        "seat_pools": (),
        "details_form": None,
        **changes,
    }
    return AnnounceCohort(**fields)


def test_a_coordinator_announces_in_the_own_country_only(stage: Stage) -> None:
    stage(announce(KAZAKH_COORDINATOR))

    assert stage.cohorts.get("new", scope=EVERYTHING).country_code == "KZ"
    with pytest.raises(Forbidden):
        stage(announce(KAZAKH_COORDINATOR, cohort_id="other", country_code="AZ"))


def test_a_cohorts_end_is_timed_and_moves_with_its_dates(stage: Stage) -> None:
    stage(announce(OPERATOR))
    timer = stage.timers.waiting[scheduled.COHORT_END, "new"]
    assert timer.due_at == stage.cohorts.get("new", scope=EVERYTHING).ends_at

    stage(
        RescheduleCohort(
            actor=OPERATOR,
            cohort_id="new",
            starts_on=date(2022, 1, 8),
            ends_on=date(2022, 7, 2),
            zone="Asia/Almaty",
            delivery="onsite",
        )
    )

    moved = stage.timers.waiting[scheduled.COHORT_END, "new"]
    assert moved.due_at == timer.due_at + timedelta(days=7)


def test_completing_a_cohort_has_its_participants_follow(stage: Stage) -> None:
    stage.now = a_cohort().ends_at

    stage(CompleteCohort(actor=OPERATOR, cohort_id=COHORT_ID))

    assert [type(event) for event in stage.cohorts.outbox] == [CohortCompleted]
    assert stage.jobs.added == {(scheduled.COHORT_COMPLETION, COHORT_ID): {}}


def test_an_opened_call_closes_by_itself_and_counts(stage: Stage) -> None:
    stage.calls.save(a_call(call_id="second", opened=False), scope=EVERYTHING)
    stage(OpenCall(actor=OPERATOR, call_id="second"))
    timer = stage.timers.waiting[scheduled.CALL_CLOSING, "second"]
    assert timer.due_at == CLOSES + timedelta(minutes=60, seconds=10)
    start(stage)
    stage(SubmitApplication(actor=APPLICANT, application_id=APPLICATION_ID))
    stage.now = timer.due_at

    stage(CloseCall(actor=OPERATOR, call_id=CALL_ID))

    closed = stage.calls.outbox[-1]
    assert isinstance(closed, CallClosed)
    assert (closed.submitted_count, closed.confirmed_nomination_count) == (1, 0)


# Applications


def test_a_draft_keeps_private_answers_sealed_only(stage: Stage) -> None:
    assert start(stage) == APPLICATION_ID

    application = stage.applications.only()
    assert set(application.answers) == {
        "lives_in",
        "level",
        "graduation_year",
        "fields",
        "languages",
        "volunteer",
    }
    assert set(stage.vault.sealed[application.sealed_answers]) == {
        "father_name",
        "email",
        "phone",
        "birth_on",
        "motivation",
    }


def test_a_second_application_to_a_call_is_refused(stage: Stage) -> None:
    start(stage)

    with pytest.raises(AlreadyExists) as refused:
        start(stage)

    assert refused.value.code == "application.already_exists"


def test_submit_application_saves_state_and_event_together(stage: Stage) -> None:
    start(stage)

    stage(SubmitApplication(actor=APPLICANT, application_id=APPLICATION_ID))

    assert stage.applications.only().submitted_at == NOON
    assert [type(event) for event in stage.applications.outbox] == [ApplicationSubmitted]


def test_nobody_touches_another_persons_application(stage: Stage) -> None:
    start(stage)

    for command in (
        SubmitApplication(actor=STRANGER, application_id=APPLICATION_ID),
        WithdrawApplication(actor=STRANGER, application_id=APPLICATION_ID),
        SaveDraft(actor=STRANGER, application_id=APPLICATION_ID, preferences=(), answers={}),
    ):
        with pytest.raises(NotFound):
            stage(command)
    assert stage.applications.outbox == []


def test_a_draft_changed_meanwhile_is_not_overwritten(stage: Stage) -> None:
    start(stage)
    save = SaveDraft(
        actor=APPLICANT,
        application_id=APPLICATION_ID,
        expected_version=1,
        preferences=(),
        answers={},
    )
    stage(save)

    with pytest.raises(StaleVersion):
        stage(save)


def test_an_amendment_replaces_sealed_answers(stage: Stage) -> None:
    start(stage)
    stage(SubmitApplication(actor=APPLICANT, application_id=APPLICATION_ID))

    stage(
        AmendApplication(
            actor=APPLICANT,
            application_id=APPLICATION_ID,
            preferences=(COHORT_ID,),
            answers=good_answers(motivation="Better put."),
        )
    )

    kept = stage.applications.only().sealed_answers
    assert stage.vault.sealed[kept]["motivation"] == "Better put."


# Nominations


@pytest.fixture
def body(stage: Stage) -> str:
    """A focal point with two places, two officials; the focal point's id."""
    focal_point = a_focal_point()
    stage.focal_points.save(focal_point, scope=EVERYTHING)
    for id_ in (NOMINEE_ID, OTHER_NOMINEE_ID, "third"):
        stage.subjects.save(a_nominee(id_), scope=EVERYTHING)
    return focal_point.focal_point_id


def nominate(stage: Stage, body: str, subject_id: str, actor: Actor = FOCAL_PERSON) -> str:
    nomination_id: str = stage(
        NominateOfficial(actor=actor, focal_point_id=body, subject_id=subject_id)
    )
    return nomination_id


def test_a_focal_point_names_as_many_as_it_has_places(stage: Stage, body: str) -> None:
    nominate(stage, body, NOMINEE_ID)
    nominate(stage, body, OTHER_NOMINEE_ID)

    with pytest.raises(RuleViolation) as refused:
        nominate(stage, body, "third")

    assert refused.value.code == "nomination.no_place_left"
    assert [one.place_no for one in stage.nominations.all()] == [1, 2]


def test_only_the_bodys_own_focal_point_acts(stage: Stage, body: str) -> None:
    nomination_id = nominate(stage, body, NOMINEE_ID)
    other = Actor(actor_id="other", roles=FOCAL_PERSON.roles, scope=FOCAL_PERSON.scope)

    for command in (
        NominateOfficial(actor=other, focal_point_id=body, subject_id=OTHER_NOMINEE_ID),
        ConfirmNomination(actor=other, nomination_id=nomination_id),
        WithdrawNomination(actor=other, nomination_id=nomination_id, reason_code="ill"),
        ReplaceNominee(actor=other, nomination_id=nomination_id, subject_id=OTHER_NOMINEE_ID),
    ):
        with pytest.raises(Forbidden):
            stage(command)


def test_a_replacement_keeps_the_count(stage: Stage, body: str) -> None:
    nomination_id = nominate(stage, body, NOMINEE_ID)
    nominate(stage, body, OTHER_NOMINEE_ID)
    stage(ConfirmNomination(actor=FOCAL_PERSON, nomination_id=nomination_id))

    replace = ReplaceNominee(actor=FOCAL_PERSON, nomination_id=nomination_id, subject_id="third")
    successor_id = stage(replace)

    fresh = stage.nominations.get(successor_id, scope=EVERYTHING)
    assert (fresh.place_no, fresh.replaces_nomination_id) == (1, nomination_id)
    assert [type(event) for event in stage.nominations.outbox] == [NominationConfirmed] * 2
    with pytest.raises(AlreadyExists):
        stage(replace)


# Participants


def test_the_second_form_is_sealed(stage: Stage) -> None:
    participant = a_participant()
    stage.participants.save(participant, scope=EVERYTHING)

    stage(
        HandInDetails(
            actor=APPLICANT,
            participant_id=participant.participant_id,
            answers={"diet": "no nuts"},
        )
    )

    kept = stage.participants.only().sealed_details
    assert stage.vault.sealed[kept] == {"diet": "no nuts"}


def test_a_coordinator_of_another_country_cannot_end_a_participation(stage: Stage) -> None:
    participant = a_participant()
    stage.participants.save(participant, scope=EVERYTHING)

    with pytest.raises(NotFound):
        stage(
            LeaveCohort(
                actor=KAZAKH_COORDINATOR,
                participant_id=participant.participant_id,
                reason_code="x",
            )
        )


# Persons


def register(stage: Stage, subject_id: str, **changes: Any) -> str:
    registered: str = stage(
        RegisterSubject(
            actor=OPERATOR,
            subject_id=subject_id,
            country_code="AZ",
            language_code="az",
            details=some_details(**changes),
        )
    )
    return registered


def test_a_person_is_registered_sealed_and_timed() -> None:
    stage = Stage()

    register(stage, "new")

    subject = stage.subjects.only()
    assert subject.address_key == "hash of sara@example.org"
    assert stage.vault.sealed[subject.sealed]["birth_on"] == "1999-03-21"
    assert subject.retain_until_on == date(2020, 11, 30)
    assert set(stage.timers.waiting) == {
        (scheduled.CONTACT_SEALING, "new"),
        (scheduled.RETENTION_END, "new"),
    }


def test_a_known_address_is_the_same_person() -> None:
    stage = Stage()
    register(stage, "first")

    assert register(stage, "second", email=" sara@EXAMPLE.org ") == "first"
    assert len(stage.subjects.all()) == 1
    assert stage.vault.keys == {"first"}


def test_a_contact_is_sealed_anew_after_a_correction() -> None:
    stage = Stage()
    register(stage, "new")
    seal = SealContact(actor=OPERATOR, subject_id="new")
    stage(seal)
    stage(seal)
    stage(
        CorrectSubject(
            actor=OPERATOR,
            subject_id="new",
            language_code="en",
            language_codes=("en",),
            details=some_details(legal_name="Sara Corrected"),
            consent_codes=(),
        )
    )
    stage(seal)

    first, second = stage.contacts.outbox
    assert isinstance(first, ContactSealed)
    assert isinstance(second, ContactSealed)
    assert stage.vault.sealed[second.sealed] == {
        "legal_name": "Sara Corrected",
        "email": "Sara@Example.org",
        "language_code": "en",
    }


def test_a_link_is_asked_for_only_for_a_known_address() -> None:
    stage = Stage()
    register(stage, "new")

    for email in ("nobody@example.org", "SARA@example.org", "sara@example.org"):
        stage(RequestSignIn(actor=OPERATOR, email=email))

    (requested,) = stage.signins.outbox
    assert isinstance(requested, SignInRequested)
    assert requested.subject_id == "new"
