"""A solving or repair outlives the process that does it; who stops one keeps the best so far."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from chassis.clock import monotonic
from chassis.mongo.connection import Database, end_open_transactions
from chassis.mongo.documents import JobRow
from contracts.scheduling import SessionMoved
from tests.integration.scheduling.test_service import Service, prepare, release

ROOT = Path(__file__).parents[3]


@contextmanager
def a_worker(
    mongo_server: Any, service: Service, keys: Path, *, failpoints: str = ""
) -> Iterator[subprocess.Popen[bytes]]:
    """A worker in a process of its own, killed at the end if it still runs."""
    name = service.platform.database.name
    command = [sys.executable, "-m", "tests.integration.scheduling.solving_worker"]
    environment = {**os.environ, "RTCM_MODE": "test", "RTCM_FAILPOINTS": failpoints}
    worker = subprocess.Popen(
        [*command, mongo_server.uri, name, str(keys)], cwd=ROOT, env=environment
    )
    try:
        yield worker
    finally:
        worker.kill()
        worker.wait()
        end_open_transactions(mongo_server.uri)  # or they lock the next command out for a minute


def row_of(kind: str) -> dict[str, Any]:
    return JobRow._get_collection().find_one({"kind": kind})


def reported(
    worker: subprocess.Popen[bytes], kind: str = "solve", what: str = "placed"
) -> dict[str, Any]:
    """The job's row once it has reported a plan, or what else is asked for."""
    pause, deadline = threading.Event(), monotonic() + 240
    while monotonic() < deadline:
        row = row_of(kind)
        if row.get("progress", {}).get(what):
            return row
        assert worker.poll() is None, "the worker ended by itself"
        pause.wait(0.05)
    raise AssertionError(f"no {what} was reported")


def end_lease(row: dict[str, Any]) -> None:
    """As if the time that a dead worker had for its job were over."""
    JobRow._get_collection().update_one(
        {"_id": row["_id"], "status": "running"},
        {"$set": {"waiting_until": datetime(2021, 1, 1, tzinfo=UTC)}},
    )


@pytest.fixture
def service(database: Database, tmp_path: Path) -> Service:
    return Service(database, tmp_path / "keys")


def test_a_killed_solving_goes_on_from_the_best_so_far(
    service: Service, mongo_server: Any, tmp_path: Path
) -> None:
    path = prepare(service)
    number = service.ok("POST", f"{path}/solving", {"seed": 3, "work": 10})["number"]
    with a_worker(mongo_server, service, tmp_path / "keys") as worker:
        before = reported(worker)
        shown = service.ok("GET", f"{path}/solving/{number}")
    assert before["status"] == "running"
    assert shown["cost"] is not None
    assert 0 <= shown["percent"] <= 100

    end_lease(before)
    state = service.run_jobs_until(f"{path}/solving/{number}")

    assert (state["status"], state["attempts"]) == ("done", 2)
    timetable = service.ok("GET", path)
    assert timetable["status"] == "solved"
    assert timetable["solution"]["cost"] <= before["progress"]["cost"]
    assert service.ok("GET", f"{path}/violations") == {"items": []}
    service.ok("POST", f"{path}/releases")


def test_a_solving_that_is_stopped_leaves_the_best_so_far(
    service: Service, mongo_server: Any, tmp_path: Path
) -> None:
    path = prepare(service)
    service.ok("POST", f"{path}/solving", {"seed": 3, "work": 10})
    with a_worker(mongo_server, service, tmp_path / "keys") as worker:
        reported(worker)
        service.ok("DELETE", f"{path}/solving")

    timetable = service.ok("GET", path)
    assert timetable["status"] == "solved"
    assert len(timetable["proposal"]) == 33
    assert service.ok("GET", f"{path}/violations") == {"items": []}
    assert row_of("solve")["status"] == "cancelled"


def ask_for_repair(service: Service, path: str) -> tuple[str, str]:
    """The path of a repair that moves the first session, and which that is."""
    session_id = service.ok("GET", path)["placed"][0]["session_id"]
    asked = {"session_id": session_id, "reason_code": "trainer", "work": 60}
    made = service.ok("POST", f"{path}/repairs", asked)
    return f"{path}/repairs/{made['id']}", session_id


def assert_moved_once(service: Service, path: str, session_id: str) -> None:
    """One session has another time, and people hear of it once."""
    moved = service.announced(SessionMoved)
    assert [each.session_id for each in moved] == [session_id]
    assert moved[0].starts_at != moved[0].previous_starts_at
    timetable = service.ok("GET", path)
    assert [each["kind"] for each in timetable["changes"]] == ["released", "moved"]
    starts = {each["session_id"]: each["starts_at"] for each in timetable["placed"]}
    assert datetime.fromisoformat(starts[session_id]) == moved[0].starts_at
    assert service.ok("GET", f"/sessions/{session_id}")["calendar_sequence"] == 1
    assert service.ok("GET", f"{path}/violations") == {"items": []}


def test_a_repair_whose_worker_is_killed_is_done_once_by_another(
    service: Service, mongo_server: Any, tmp_path: Path
) -> None:
    path = release(service)
    repair, session_id = ask_for_repair(service, path)
    with a_worker(mongo_server, service, tmp_path / "keys") as worker:
        before = reported(worker, "repair", "moves")
        worker.kill()
        worker.wait()
    assert (row_of("repair")["status"], before["attempts"]) == ("running", 1)
    assert service.announced(SessionMoved) == []

    end_lease(before)
    state = service.run_jobs_until(repair)

    assert (state["status"], state["attempts"], state["moves"]) == ("done", 2, 1)
    assert_moved_once(service, path, session_id)


@pytest.mark.parametrize(
    ("point", "attempts"), [("job.after_work", 2), ("job.after_completion", 1)]
)
def test_a_repair_whose_worker_dies_with_the_answer_is_done_once(
    service: Service, mongo_server: Any, tmp_path: Path, point: str, attempts: int
) -> None:
    path = release(service)
    repair, session_id = ask_for_repair(service, path)
    dies = f"{point}=kill"
    with a_worker(mongo_server, service, tmp_path / "keys", failpoints=dies) as worker:
        assert worker.wait(timeout=240) == -signal.SIGKILL

    end_lease(row_of("repair"))
    state = service.run_jobs_until(repair)

    assert (state["status"], state["attempts"]) == ("done", attempts)
    assert_moved_once(service, path, session_id)


def test_a_repair_that_was_given_up_while_nobody_did_it_is_not_taken_up(
    service: Service, mongo_server: Any, tmp_path: Path
) -> None:
    path = release(service)
    repair, _ = ask_for_repair(service, path)
    with a_worker(mongo_server, service, tmp_path / "keys") as worker:
        before = reported(worker, "repair", "moves")
    end_lease(before)
    service.ok("DELETE", repair)

    number = service.ok("POST", f"{path}/solving", {"seed": 3, "work": 1})["number"]
    service.run_jobs_until(f"{path}/solving/{number}")

    assert service.ok("GET", repair)["status"] == "cancelled"
    assert service.announced(SessionMoved) == []
