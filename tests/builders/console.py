"""A console whose services are canned answers: what tests and pictures of the pages look at."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask

from chassis.access import Actor, Role, Scope
from chassis.errors import NotFound, RtcmError, Unauthenticated, Unavailable
from chassis.http.client import Reply
from services.console.api.app import create_app
from services.console.domain.account import Account
from services.console.domain.attempts import Limit
from services.console.domain.session import Lifetime, Session, session_id_of
from services.console.handlers.passwords import Passwords
from services.console.handlers.signing_in import SigningIn
from services.console.settings import ConsoleSettings
from services.console.wiring import OTHERS, blueprints

NOON = datetime(2026, 11, 24, 6, 40, tzinfo=UTC)
SUBJECT_ID = "0192f000-0000-7000-8000-000000000001"


class CannedClient:
    """Stands for a service: (method, path) -> body, error, or a function of the request."""

    def __init__(self, service: str, answers: Mapping[tuple[str, str], Any] | None = None) -> None:
        self.service = service
        self.answers: dict[tuple[str, str], Any] = dict(answers or {})
        self.sent: list[dict[str, Any]] = []
        self.is_away = False

    def get(self, path: str, *, actor: Actor | None = None, query: Any = None) -> Reply:
        return self.send("GET", path, actor=actor, query=query)

    def post(
        self, path: str, body: Any = None, *, actor: Actor | None = None, key: str | None = None
    ) -> Reply:
        return self.send("POST", path, body=body, actor=actor, key=key)

    def send(self, method: str, path: str, **call: Any) -> Reply:
        self.sent.append({"method": method, "path": path, **call})
        if self.is_away:
            raise Unavailable(f"{self.service}.unavailable", f"{self.service} does not answer")
        answer = self.answers.get((method, path))
        if answer is None and (method, path) not in self.answers:
            raise NotFound("thing.not_found", f"nothing at {method} {path}")
        if callable(answer):
            answer = answer(call)
        if isinstance(answer, RtcmError):
            raise answer
        return Reply(200, answer, {"ETag": '"1"'})

    def commands(self) -> list[tuple[str, Any]]:
        """Paths and bodies of everything that was not a read."""
        return [(each["path"], each.get("body")) for each in self.sent if each["method"] != "GET"]


def listed(*items: Any) -> dict[str, Any]:
    """One page that is all of a list."""
    return {"items": list(items), "next_cursor": None}


@dataclass
class MemoryShelves:
    """Accounts, sessions, attempts and used links in memory."""

    accounts: dict[str, Account] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)


class MemoryAccounts:
    def __init__(self, shelves: MemoryShelves) -> None:
        self._shelves = shelves

    def find(self, name: str) -> Account | None:
        return self._shelves.accounts.get(name)

    def put(self, account: Account) -> None:
        self._shelves.accounts[account.name] = account


class MemorySessions:
    def __init__(self, shelves: MemoryShelves) -> None:
        self._shelves = shelves

    def find(self, session_id: str) -> Session | None:
        return self._shelves.sessions.get(session_id)

    def put(self, session: Session) -> None:
        self._shelves.sessions[session.session_id] = session

    def remove(self, session_id: str) -> None:
        self._shelves.sessions.pop(session_id, None)


class MemoryAttempts:
    def __init__(self, shelves: MemoryShelves) -> None:
        self._shelves = shelves

    def count(self, limit: Limit, subject: str, now: datetime) -> int:
        key = limit.key(subject, now)
        self._shelves.counts[key] = self._shelves.counts.get(key, 0) + 1
        return self._shelves.counts[key]


class MemoryUsedLinks:
    def __init__(self, shelves: MemoryShelves) -> None:
        self._shelves = shelves

    def use(self, link_id: str, *, until: datetime) -> bool:
        fresh = link_id not in self._shelves.used
        self._shelves.used.add(link_id)
        return fresh


class CannedLinks:
    """Believes tokens it was given: (token, purpose) -> claims, or an error."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, str], dict[str, Any] | RtcmError] = {}

    def claims(self, token: str, *, purpose: str) -> dict[str, Any]:
        found = self.known.get((token, purpose))
        if isinstance(found, RtcmError):
            raise found
        if found is None:
            raise Unauthenticated("token.malformed", "this is not a token of ours")
        return found


