"""Adjusted scores rank: refused while reviewers share nothing, and checked from the bundle."""

from __future__ import annotations

from pathlib import Path

import pytest

from chassis.mongo.connection import Database
from services.selection.domain.audit.verify import check
from services.selection.domain.screening import Screening
from services.selection.domain.shortlist import Shortlist
from tests.builders.selection import ADJUSTED, COHORT, application_id
from tests.integration.selection.scene import Scene

pytestmark = pytest.mark.mongo

STRICT, PLAIN, MILD, GUEST = "strict", "plain", "mild", "guest"


@pytest.fixture
def scene(database: Database, tmp_path: Path) -> Scene:
    return Scene(database, tmp_path)


def _screening(number: int) -> str:
    return Screening.id_for(application_id(number))


def _reviewed(scene: Scene) -> str:
    """Five applications; the guest read one alone with nobody who read another."""
    run_id = scene.open_call(shortlist={"places": 5}, score=ADJUSTED)
    sheets = [
        {STRICT: 60, PLAIN: 70},
        {MILD: 80, PLAIN: 70},
        {STRICT: 40, MILD: 60},
        {PLAIN: 61, MILD: 71},
        {GUEST: 50, "second-guest": 52},
    ]
    for number, points in enumerate(sheets, start=1):
        scene.submit(number)
        scene.sheets(_screening(number), points)
    scene.close_call()
    return run_id


def test_shortlist_waits_until_reviewers_can_be_compared(scene):
    _reviewed(scene)
    refused = scene.ask("POST", "/shortlists", {"cohort_id": COHORT})
    assert (refused.status_code, refused.get_json()["code"]) == (409, "calibration.not_connected")
    assert scene.ask("GET", f"/shortlists/{Shortlist.id_for(COHORT)}").status_code == 404
    scene.settle()
    rows = scene.ok("GET", f"/screenings?cohort_id={COHORT}")["items"]
    assert {row["status"] for row in rows} == {"reviewed"}


def test_adjusted_run_is_decided_again_from_its_bundle(scene):
    run_id = _reviewed(scene)
    scene.sheets(_screening(5), {MILD: 60})
    scene.ok("POST", "/shortlists", {"cohort_id": COHORT})
    scene.settle()

    shortlist = scene.ok("GET", f"/shortlists/{Shortlist.id_for(COHORT)}")
    rows = {r["id"]: r for r in scene.ok("GET", f"/screenings?cohort_id={COHORT}")["items"]}
    assert (shortlist["ranked_by"], len(shortlist["shortlisted_ids"])) == ("adjusted", 5)
    assert shortlist["cut_off_milli"] == min(row["adjusted_milli"] for row in rows.values())
    first, fourth = rows[_screening(1)], rows[_screening(4)]
    assert first["review_milli"] < fourth["review_milli"]
    assert first["adjusted_milli"] > fourth["adjusted_milli"]

    for number in range(1, 6):
        scene.interview(application_id(number), 70)
    scene.ok("POST", f"/runs/{run_id}/snapshot")
    scene.ok("POST", f"/runs/{run_id}/draw", {"public_value": "5 12 17"})
    scene.settle()
    bundle = scene.ok("GET", f"/runs/{run_id}/audit")
    assert check(bundle).people == 5
    assert len(bundle["sheets"][COHORT]["records"]) == 5
    placed = {person for person, cohort_id in bundle["assignment"].items() if cohort_id}
    assert placed == {application_id(1), application_id(2)}
