"""Selection from the first form to the last place, over HTTP and a real database."""

from __future__ import annotations

from pathlib import Path

import pytest

from chassis.access import Actor, Role, Scope
from chassis.mongo.connection import Database
from contracts.registration import CodedAnswer, SubjectErasureRequested
from contracts.selection import (
    ErasureConfirmed,
    InterviewScored,
    OfferAccepted,
    OfferDeclined,
    OfferExpired,
    OfferMade,
    PlaceWaitlisted,
    RuleSetFrozen,
    RunCommitted,
    RunCompleted,
    ScreeningRejected,
    ScreeningShortlisted,
)
from services.selection.domain.lottery import commitment_sha256, lottery_seed
from services.selection.domain.screening import Screening
from tests.builders.selection import (
    COHORT,
    DAY,
    GOOD_ANSWERS,
    NOON,
    a_document,
    application_id,
)
from tests.builders.selection_world import a_reviewer
from tests.integration.selection.scene import REVIEWERS, Scene, applicant, subject_id

pytestmark = pytest.mark.mongo

SCHOOL = (CodedAnswer(question_code="degree_level", option_codes=("school",)), GOOD_ANSWERS[1])
GEORGIA = Actor(
    actor_id="coordinator",
    roles=frozenset({Role.COORDINATOR}),
    scope=Scope(countries=frozenset({"GE"})),
)


@pytest.fixture
def scene(database: Database, tmp_path: Path) -> Scene:
    return Scene(database, tmp_path)


def _up_to_the_draw(scene: Scene) -> str:
    """Five good applications and a bad one; two seats; the first are the best."""
    run_id = scene.open_call(shortlist={"places": 5}, quotas={"seats": 2})
    for number in range(1, 6):
        scene.submit(number)
    scene.submit(6, answers=SCHOOL)
    for number in range(1, 6):
        scene.review(Screening.id_for(application_id(number)), 90 - number)
    scene.close_call()
    scene.ok("POST", "/shortlists", {"cohort_id": COHORT})
    scene.settle()
    for number in range(1, 6):
        scene.interview(application_id(number), 90 - number)
    return run_id


def _draw(scene: Scene, run_id: str) -> None:
    scene.ok("POST", f"/runs/{run_id}/snapshot")
    scene.ok("POST", f"/runs/{run_id}/draw", {"public_value": "5 12 17"})
    scene.settle()


def _open_offers(scene: Scene) -> dict[str, str]:
    items = scene.ok("GET", f"/offers?status=made&cohort_id={COHORT}")["items"]
    return {item["subject_id"]: item["id"] for item in items}


def test_places_go_to_the_best_and_move_on(scene):
    run_id = _up_to_the_draw(scene)
    _draw(scene, run_id)

    offers = _open_offers(scene)
    assert set(offers) == {subject_id(1), subject_id(2)}
    scene.ok("POST", f"/offers/{offers[subject_id(1)]}/refusal", actor=applicant(1))
    scene.settle()
    offers = _open_offers(scene)
    assert set(offers) == {subject_id(2), subject_id(3)}
    scene.ok("POST", f"/offers/{offers[subject_id(2)]}/acceptance", actor=applicant(2))
    scene.now += 4 * DAY
    scene.settle()

    assert set(_open_offers(scene)) == {subject_id(4)}
    happened = {
        kind: len(scene.announced(kind))
        for kind in (
            RuleSetFrozen,
            RunCommitted,
            ScreeningRejected,
            ScreeningShortlisted,
            InterviewScored,
            RunCompleted,
            OfferMade,
            OfferDeclined,
            OfferAccepted,
            OfferExpired,
            PlaceWaitlisted,
        )
    }
    assert list(happened.values()) == [1, 1, 1, 5, 5, 3, 4, 1, 1, 1, 3]
    counts = scene.ok("GET", f"/funnel?cohort_id={COHORT}")["counts"]
    assert (counts["applied"], counts["shortlisted"], counts["rejected"]) == (6, 5, 1)
    assert (counts["offers_accepted"], counts["on_waiting_list"]) == (1, 1)


