"""Interviews of a whole call: planned by a job, kept when planned again, refused by name."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chassis.access import EVERYTHING
from chassis.errors import NotFound, RuleViolation
from chassis.ports import Job
from contracts.registration import CodedAnswer
from contracts.selection import InterviewBooked
from services.selection.domain.commands import MissInterview
from services.selection.domain.interview import InterviewStatus, Presence
from services.selection.domain.interview_plan import (
    PanelistRecord,
    PlanStatus,
    PlanTerms,
    SessionRecord,
)
from services.selection.domain.plan_commands import AskForInterviews
from services.selection.handlers.job_kinds import PLAN_INTERVIEWS
from tests.builders.selection import (
    CALL,
    DAY,
    GOOD_ANSWERS,
    NOON,
    SUBJECT,
    a_call,
    a_cohort,
    a_rule_set,
    a_shortlisted_screening,
    application_id,
)
from tests.builders.selection_world import OPERATOR, World

TERMS = PlanTerms(
    panel_size=2,
    organisations=2,
    minutes=30,
    reserve_permille=0,
    language_code="en",
    language_question_code="language",
)
MORNING = NOON + DAY - timedelta(hours=6)


def _session(session_id="s1", *, hours=0, length=2, language_code="en", panels=1):
    return SessionRecord(
        session_id=session_id,
        starts_at=MORNING + timedelta(hours=hours),
        ends_at=MORNING + timedelta(hours=hours + length),
        mode=Presence.ONLINE,
        language_code=language_code,
        panel_count=panels,
    )


def _panelist(panelist_id, organisation_code="service", *languages, free=("s1",), **more):
    return PanelistRecord(
        panelist_id=panelist_id,
        organisation_code=organisation_code,
        language_codes=languages,
        free_session_ids=free,
        **more,
    )


ONE = (_session(),)
TWO = (_panelist("p1", "service", "en"), _panelist("p2", "iom"))


def _world(people, **changes):
    world = World()
    world.put(world.calls, a_call(closed_at=NOON))
    world.put(world.cohorts, a_cohort())
    world.put(world.rule_sets, a_rule_set())
    for number in range(1, people + 1):
        world.put(
            world.screenings,
            a_shortlisted_screening(application_id=application_id(number), **changes),
        )
    return world


def _ask(world, *, plan_id="plan", sessions=ONE, panelists=TWO, terms=TERMS, zones=None):
    world.handle(
        AskForInterviews(
            actor=OPERATOR,
            plan_id=plan_id,
            call_id=CALL,
            terms=terms,
            sessions=sessions,
            panelists=panelists,
            country_zones=zones or {},
        )
    )
    world.run_jobs()
    return world.interview_plans.one(plan_id)


def _refused(world, **changes):
    with pytest.raises(RuleViolation) as refused:
        _ask(world, **changes)
    assert world.waiting_jobs == []
    return refused.value.code


def _booked(world):
    return {interview.application_id: interview for interview in world.interviews.all()}


def test_everybody_is_booked_with_a_panel_one_after_the_other():
    world = _world(4)
    plan = _ask(world)
    assert (plan.status, plan.unplaced_application_ids, plan.unmanned) == (PlanStatus.DONE, (), ())
    booked = _booked(world)
    assert set(booked) == {application_id(n) for n in range(1, 5)}
    starts = sorted(interview.slot.starts_at for interview in booked.values())
    assert starts == [MORNING + timedelta(minutes=30 * n) for n in range(4)]
    assert {tuple(s.reviewer_id for s in i.sheets) for i in booked.values()} == {("p1", "p2")}
    assert {i.slot.zone for i in booked.values()} == {"Asia/Baku"}
    assert len(world.announced(InterviewBooked)) == 4


def test_whoever_finds_no_seat_is_named_and_so_is_a_panel_that_lacks_people():
    world = _world(6)
    sessions = (_session(), _session("s2", hours=3, language_code="fr"))
    plan = _ask(world, sessions=sessions)
    assert len(plan.seats) == 4
    booked = {seat.application_id for seat in plan.seats}
    assert set(plan.unplaced_application_ids) == {application_id(n) for n in range(1, 7)} - booked
    (unmanned,) = plan.unmanned
    assert (unmanned.session_id, unmanned.reason) == ("s2", "0 panelists are free, the quorum is 2")


def test_languages_conflicts_and_oneself_are_heeded():
    french = (*GOOD_ANSWERS, CodedAnswer(question_code="language", option_codes=("fr",)))
    world = _world(1, answers=french)
    world.put(world.screenings, a_shortlisted_screening(application_id=application_id(2)))
    world.put(
        world.screenings,
        a_shortlisted_screening(application_id=application_id(3), subject_id="p3"),
    )
    sessions = (_session(panels=2), _session("s2", hours=3, language_code="fr", panels=1))
    panelists = (
        _panelist("p1", "service", "en", conflict_application_ids=(application_id(2),)),
        _panelist("p2", "iom"),
        _panelist("p3", "service", "en"),
        _panelist("p4", "iom"),
        _panelist("p5", "service", "fr", free=("s2",)),
        _panelist("p6", "iom", free=("s2",)),
    )
    _ask(world, sessions=sessions, panelists=panelists)
    seen = {a: {s.reviewer_id for s in i.sheets} for a, i in _booked(world).items()}
    assert seen[application_id(1)] == {"p5", "p6"}
    assert "p1" not in seen[application_id(2)]
    assert "p3" not in seen[application_id(3)]


def test_decent_hours_are_those_of_the_country():
    world = _world(1, country_code="US")
    early = (_session(length=1),)
    plan = _ask(world, sessions=early, zones={"US": "America/New_York"})
    assert plan.unplaced_application_ids == (application_id(1),)
    late = (_session(hours=10, length=1),)
    assert _ask(world, plan_id="again", sessions=late, zones={"US": "America/New_York"}).seats
    assert _booked(world)[application_id(1)].slot.zone == "America/New_York"


def test_planned_again_interviews_stay_and_only_the_rest_is_planned_around_them():
    world = _world(2)
    first = _ask(world)
    before = {a: (i.slot, i.sheets) for a, i in _booked(world).items()}
    world.now = MORNING
    (missed,) = (i for i in _booked(world).values() if i.slot.starts_at == MORNING)
    world.handle(MissInterview(actor=OPERATOR, interview_id=missed.interview_id))
    for number in (3, 4, 5):
        world.put(world.screenings, a_shortlisted_screening(application_id=application_id(number)))
    again = _ask(world, plan_id="again")
    booked = _booked(world)
    assert {a: (booked[a].slot, booked[a].sheets) for a in before} == before
    assert (first.kept_count, again.kept_count, len(again.seats)) == (0, 2, 2)
    assert len({i.slot.starts_at for i in booked.values()}) == 4
    assert len(again.unplaced_application_ids) == 1
    statuses = sorted(i.status for i in booked.values())
    assert statuses == [InterviewStatus.BOOKED] * 3 + [InterviewStatus.MISSED]


def test_job_that_is_done_twice_books_once():
    world = _world(2)
    plan = _ask(world)
    interviews = world.interviews.rows
    world.put(world.interview_plans, replace(plan, status=PlanStatus.ASKED, seats=()))
    job = Job(
        kind=PLAN_INTERVIEWS,
        key="again",
        payload={"plan_id": "plan"},
        attempt=2,
        report=lambda _: None,
        cancelled=lambda: False,
    )
    world.waiting_jobs.append(job)
    world.run_jobs()
    assert world.interviews.rows == interviews
    assert world.interview_plans.one("plan").seats == plan.seats


def test_who_withdrew_meanwhile_is_left_out():
    world = _world(2)
    world.handle(
        AskForInterviews(
            actor=OPERATOR,
            plan_id="plan",
            call_id=CALL,
            terms=TERMS,
            sessions=(_session(),),
            panelists=TWO,
            country_zones={},
        )
    )
    screening = world.screenings.all()[0]
    screening.withdraw()
    world.put(world.screenings, screening)
    world.run_jobs()
    assert len(world.interview_plans.one("plan").seats) == len(_booked(world)) == 1


def test_reserve_seats_are_kept_free_while_there_are_enough():
    world = _world(3)
    plan = _ask(world, terms=replace(TERMS, reserve_permille=250))
    assert (len(plan.seats), len(plan.reserve_seats)) == (3, 1)
    assert plan.reserve_seats[0].application_id is None


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"sessions": (_session(), _session())}, "interview_plan.twice"),
        ({"panelists": (TWO[0], TWO[0])}, "interview_plan.twice"),
        ({"sessions": (_session(hours=-30),)}, "interview_plan.session_time"),
        ({"sessions": (_session(length=0),)}, "interview_plan.session_time"),
        ({"sessions": (_session(), _session("s2", hours=1))}, "interview_plan.sessions_overlap"),
        ({"panelists": (_panelist("p1", free=("s9",)),)}, "interview_plan.unknown_session"),
        ({"terms": replace(TERMS, panel_size=1)}, "interview_plan.panel_small"),
    ],
)
def test_what_does_not_fit_together_is_refused_and_nothing_is_planned(changes, code):
    world = _world(1)
    assert _refused(world, **changes) == code
    assert world.interview_plans.all() == []


def test_unknown_call_is_refused():
    with pytest.raises(NotFound):
        _ask(World())


def test_plan_holds_no_person():
    world = _world(1)
    plan = world.interview_plans.get(_ask(world).plan_id, scope=EVERYTHING)
    assert SUBJECT not in repr(plan)
