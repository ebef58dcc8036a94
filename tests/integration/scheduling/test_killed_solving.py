"""A solving outlives the process that does it, and whoever stops it keeps the best so far."""

from __future__ import annotations

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
from tests.integration.scheduling.test_service import Service, prepare

ROOT = Path(__file__).parents[3]


@contextmanager
def a_worker(mongo_server: Any, service: Service, keys: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A worker in a process of its own, killed at the end if it still runs."""
    name = service.platform.database.name
    command = [sys.executable, "-m", "tests.integration.scheduling.solving_worker"]
    worker = subprocess.Popen([*command, mongo_server.uri, name, str(keys)], cwd=ROOT)
    try:
        yield worker
    finally:
        worker.kill()
        worker.wait()
        end_open_transactions(mongo_server.uri)  # or they lock the next command out for a minute


def row_of(kind: str) -> dict[str, Any]:
    return JobRow._get_collection().find_one({"kind": kind})


def reported(worker: subprocess.Popen[bytes]) -> dict[str, Any]:
    """The job's row once a plan has been reported."""
    pause, deadline = threading.Event(), monotonic() + 240
    while monotonic() < deadline:
        row = row_of("solve")
        if row.get("progress", {}).get("placed"):
            return row
        assert worker.poll() is None, "the worker ended by itself"
        pause.wait(0.05)
    raise AssertionError("no plan was reported")


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

    JobRow._get_collection().update_one(
        {"_id": before["_id"]}, {"$set": {"waiting_until": datetime(2021, 1, 1, tzinfo=UTC)}}
    )  # as if the dead worker's lease had run out
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
