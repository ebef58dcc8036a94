"""Everything a storm runs on, in processes of its own: database, log, chaos services.

Whoever dies is started again at once; who kills says so through the stage.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pymongo

from chassis.access import Actor, Role
from chassis.clock import monotonic
from chassis.errors import RtcmError
from chassis.http.client import ServiceClient
from chassis.log.factory import open_log
from chassis.log.port import EventLog, LogUnavailable
from chassis.tokens import TokenIssuer, ensure_keys
from rtcm.kafka_server import KafkaNotStarted, KafkaServer
from rtcm.mongo_server import MongoServer
from rtcm.process import Process
from tests.chaos import breaks
from tests.chaos.ports import free_port
from tests.chaos.services.counting import make_tally

SERVICES = ("registration", "selection", "scheduling")
PRODUCERS = ("registration", "selection")
CONSUMERS: Mapping[str, tuple[str, ...]] = {
    "rtcm.selection": ("rtcm.registration.programme",),
    "rtcm.scheduling": ("rtcm.registration.programme", "rtcm.selection.ruleset"),
    "rtcm.registration": ("rtcm.scheduling.trainer",),
}
TOPICS = tuple(sorted({topic for topics in CONSUMERS.values() for topic in topics}))

SENDER = Actor(actor_id="chaos:client", roles=frozenset({Role.OPERATOR}))

_PREFIX = "rtcm_"
_READY_SECONDS = 180.0
_KAFKA_SETTINGS = {
    "group.min.session.timeout.ms": "1000",
    "broker.session.timeout.ms": "3000",  # a killed broker may come back after this time
    "broker.heartbeat.interval.ms": "500",
}


class NotQuiet(Exception):
    """The services did not come to rest; the message says what still waits."""


class Stage:
    """One fresh deployment of the chaos services."""

    def __init__(
        self, data: Path, *, engine: str, workers: int = 2, broken: str = "", partitions: int = 3
    ) -> None:
        self.data = data.resolve()
        self.engine = engine
        (self.data / "logs").mkdir(parents=True)
        self.mongo = MongoServer(self.data / "mongo")
        self.kafka = (
            KafkaServer(self.data / "kafka", settings=_KAFKA_SETTINGS)
            if engine == "kafka"
            else None
        )
        self._keys = self.data / "keys"
        ensure_keys(self._keys, ("cli", *SERVICES))
        self.urls = {service: f"http://127.0.0.1:{free_port()}" for service in SERVICES}
        self._environ = self._settings(partitions, broken)
        self.processes: dict[str, Process] = {}
        for service in SERVICES:
            for part in ("api", *(f"worker-{number}" for number in range(workers))):
                self._add(service, part)
        self._lock = threading.RLock()
        self._closing = threading.Event()
        self._watcher = threading.Thread(target=self._watch, name="supervisor", daemon=True)

    @property
    def log_url(self) -> str:
        """The event log's address."""
        return self.kafka.url if self.kafka is not None else f"sqlite:///{self.data / 'log.db'}"

    def start(self) -> None:
        """Start everything; returns when every API answers."""
        self.mongo.start()
        with self.databases() as databases:
            for database in databases.values():
                make_tally(database)
        if self.kafka is not None:
            self.kafka.start()
        for process in self.processes.values():
            process.start()
        self._watcher.start()
        self.wait_for_apis()

    def stop(self) -> None:
        """End everything that was started."""
        self._closing.set()
        if self._watcher.is_alive():
            self._watcher.join()
        for process in self.processes.values():
            process.ask_to_stop()
        for process in self.processes.values():
            process.wait(15.0)
        if self.kafka is not None:
            self.kafka.stop()
        self.mongo.stop()

    def client(self, service: str, *, timeout_seconds: float = 8.0) -> ServiceClient:
        """Speaks to a service."""
        issuer = TokenIssuer("cli", self._keys)
        return ServiceClient(service, self.urls[service], issuer, timeout_seconds=timeout_seconds)

    def kill(self, name: str) -> None:
        """``kill -9`` one process; the supervisor starts it again."""
        with self._lock:
            self.processes[name].kill()
            self.processes[name].forgive()

    def kill_database(self) -> None:
        """``kill -9`` the database and start it on what it left."""
        self.mongo.kill()
        self.mongo.start()

    def kill_log(self) -> None:
        """``kill -9`` the broker; the embedded log lives in its users: kill all workers at once."""
        if self.kafka is not None:
            self.kafka.kill()
            self._start_broker()
            return
        with self._lock:
            for name in self.workers():
                self.processes[name].kill()
                self.processes[name].forgive()

    def _start_broker(self) -> None:
        """As a supervisor does: on a busy machine the first try may take too long."""
        assert self.kafka is not None
        for _ in range(2):
            try:
                self.kafka.start()
                return
            except KafkaNotStarted as error:
                print(f"the broker is started again: {error}", flush=True)
        self.kafka.start()

    def workers(self) -> list[str]:
        """Names of all worker processes."""
        return [name for name in self.processes if "-worker-" in name]

    def replace(self, name: str, extra: Mapping[str, str]) -> Process:
        """End a process in order and start it with further settings; its successor has none."""
        with self._lock:
            self.processes[name].ask_to_stop()
            self.processes[name].wait(15.0)
            armed = self._process(name, extra)
            said = armed.log.stat().st_size
            armed.start()
            self.processes[name] = _Once(armed, self._process(name, {}), said)  # type: ignore[assignment]  # -- watched alike
        return armed

    def wait_for_apis(self) -> None:
        """Until every API says it is ready."""
        deadline = monotonic() + _READY_SECONDS
        for service in SERVICES:
            client = ServiceClient(service, self.urls[service], None, timeout_seconds=2.0)
            while True:
                try:
                    client.get("/readyz")
                    break
                except RtcmError as error:
                    if monotonic() > deadline:
                        raise NotQuiet(f"{service} does not answer: {error}") from error
                    time.sleep(0.1)

    @contextmanager
    def databases(self) -> Iterator[dict[str, Any]]:
        """The databases of all services, read past the chassis."""
        client: pymongo.MongoClient[Any] = pymongo.MongoClient(self.mongo.uri, tz_aware=True)
        try:
            yield {service: client[f"{_PREFIX}{service}"] for service in SERVICES}
        finally:
            client.close()

    @contextmanager
    def log(self) -> Iterator[EventLog]:
        """The event log, read outside any group."""
        log = open_log(self.log_url)
        try:
            yield log
        finally:
            log.close()

    def wait_until_quiet(self, seconds: float = 150.0) -> None:
        """Until nothing waits anywhere.

        Raises:
            NotQuiet: something still waits; says what.
        """
        deadline = monotonic() + seconds
        calm = 0
        with self.databases() as databases, self.log() as log:
            while calm < 3:
                try:
                    waiting = {**_undone(databases), **_untaken(log)}
                except LogUnavailable as error:
                    waiting = {error.detail: 1}
                calm = 0 if waiting else calm + 1
                if waiting and monotonic() > deadline:
                    raise NotQuiet(f"still waiting after {seconds:.0f} s: {waiting}")
                time.sleep(0.2)

    def _settings(self, partitions: int, broken: str) -> dict[str, str]:
        environ = {
            "RTCM_MODE": "test",
            "RTCM_MONGO_URI": self.mongo.uri,
            "RTCM_MONGO_DATABASE_PREFIX": _PREFIX,
            "RTCM_LOG_URL": self.log_url,
            "RTCM_KEYS_DIR": str(self._keys),
            "RTCM_WAKE_DIR": str(self.data / "wake"),
            "RTCM_TOPIC_PARTITIONS": str(partitions),
            "RTCM_RELAY_SLOTS": "2",
            "RTCM_JOB_THREADS": "1",
            "RTCM_LOG_LEVEL": "INFO",
            "PYTHONUNBUFFERED": "1",
            breaks.VARIABLE: broken,
        }
        return environ | {f"RTCM_{name.upper()}_URL": url for name, url in self.urls.items()}

    def _add(self, service: str, part: str) -> None:
        name = f"{service}-{part}"
        self.processes[name] = self._process(name, {})

    def _process(self, name: str, extra: Mapping[str, str]) -> Process:
        service, part = name.split("-")[:2]
        command = [sys.executable, "-m", f"tests.chaos.services.{service}", part]
        return Process(name, command, {**self._environ, **extra}, self.data / "logs")

    def _watch(self) -> None:
        while not self._closing.wait(0.1):
            with self._lock:
                for process in list(self.processes.values()):
                    process.watch()


