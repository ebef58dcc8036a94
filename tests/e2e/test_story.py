"""The centre's main job, from the call to the certificate, on real processes and both logs.

On the embedded log the platform is left running afterwards and operated by the front door's
commands, then ended as a person ends it; on Apache Kafka the demo ends by itself.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from chassis.clock import monotonic
from rtcm.kafka_jars import missing_tools
from rtcm.stack import OPERATOR, WORKERS, Running

RTCM = [sys.executable, "-m", "rtcm.cli"]

PEOPLE = {
    "applications": 120,
    "screened": 120,
    "ineligible": 2,
    "interviewed": 48,
    "offers": 27,
    "accepted": 24,
    "declined": 2,
    "expired": 1,
    "participants": 24,
    "left": 2,
    "officials": 30,
    "erased": 1,
}


@dataclass
class Told:
    """A platform on which the story was told, still running."""

    data: Path
    summary: dict[str, Any]
    demo: subprocess.Popen[str]

    def rtcm(self, *words: str, code: int = 0) -> str:
        """One command of the front door on this platform."""
        done = subprocess.run(
            [*RTCM, *words, "--data", str(self.data)], capture_output=True, text=True, timeout=300
        )
        assert done.returncode == code, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done.stdout if code == 0 else done.stderr

    def flows(self) -> dict[str, dict[str, Any]]:
        """How the event flow of every service stands."""
        found: dict[str, dict[str, Any]] = json.loads(self.rtcm("status", "--json"))["services"]
        return found


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    place = tmp_path_factory.mktemp("told")
    data, summary = place / "demo", place / "summary.json"
    with (place / "demo.log").open("w+") as said:
        demo = subprocess.Popen(
            [*RTCM, "demo", "--data", str(data), "--summary", str(summary)],
            stdout=said,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            deadline = monotonic() + 900
            while not _tells_address(place / "demo.log"):
                assert demo.poll() is None, (place / "demo.log").read_text()
                assert monotonic() < deadline, (place / "demo.log").read_text()
                with_patience(demo)
            yield Told(data, json.loads(summary.read_text()), demo)
        finally:
            if demo.poll() is None:
                demo.send_signal(signal.SIGINT)
                demo.wait(120)


def with_patience(demo: subprocess.Popen[str]) -> None:
    """Half a second, or less if the demo ends."""
    try:
        demo.wait(0.5)
    except subprocess.TimeoutExpired:
        return


def _tells_address(log: Path) -> bool:
    return "Sign in:" in log.read_text()


def the_numbers_are_right(summary: dict[str, Any]) -> None:
    assert summary["parked"] == 0
    assert summary["failed_jobs"] == 0
    assert summary["people"] == PEOPLE
    assert summary["trainings"] == 33
    assert summary["certificates"] == {"issued": 17, "revoked": 1, "superseded": 1}
    assert summary["course_certificates"] == 30
    assert (summary["course_erased"], summary["course_pages"]) == (31, 30)
    assert summary["plan"]["progress"]["1.1"] == 100
    assert Path(summary["links"]["certificate_pdf"]).read_bytes().startswith(b"%PDF-")


def nothing_answers(url: str) -> None:
    with pytest.raises(OSError):
        urllib.request.urlopen(url, timeout=2)


@pytest.mark.timeout(1000)
def test_the_story_ends_with_the_right_numbers(told: Told) -> None:
    the_numbers_are_right(told.summary)
    assert told.demo.poll() is None
    with urllib.request.urlopen(told.summary["addresses"]["console"], timeout=10) as page:
        assert page.status == 200


def test_status_finds_everything_taken(told: Told) -> None:
    flows = told.flows()

    assert sorted(flows) == sorted(WORKERS)
    assert {name: flow["parked"] for name, flow in flows.items()} == dict.fromkeys(WORKERS, 0)
    assert {name: flow["pending"] for name, flow in flows.items()} == dict.fromkeys(WORKERS, 0)
    assert json.loads(told.rtcm("parked", "list", "--json")) == []
    assert "nothing" in told.rtcm("parked", "list").lower()


def test_events_are_all_in_the_log_and_hold_no_person(told: Told) -> None:
    lines = told.rtcm("events", "tail", "--from-start", "--no-follow", "--json").splitlines()
    events = [json.loads(line) for line in lines]

    announced = told.summary["events"]
    assert len({event["id"] for event in events}) == announced
    names = [one["holder_name"] for one in _certified(told)]
    assert names
    assert [name for name in names if any(name in line for line in lines)] == []
    assert len(told.rtcm("events", "tail", "--from-start", "--no-follow").splitlines()) >= announced


def test_the_run_is_decided_again_from_a_file_in_an_empty_directory(
    told: Told, tmp_path: Path
) -> None:
    exported = tmp_path / "bundle.zip"
    run_id = told.summary["links"]["run_manifest"].split("/")[-2]
    told.rtcm("audit", "export", run_id, "--out", str(exported))
    nowhere = tmp_path / "nowhere"
    nowhere.mkdir()
    for bundle in (exported, Path(told.summary["links"]["audit_bundle"]).resolve()):
        command = [*RTCM, "audit", "verify", str(bundle)]
        done = subprocess.run(command, capture_output=True, text=True, cwd=nowhere, timeout=300)
        assert done.returncode == 0, done.stdout + done.stderr


def test_a_parked_event_that_is_not_there_is_said(told: Told) -> None:
    assert "not the id" in told.rtcm("parked", "show", "x", code=2)
    unknown = "018f0000-0000-7000-8000-000000000000"
    assert "no parked event" in told.rtcm("parked", "redrive", unknown, code=1)
    assert "no parked event" in told.rtcm("parked", "skip", unknown, "--reason", "why", code=1)


def test_a_rebuilt_log_holds_the_same_events_and_nothing_is_done_twice(told: Told) -> None:
    before, counts = _log_ids(told), _counts(told)

    assert "published again" in told.rtcm("log", "rebuild", "--yes")
    _wait_until_taken(told)

    assert _log_ids(told) == before
    assert _counts(told) == counts
    assert all(flow["parked"] == 0 for flow in told.flows().values())


def test_erase_takes_the_person_and_leaves_the_counts(told: Told) -> None:
    counts = _counts(told)
    person = _certified(told)[0]

    state = json.loads(told.rtcm("erase", person["subject_id"], "--json"))

    assert state["status"] == "erased"
    assert sorted(state["receipts"]) == sorted(set(WORKERS) - {"registration"})
    assert _counts(told)["certificates"] == counts["certificates"]
    client = Running.find(told.data).client("certification")
    shown = client.get(f"/verify/{person['check_code']}").body
    assert (shown["is_erased"], shown["serial"]) == (True, person["serial"])
    assert person["holder_name"] not in json.dumps(shown, ensure_ascii=False)
    assert "not the id of a person" in told.rtcm("erase", "nobody", code=2)


def test_a_cohort_too_young_or_forgotten_before_is_said(told: Told) -> None:
    school, course = told.summary["ids"]["school"], told.summary["ids"]["course"]

    assert "kept until" in told.rtcm("erase-cohort", school, "--yes", code=1)
    state = json.loads(told.rtcm("erase-cohort", course, "--yes", "--json"))
    assert (state["status"], state["round_no"], state["staying"]) == ("done", 2, [])
    assert "not the id of a cohort" in told.rtcm("erase-cohort", "nobody", "--yes", code=2)


def test_settings_lists_every_variable_of_a_service() -> None:
    done = subprocess.run(
        [*RTCM, "settings", "--json", "--service", "certification"],
        capture_output=True,
        text=True,
        check=True,
    )
    rows = json.loads(done.stdout)["certification"]
    assert "RTCM_CERTIFICATION_ISSUER_DID" in {row["name"] for row in rows}
    assert all(row["doc"] for row in rows)


def test_ctrl_c_stops_everything(told: Told) -> None:
    pids = Running.find(told.data).state["processes"].values()

    told.demo.send_signal(signal.SIGINT)

    assert told.demo.wait(120) == 0
    nothing_answers(told.summary["addresses"]["console"])
    assert [pid for pid in pids if Path(f"/proc/{pid}").exists()] == []
    assert not (told.data / "stack.json").exists()
    assert "no platform runs" in told.rtcm("status", code=1)


@pytest.mark.kafka
@pytest.mark.timeout(1000)
def test_the_story_is_the_same_on_apache_kafka(tmp_path: Path) -> None:
    if missing := missing_tools():
        if os.environ.get("CI") == "true":
            pytest.fail(f"CI must tell the story on Apache Kafka, but: {missing}")
        pytest.skip(f"Apache Kafka: {missing}")
    summary = tmp_path / "summary.json"
    command = [*RTCM, "demo", "--exit", "--engine", "kafka", "--data", str(tmp_path / "demo")]

    done = subprocess.run(
        [*command, "--summary", str(summary)], capture_output=True, text=True, timeout=900
    )

    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(summary.read_text())
    the_numbers_are_right(found)
    nothing_answers(found["addresses"]["console"])


def _certified(told: Told) -> list[dict[str, Any]]:
    """Valid certificates of the school with every fact their public pages show."""
    client = Running.find(told.data).client("certification")
    path = f"/certificates?cohort_id={told.summary['ids']['school']}&status=issued"
    rows = client.get(path, actor=OPERATOR).body["items"]
    return [{**row, **client.get(f"/verify/{row['check_code']}").body} for row in rows]


def _log_ids(told: Told) -> list[str]:
    lines = told.rtcm("events", "tail", "--from-start", "--no-follow", "--json").splitlines()
    return sorted(json.loads(line)["id"] for line in lines)


def _counts(told: Told) -> dict[str, Any]:
    """What a repeated effect would change."""
    running = Running.find(told.data)

    def read(service: str, path: str) -> Any:
        return running.client(service).get(path, actor=OPERATOR).body

    school = told.summary["ids"]["school"]
    return {
        "announced": {name: flow["announced"] for name, flow in told.flows().items()},
        "messages": read("notifications", "/messages/counts"),
        "certificates": read("certification", f"/cohorts/{school}/summary"),
        "funnel": read("selection", f"/funnel?cohort_id={school}"),
    }


def _wait_until_taken(told: Told) -> None:
    deadline = monotonic() + 300
    while True:
        waiting = {
            name: sum(flow["lag"].values()) + flow["pending"] for name, flow in told.flows().items()
        }
        if not any(waiting.values()):
            return
        assert monotonic() < deadline, waiting