class HandClock:
    """Machine time moved by hand."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Desk:
    """A console to try: its app, its services, its shelves."""

    app: Flask
    clients: dict[str, CannedClient]
    shelves: MemoryShelves
    links: CannedLinks
    clock: HandClock
    signing_in: SigningIn

    def browser(
        self, actor: Actor | None = None, *, language: str = "en", name: str = "nigar"
    ) -> Any:
        """A browser, signed in as ``actor`` if given."""
        client = self.app.test_client()
        client.set_cookie("rtcm_language", language)
        if actor is not None:
            secret = f"secret-of-{actor.actor_id}"
            client.set_cookie("rtcm_session", secret)
            now = self.clock()
            self.shelves.sessions[session_id_of(secret)] = Session(
                session_id=session_id_of(secret),
                actor=actor,
                name=None if actor.has(Role.PARTICIPANT, Role.FOCAL_POINT) else name,
                began_at=now,
                expires_at=now + timedelta(hours=12),
                idle_until=now + timedelta(hours=2),
            )
        return client


def a_desk(*, mode: str = "demo", console_url: str = "http://console.test") -> Desk:
    """A console over canned services, everything in it forgotten.

    The app is built once per process: compiling its pages takes longer than most tests.
    """
    desk = _built(mode, console_url)
    desk.clock.now = NOON
    desk.links.known.clear()
    for kept in (desk.shelves.accounts, desk.shelves.sessions, desk.shelves.counts):
        kept.clear()
    desk.shelves.used.clear()
    for client in desk.clients.values():
        client.answers.clear()
        client.sent.clear()
        client.is_away = False
    return desk


@cache
def _built(mode: str, console_url: str) -> Desk:
    settings = ConsoleSettings(mode=mode, keys_dir=Path("none"), console_url=console_url)
    shelves, links, clock = MemoryShelves(), CannedLinks(), HandClock()
    signing_in = SigningIn(
        accounts=MemoryAccounts(shelves),
        sessions=MemorySessions(shelves),
        attempts=MemoryAttempts(shelves),
        used_links=MemoryUsedLinks(shelves),
        links=links,
        passwords=Passwords(memory_kib=64, rounds=1),
        lifetime=Lifetime(longest=timedelta(hours=12), idle=timedelta(hours=2)),
        clock=clock,
    )
    clients = {service: CannedClient(service) for service in OTHERS}
    app = create_app(
        settings=settings,
        blueprints=blueprints(settings, clients, signing_in, clock=clock),  # type: ignore[arg-type]  # -- stands in for a client
        session_of=signing_in.session_of,
        readiness={},
        translate=lambda _: None,
    )
    app.testing = True
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return Desk(app, clients, shelves, links, clock, signing_in)


OPERATOR = Actor(actor_id="operator-1", roles=frozenset({Role.OPERATOR}))
APPLICANT = Actor(
    actor_id=SUBJECT_ID, roles=frozenset({Role.PARTICIPANT}), scope=Scope(subject_id=SUBJECT_ID)
)
FOCAL_POINT = Actor(
    actor_id="0192f000-0000-7000-8000-0000000000fb",
    roles=frozenset({Role.FOCAL_POINT}),
    scope=Scope(countries=frozenset({"GE"})),
)


def form_token(browser: Any, path: str) -> str:
    """The proof in a page's forms."""
    found = re.search(r'name="form_token" value="([0-9a-f]+)"', browser.get(path).get_data(True))
    assert found, f"no form on {path}"
    return found.group(1)