class _Once:
    """A process with a failpoint; when that has ended it, the ordinary one takes its place."""

    def __init__(self, armed: Process, plain: Process, said: int) -> None:
        self._armed = armed
        self._plain = plain
        self._said = said
        self._current = armed

    def watch(self) -> bool:
        if self._current is self._armed:
            if self._armed.pid is not None and not self._died_inside():
                return False
            self._armed.kill()
            self._current = self._plain
            self._plain.start()
        return self._plain.watch()

    def _died_inside(self) -> bool:
        """An API is two processes: the listening one would start the other with the failpoint."""
        said = self._armed.log.read_bytes()[self._said :]
        return any(b'"kill"' in line for line in said.splitlines() if b"failpoint.reached" in line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._current, name)


def _undone(databases: Mapping[str, Any]) -> dict[str, int]:
    waiting = {}
    for service, database in databases.items():
        for collection, query in (
            ("outbox", {"pending": {"$gte": 0}}),
            ("timer", {"waiting_until": {"$exists": True}}),
            ("job", {"status": {"$in": ["waiting", "running"]}}),
        ):
            count = database[collection].count_documents(query)
            if count:
                waiting[f"{service}.{collection}"] = count
    return waiting


def _untaken(log: EventLog) -> dict[str, int]:
    waiting: dict[str, int] = {}
    for group, topics in CONSUMERS.items():
        ends = log.end_offsets(topics)
        taken = log.committed(group, topics)
        known = {partition.topic for partition in ends}
        waiting |= {f"{topic} is not there": 1 for topic in topics if topic not in known}
        lag = sum(end - taken.get(partition, 0) for partition, end in ends.items())
        if lag:
            waiting[f"{group}.lag"] = lag
    return waiting
