"""POST of an application: validate, change its state, announce it.

Compared by the CPU time of a request (API process and database server together), because requests
a second depend on what else the machine does; these are reported too.

Each request sends a whole form anew (``POST /applications/{id}/amendment``): one body checked, one
document changed, one event into the outbox, in one transaction. Ours is registration's own API,
with tokens, scopes, sealed answers and rules. The baseline is bare Flask, marshmallow and a raw
two-document transaction (``bench.plain_intake``), behind the same server, on the same database
server, asked by the same client, in turns.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import urllib3

from bench.engines import cpu_of
from bench.result import percentile, report
from chassis.access import Actor, Role, Scope
from chassis.clock import SharedClock
from chassis.codec import unstructure
from chassis.http.client import ServiceClient
from chassis.ids import derived_id
from chassis.tokens import TokenIssuer, ensure_keys
from rtcm.mongo_server import MongoServer
from tests.builders.registration import NOON, OPERATOR, SCHOOL_FORM, TITLES, good_answers

Request = tuple[str, str, dict[str, str], bytes | None]
"""Method, address, headers, body."""


@dataclass(frozen=True)
class Round:
    """What one side made of one round."""

    requests_per_second: float
    cpu_ms_per_request: float
    seconds_taken: list[float]

    def __str__(self) -> str:
        return f"{self.requests_per_second:.1f}/s at {self.cpu_ms_per_request:.1f} ms of CPU"


@contextmanager
def serving(command: list[str], port: int, environ: dict[str, str]) -> Iterator[tuple[str, int]]:
    """A server process until the block ends; its address and process id."""
    process = subprocess.Popen([sys.executable, *command], env={**os.environ, **environ})
    try:
        deadline = time.monotonic() + 60
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert process.poll() is None and time.monotonic() < deadline, "it does not start"
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}", process.pid
    finally:
        process.terminate()
        process.wait(20)


def prepared(url: str, issuer: TokenIssuer, clients: int) -> list[Request]:
    """An open call and one sent application for each client, in registration."""
    speaker = ServiceClient("registration", url, issuer)

    def made(path: str, body: dict[str, Any], actor: Actor = OPERATOR) -> str:
        return str(speaker.post(path, body, actor=actor).body["id"])

    programme = {"code": "migration-school", "titles": TITLES, "descriptions": TITLES}
    cohort = {
        "programme_id": made("/programmes", programme),
        "edition_code": "ms-3",
        "titles": TITLES,
        "country_codes": ["AZ"],
        "starts_on": "2021-01-09",
        "ends_on": "2021-07-03",
        "zone": "Asia/Baku",
        "delivery": "hybrid",
        "language_code": "az",
        "seat_count": 24,
    }
    cohort_id = made("/cohorts", cohort)
    call = {
        "cohort_ids": [cohort_id],
        "titles": TITLES,
        "routes": ["open"],
        "opens_at": "2020-11-15T07:00:00Z",
        "closes_at": "2020-11-25T08:00:00Z",
        "grace_minutes": 30,
        "form": {"sections": unstructure(SCHOOL_FORM)["sections"]},
    }
    call_id = made("/calls", call)
    speaker.post(f"/calls/{call_id}/opening", actor=OPERATOR)
    filled = {"preferences": [cohort_id], "answers": good_answers()}
    return [_sent(url, speaker, issuer, number, call_id, filled) for number in range(clients)]


def _sent(
    url: str,
    speaker: ServiceClient,
    issuer: TokenIssuer,
    number: int,
    call_id: str,
    filled: dict[str, Any],
) -> Request:
    person = {
        "legal_name": f"Synthetic {number}",
        "email": f"synthetic{number}@example.org",
        "language_code": "az",
        "country_code": "AZ",
        "consent_codes": ["privacy-notice"],
    }
    subject_id = str(speaker.post("/subjects", person, actor=OPERATOR).body["id"])
    me = Actor(
        actor_id=subject_id,
        roles=frozenset({Role.PARTICIPANT}),
        scope=Scope(subject_id=subject_id),
    )
    application_id = speaker.post("/applications", {"call_id": call_id, **filled}, actor=me).body[
        "id"
    ]
    speaker.post(f"/applications/{application_id}/submission", actor=me)
    token = issuer.for_actor(me, audience="registration", lifetime_seconds=3600)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    return (
        "POST",
        f"{url}/applications/{application_id}/amendment",
        headers,
        json.dumps(filled).encode(),
    )


def plain(url: str, like: list[Request]) -> list[Request]:
    """The same requests to the baseline."""
    return [
        ("POST", f"{url}/applications/{derived_id(str(number))}/amendment", headers, body)
        for number, (_, _, headers, body) in enumerate(like)
    ]


def asked_round(requests: list[Request], per_client: int, pids: Sequence[int | None]) -> Round:
    """Send them, one connection a client; ``pids`` are the processes that answer."""
    pool = urllib3.PoolManager(maxsize=len(requests), retries=False)
    taken: list[float] = []
    refused: list[str] = []

    def send(request: Request) -> None:
        method, address, headers, body = request
        for _ in range(per_client):
            began = time.perf_counter()
            answer = pool.request(method, address, body=body, headers=headers)
            taken.append(time.perf_counter() - began)
            if answer.status not in (200, 202, 204):
                refused.append(f"{answer.status} {answer.data[:300]!r}")

    threads = [threading.Thread(target=send, args=(request,)) for request in requests]
    began, cpu_before = time.perf_counter(), _cpu(pids)
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds, cpu_seconds = time.perf_counter() - began, _cpu(pids) - cpu_before
    assert not refused, refused[0]
    return Round(len(taken) / seconds, cpu_seconds * 1000 / len(taken), taken)


def _cpu(pids: Sequence[int | None]) -> float:
    """CPU seconds of these processes and their children: a server answers in a child of its own."""
    return sum(cpu_of(pid) + sum(cpu_of(child) for child in _children(pid)) for pid in pids if pid)


def _children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in found.split()]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--requests", type=int, default=60, help="of each client, in a round")
    parser.add_argument("--rounds", type=int, default=7)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        measure(Path(directory), asked)


def measure(folder: Path, asked: argparse.Namespace) -> None:
    """Start everything, ask in turns, report."""
    keys, clock = folder / "keys", SharedClock(folder / "clock.json")
    ensure_keys(keys, ["cli", "registration"])
    clock.move_to(NOON)
    mongo = MongoServer(folder / "mongo")
    mongo.start()
    own_port, plain_port = free_port(), free_port()
    environ = {
        "RTCM_MODE": "test",
        "RTCM_CLOCK_FILE": str(folder / "clock.json"),
        "RTCM_MONGO_URI": mongo.uri,
        "RTCM_LOG_URL": f"sqlite:///{folder / 'log.db'}",
        "RTCM_KEYS_DIR": str(keys),
        "RTCM_REGISTRATION_URL": f"http://127.0.0.1:{own_port}",
        "RTCM_LOG_LEVEL": "WARNING",
    }
    baseline = ["-m", "bench.plain_intake", mongo.uri, "plain", str(plain_port), "8"]
    ours, theirs = [], []
    try:
        with (
            serving(["-m", "services.registration", "api"], own_port, environ) as (url, own_pid),
            serving(baseline, plain_port, {}) as (plain_url, plain_pid),
        ):
            requests = prepared(url, TokenIssuer("cli", keys), asked.clients)
            plain_requests = plain(plain_url, requests)
            for _ in range(asked.rounds + 1):
                theirs.append(asked_round(plain_requests, asked.requests, [plain_pid, mongo.pid]))
                ours.append(asked_round(requests, asked.requests, [own_pid, mongo.pid]))
    finally:
        mongo.stop()
    del ours[0], theirs[0]  # they warmed both up
    latencies = [seconds for one in ours for seconds in one.seconds_taken]
    report(
        "intake",
        ours=1000 / middle([one.cpu_ms_per_request for one in ours]),
        baseline=1000 / middle([one.cpu_ms_per_request for one in theirs]),
        unit="requests per CPU second, API and database server",
        lines=[
            f"round {number}: {one} against {other}"
            for number, (one, other) in enumerate(zip(ours, theirs, strict=True), 1)
        ],
        clients=asked.clients,
        requests_per_second={
            "ours": round(middle([one.requests_per_second for one in ours]), 1),
            "baseline": round(middle([one.requests_per_second for one in theirs]), 1),
        },
        latency_ms={
            name: round(percentile(latencies, share) * 1000, 1)
            for name, share in (("p50", 0.5), ("p99", 0.99))
        },
    )


def middle(values: list[float]) -> float:
    """The median, or the upper of two."""
    return sorted(values)[len(values) // 2]


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


if __name__ == "__main__":
    main()
