"""What every scene of the story needs: who speaks to whom, the clock, the made-up people."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from chassis.access import Actor, Role, Scope
from chassis.clock import SharedClock, monotonic
from chassis.errors import RtcmError, Unavailable
from chassis.http.client import Reply, ServiceClient
from chassis.ids import derived_id
from rtcm.demo.people import People, Person
from rtcm.quiet import Quiet
from rtcm.stack import OPERATOR, WORKERS

T = TypeVar("T")

BAKU = ZoneInfo("Asia/Baku")

_AT_ONCE = 4
_PATIENCE_SECONDS = 180.0  # what a cut connection left locked stays so for up to a minute
_NOTHING_CHANGED = frozenset({"database.busy", "database.unavailable"})


class StoryBroken(Exception):
    """Something did not happen as the story says; the message says what."""


def baku(text: str) -> datetime:
    """An instant given as Baku's wall clock, ``2021-01-09 10:00``."""
    return datetime.fromisoformat(text).replace(tzinfo=BAKU).astimezone(UTC)


@dataclass
class Applicant:
    """A person and what the platform calls them."""

    person: Person
    subject_id: str
    application_id: str = ""
    participant_id: str = ""


@dataclass
class Cast:
    """Everybody and everything the story has made so far."""

    programme_ids: dict[str, str] = field(default_factory=dict)
    school_id: str = ""
    course_id: str = ""
    school_call_id: str = ""
    course_call_id: str = ""
    run_id: str = ""
    applicants: list[Applicant] = field(default_factory=list)
    officials: list[dict[str, Any]] = field(default_factory=list)
    sessions: list[dict[str, Any]] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)
    counts: dict[str, Any] = field(default_factory=dict)


class Theatre(Protocol):
    """A running platform: one the demo started itself, or another's."""

    @property
    def urls(self) -> Mapping[str, str]:
        """Address of every service."""
        ...

    @property
    def clock(self) -> SharedClock:
        """The clock that all its processes read."""
        ...

    def client(self, service: str) -> ServiceClient:
        """Speaks to a service."""
        ...


class Stage:
    """The platform as the story sees it: only its public APIs."""

    def __init__(self, theatre: Theatre, *, seed: int, screen: Console) -> None:
        self.theatre = theatre
        self.screen = screen
        self.clock = theatre.clock
        self.people = People(seed)
        self.facts = json.loads((Path(__file__).parent / "facts.json").read_text())
        self.cast = Cast()
        self._clients = {name: theatre.client(name) for name in (*WORKERS, "console")}
        self.quiet = Quiet(WORKERS, self._rest, self.clock)

    def of(self, service: str) -> ServiceClient:
        """Speaks to a service."""
        return self._clients[service]

    def get(self, service: str, path: str, *, actor: Actor = OPERATOR, **query: Any) -> Any:
        """The body of a read."""
        client = self._clients[service]
        return _patiently(lambda: client.get(path, actor=actor, query=query or None)).body

    def all(self, service: str, path: str, *, actor: Actor = OPERATOR, **query: Any) -> list[Any]:
        """All items of a list, page by page."""
        found: list[Any] = []
        cursor = None
        while True:
            page = self.get(service, path, actor=actor, limit=200, cursor=cursor, **query)
            found.extend(page["items"])
            cursor = page["next_cursor"]
            if cursor is None:
                return found

    def post(
        self, service: str, path: str, body: Any = None, *, actor: Actor = OPERATOR, key: str = ""
    ) -> Reply:
        """A command; the same key is the same command."""
        client, sent = self._clients[service], {} if body is None else body
        return _patiently(lambda: client.post(path, sent, actor=actor, key=key or None))

    def put(self, service: str, path: str, body: Any, *, actor: Actor = OPERATOR) -> Reply:
        """A replacement."""
        client = self._clients[service]
        return _patiently(lambda: client.put(path, body, actor=actor))

    def refused(self, code: str, command: Callable[[], Any]) -> None:
        """The command has to be refused with this very code."""
        try:
            command()
        except RtcmError as error:
            codes = {error.code, *(one.code for one in error.problems)}
            self.hold(code in codes, f"refused with {error.code}, not {code}")
            return
        raise StoryBroken(f"it should have been refused with {code}")

    def hold(self, condition: object, sentence: str) -> None:
        """Something has to be so."""
        if not condition:
            raise StoryBroken(sentence)

    def say(self, sentence: str) -> None:
        """One plain sentence to who is watching."""
        self.screen.print(f"  {sentence}")

    def each(self, things: Sequence[T], act: Callable[[T], Any], *, what: str) -> list[Any]:
        """Act on each, some at once, with a bar."""
        with self._bar() as progress, ThreadPoolExecutor(_AT_ONCE) as pool:
            return list(progress.track(pool.map(act, things), len(things), description=what))

    def each_in_order(self, things: Sequence[T], act: Callable[[T], Any], *, what: str) -> None:
        """Act on each, one after the other, with a bar."""
        with self._bar() as progress:
            for thing in progress.track(things, description=what):
                act(thing)

    def _bar(self) -> Progress:
        return Progress(
            TextColumn("  {task.description}"),
            BarColumn(bar_width=32),
            MofNCompleteColumn(),
            console=self.screen,
            disable=not self.screen.is_terminal,
        )

    def until(self, instant: datetime) -> None:
        """Let time pass, every timer on the way in order."""
        self.quiet.pass_time(instant)

    def settle(self) -> None:
        """Until nothing is under way."""
        self.quiet.wait()

    def _rest(self, service: str) -> dict[str, Any]:
        rest: dict[str, Any] = self.get(service, "/ops/rest")
        return rest


def _patiently(call: Callable[[], T]) -> T:
    """Send again what was answered by "nothing was changed, try again", as any client should."""
    deadline = monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            return call()
        except Unavailable as error:
            if error.code not in _NOTHING_CHANGED or monotonic() > deadline:
                raise
            time.sleep(error.retry_after_seconds or 1)


def person_actor(subject_id: str) -> Actor:
    """A person acting for themselves."""
    return Actor(
        actor_id=subject_id,
        roles=frozenset({Role.PARTICIPANT}),
        scope=Scope(subject_id=subject_id),
    )


def staff(name: str, role: Role, scope: Scope | None = None) -> Actor:
    """Somebody of the centre; the id is made of the name, so that it is the same every time."""
    return Actor(
        actor_id=derived_id("demo-staff", name),
        roles=frozenset({role}),
        scope=scope or Scope(),
    )


def chunks(things: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Runs of at most ``size``."""
    for start in range(0, len(things), size):
        yield things[start : start + size]


def only(things: Iterable[T], sentence: str) -> T:
    """The one thing there is."""
    found = list(things)
    if len(found) != 1:
        raise StoryBroken(f"{sentence}: {len(found)} instead of one")
    return found[0]
