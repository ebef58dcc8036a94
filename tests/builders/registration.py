"""Registration's aggregates as tests need them: valid, and different only where a test says so."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from chassis.access import Actor, Role, Scope
from chassis.ids import derived_id
from services.registration.domain.application import Application
from services.registration.domain.call import Call, CallStatus, Route
from services.registration.domain.cohort import Cohort, SeatPool
from services.registration.domain.erasure import Erasure
from services.registration.domain.focal_point import FocalPoint
from services.registration.domain.form.definition import (
    Condition,
    Form,
    Option,
    Question,
    QuestionKind,
    Section,
)
from services.registration.domain.nomination import Nomination
from services.registration.domain.participant import Participant
from services.registration.domain.programme import Programme
from services.registration.domain.subject import PersonalDetails, Subject

NOON = datetime(2020, 11, 20, 12, tzinfo=UTC)
OPENS = NOON - timedelta(days=5)
CLOSES = NOON + timedelta(days=5)

PROGRAMME_ID = derived_id("programme")
COHORT_ID = derived_id("cohort")
OTHER_COHORT_ID = derived_id("other cohort")
CALL_ID = derived_id("call")
SUBJECT_ID = derived_id("subject")
NOMINEE_ID = derived_id("nominee")
OTHER_NOMINEE_ID = derived_id("other nominee")
FOCAL_PERSON_ID = derived_id("focal person")
OFFER_ID = derived_id("offer")

TITLES = {"az": "Miqrasiya Məktəbi", "en": "Migration School"}

OPERATOR = Actor(actor_id="operator-1", roles=frozenset({Role.OPERATOR}))
APPLICANT = Actor(
    actor_id=SUBJECT_ID,
    roles=frozenset({Role.PARTICIPANT}),
    scope=Scope(subject_id=SUBJECT_ID),
)
FOCAL_PERSON = Actor(
    actor_id=FOCAL_PERSON_ID,
    roles=frozenset({Role.FOCAL_POINT}),
    scope=Scope(countries=frozenset({"KZ"})),
)


def labels(text: str) -> dict[str, str]:
    """A text in the two languages every text needs."""
    return {"az": f"{text} (az)", "en": text}


def a_question(code: str, kind: QuestionKind, *options: str, **changes: Any) -> Question:
    """A question with options by their codes."""
    return Question(
        code=code,
        kind=kind,
        labels=labels(code),
        options=tuple(Option(code=option, labels=labels(option)) for option in options),
        **changes,
    )


def a_form(*questions: Question) -> Form:
    """A form of one section; without questions the school's, with one of every kind."""
    section = Section(code="main", titles=labels("Main"), questions=questions)
    return Form(sections=(section,)) if questions else SCHOOL_FORM


SCHOOL_FORM = Form(
    sections=(
        Section(
            code="person",
            titles=labels("You"),
            questions=(
                a_question("father_name", QuestionKind.TEXT, personal=True, required=False),
                a_question("email", QuestionKind.EMAIL, personal=True),
                a_question("phone", QuestionKind.PHONE, personal=True, required=False),
                a_question("birth_on", QuestionKind.DATE, personal=True),
                a_question("lives_in", QuestionKind.COUNTRY),
            ),
        ),
        Section(
            code="education",
            titles=labels("Education"),
            questions=(
                a_question(
                    "level",
                    QuestionKind.SINGLE_CHOICE,
                    "bachelor-final-year",
                    "master",
                    "recent-graduate",
                ),
                a_question(
                    "graduation_year",
                    QuestionKind.NUMBER,
                    lowest=1990,
                    highest=2030,
                    visible_when=Condition(
                        question_code="level", option_codes=("recent-graduate",)
                    ),
                ),
                a_question("fields", QuestionKind.MULTIPLE_CHOICE, "law", "sociology", "other"),
                a_question("languages", QuestionKind.LANGUAGE_LEVEL, "en", "ru", required=False),
                a_question("volunteer", QuestionKind.YES_NO),
                a_question("motivation", QuestionKind.LONG_TEXT),
            ),
        ),
    )
)


def good_answers(**changes: Any) -> dict[str, Any]:
    """Complete answers to the school's form; a change of ``None`` leaves a question out."""
    answers = {
        "father_name": "Synthetic Sənəm",
        "email": "sara@example.org",
        "phone": "+994 12 345 67 89",
        "birth_on": "1999-03-21",
        "lives_in": "AZ",
        "level": "recent-graduate",
        "graduation_year": 2020,
        "fields": ["law", "sociology"],
        "languages": {"en": "b2", "ru": "c1"},
        "volunteer": True,
        "motivation": "I want to learn.\nA lot.",
        **changes,
    }
    return {code: answer for code, answer in answers.items() if answer is not None}


