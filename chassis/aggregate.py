"""The base of all aggregates and commands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from chassis.access import Actor
from contracts.event import Event


@dataclass(kw_only=True)
class Aggregate:
    """Rules and state that change together, and nothing that touches the world.

    Attributes:
        version: of the stored state, 0 before the first save; kept by the repository.
        event_count: sequence of the last event stored; kept by the repository.
        last_event_ms: machine time of that event, milliseconds; kept by the repository.
        recorded: events since the last load, in order; the repository puts them in the outbox.
    """

    version: int = field(default=0, compare=False)
    event_count: int = field(default=0, compare=False)
    last_event_ms: int = field(default=0, compare=False, repr=False)
    recorded: list[Event] = field(default_factory=list, compare=False, repr=False)

    def record(self, event: Event) -> None:
        """Note what happened; it is announced when the aggregate is saved."""
        self.recorded.append(event)


@dataclass(frozen=True, kw_only=True)
class Command:
    """Base of all commands: an imperative with everything it needs.

    Attributes:
        actor: who asks.
        expected_version: from ``If-Match``; ``None`` where the sender does not care.
    """

    actor: Actor
    expected_version: int | None = None


Handle = Callable[[Command], Any]
"""Runs one command in the transaction around it, or in one of its own."""