def test_manifest_lets_anybody_compute_the_seed(scene):
    run_id = _up_to_the_draw(scene)
    before = scene.http.get(f"/runs/{run_id}/manifest").get_json()["manifest"]["lottery"]
    assert before["secret"] is None
    _draw(scene, run_id)
    manifest = scene.http.get(f"/runs/{run_id}/manifest").get_json()["manifest"]
    lottery = manifest["lottery"]
    assert commitment_sha256(lottery["secret"]) == before["commitment_sha256"]
    seed = lottery_seed(lottery["secret"], "5 12 17", manifest["pool_sha256"])
    assert seed.hex() == lottery["seed"]


def test_reviewer_sees_no_person_and_nobody_elses_open_sheet(scene):
    scene.open_call()
    scene.submit(1)
    screening_id = Screening.id_for(application_id(1))
    for reviewer in REVIEWERS:
        scene.ok("POST", f"/screenings/{screening_id}/reviewers", {"reviewer_id": reviewer})
    scores = [{"criterion_code": code, "points": 70} for code in ("motivation", "ideas")]
    first, second = map(a_reviewer, REVIEWERS)
    scene.ok("POST", f"/reviews/{screening_id}/sealing", {"scores": scores}, actor=first)

    (seen,) = scene.ok("GET", "/reviews", actor=second)["items"]
    assert set(seen) == {"id", "cohort_id", "status", "answers", "reviews"}
    assert [(r["reviewer_id"], r["scores"]) for r in seen["reviews"]] == [(REVIEWERS[1], [])]
    assert scene.ask("GET", f"/screenings/{screening_id}", actor=second).status_code == 403
    scene.ok("POST", f"/reviews/{screening_id}/sealing", {"scores": scores}, actor=second)
    seen = scene.ok("GET", f"/reviews/{screening_id}", actor=second)
    assert [r["reviewer_id"] for r in seen["reviews"]] == ["another", REVIEWERS[1]]


def test_other_country_sees_and_changes_nothing(scene):
    scene.open_call()
    scene.submit(1)
    screening_id = Screening.id_for(application_id(1))
    assert scene.ok("GET", "/screenings", actor=GEORGIA)["items"] == []
    assert scene.ask("GET", f"/screenings/{screening_id}", actor=GEORGIA).status_code == 404
    path, body = f"/screenings/{screening_id}/reviewers", {"reviewer_id": "r"}
    assert scene.ask("POST", path, body, actor=GEORGIA).status_code == 404


def test_rules_are_revised_by_etag_until_frozen(scene):
    scene.open_call()
    (row,) = scene.ok("GET", "/rulesets")["items"]
    response = scene.ask("PUT", f"/rulesets/{row['id']}", {"document": a_document()})
    assert (response.status_code, response.get_json()["code"]) == (409, "ruleset.frozen")
    stale = scene.ask("POST", f"/rulesets/{row['id']}/freezing", **{"If-Match": '"1"'})
    assert stale.status_code == 412


def test_malformed_rules_name_the_place(scene):
    scene.open_call()
    document = a_document(tie_rule="dice")
    response = scene.ask("POST", "/rulesets", {"cohort_id": COHORT, "document": document})
    assert response.status_code == 422
    assert [problem["field"] for problem in response.get_json()["problems"]] == ["tie_rule"]


def test_erased_person_is_gone_and_the_place_moves_on(scene):
    _draw(scene, _up_to_the_draw(scene))
    request = SubjectErasureRequested(
        subject_id=subject_id(1), country_code="AZ", requested_at=NOON
    )
    scene.hear(request, request)
    scene.settle()
    (receipt,) = scene.announced(ErasureConfirmed)
    assert (receipt.subject_id, receipt.removed_count) == (subject_id(1), 3)
    assert set(_open_offers(scene)) == {subject_id(2), subject_id(3)}
    rows = [
        row
        for name in ("screening", "interview", "offer", "place", "run")
        for row in scene.platform.database.pymongo[name].find()
    ]
    assert subject_id(1) not in repr(rows)
    assert scene.ok("GET", f"/funnel?cohort_id={COHORT}")["counts"]["applied"] == 6
