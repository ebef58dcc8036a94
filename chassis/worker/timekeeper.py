"""The timekeeper: fires timers that are due, each once, the earliest first."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import datetime

from chassis import failpoints
from chassis.bus import RunsWork
from chassis.clock import Clock, monotonic
from chassis.errors import Unavailable
from chassis.ids import new_id
from chassis.metrics import TIMERS
from chassis.mongo import timers
from chassis.mongo.connection import DriverError
from chassis.ports import Timer

_log = logging.getLogger(__name__)

OnTimer = Callable[[Timer], None]

_LOOK_SECONDS = 5.0
_GLANCE_SECONDS = 0.05  # domain time may be moved; to read it costs no database anything
_FAILING_LOOK_SECONDS = 0.5
_LONGEST_PAUSE_SECONDS = 60.0


class TimerLoop:
    """Fires a service's timers; run in one thread, safe in several processes."""

    def __init__(
        self,
        *,
        handlers: Mapping[str, OnTimer],
        unit_of_work: RunsWork,
        clock: Clock,
        wake: threading.Event,
        stop: threading.Event,
    ) -> None:
        self._handlers = handlers
        self._unit_of_work = unit_of_work
        self._clock = clock
        self._wake = wake
        self._stop = stop
        self._failing: dict[tuple[str, str], tuple[int, float]] = {}

    def run(self) -> None:
        """Fire until told to stop."""
        while not self._stop.is_set():
            self._wake.clear()
            try:
                if not self.fire_due():
                    self._wait(timers.next_due_at(self._clock()))
            except (DriverError, Unavailable) as error:
                _log.warning("timers.waiting", extra={"reason": type(error).__name__})
                self._stop.wait(1.0)

    def _wait(self, due_at: datetime | None) -> None:
        """Until a timer is set or due, or the word that one was set may have been lost."""
        if self._failing:
            self._wake.wait(_FAILING_LOOK_SECONDS)
            return
        look_at = monotonic() + _LOOK_SECONDS
        while monotonic() < look_at and not (due_at is not None and due_at <= self._clock()):
            if self._wake.wait(_GLANCE_SECONDS):
                return

    def fire_due(self) -> int:
        """Fire what is due now; returns how many fired."""
        fired = 0
        for timer in timers.due(self._clock()):
            if self._stop.is_set():
                break
            if self._is_held_back(timer):
                continue
            try:
                fired += self._fire(timer)
            except (DriverError, Unavailable):
                raise
            except Exception:
                self._hold_back(timer)
                _log.exception("timer.failed", extra={"timer_kind": timer.kind, "key": timer.key})
        return fired

    def _fire(self, timer: Timer) -> bool:
        handler = self._handlers[timer.kind]

        def work() -> bool:
            if not timers.take(timer, fired_at=self._clock()):
                return False
            handler(timer)
            return True

        failpoints.reach("timer.before_transaction")
        fired = self._unit_of_work.run(work, command_id=new_id())
        failpoints.reach("timer.after_transaction")
        self._failing.pop((timer.kind, timer.key), None)
        if fired:
            TIMERS.labels(timer.kind).inc()
        return fired

    def _hold_back(self, timer: Timer) -> None:
        """Try again, ever more rarely: the timer stays and is seen in the service's state."""
        tries, _ = self._failing.get((timer.kind, timer.key), (0, 0.0))
        pause = min(_LONGEST_PAUSE_SECONDS, 0.5 * 2**tries)
        self._failing[timer.kind, timer.key] = (tries + 1, monotonic() + pause)

    def _is_held_back(self, timer: Timer) -> bool:
        return self._failing.get((timer.kind, timer.key), (0, 0.0))[1] > monotonic()
