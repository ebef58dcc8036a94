"""Waiting until nothing is under way: what demo and tests do between two steps."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from chassis.clock import SharedClock, monotonic
from chassis.errors import Unavailable

ReadFlow = Callable[[str], dict[str, Any]]
"""A service's ``/ops/flow``."""


class NotQuiet(Exception):
    """Something is still under way; the message says what."""


class Quiet:
    """Knows when all services have taken all events, done all jobs and fired all due timers."""

    def __init__(self, services: Sequence[str], read: ReadFlow, clock: SharedClock) -> None:
        self._services = services
        self._read = read
        self._clock = clock

    def wait(self, *, timeout_seconds: float = 120.0) -> dict[str, dict[str, Any]]:
        """Until two readings in a row find nothing waiting and nothing new announced.

        Returns:
            The last reading, by service.

        Raises:
            NotQuiet: not within the time; says what waits where.
        """
        deadline = monotonic() + timeout_seconds
        before: list[int] = []
        while True:
            flows = {one: self._at_rest(one, deadline) for one in self._services}
            announced = [flow["announced"] for flow in flows.values()]
            if announced == before:
                return flows
            if monotonic() > deadline:
                raise NotQuiet("events keep coming")
            before = announced

    def _at_rest(self, service: str, deadline: float) -> dict[str, Any]:
        """One service's flow once nothing waits there: looking costs its database something, so
        nobody else is asked meanwhile."""
        pause = 0.03
        while True:
            try:
                flow = self._read(service)
                busy = _busy(flow)
            except Unavailable as error:
                flow, busy = {}, [error.code]
            if not busy:
                return flow
            if monotonic() > deadline:
                raise NotQuiet("; ".join(busy))
            time.sleep(pause)
            pause = min(0.25, pause * 1.5)

    def pass_time(
        self, until: datetime, *, on_stop: Callable[[datetime], None] | None = None
    ) -> None:
        """Move the clock to an instant, stopping at every timer on the way, in order."""
        flows = self.wait()
        while True:
            due = [
                datetime.fromisoformat(flow["next_timer_at"])
                for flow in flows.values()
                if flow["next_timer_at"]
            ]
            upcoming = [instant for instant in due if instant <= until]
            if not upcoming:
                break
            stop = min(upcoming)
            if stop > self._clock():
                self._clock.move_to(stop)
            if on_stop is not None:
                on_stop(stop)
            flows = self.wait()
        if until > self._clock():
            self._clock.move_to(until)


def _busy(flow: dict[str, Any]) -> list[str]:
    waiting = {
        "announcements": flow["pending"],
        "records": sum(flow["lag"].values()),
        "jobs": flow["jobs"]["waiting"],
        "timers": int(flow["timer_due"]),
    }
    found = [f"{flow['service']}: {n} {what}" for what, n in waiting.items() if n]
    if flow["log"] == "away":
        found.append(f"{flow['service']}: the log is away")
    return found
