"""What domain and handlers ask of the outside, as protocols (real ones: ``chassis.mongo``)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeVar

from chassis.access import Scope
from chassis.aggregate import Aggregate

A = TypeVar("A", bound=Aggregate)


class Aggregates(Protocol[A]):
    """All aggregates of one kind (``chassis.mongo.repository.Repository``)."""

    def get(self, id_: str, *, scope: Scope, expected_version: int | None = None) -> A:
        """The aggregate; raises ``NotFound`` or ``StaleVersion``."""
        ...

    def find(self, id_: str, *, scope: Scope) -> A | None:
        """The aggregate or ``None``."""
        ...

    def save(self, aggregate: A, *, scope: Scope) -> None:
        """State and recorded events, in the transaction around us."""
        ...


@dataclass(frozen=True, kw_only=True)
class Timer:
    """Something due: given to the handler of its ``kind``, in a transaction."""

    kind: str
    key: str
    due_at: datetime
    payload: Mapping[str, Any]


class Timers(Protocol):
    """Durable timers on domain time; set and cancelled in the transaction around us."""

    def set(
        self, kind: str, key: str, due_at: datetime, payload: Mapping[str, Any] | None = None
    ) -> None:
        """Fire once at ``due_at``; a timer of the same kind and key is moved to it."""
        ...

    def cancel(self, kind: str, key: str) -> None:
        """Fire no more; nothing happens when it fired or never was."""
        ...


@dataclass(frozen=True, kw_only=True)
class Job:
    """Slow or outside work, given to the handler of its ``kind`` outside any transaction.

    Attributes:
        attempt: 1 on the first try.
        report: stores progress for people to see.
        cancelled: whether somebody asked to stop; look at it between steps.
        progress: what the try before reported last; empty on the first.
    """

    kind: str
    key: str
    payload: Mapping[str, Any]
    attempt: int
    report: Callable[[Mapping[str, Any]], None]
    cancelled: Callable[[], bool]
    progress: Mapping[str, Any] = field(default_factory=dict)


class Jobs(Protocol):
    """Durable jobs; added in the transaction around us, done once outside."""

    def add(
        self, kind: str, key: str, payload: Mapping[str, Any], *, run_at: datetime | None = None
    ) -> None:
        """Have it done; a job of the same kind and key is not added twice.

        Args:
            run_at: machine time before which it does not start.
        """
        ...

    def cancel(self, kind: str, key: str) -> None:
        """Do it no more, or stop at its next look."""
        ...

    def progress(self, kind: str, key: str) -> Mapping[str, Any]:
        """What it reported last; empty where there is nothing yet."""
        ...


class Audit(Protocol):
    """Who did what to the running of the platform; only ever added to."""

    def note(self, *, actor_id: str, action: str, target: str, details: Sequence[str]) -> None:
        """Add one entry, in the transaction around us."""
        ...
