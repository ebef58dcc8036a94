"""Heard events, each delivered twice."""

from datetime import date

import pytest

from contracts import registration as heard
from contracts.selection import ErasureConfirmed, RuleSetFrozen, ScreeningRejected
from services.selection.domain.interview import InterviewStatus
from services.selection.domain.offer import OfferStatus
from services.selection.domain.screening import Screening, ScreeningStatus
from tests.builders.selection import (
    APPLICATION,
    CALL,
    COHORT,
    DAY,
    GOOD_ANSWERS,
    NOON,
    SUBJECT,
    a_call,
    a_cohort,
    a_rule_set,
    a_run,
    a_shortlisted_screening,
    an_eligible_screening,
    an_interview,
    an_offer,
)
from tests.builders.selection_world import World

MARKS = {"cohort_id": COHORT, "country_code": "AZ"}
APPLICANT = {**MARKS, "application_id": APPLICATION, "call_id": CALL, "subject_id": SUBJECT}
FORM = {**APPLICANT, "preferences": (COHORT,), "language_code": "az"}
CALL_OPENED = heard.CallOpened(
    call_id=CALL,
    cohort_ids=(COHORT,),
    country_code="AZ",
    routes=("open",),
    opens_at=NOON - DAY,
    closes_at=NOON + DAY,
    grace_minutes=10,
    preference_limit=5,
    opened_at=NOON - DAY,
)
SUBMITTED = heard.ApplicationSubmitted(**FORM, answers=GOOD_ANSWERS, submitted_at=NOON)
WITHDRAWN = heard.ApplicationWithdrawn(**APPLICANT, withdrawn_at=NOON)
LEFT = heard.ParticipantLeft(
    participant_id="00000000-0000-7000-8000-00000000ba51",
    subject_id=SUBJECT,
    **MARKS,
    reason_code="moved_away",
    left_at=NOON,
)


@pytest.fixture
def world():
    return World()


def _twice(world, event):
    world.hear(event)
    world.hear(event)
    world.run_jobs()


def _screening(world):
    return world.screenings.one(Screening.id_for(APPLICATION))


def test_cohort_is_noted_and_rescheduled(world):
    dates = {"starts_on": date(2021, 1, 9), "ends_on": date(2021, 7, 3), "zone": "Asia/Baku"}
    _twice(
        world,
        heard.CohortAnnounced(
            **MARKS,
            **dates,
            programme_id=CALL,
            programme_code="school",
            edition_code="ms-3",
            titles={"az": "m", "en": "m"},
            country_codes=("AZ",),
            delivery="hybrid",
            language_code="az",
            seat_count=24,
            announced_at=NOON,
        ),
    )
    later = {**dates, "starts_on": date(2021, 2, 6)}
    _twice(world, heard.CohortChanged(**MARKS, **later, delivery="online", changed_at=NOON))
    assert world.cohorts.one(COHORT).starts_on == date(2021, 2, 6)


def test_opening_call_freezes_rules_once(world):
    world.put(world.rule_sets, a_rule_set(frozen=False))
    _twice(world, CALL_OPENED)
    assert len(world.announced(RuleSetFrozen)) == 1
    assert world.calls.one(CALL).closes_at == NOON + DAY


def test_call_without_rules_opens_all_the_same(world):
    _twice(world, CALL_OPENED)
    assert world.announced(RuleSetFrozen) == []


def test_closing_call_is_noted(world):
    world.put(world.calls, a_call())
    event = heard.CallClosed(
        call_id=CALL,
        cohort_ids=(COHORT,),
        country_code="AZ",
        closed_at=NOON + DAY,
        submitted_count=3,
        confirmed_nomination_count=0,
    )
    _twice(world, event)
    assert world.calls.one(CALL).closed_at == NOON + DAY


def test_application_is_judged_at_once_when_rules_are_frozen(world):
    world.put(world.rule_sets, a_rule_set())
    _twice(world, SUBMITTED)
    assert _screening(world).status is ScreeningStatus.ELIGIBLE
    assert _screening(world).version == 1


