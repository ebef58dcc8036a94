"""Reports and the assignment of reviewers, read from a real database within the caller's scope."""

from __future__ import annotations

from pathlib import Path

import pytest

from chassis.access import Actor, Role, Scope
from chassis.mongo.connection import Database
from services.selection.domain.screening import Screening, ScreeningStatus
from services.selection.storage.register import MongoRegister
from tests.builders.selection import CALL, COHORT, application_id
from tests.integration.selection.scene import Scene

pytestmark = pytest.mark.mongo

BAKU, GEORGIA = (
    Actor(
        actor_id="coordinator",
        roles=frozenset({Role.COORDINATOR}),
        scope=Scope(countries=frozenset({country_code})),
    )
    for country_code in ("AZ", "GE")
)
READERS = ("reader-1", "reader-2", "reader-3")


@pytest.fixture
def scene(database: Database, tmp_path: Path) -> Scene:
    return Scene(database, tmp_path)


def _screening(number: int) -> str:
    return Screening.id_for(application_id(number))


def _applied(scene: Scene) -> None:
    """Six applications, the last two from Georgia."""
    scene.open_call(shortlist={"places": 6})
    for number in range(1, 7):
        scene.submit(number, country_code="GE" if number > 4 else "AZ")


def _assigned(scene: Scene) -> dict:
    body = {
        "call_id": CALL,
        "reviewers": [{"reviewer_id": r, "country_code": "AZ"} for r in READERS],
        "bridge_permille": 0,
    }
    assignment_id = scene.ok("POST", "/reviewer-assignments", body)["id"]
    asked = scene.ok("GET", f"/reviewer-assignments/{assignment_id}")
    assert (asked["status"], asked["review_loads"], asked["reason"]) == ("asked", [], None)
    scene.settle()
    return scene.ok("GET", f"/reviewer-assignments/{assignment_id}")


def test_reviewers_are_assigned_by_a_job_and_shown(scene):
    _applied(scene)
    done = _assigned(scene)
    assert (done["status"], done["lacking_application_ids"]) == ("done", [])
    loads = {load["reviewer_id"]: load["review_count"] for load in done["review_loads"]}
    assert loads == dict.fromkeys(READERS, 4)
    rows = scene.ok("GET", f"/screenings?cohort_id={COHORT}")["items"]
    assert [len(row["reviews"]) for row in rows] == [2] * 6
    (listed,) = scene.ok("GET", f"/reviewer-assignments?call_id={CALL}&status=done")["items"]
    assert listed == done


def test_assignment_that_cannot_be_made_says_why_and_asks_nobody(scene):
    _applied(scene)
    body = {"call_id": CALL, "reviewers": [{"reviewer_id": "alone", "country_code": "AZ"}]}
    path = f"/reviewer-assignments/{scene.ok('POST', '/reviewer-assignments', body)['id']}"
    scene.settle()
    ended = scene.ok("GET", path)
    assert (ended["status"], ended["bridge_permille_reached"]) == ("impossible", None)
    assert ended["reason"]
    rows = scene.ok("GET", f"/screenings?cohort_id={COHORT}")["items"]
    assert [row["reviews"] for row in rows] == [[]] * 6


def test_only_eligible_applications_of_people_who_are_there_are_in_review(scene):
    _applied(scene)
    scene.review(_screening(1), 80)
    rows = scene.platform.database.pymongo["screening"]
    rows.update_one({"_id": _screening(2)}, {"$unset": {"subject_id": ""}})
    rows.update_one({"_id": _screening(3)}, {"$set": {"call_id": application_id(9)}})
    found = list(MongoRegister().in_review(CALL))
    assert {s.screening_id for s in found} == {_screening(n) for n in (4, 5, 6)}
    assert {s.status for s in found} == {ScreeningStatus.ELIGIBLE}


def test_calibration_is_computed_from_what_the_caller_may_see(scene):
    _applied(scene)
    _assigned(scene)
    for number in range(1, 7):
        (row,) = [
            r for r in scene.ok("GET", "/screenings")["items"] if r["id"] == _screening(number)
        ]
        for review in row["reviews"]:
            strict = 10 * (review["reviewer_id"] == READERS[0])
            scene.seal(_screening(number), review["reviewer_id"], 60 + number - strict)
    path = f"/calibrations?call_id={CALL}"
    (cohort,) = scene.ok("GET", path)["cohorts"]
    assert (cohort["refused"], len(cohort["applications"])) == (None, 6)
    severity = {one["reviewer_id"]: one["points"] for one in cohort["severities"]}
    assert max(severity, key=severity.get) == READERS[0]
    (mine,) = scene.ok("GET", path, actor=BAKU)["cohorts"]
    seen = {one["application_id"] for one in mine["applications"]}
    assert seen == {application_id(n) for n in range(1, 5)}
    assert scene.ok("GET", path, actor=GEORGIA)["cohorts"] == []  # the rules are not theirs


def test_fairness_counts_the_stages_of_those_who_may_be_seen(scene):
    _applied(scene)
    for number in range(1, 7):
        scene.review(_screening(number), 90 - number)
    scene.close_call()
    scene.ok("POST", "/shortlists", {"cohort_id": COHORT})
    scene.settle()
    stages = {
        stage["stage_code"]: stage
        for stage in scene.ok("GET", f"/fairness?cohort_id={COHORT}&group_by=route")["stages"]
    }
    shortlisted = stages["shortlisted"]
    assert (shortlisted["decided_count"], shortlisted["passed_count"]) == (6, 6)
    assert [group["group_code"] for group in shortlisted["groups"]] == ["open"]
    hidden = scene.ok("GET", f"/fairness?cohort_id={COHORT}", actor=GEORGIA)["stages"]
    assert {stage["decided_count"] for stage in hidden} == {None}
    assert hidden[0]["hidden_group_codes"] == ["GE"]
