"""Registration as it runs: its API here, its worker a process, a real database, a real log."""

from __future__ import annotations

import base64
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask, Response, jsonify
from werkzeug.serving import make_server

from chassis.access import Actor, Role, Scope
from chassis.clock import SharedClock, monotonic
from chassis.codec import decode, enclose
from chassis.envelope import Envelope
from chassis.ids import new_id
from chassis.log.port import Topic
from chassis.mongo.connection import end_open_transactions
from chassis.mongo.documents import OutboxRow
from chassis.running import Platform, api_app
from chassis.settings import load
from chassis.tokens import TokenIssuer
from contracts.event import Event, topic_of
from services.registration.settings import RegistrationSettings
from services.registration.wiring import build

PARTITIONS = 2


class Certification:
    """Certification as registration sees it: one route, which can be made to wait.

    Attributes:
        unsettled_ids: participants whose certificate is under way.
        waits_at: the question that is not answered before ``go_on`` is set; ``None``: all are.
    """

    def __init__(self) -> None:
        self.unsettled_ids: set[str] = set()
        self.asked: list[str] = []
        self.waits_at: int | None = None
        self.go_on = threading.Event()

    def app(self) -> Flask:
        """The route."""
        app = Flask("certification")

        @app.get("/participants/<participant_id>/settlement")
        def settled(participant_id: str) -> Response:
            self.asked.append(participant_id)
            if len(self.asked) == self.waits_at:
                self.go_on.wait(60)
            return jsonify(is_settled=participant_id not in self.unsettled_ids)

        return app

    @contextmanager
    def serving(self) -> Iterator[str]:
        """Its address while it runs."""
        server = make_server("127.0.0.1", 0, self.app(), threaded=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
        server.server_close()


class Scene:
    """One running registration, and a hand on its clock."""

    def __init__(self, environ: dict[str, str], clock: SharedClock) -> None:
        self._environ = environ
        self.clock = clock
        settings = load(RegistrationSettings, environ)
        self.platform = Platform("registration", settings)
        self._client = api_app(self.platform, build).test_client()
        self._issuer = TokenIssuer("cli", settings.keys_dir)
        self._worker: subprocess.Popen[bytes] | None = None

    def start_worker(self) -> None:
        """Start relay, consumer, timers and jobs."""
        self._worker = subprocess.Popen(
            [sys.executable, "-m", "services.registration", "worker"],
            env={**os.environ, **self._environ},
            stderr=subprocess.DEVNULL,
        )

    def stop_worker(self, number: signal.Signals = signal.SIGTERM) -> None:
        """End it, gently or not."""
        if self._worker is not None:
            self._worker.send_signal(number)
            self._worker.wait(60)
            self._worker = None
        if number is signal.SIGKILL:  # what it had open would lock others out for a minute
            end_open_transactions(self._environ["RTCM_MONGO_URI"])

    def end(self) -> None:
        """Stop; the next test connects anew whatever happens here."""
        try:
            self.stop_worker()
        finally:
            self.platform.database.close()
            self.platform.log.close()

    @contextmanager
    def described(self, data: Path) -> Iterator[None]:
        """Answer over a socket, described in a folder as ``rtcm up`` does."""
        server = make_server("127.0.0.1", 0, self._client.application, threaded=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        url = f"http://127.0.0.1:{server.server_port}"
        state = {"urls": {"registration": url}, "keys": str(self.platform.settings.keys_dir)}
        (data / "stack.json").write_text(json.dumps(state))
        yield
        server.shutdown()
        thread.join()
        server.server_close()

    def call(self, method: str, path: str, actor: Actor | None = None, body: Any = None) -> Any:
        """One request; ``None`` comes without a token."""
        headers = {}
        if actor is not None:
            token = self._issuer.for_actor(actor, audience="registration")
            headers["Authorization"] = f"Bearer {token}"
        return self._client.open(path, method=method, json=body, headers=headers)

    def made(self, path: str, actor: Actor | None, body: Any) -> str:
        """The id of what a POST made."""
        answer = self.call("POST", path, actor, body)
        assert answer.status_code == 201, answer.text
        return str(answer.json["id"])

    def done(self, path: str, actor: Actor | None, body: Any = None) -> None:
        """A POST that is accepted."""
        answer = self.call("POST", path, actor, body)
        assert answer.status_code in (202, 204), answer.text

    def seen(self, path: str, actor: Actor | None) -> Any:
        """What a GET shows."""
        answer = self.call("GET", path, actor)
        assert answer.status_code == 200, answer.text
        return answer.json

    def refused(
        self, method: str, path: str, actor: Actor | None, body: Any = None
    ) -> tuple[int, str]:
        """Status and code of a problem."""
        answer = self.call(method, path, actor, body)
        assert answer.mimetype == "application/problem+json", answer.text
        return answer.status_code, answer.json["code"]

    def key_of(self, subject_id: str, actor: Actor) -> bytes:
        """A person's key, as a service gets it."""
        return base64.b64decode(self.seen(f"/subjects/{subject_id}/key", actor)["key"])

    def hears(self, event: Event) -> None:
        """Put another service's event, its aggregate's first, into the log."""
        topic = topic_of(event.event_type)
        envelope = enclose(
            event, event_id=new_id(), sequence=1, occurred_at=self.clock(), traceparent=None
        )
        self.platform.log.create_topics([Topic(topic, partition_count=PARTITIONS)])
        producer = self.platform.log.producer()
        producer.append(topic, event.key, envelope.to_bytes()).result(10)
        producer.close()

    def announced(self, event_class: type[Event]) -> list[Any]:
        """What registration announced of one type, in order."""
        type_ = event_class.event_type
        rows = OutboxRow._get_collection().find({"event_type": type_}).sort("_id", 1)
        return [decode(type_, Envelope.from_bytes(row["body"].encode()).body) for row in rows]

    def texts(self) -> dict[str, str]:
        """Everything in the database as text, by collection."""
        database = self.platform.database.pymongo
        return {
            name: "\n".join(str(row) for row in database[name].find())
            for name in database.list_collection_names()
        }


def until(condition: Callable[[], Any], seconds: float = 30.0) -> Any:
    """Wait for an outcome; what the condition gave."""
    deadline = monotonic() + seconds
    while not (found := condition()):
        assert monotonic() < deadline, "did not happen in time"
        threading.Event().wait(0.05)
    return found


def applicant(subject_id: str) -> Actor:
    """A person signed in as themselves."""
    return Actor(
        actor_id=subject_id,
        roles=frozenset({Role.PARTICIPANT}),
        scope=Scope(subject_id=subject_id),
    )


def focal_person(subject_id: str, country_code: str) -> Actor:
    """A focal point signed in."""
    return Actor(
        actor_id=subject_id,
        roles=frozenset({Role.FOCAL_POINT}),
        scope=Scope(countries=frozenset({country_code})),
    )


def instant(text: str) -> datetime:
    """An instant in UTC."""
    return datetime.fromisoformat(f"{text}+00:00")