def test_application_waits_for_rules_and_is_judged_when_they_freeze(world):
    world.put(world.rule_sets, a_rule_set(frozen=False))
    world.hear(SUBMITTED)
    assert _screening(world).status is ScreeningStatus.WAITING
    _twice(world, CALL_OPENED)
    assert _screening(world).status is ScreeningStatus.ELIGIBLE


def test_amended_application_is_judged_anew(world):
    world.put(world.rule_sets, a_rule_set())
    world.hear(SUBMITTED)
    school = heard.CodedAnswer(question_code="degree_level", option_codes=("school",))
    answers = (school, GOOD_ANSWERS[1])
    _twice(world, heard.ApplicationAmended(**FORM, answers=answers, amended_at=NOON))
    assert _screening(world).status is ScreeningStatus.REJECTED
    assert {event.clause_code for event in world.announced(ScreeningRejected)} == {"degree"}


def test_withdrawal_ends_screening_interview_and_offer(world):
    world.put(world.screenings, a_shortlisted_screening())
    world.put(world.interviews, an_interview())
    world.put(world.runs, a_run())
    world.put(world.offers, an_offer())
    _twice(world, WITHDRAWN)
    assert _screening(world).status is ScreeningStatus.WITHDRAWN
    assert [i.status for i in world.interviews.all()] == [InterviewStatus.CANCELLED]
    assert [(o.status, o.reason_code) for o in world.offers.all()] == [
        (OfferStatus.WITHDRAWN, "application_withdrawn")
    ]


def test_withdrawal_of_an_unknown_application_changes_nothing(world):
    _twice(world, WITHDRAWN)
    assert world.outbox == []


@pytest.mark.parametrize(("demanded", "opened"), [("review", 1), ("enrol", 0)])
def test_nominee_is_screened_only_where_rules_ask_for_it(world, demanded, opened):
    world.put(world.rule_sets, a_rule_set(nominations=demanded))
    event = heard.NominationConfirmed(
        nomination_id=APPLICATION,
        call_id=CALL,
        subject_id=SUBJECT,
        **MARKS,
        organisation_code="sms",
        language_code="az",
        confirmed_at=NOON,
    )
    _twice(world, event)
    assert [s.route for s in world.screenings.all()] == ["nomination"] * opened
    withdrawn = heard.NominationWithdrawn(
        nomination_id=APPLICATION,
        call_id=CALL,
        subject_id=SUBJECT,
        **MARKS,
        reason_code="replaced",
        withdrawn_at=NOON,
    )
    _twice(world, withdrawn)
    assert all(s.status is ScreeningStatus.WITHDRAWN for s in world.screenings.all())


@pytest.mark.parametrize(
    ("starts_on", "status"),
    [(date(2021, 1, 9), OfferStatus.WITHDRAWN), (NOON.date(), OfferStatus.ACCEPTED)],
)
def test_place_is_freed_only_before_the_first_day(world, starts_on, status):
    offer = an_offer()
    offer.accept(now=NOON)
    world.put(world.cohorts, a_cohort(starts_on=starts_on))
    world.put(world.offers, offer)
    world.hear(LEFT)
    world.hear(LEFT)
    assert [o.status for o in world.offers.all()] == [status]


def test_erasure_forgets_the_person_and_gives_one_receipt(world):
    world.put(world.screenings, an_eligible_screening())
    world.put(world.runs, a_run())
    world.put(world.cohorts, a_cohort())
    world.put(world.offers, an_offer())
    event = heard.SubjectErasureRequested(subject_id=SUBJECT, country_code="AZ", requested_at=NOON)
    world.hear(event)
    world.hear(event)
    world.run_jobs()
    assert [event.removed_count for event in world.announced(ErasureConfirmed)] == [2]
    for shelf in (world.screenings, world.offers):
        assert [aggregate.subject_id for aggregate in shelf.all()] == [None]
    assert SUBJECT not in repr(world.screenings.all()) + repr(world.offers.all())
