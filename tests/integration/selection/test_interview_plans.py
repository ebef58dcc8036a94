"""Interviews of a call planned over HTTP, and planned again around those that are booked."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from chassis.access import Actor, Role, Scope
from chassis.mongo.connection import Database
from services.selection.domain.screening import Screening
from tests.builders.selection import CALL, COHORT, DAY, application_id
from tests.integration.selection.scene import Scene

pytestmark = pytest.mark.mongo

GEORGIA = Actor(
    actor_id="coordinator",
    roles=frozenset({Role.COORDINATOR}),
    scope=Scope(countries=frozenset({"GE"})),
)


@pytest.fixture
def scene(database: Database, tmp_path: Path) -> Scene:
    """Five shortlisted people."""
    scene = Scene(database, tmp_path)
    scene.open_call(shortlist={"places": 5})
    for number in range(1, 6):
        scene.submit(number)
        scene.review(Screening.id_for(application_id(number)), 80)
    scene.close_call()
    scene.ok("POST", "/shortlists", {"cohort_id": COHORT})
    scene.settle()
    return scene


def _body(scene: Scene, *, hours: int) -> dict:
    starts_at = scene.now + DAY - timedelta(hours=6)
    return {
        "call_id": CALL,
        "minutes": 30,
        "panel_size": 2,
        "language_code": "en",
        "reserve_permille": 0,
        "sessions": [
            {
                "session_id": "saturday",
                "starts_at": starts_at.isoformat(),
                "ends_at": (starts_at + timedelta(hours=hours)).isoformat(),
                "mode": "online",
                "language_code": "en",
            }
        ],
        "panelists": [
            {
                "panelist_id": panelist,
                "organisation_code": organisation,
                "language_codes": ["en"],
                "free_session_ids": ["saturday"],
            }
            for panelist, organisation in (("p1", "service"), ("p2", "iom"))
        ],
    }


def _plan(scene: Scene, body: dict) -> dict:
    path = f"/interview-plans/{scene.ok('POST', '/interview-plans', body)['id']}"
    assert scene.ok("GET", path)["status"] == "asked"
    scene.settle()
    return scene.ok("GET", path)


def test_plan_books_is_shown_and_is_made_again_around_what_is_booked(scene):
    body = _body(scene, hours=2)
    plan = _plan(scene, body)
    assert (plan["status"], plan["kept_count"], plan["unmanned"]) == ("done", 0, [])
    assert (len(plan["seats"]), len(plan["unplaced_application_ids"])) == (4, 1)
    booked = {i["application_id"]: i for i in scene.ok("GET", "/interviews")["items"]}
    assert {
        seat["application_id"]: (seat["starts_at"], seat["panelist_ids"]) for seat in plan["seats"]
    } == {a: (i["slot"]["starts_at"], i["panelist_ids"]) for a, i in booked.items()}

    again = _plan(scene, {**body, "sessions": _body(scene, hours=3)["sessions"]})
    assert (again["kept_count"], len(again["seats"])) == (4, 1)
    assert again["unplaced_application_ids"] == []
    now = {i["application_id"]: i for i in scene.ok("GET", "/interviews")["items"]}
    assert {a: now[a] for a in booked} == booked
    assert len({i["slot"]["starts_at"] for i in now.values()}) == len(now) == 5
    listed = scene.ok("GET", f"/interview-plans?call_id={CALL}&status=done")["items"]
    assert sorted(one["id"] for one in listed) == sorted([plan["id"], again["id"]])


def test_what_does_not_fit_is_refused_and_other_countries_see_nothing(scene):
    body = _body(scene, hours=2)
    body["panelists"][0]["free_session_ids"] = ["sunday"]
    refused = scene.ask("POST", "/interview-plans", body)
    assert (refused.status_code, refused.get_json()["code"]) == (
        409,
        "interview_plan.unknown_session",
    )
    answer = scene.ask("POST", "/interview-plans", {**body, "minutes": 30.5})
    assert [p["field"] for p in answer.get_json()["problems"]] == ["minutes"]
    assert scene.ok("GET", "/interview-plans")["items"] == []
    plan = _plan(scene, _body(scene, hours=2))
    assert scene.ask("GET", f"/interview-plans/{plan['id']}", actor=GEORGIA).status_code == 404
    assert scene.ask("POST", "/interview-plans", body, actor=GEORGIA).status_code == 404