def a_programme() -> Programme:
    """The Migration School."""
    programme = Programme.publish(
        programme_id=PROGRAMME_ID,
        country_code="AZ",
        code="migration-school",
        titles=TITLES,
        descriptions=TITLES,
        gcm_objectives=(3, 7, 23),
        sdgs=(10, 17),
        organisation_codes=("sms", "iom"),
        now=NOON - timedelta(days=30),
    )
    programme.recorded = []
    return programme


def a_cohort(**changes: Any) -> Cohort:
    """The third edition, ten countries."""
    arguments: dict[str, Any] = {
        "cohort_id": COHORT_ID,
        "edition_code": "ms-3",
        "titles": TITLES,
        "country_code": "AZ",
        "country_codes": ("AZ", "KZ"),
        "starts_on": date(2021, 1, 9),
        "ends_on": date(2021, 7, 3),
        "zone": "Asia/Baku",
        "delivery": "hybrid",
        "language_code": "az",
        "seat_count": 24,
        "seat_pools": (
            SeatPool(route="open", seat_count=20),
            SeatPool(route="nomination", seat_count=4, reviewed=False),
        ),
        "details_form": a_form(a_question("diet", QuestionKind.TEXT)),
        "now": NOON - timedelta(days=20),
        **changes,
    }
    cohort = Cohort.announce(a_programme(), **arguments)
    cohort.recorded = []
    return cohort


def a_call(*, cohorts: tuple[Cohort, ...] = (), opened: bool = True, **changes: Any) -> Call:
    """A call for one cohort, open, with the school's form; closes in five days."""
    arguments: dict[str, Any] = {
        "call_id": CALL_ID,
        "country_code": "AZ",
        "titles": TITLES,
        "routes": (Route.OPEN, Route.NOMINATION),
        "opens_at": OPENS,
        "closes_at": CLOSES,
        "grace_minutes": 60,
        "preference_limit": 1,
        "form": a_form(),
        **changes,
    }
    call = Call.draft(cohorts or (a_cohort(),), **arguments)
    if opened:
        call.status = CallStatus.OPEN
    return call


def some_details(**changes: Any) -> PersonalDetails:
    """A plainly synthetic person."""
    fields: dict[str, Any] = {
        "legal_name": "Sara Sınaqova",
        "native_name": "Сара Сынагова",
        "email": "Sara@Example.org",
        "phone": "+994123456789",
        "birth_on": date(1999, 3, 21),
        **changes,
    }
    return PersonalDetails(**fields)


def a_subject(subject_id: str = SUBJECT_ID, **changes: Any) -> Subject:
    """A person of Azerbaijan, sealed by nobody's key."""
    arguments: dict[str, Any] = {
        "subject_id": subject_id,
        "country_code": "AZ",
        "language_code": "az",
        "sealed": "sealed",
        "address_key": f"key of {subject_id}",
        "consent_codes": ("privacy-notice",),
        "retain_until_on": date(2025, 11, 20),
        "now": NOON,
        **changes,
    }
    return Subject.register(**arguments)


def an_application(*, answers: dict[str, Any] | None = None) -> Application:
    """A draft with complete answers."""
    application = Application.start(a_call(), a_subject(), now=NOON)
    application.save_draft(
        a_call(),
        preferences=(COHORT_ID,),
        answers=good_answers() if answers is None else answers,
        sealed_answers="sealed",
        now=NOON,
    )
    return application


def a_submitted_application() -> Application:
    """A form that was sent."""
    application = an_application()
    application.submit(a_call(), answers=good_answers(), now=NOON)
    application.recorded = []
    return application


def a_focal_point(**changes: Any) -> FocalPoint:
    """The focal point of a state body of Kazakhstan, two places."""
    arguments: dict[str, Any] = {"organisation_code": "kz-migration", "place_count": 2, **changes}
    focal_point = FocalPoint.invite(
        a_call(),
        a_cohort(),
        a_subject(FOCAL_PERSON_ID, country_code="KZ"),
        now=NOON,
        **arguments,
    )
    focal_point.recorded = []
    return focal_point


def a_nominee(subject_id: str = NOMINEE_ID) -> Subject:
    """An official of Kazakhstan."""
    return a_subject(subject_id, country_code="KZ", language_code="ru")


def a_nomination(*, confirmed: bool = False) -> Nomination:
    """An official on the first place."""
    nomination = Nomination.nominate(a_focal_point(), a_call(), a_nominee(), place_no=1, now=NOON)
    if confirmed:
        nomination.confirm(a_call(), now=NOON)
        nomination.recorded = []
    return nomination


def a_participant(subject_id: str = SUBJECT_ID) -> Participant:
    """A person enrolled by an accepted offer."""
    participant = Participant.enrol(
        a_subject(subject_id), cohort_id=COHORT_ID, route=Route.OPEN, cause_id=OFFER_ID, now=NOON
    )
    participant.recorded = []
    return participant


def an_erasure() -> Erasure:
    """An erasure just requested."""
    erasure = Erasure.request(
        subject_id=SUBJECT_ID, country_code="AZ", requested_by="operator-1", now=NOON
    )
    erasure.recorded = []
    return erasure
