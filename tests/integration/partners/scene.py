"""Partners whole, on a real database: its API, its intake, its timers and jobs."""

from __future__ import annotations

import json
import threading
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from standardwebhooks.webhooks import Webhook

from chassis.access import Actor, Role, Scope
from chassis.codec import decode
from chassis.mongo import jobs as job_rows
from chassis.mongo.connection import Database
from chassis.mongo.documents import JobRow, OutboxRow
from chassis.mongo.inbox import Verdict
from chassis.running import Platform, api_app
from chassis.tokens import TokenIssuer, ensure_keys
from chassis.worker.intake import Intake
from chassis.worker.jobber import JobLoop
from chassis.worker.timekeeper import TimerLoop
from contracts.event import Event
from services.partners.settings import PartnersSettings
from services.partners.wiring import build
from tests.builders.partners import COMPLETED, ENROLLED, NOON, sent


class PartnerSystem:
    """A receiver on loopback that answers as told and keeps what came."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, dict[str, str]]] = []  # then 204
        self.came: list[tuple[dict[str, str], bytes]] = []
        system = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                system.came.append((headers, body))
                status, more = system.answers.pop(0) if system.answers else (204, {})
                self.send_response(status)
                for name, value in more.items():
                    self.send_header(name, value)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/hooks?from=rtcm"

    def verified(self, secret: str) -> list[dict[str, Any]]:
        """Bodies of all webhooks; each signature must hold."""
        return [Webhook(secret).verify(body, headers) for headers, body in self.came]

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class Scene:
    """One service over one database."""

    def __init__(self, database: Database, folder: Path) -> None:
        ensure_keys(folder, ["partners", "cli"])
        settings = PartnersSettings(mode="test", keys_dir=folder, allow_loopback=True)
        self.platform = Platform("partners", settings)
        self.platform.database = database
        self.now = NOON
        self.platform.clock = lambda: self.now
        self.parts = build(self.platform)
        self.http = api_app(self.platform, build).test_client()
        self._tokens = TokenIssuer("cli", folder)
        self._intake = Intake(self.platform.subscription(self.parts), self.platform.unit_of_work)

    def hear(self, *events: Event, sequence: int = 1) -> list[Verdict]:
        """Take events as the consumer does."""
        return [self._intake.take(sent(event, sequence=sequence)) for event in events]

    def settle(self) -> None:
        """Fire due timers and do due jobs, until nothing is left."""
        stop = threading.Event()
        loop = JobLoop(
            handlers=self.parts.on_job,
            unit_of_work=self.platform.unit_of_work,
            wake=threading.Event(),
            stop=stop,
        )
        TimerLoop(
            handlers=self.parts.on_timer,
            unit_of_work=self.platform.unit_of_work,
            clock=self.platform.clock,
            wake=threading.Event(),
            stop=stop,
        ).fire_due()
        while (job := job_rows.claim(tuple(self.parts.on_job))) is not None:
            loop._do(job)

    def pull_retries_forward(self) -> list[float]:
        """Let waiting retries start now; returns how many seconds each had to wait."""
        rows = JobRow._get_collection()
        waiting = list(rows.find({"status": "waiting"}))
        pauses = [(row["waiting_until"] - row["created_at"]).total_seconds() for row in waiting]
        for row in waiting:
            past = row["waiting_until"] - timedelta(days=30)
            rows.update_one({"_id": row["_id"]}, {"$set": {"waiting_until": past}})
        return pauses

    def call(
        self,
        method: str,
        path: str,
        *,
        key: str | None = None,
        scope: Scope | None = None,
        role: Role | None = Role.OPERATOR,
        **rest: Any,
    ) -> Any:
        """One request, with an API key, as somebody with a role, or as nobody."""
        headers = rest.pop("headers", {})
        if key is not None:
            headers["Authorization"] = f"Bearer {key}"
        elif role is not None:
            actor = Actor(actor_id="someone", roles=frozenset({role}), scope=scope or Scope())
            token = self._tokens.for_actor(actor, audience="partners")
            headers["Authorization"] = f"Bearer {token}"
        return self.http.open(path, method=method, headers=headers, **rest)

    def subscribe(self, **changes: Any) -> dict[str, str]:
        """A subscription to enrolments and completed cohorts of Azerbaijan; what is shown once."""
        body = {
            "partner_code": "sister-centre",
            "agreement_reference": "2020/17",
            "event_types": [ENROLLED, COMPLETED],
            "country_codes": ["AZ"],
        } | changes
        answer = self.call("POST", "/subscriptions", json=body)
        assert answer.status_code == 201, answer.json
        shown: dict[str, str] = answer.json
        return shown

    def feed(self, api_key: str, *, limit: int = 50) -> list[dict[str, Any]]:
        """The whole feed, page by page."""
        found: list[dict[str, Any]] = []
        cursor = None
        while True:
            query = {"limit": limit} | ({"after": cursor} if cursor else {})
            answer = self.call("GET", "/feed", key=api_key, query_string=query)
            assert answer.status_code == 200, answer.json
            found.extend(answer.json["items"])
            if not answer.json["items"]:
                assert cursor in (None, answer.json["next_cursor"])
                return found
            cursor = answer.json["next_cursor"]

    def announced(self, kind: str) -> list[Event]:
        """Events of a type in the outbox, in order."""
        rows = OutboxRow._get_collection().find({"event_type": kind}).sort("ordinal", 1)
        return [decode(row["event_type"], json.loads(row["body"])["data"]) for row in rows]

    def later(self, **by: float) -> datetime:
        """Move domain time on."""
        self.now += timedelta(**by)
        return self.now
