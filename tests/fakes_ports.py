"""In-memory timers, jobs and a bus: what ``chassis.ports`` and ``chassis.bus`` promise."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chassis.aggregate import Command
from chassis.ports import Job, Timer


@dataclass
class FakeTimers:
    """Timers that are set, by kind and key."""

    waiting: dict[tuple[str, str], Timer] = field(default_factory=dict)

    def set(
        self, kind: str, key: str, due_at: datetime, payload: Mapping[str, Any] | None = None
    ) -> None:
        """Set it, or move it."""
        self.waiting[kind, key] = Timer(
            kind=kind, key=key, due_at=due_at, payload=dict(payload or {})
        )

    def cancel(self, kind: str, key: str) -> None:
        """Fire no more."""
        self.waiting.pop((kind, key), None)

    def due(self, now: datetime) -> list[Timer]:
        """Take out those due, the earliest first."""
        found = sorted(
            (timer for timer in self.waiting.values() if timer.due_at <= now),
            key=lambda timer: timer.due_at,
        )
        for timer in found:
            del self.waiting[timer.kind, timer.key]
        return found


@dataclass
class FakeJobs:
    """Jobs that were added, by kind and key."""

    added: dict[tuple[str, str], Mapping[str, Any]] = field(default_factory=dict)

    def add(
        self, kind: str, key: str, payload: Mapping[str, Any], *, run_at: datetime | None = None
    ) -> None:
        """Add it once."""
        self.added.setdefault((kind, key), dict(payload))

    def cancel(self, kind: str, key: str) -> None:
        """Do it no more."""
        self.added.pop((kind, key), None)

    def progress(self, kind: str, key: str) -> Mapping[str, Any]:
        """These report nothing."""
        return {}


def a_job(kind: str, key: str, payload: Mapping[str, Any] | None = None) -> Job:
    """A job as its handler is given it on the first try."""
    return Job(
        kind=kind,
        key=key,
        payload=payload or {},
        attempt=1,
        report=lambda _: None,
        cancelled=lambda: False,
    )


@dataclass
class FakeBus:
    """Runs commands by their handlers and remembers them.

    Without handlers it only remembers and answers with ``answer``.
    """

    handlers: Mapping[type[Command], Callable[[Any], Any]] = field(default_factory=dict)
    answer: Any = None
    handled: list[Command] = field(default_factory=list)

    def __call__(self, command: Command) -> Any:
        self.handled.append(command)
        handler = self.handlers.get(type(command))
        return self.answer if handler is None else handler(command)
