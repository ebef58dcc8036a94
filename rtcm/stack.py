"""The whole platform on one machine: databases, event log, every service, a mail sink.

All of it on loopback addresses; all of it child processes of whoever made the stack.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chassis.access import Actor, Role
from chassis.clock import SharedClock, monotonic
from chassis.errors import RtcmError
from chassis.http.client import ServiceClient
from chassis.settings import SERVICES, default_port
from chassis.tokens import TokenIssuer, ensure_keys
from rtcm.kafka_server import KafkaServer
from rtcm.mongo_server import MongoServer
from rtcm.process import Process

WORKERS = tuple(service for service in SERVICES if service != "console")
"""Services that relay, listen, keep timers and do jobs."""

ENGINES = ("embedded", "kafka")

OPERATOR = Actor(actor_id="cli:operator", roles=frozenset({Role.OPERATOR}))
"""Who the command line is: the operator of this machine."""

_READY_SECONDS = 180.0
_DRAIN_SECONDS = 20.0


class StackNotReady(Exception):
    """The platform did not come up; the message says which part and where its log is."""


@dataclass(frozen=True)
class Plan:
    """What to start.

    Attributes:
        data: everything is kept below it.
        mode: ``production``, ``demo`` or ``test``.
        services: which services; all by default.
        extra: further settings (environment variables).
    """

    data: Path
    engine: str = "embedded"
    mode: str = "demo"
    services: Sequence[str] = SERVICES
    extra: tuple[tuple[str, str], ...] = ()


class Stack:
    """Starts, watches and stops the platform."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.data = plan.data.resolve()
        self.logs = self.data / "logs"
        self.keys = self.data / "keys"
        self.mails = self.data / "mails"
        for directory in (self.logs, self.mails):
            directory.mkdir(parents=True, exist_ok=True)
        self.mongo = MongoServer(self.data / "mongo")
        self.kafka = KafkaServer(self.data / "kafka") if plan.engine == "kafka" else None
        self.clock = SharedClock(self.data / "clock.json")
        self.processes: dict[str, Process] = {}
        self.urls: dict[str, str] = {}
        self._environment: dict[str, str] = {}
        self._closing = threading.Event()
        self._watcher: threading.Thread | None = None

    @property
    def log_url(self) -> str:
        """The event log's address."""
        if self.kafka is not None:
            return self.kafka.url
        return f"sqlite:///{self.data / 'log.db'}"

    def start(self, say: Callable[[str], None] = lambda _: None) -> None:
        """Start everything; returns when all answer.

        Raises:
            StackNotReady: a part does not answer; says which.
        """
        say("database")
        self.mongo.start()
        if self.kafka is not None:
            say("Apache Kafka")
            self.kafka.start()
        ensure_keys(self.keys, ("cli", *SERVICES))
        self._environment = self._settings()
        environ = self._environment
        if self.plan.mode != "production":
            self._add("mail-sink", ["services.notifications", "sink"], environ)
        for service in self.plan.services:
            say(service)
            self._add(f"{service}-api", [f"services.{service}", "api"], environ)
            if service in WORKERS:
                self._add(f"{service}-worker", [f"services.{service}", "worker"], environ)
        self._watcher = threading.Thread(target=self._watch, name="watcher", daemon=True)
        self._watcher.start()
        self._wait_until_ready()
        self._write_state()

    def stop(self) -> None:
        """Drain everything, then end the log and the database."""
        self._closing.set()
        if self._watcher is not None:
            self._watcher.join()
        for process in self.processes.values():
            process.ask_to_stop()
        for process in self.processes.values():
            process.wait(_DRAIN_SECONDS)
        if self.kafka is not None:
            self.kafka.stop()
        self.mongo.stop()
        (self.data / "stack.json").unlink(missing_ok=True)

    def client(self, service: str) -> ServiceClient:
        """Speaks to a service; say as whom with each call."""
        issuer = TokenIssuer("cli", self.keys)
        return ServiceClient(service, self.urls[service], issuer, timeout_seconds=60.0)

    def _settings(self) -> dict[str, str]:
        for service in SERVICES:
            self.urls[service] = f"http://127.0.0.1:{_port_for(service)}"
        environ = {
            "RTCM_MODE": self.plan.mode,
            "RTCM_MONGO_URI": self.mongo.uri,
            "RTCM_LOG_URL": self.log_url,
            "RTCM_KEYS_DIR": str(self.keys),
            "RTCM_WAKE_DIR": str(self.data / "wake"),
            "RTCM_TOPIC_PARTITIONS": "3",
            "RTCM_RELAY_SLOTS": "1",
            "PYTHONUNBUFFERED": "1",
        }
        if self.plan.mode != "production":
            smtp = _free_port()
            environ |= {
                "RTCM_CLOCK_FILE": str(self.data / "clock.json"),
                "RTCM_NOTIFICATIONS_SMTP_URL": f"smtp://127.0.0.1:{smtp}",
                "RTCM_NOTIFICATIONS_SINK_DIR": str(self.mails),
                "RTCM_NOTIFICATIONS_SINK_LISTEN": f"127.0.0.1:{smtp}",
                "RTCM_PARTNERS_ALLOW_LOOPBACK": "yes",
            }
        environ |= {f"RTCM_{name.upper()}_URL": url for name, url in self.urls.items()}
        return environ | dict(self.plan.extra)

    def environ(self) -> dict[str, str]:
        """The environment of a process of the platform, for one more of them."""
        return {**os.environ, **self._environment}

    def _add(self, name: str, module: Sequence[str], environ: dict[str, str]) -> None:
        command = [sys.executable, "-m", *module]
        self.processes[name] = Process(name, command, environ, self.logs)
        self.processes[name].start()

    def _watch(self) -> None:
        while not self._closing.wait(0.2):
            died = [process for process in list(self.processes.values()) if process.watch()]
            if died:
                self.mongo.free_locks()

    def _wait_until_ready(self) -> None:
        deadline = monotonic() + _READY_SECONDS
        for service in self.plan.services:
            while True:
                missing = self._missing(service)
                if missing is None:
                    break
                if monotonic() > deadline:
                    log = self.processes[missing].log
                    self.stop()
                    raise StackNotReady(f"{missing} does not answer; {log} says why")
                time.sleep(0.1)

    def _missing(self, service: str) -> str | None:
        """The process of a service that does not answer yet."""
        client = ServiceClient(service, self.urls[service], None, timeout_seconds=2.0)
        try:
            client.get("/readyz")
        except RtcmError:
            return f"{service}-api"
        if service in WORKERS:
            try:
                flow = self.client(service).get("/ops/flow", actor=OPERATOR).body
            except RtcmError:
                return f"{service}-api"
            if not flow["workers"]:
                return f"{service}-worker"
        return None

    def _write_state(self) -> None:
        state = {
            "pid": os.getpid(),
            "engine": self.plan.engine,
            "mode": self.plan.mode,
            "urls": self.urls,
            "log_url": self.log_url,
            "keys": str(self.keys),
            "processes": {name: process.pid for name, process in self.processes.items()},
        }
        (self.data / "stack.json").write_text(json.dumps(state, indent=1))


