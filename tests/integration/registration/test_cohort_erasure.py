"""The people of a cohort that is over are forgotten though the worker is killed on the way."""

from __future__ import annotations

import json
import signal
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from chassis.mongo.documents import JobRow
from contracts.registration import (
    ParticipantCompleted,
    ParticipantEnrolled,
    SubjectErasureRequested,
)
from rtcm.cli import cli
from tests.builders.registration import OPERATOR
from tests.integration.registration.scene import (
    Certification,
    Scene,
    focal_person,
    instant,
    until,
)
from tests.integration.registration.test_story import a_person, an_applicant, open_call, submit

pytestmark = pytest.mark.mongo
NOMINEES = ("Aigul", "Bolat", "Dina", "Erlan")


def nominate(scene: Scene, cohort_id: str, call_id: str) -> None:
    """Four officials of a state body take part."""
    body = {
        "call_id": call_id,
        "cohort_id": cohort_id,
        "organisation_code": "kz-migration",
        "country_code": "KZ",
        "place_count": len(NOMINEES),
        "person": a_person("Focal"),
    }
    focal_point_id = scene.made("/focal-points", OPERATOR, body)
    subject_id = scene.seen(f"/focal-points/{focal_point_id}", OPERATOR)["subject_id"]
    me = focal_person(subject_id, "KZ")
    for name in NOMINEES:
        naming = {"focal_point_id": focal_point_id, "person": a_person(name)}
        scene.done(f"/nominations/{scene.made('/nominations', me, naming)}/confirmation", me)
    until(lambda: len(scene.announced(ParticipantEnrolled)) == len(NOMINEES))


def test_a_cohort_is_forgotten_though_the_worker_dies(
    scene: Scene, certification: Certification, tmp_path: Path
) -> None:
    cohort_id, call_id = open_call(scene)
    path = f"/cohorts/{cohort_id}/erasure"
    nominate(scene, cohort_id, call_id)
    applied = an_applicant(scene)
    submit(scene, applied, cohort_id, call_id)
    assert scene.refused("POST", path, OPERATOR) == (409, "cohort.not_over")
    scene.clock.move_to(instant("2021-07-03T20:00:01"))  # midnight in Baku
    completed = until(
        lambda: (found := scene.announced(ParticipantCompleted))[3:] and found, seconds=60
    )
    assert scene.refused("POST", path, OPERATOR) == (409, "cohort.kept")
    people = {one.participant_id: one.subject_id for one in completed}
    kept_id = max(people, key=lambda id_: people[id_])
    certification.unsettled_ids = {kept_id}
    shown = scene.seen(f"{path}/people", OPERATOR)["items"]
    assert {one["subject_id"]: one["reasons"] for one in shown} == {
        applied.actor_id: [],
        **{subject_id: [] for subject_id in people.values()},
        people[kept_id]: ["certificate"],
    }

    scene.clock.move_to(instant("2021-08-02T20:00:01"))
    certification.waits_at = len(certification.asked) + 3
    scene.done(path, OPERATOR)
    until(lambda: len(certification.asked) == certification.waits_at)
    scene.stop_worker(signal.SIGKILL)
    certification.go_on.set()
    JobRow._get_collection().update_one(
        {"kind": "cohort.erasure"}, {"$set": {"waiting_until": datetime(2021, 1, 1, tzinfo=UTC)}}
    )  # as if the dead worker's lease had run out
    scene.start_worker()
    until(lambda: scene.seen(path, OPERATOR)["status"] == "done", seconds=60)

    def left() -> list[object]:
        return [
            (one["subject_id"], one["reasons"])
            for one in scene.seen(f"{path}/people", OPERATOR)["items"]
        ]

    until(lambda: left() == [(people[kept_id], ["certificate"])], seconds=60)
    asked = [event.subject_id for event in scene.announced(SubjectErasureRequested)]
    gone = {applied.actor_id, *people.values()} - {people[kept_id]}
    assert (len(asked), set(asked)) == (4, gone)
    assert JobRow._get_collection().find_one({"kind": "cohort.erasure"})["attempts"] == 2
    counts = scene.seen(f"/statistics?cohort_id={cohort_id}", OPERATOR)["counts"]
    assert (counts["participants_completed"], counts["applications_submitted"]) == (4, 1)
    (noted,) = [
        row
        for row in scene.seen("/ops/audit", OPERATOR)["items"]
        if row["action"] == "cohort_erasure.requested"
    ]
    assert (noted["actor_id"], noted["target"]) == (OPERATOR.actor_id, cohort_id)

    with scene.described(tmp_path):
        staying = rtcm(tmp_path, cohort_id, "--yes")
        assert (staying.exit_code, staying.output.split()) == (
            0,
            ["done;", "1", "stay", f"{people[kept_id]}:", "certificate"],
        )
        certification.unsettled_ids = {"somebody else"}
        before = [scene.seen(f"{path}/people", OPERATOR)["items"][0]["reasons"]]
        refused = rtcm(tmp_path, cohort_id, says="n\n")
        gone = rtcm(tmp_path, cohort_id, "--json", says="y\n")
    assert (before, "1 people will be forgotten" in refused.output) == ([[]], True)
    assert refused.exit_code != 0
    assert gone.exit_code == 0, gone.output
    answer = json.loads(gone.output[gone.output.index("{") :])
    assert (answer["status"], answer["round_no"], answer["staying"]) == ("done", 3, [])
    assert len(scene.announced(SubjectErasureRequested)) == 5


def rtcm(data: Path, cohort_id: str, *words: str, says: str | None = None) -> Result:
    command = ["erase-cohort", cohort_id, "--data", str(data), *words]
    return CliRunner().invoke(cli, command, input=says)
