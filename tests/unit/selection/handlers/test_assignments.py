"""Reviewers for a whole call: asked by a job, kept when asked again, refused with the names."""

from __future__ import annotations

import pytest

from chassis.access import EVERYTHING, Actor, Role
from chassis.errors import NotFound, RuleViolation
from chassis.ports import Job
from contracts.registration import CodedAnswer
from services.selection.domain.assignment_commands import AskForReviewers
from services.selection.domain.commands import RecuseReviewer
from services.selection.domain.review import ReviewStatus
from services.selection.domain.reviewer_assignment import AssignmentStatus, ReviewerRecord
from services.selection.handlers.job_kinds import ASSIGN_REVIEWERS
from tests.builders.selection import (
    CALL,
    GOOD_ANSWERS,
    a_call,
    a_rule_set,
    an_eligible_screening,
    application_id,
)
from tests.builders.selection_world import World, a_reviewer

OPERATOR = Actor(actor_id="operator", roles=frozenset({Role.OPERATOR}))


def _record(reviewer_id, country_code="AZ", **more):
    return ReviewerRecord(reviewer_id=reviewer_id, country_code=country_code, **more)


FOUR = (_record("r1"), _record("r2", "GE"), _record("r3"), _record("r4", "GE"))


def _world(*universities):
    world = World()
    world.put(world.calls, a_call())
    world.put(world.rule_sets, a_rule_set())
    for number, university in enumerate(universities, 1):
        screening = an_eligible_screening(
            application_id=application_id(number),
            country_code="GE" if number % 2 else "AZ",
            answers=(
                *GOOD_ANSWERS,
                CodedAnswer(question_code="university", option_codes=(university,)),
            ),
        )
        world.put(world.screenings, screening)
    return world


def _ask(world, reviewers=FOUR, *, assignment_id="a1", **changes):
    values = {
        "actor": OPERATOR,
        "assignment_id": assignment_id,
        "call_id": CALL,
        "reviewers": tuple(reviewers),
        "organisation_question_codes": ("university",),
        "language_question_code": None,
        "bridge_permille": 100,
        "own_country": True,
    }
    world.handle(AskForReviewers(**{**values, **changes}))
    world.run_jobs()
    return world.assignments.get(assignment_id, scope=EVERYTHING)


def _asked(world):
    return {
        s.application_id: {r.reviewer_id for r in s.reviews if r.status is ReviewStatus.ASSIGNED}
        for s in world.screenings.all()
    }


def test_every_application_gets_its_reviewers_evenly():
    world = _world(*["bsu"] * 6)
    assignment = _ask(world)
    assert assignment.status is AssignmentStatus.DONE
    assert [load.review_count for load in assignment.review_loads] == [3, 3, 3, 3]
    assert assignment.bridge_permille_reached >= 100
    assert {len(ids) for ids in _asked(world).values()} == {2}


def test_the_applicants_university_and_a_declared_conflict_are_kept_apart():
    world = _world("bsu", "adu")
    _ask(
        world,
        (
            _record("r1", organisation_codes=("bsu",)),
            _record("r2", "GE", conflict_application_ids=(application_id(2),)),
            _record("r3"),
        ),
        bridge_permille=0,
    )
    assert _asked(world) == {
        application_id(1): {"r2", "r3"},
        application_id(2): {"r1", "r3"},
    }


def test_who_stepped_back_is_replaced_and_the_others_stay():
    world = _world(*["bsu"] * 4)
    _ask(world)
    before = _asked(world)
    screening = world.screenings.all()[0]
    gone = min(before[screening.application_id])
    world.handle(
        RecuseReviewer(
            actor=a_reviewer(gone), screening_id=screening.screening_id, conflict_code="relative"
        )
    )

    assert _ask(world, assignment_id="a2").status is AssignmentStatus.DONE

    after = _asked(world)
    assert gone not in after[screening.application_id]
    assert len(after[screening.application_id]) == 2
    assert {a: ids for a, ids in after.items() if a != screening.application_id} == {
        a: ids for a, ids in before.items() if a != screening.application_id
    }


def test_an_impossible_assignment_asks_nobody_and_says_why():
    world = _world("bsu", "adu")
    both = ("bsu",)
    assignment = _ask(
        world, (_record("r1", organisation_codes=both), _record("r2", organisation_codes=both))
    )
    assert assignment.status is AssignmentStatus.IMPOSSIBLE
    assert "0 without a conflict of interest" in assignment.reason
    assert assignment.lacking_application_ids == (application_id(1),)
    assert set().union(*_asked(world).values()) == set()


def test_a_call_with_nothing_to_review_ends_at_once():
    assignment = _ask(_world())
    assert assignment.reason == "no application of the call is under review"


def test_doing_the_job_again_changes_nothing():
    world = _world(*["bsu"] * 3)
    ended = _ask(world)
    before = [s.reviews for s in world.screenings.all()]
    job = Job(
        kind=ASSIGN_REVIEWERS,
        key="a1",
        payload={"assignment_id": "a1"},
        attempt=2,
        report=lambda progress: None,
        cancelled=lambda: False,
    )
    world.waiting_jobs.append(job)
    world.run_jobs()
    assert [s.reviews for s in world.screenings.all()] == before
    assert world.assignments.get("a1", scope=EVERYTHING) == ended


def test_a_reviewer_named_twice_or_an_unknown_call_is_refused():
    world = _world("bsu")
    with pytest.raises(RuleViolation) as refused:
        _ask(world, (_record("r1"), _record("r1")))
    assert refused.value.code == "assignment.twice"
    with pytest.raises(NotFound):
        _ask(world, call_id="none")