@dataclass(frozen=True)
class Running:
    """A platform that somebody started on this machine, as its ``stack.json`` describes it."""

    data: Path
    state: dict[str, Any]

    @classmethod
    def find(cls, data: Path) -> Running:
        """Read the description.

        Raises:
            StackNotReady: no platform runs there.
        """
        file = data.resolve() / "stack.json"
        if not file.exists():
            raise StackNotReady(f"no platform runs on {data}: start one with `rtcm up`")
        return cls(data.resolve(), json.loads(file.read_text()))

    @property
    def urls(self) -> dict[str, str]:
        """Address of every service."""
        urls: dict[str, str] = self.state["urls"]
        return urls

    @property
    def log_url(self) -> str:
        """The event log's address; ``RTCM_LOG_URL`` says another way to reach it from here."""
        described: str = self.state["log_url"]
        return os.environ.get("RTCM_LOG_URL") or described

    @property
    def clock(self) -> SharedClock:
        """The clock that all its processes read; only demo and test mode heed it."""
        return SharedClock(self.data / "clock.json")

    def client(self, service: str) -> ServiceClient:
        """Speaks to a service as this machine's operator."""
        issuer = TokenIssuer("cli", Path(self.state["keys"]))
        return ServiceClient(service, self.urls[service], issuer, timeout_seconds=60.0)


def _port_for(service: str) -> int:
    """The service's usual port, or any free one while that is taken."""
    usual = default_port(service)
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", usual))
        except OSError:
            return _free_port()
    return usual


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
