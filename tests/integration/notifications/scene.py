"""Notifications whole, on a real database and a real mail server: API, intake, timers, jobs."""

from __future__ import annotations

import base64
import json
import socket
import threading
from datetime import datetime
from pathlib import Path
from typing import Any

from chassis import sealing
from chassis.access import Actor, Role
from chassis.codec import decode, enclose
from chassis.errors import NotFound
from chassis.http.client import Reply
from chassis.ids import new_id
from chassis.mongo.connection import Database
from chassis.mongo.documents import JobRow, OutboxRow
from chassis.mongo.inbox import Verdict
from chassis.mongo.jobs import claim
from chassis.running import Platform, api_app
from chassis.tokens import TokenIssuer, ensure_keys
from chassis.worker.intake import Intake
from chassis.worker.jobber import JobLoop
from chassis.worker.timekeeper import TimerLoop
from contracts.event import Event
from contracts.registration import ContactSealed
from services.notifications.post.sink import KeptMails, MailSink
from services.notifications.post.smtp import SmtpServer
from services.notifications.settings import NotificationsSettings
from services.notifications.wiring import build
from tests.builders.notifications import NOON

OPERATOR = Actor(actor_id="operator-1", roles=frozenset({Role.OPERATOR}))


class FakeRegistration:
    """Hands out people's keys until they are destroyed."""

    def __init__(self) -> None:
        self.keys: dict[str, bytes] = {}

    def get(self, path: str) -> Reply:
        subject_id = path.split("/")[2]
        if subject_id not in self.keys:
            raise NotFound("subject.erased", "the key is destroyed")
        key = base64.b64encode(self.keys[subject_id]).decode()
        return Reply(200, {"key_id": "k", "key": key})


class Scene:
    """One service over one database, and the mails it sent."""

    def __init__(self, database: Database, folder: Path) -> None:
        ensure_keys(folder / "keys", ["notifications", "cli"])
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        settings = NotificationsSettings(
            mode="test",
            keys_dir=folder / "keys",
            smtp=SmtpServer(host="127.0.0.1", port=port, security="smtp"),
            sink_dir=folder / "mails",
        )
        self.sink = MailSink(folder / "mails", host="127.0.0.1", port=port)
        self.mails = KeptMails(folder / "mails")
        self.registration = FakeRegistration()
        self.platform = Platform("notifications", settings)
        self.platform.database = database
        self.platform.client = lambda _: self.registration
        self.now: datetime = NOON
        self.platform.clock = lambda: self.now
        self.parts = build(self.platform)
        self.http = api_app(self.platform, build).test_client()
        self.intake = Intake(self.platform.subscription(self.parts), self.platform.unit_of_work)
        self._tokens = TokenIssuer("cli", folder / "keys")
        self._sequences: dict[str, int] = {}

    def hear(self, *events: Event) -> list[Verdict]:
        """Take events as the consumer does, each twice; what the second times said."""
        return [self._take_twice(event) for event in events]

    def _take_twice(self, event: Event) -> Verdict:
        mark = f"{event.event_type.rsplit('.', 2)[0]}|{event.key}"
        self._sequences[mark] = self._sequences.get(mark, 0) + 1
        envelope = enclose(
            event,
            event_id=new_id(),
            sequence=self._sequences[mark],
            occurred_at=self.now,
            traceparent=None,
        )
        assert self.intake.take(envelope) is Verdict.TAKE
        return self.intake.take(envelope)

    def meet(self, subject_id: str, name: str, email: str, language_code: str = "az") -> None:
        """Have a person known, sealed as registration does it."""
        key = self.registration.keys[subject_id] = sealing.new_key()
        content = {"legal_name": name, "email": email, "language_code": language_code}
        sealed = sealing.seal(key, content, purpose=sealing.CONTACT, subject_id=subject_id)
        self.hear(
            ContactSealed(
                subject_id=subject_id,
                country_code="AZ",
                language_code=language_code,
                key_id=new_id(),
                sealed=sealed,
            )
        )

    def settle(self) -> None:
        """Fire due timers and do waiting jobs, until nothing is left."""
        common: dict[str, Any] = {
            "unit_of_work": self.platform.unit_of_work,
            "wake": threading.Event(),
            "stop": threading.Event(),
        }
        TimerLoop(handlers=self.parts.on_timer, clock=self.platform.clock, **common).fire_due()
        jobs = JobLoop(handlers=self.parts.on_job, **common)
        while (job := claim(tuple(self.parts.on_job))) is not None:
            jobs._do(job)
        assert JobRow.objects(status__ne="done").count() == 0

    def ok(self, method: str, path: str) -> Any:
        """One request of an operator that succeeds; the answer."""
        token = self._tokens.for_actor(OPERATOR, audience="notifications")
        response = self.http.open(path, method=method, headers={"Authorization": f"Bearer {token}"})
        assert response.status_code < 300, response.get_data(as_text=True)
        return response.get_json()

    def received(self) -> list[dict[str, Any]]:
        """All mails of the sink, the oldest first."""
        items, _ = self.mails.page(after=None, limit=1_000)
        return [self.mails.one(item["id"]) or {} for item in reversed(items)]

    def announced(self, event_class: type[Event]) -> list[Any]:
        """Events of a class in the outbox, in order."""
        where = {"event_type": event_class.event_type}
        rows = OutboxRow._get_collection().find(where).sort("ordinal", 1)
        return [decode(row["event_type"], json.loads(row["body"])["data"]) for row in rows]

    def everything_stored(self) -> str:
        """The whole database as text, to look for what must not be in it."""
        database = self.platform.database.pymongo
        return "\n".join(
            repr(list(database[name].find())) for name in database.list_collection_names()
        )
