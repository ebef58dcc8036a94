"""Waiting until nothing is under way: what demo and tests do between two steps."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chassis.clock import SharedClock, monotonic
from chassis.errors import RtcmError, Unavailable

ReadRest = Callable[[str], Mapping[str, Any]]
"""A service's ``/ops/rest``."""

_FIRST_PAUSE_SECONDS = 0.02
_LONGEST_PAUSE_SECONDS = 0.2


class NotQuiet(Exception):
    """Something is still under way; the message says what, where and since when."""


@dataclass(frozen=True)
class _Reading:
    """All services at rest, one after the other."""

    reached: list[int]
    timers: list[datetime]


class Quiet:
    """Knows when all services have taken all events, done all jobs and fired all due timers."""

    def __init__(self, services: Sequence[str], read: ReadRest, clock: SharedClock) -> None:
        self._services = services
        self._read = read
        self._clock = clock

    def wait(self, *, timeout_seconds: float = 300.0) -> list[datetime]:
        """Until two readings in a row find nothing waiting and nothing new in the log.

        Returns:
            The timers that are due next, one of each service that has any.

        Raises:
            NotQuiet: not within the time.
        """
        deadline = monotonic() + timeout_seconds
        before: list[int] = []
        while True:
            reading = self._all_at_rest(deadline, timeout_seconds)
            if reading.reached == before:
                return reading.timers
            if monotonic() > deadline:
                raise NotQuiet(
                    f"after {timeout_seconds:.0f} s events still keep coming, although no service "
                    "has anything left to do whenever it is asked"
                )
            before = reading.reached

    def pass_time(
        self, until: datetime, *, on_stop: Callable[[datetime], None] | None = None
    ) -> None:
        """Move the clock to an instant, stopping at every timer on the way, in order."""
        due = self.wait()
        while upcoming := [instant for instant in due if instant <= until]:
            stop = min(upcoming)
            if stop > self._clock():
                self._clock.move_to(stop)
            if on_stop is not None:
                on_stop(stop)
            due = self.wait()
        if until > self._clock():
            self._clock.move_to(until)

    def _all_at_rest(self, deadline: float, allowed_seconds: float) -> _Reading:
        found = [self._at_rest(one, deadline, allowed_seconds) for one in self._services]
        return _Reading(
            reached=[rest["reached"] for rest in found],
            timers=[
                datetime.fromisoformat(rest["next_timer_at"])
                for rest in found
                if rest["next_timer_at"]
            ],
        )

    def _at_rest(self, service: str, deadline: float, allowed_seconds: float) -> Mapping[str, Any]:
        """One service once nothing waits there: looking costs its database something, so nobody
        else is asked meanwhile."""
        pause = _FIRST_PAUSE_SECONDS
        while True:
            try:
                rest = self._read(service)
                waiting = _sentence(rest)
            except Unavailable as error:
                rest, waiting = {}, _unanswered(service, error)
            if waiting is None:
                return rest
            if monotonic() > deadline:
                raise NotQuiet(f"after {allowed_seconds:.0f} s {waiting}")
            time.sleep(pause)
            pause = min(_LONGEST_PAUSE_SECONDS, pause * 1.5)


def _sentence(rest: Mapping[str, Any]) -> str | None:
    """What still waits there, in words; ``None``: nothing."""
    waiting = rest["waiting"]
    if waiting is None:
        return None
    since = waiting["since"]
    clause = f", since {datetime.fromisoformat(since):%F %T} UTC" if since else ""
    return f"{rest['service']} still waits for {waiting['what']}{clause}"


def _unanswered(service: str, error: RtcmError) -> str:
    return f"{service} cannot say whether it is at rest: {error.detail} ({error.code})"
