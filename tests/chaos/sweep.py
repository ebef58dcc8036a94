"""Failpoints, swept: trouble between every two durable steps, and the same end as without.

``python -m tests.chaos.sweep`` tries every point with each kind of trouble (about ten minutes);
``--only relay.`` those that begin so. One deployment serves all cases; each has counters of its
own.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chassis.clock import monotonic
from chassis.failpoints import ALL_POINTS
from chassis.ids import derived_id, new_id
from tests.chaos.clients import Sent, send
from tests.chaos.stage import SERVICES, NotQuiet, Stage
from tests.chaos.storm import end_in_order

ACTIONS = ("kill@1", "error@1", "sleep:2@1")

WORKER_OF = {
    "unit_of_work": ("registration-api", "scheduling-worker-0"),
    "relay": ("registration-worker-0",),
    "consumer": ("scheduling-worker-0",),
    "timer": ("registration-worker-0",),
    "job": ("registration-worker-0",),
}
"""Where a point is armed, by its first word: commands and heard events share the unit of work."""

LOAD = (
    ("a", "now"),
    ("b", "chain"),
    ("a", "refused"),
    ("b", "now"),
    ("a", "chain"),
    ("c", "timer"),
    ("d", "job"),
    ("a", "now"),
    ("b", "chain"),
    ("c", "timer"),
    ("d", "job"),
)
"""Counter and way of each command, sent one after another.

Timers and jobs have counters of their own, for their steps come when they come.
"""

_READY_SECONDS = 180.0
_QUIET_SECONDS = 240.0
"""Who is killed within a transaction leaves its locks to the database for 60 s, and what runs
into them waits longer after each try."""


class WrongEnd(AssertionError):
    """A case ended otherwise than the one without trouble."""


@dataclass(frozen=True)
class Case:
    """One point, one kind of trouble, one process."""

    point: str
    action: str
    process: str

    def __str__(self) -> str:
        return f"{self.point}={self.action} in {self.process}"


def all_cases() -> list[Case]:
    """Every point, every kind of trouble, every kind of process that passes the point."""
    return [
        Case(point, action, process)
        for point in ALL_POINTS
        for process in WORKER_OF[point.partition(".")[0]]
        for action in ACTIONS
    ]


class Sweep:
    """A running deployment, and the end state of a case without trouble."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.expected = self._end_of_load()

    def try_out(self, case: Case) -> None:
        """Run the load with trouble at one point.

        Raises:
            WrongEnd: the end differs, or the point was never reached.
        """
        log = self._stage.data / "logs" / f"{case.process}.log"
        self._arm(case, log)
        before = log.stat().st_size
        state = self._end_of_load()
        said = log.read_bytes()[before:].decode(errors="replace")
        if not any(case.point in line for line in said.splitlines() if "failpoint.reached" in line):
            raise WrongEnd(f"{case}: the point was never reached")
        if state != self.expected:
            raise WrongEnd(f"{case}: {_difference(self.expected, state)}")

    def _arm(self, case: Case, log: Path) -> None:
        before = log.stat().st_size
        self._stage.replace(case.process, {"RTCM_FAILPOINTS": f"{case.point}={case.action}"})
        if case.process.endswith("-api"):
            self._stage.wait_for_apis()
            return
        deadline = monotonic() + _READY_SECONDS
        while b"worker.started" not in log.read_bytes()[before:]:
            if monotonic() > deadline:
                raise WrongEnd(f"{case}: the worker did not start")
            time.sleep(0.05)

    def _end_of_load(self) -> dict[str, Any]:
        run = new_id()
        client = self._stage.client("registration")
        for counter, way in LOAD:
            sent = Sent(new_id(), "registration", derived_id(run, counter), way)
            while not send(client, sent):
                time.sleep(0.2)
        self._stage.wait_until_quiet(_QUIET_SECONDS)
        return end_state(self._stage, _names(run))


def _names(run: str) -> dict[str, str]:
    """Counter id -> name that is the same in every run; chained counters too."""
    own = {derived_id(run, counter): counter for counter, _ in LOAD}
    chained = {
        derived_id(service, id_): f"{name}/{service}"
        for id_, name in own.items()
        for service in SERVICES
    }
    return own | chained


def end_state(stage: Stage, names: Mapping[str, str]) -> dict[str, Any]:
    """What is stored in the end, without what may differ (ids, times, repeats in the log)."""
    state: dict[str, Any] = {}
    with stage.databases() as databases:
        for service, database in databases.items():
            effects: dict[str, list[int]] = defaultdict(list)
            for row in database["effect"].find().sort("place", 1):
                if row["aggregate_id"] in names:
                    effects[names[row["aggregate_id"]]].append(row["sequence"])
            state[service] = {
                "counters": sorted(
                    (names[row["_id"]], row["value"], row["event_count"])
                    for row in database["counter"].find()
                    if row["_id"] in names
                ),
                "announced": sorted(
                    (names[row["aggregate_id"]], row["sequence"], row["event_type"])
                    for row in database["outbox"].find()
                    if row["aggregate_id"] in names
                ),
                "effects": dict(effects),
                "parked": database["parked"].count_documents({"waiting": True}),
                "fired": _finished(database["timer"], "fired_at", names),
                "done": _finished(database["job"], "finished_at", names),
            }
    return state


def _finished(rows: Any, mark: str, names: Mapping[str, str]) -> list[str]:
    found = (row["key"].partition("|")[0] for row in rows.find({mark: {"$exists": True}}))
    return sorted(names[id_] for id_ in found if id_ in names)


def _difference(expected: Mapping[str, Any], found: Mapping[str, Any]) -> str:
    return "; ".join(
        f"{service}.{part}: {found[service][part]} instead of {wanted}"
        for service, parts in expected.items()
        for part, wanted in parts.items()
        if found[service][part] != wanted
    )


@contextmanager
def prepared() -> Iterator[Sweep]:
    """A fresh deployment on embedded engines, one worker a service."""
    data = Path(tempfile.mkdtemp(prefix="sweep-"))
    stage = Stage(data, engine="embedded", workers=1)
    try:
        stage.start()
        yield Sweep(stage)
    finally:
        stage.stop()
        shutil.rmtree(data)


def main() -> int:
    """The command line; the last line is one JSON object."""
    end_in_order()
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.sweep", description=__doc__)
    parser.add_argument("--only", default="", help="beginning of the points to try")
    only = parser.parse_args().only
    cases = [case for case in all_cases() if case.point.startswith(only)]
    wrong = 0
    with prepared() as sweep:
        print(json.dumps(sweep.expected))
        for case in cases:
            began = monotonic()
            try:
                sweep.try_out(case)
                verdict = "same end"
            except (WrongEnd, NotQuiet) as error:
                wrong += 1
                verdict = f"WRONG: {error}"
            print(f"{monotonic() - began:5.1f} s  {case}: {verdict}", flush=True)
    print(json.dumps({"cases": len(cases), "wrong": wrong}))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
