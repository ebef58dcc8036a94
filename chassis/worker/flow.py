"""How the event flow of a service stands: for people, and for whoever waits until it is quiet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chassis.clock import Clock
from chassis.log.port import EventLog, LogUnavailable
from chassis.mongo import jobs, outbox, parked, timers, workers
from chassis.mongo.reading import reading
from chassis.worker.intake import Subscription


class Flow:
    """Reads the state of one service's flow."""

    def __init__(
        self, service: str, subscription: Subscription, log: Callable[[], EventLog], clock: Clock
    ) -> None:
        self._service = service
        self._subscription = subscription
        self._log = log
        self._clock = clock

    def state(self) -> dict[str, Any]:
        """Counts of what waits where.

        ``announced`` only grows: two equal readings with nothing waiting mean that the service
        was quiet between them.
        """
        now = self._clock()
        with reading():
            next_timer_at = timers.next_due_at(now)
            found = {
                "service": self._service,
                "now": now.isoformat(),
                "announced": outbox.total_count(),
                "pending": outbox.pending_count(),
                "parked": parked.waiting_count(),
                "jobs": jobs.counts(),
                "next_timer_at": next_timer_at.isoformat() if next_timer_at else None,
                "timer_due": next_timer_at is not None and next_timer_at <= now,
                "workers": workers.living(),
            }
        lag = self._lag()
        return found | {"log": lag["log"], "lag": lag["lag"]}

    def rest(self) -> dict[str, Any]:
        """The first thing found that waits here; asked often, so in as few questions as can be.

        ``reached`` only grows: the records ever appended to the topics heard here. Two equal
        readings of all services with nothing waiting in either mean that nothing happened
        between them: whatever one did would have been told to another.
        """
        now = self._clock()
        flow = self._lag()
        with reading():
            waiting = _heard(flow) or self._own()
            next_timer_at = None if waiting else timers.next_due_at(now)
        if next_timer_at is not None and next_timer_at <= now:
            waiting = {"what": "a timer that is due", "since": next_timer_at}
        return {
            "service": self._service,
            "waiting": waiting,
            "reached": flow["reached"],
            "next_timer_at": next_timer_at,
        }

    def _own(self) -> dict[str, Any] | None:
        announced_at = outbox.waiting_since()
        if announced_at is not None:
            return {"what": "announcements that are not in the log", "since": announced_at}
        job = jobs.one_waiting()
        if job is None:
            return None
        what = f"a job {job['kind']}, begun {job['attempts']} times"
        return {"what": what, "since": job["created_at"]}

    def _lag(self) -> dict[str, Any]:
        """Records of each topic that the service has not taken yet."""
        topics = self._subscription.topics
        if not topics:
            return {"log": "not read", "lag": {}, "reached": 0}
        try:
            log = self._log()
            ends = log.end_offsets(topics)
            taken = log.committed(self._subscription.consumer, topics)
        except LogUnavailable:
            return {"log": "away", "lag": {}, "reached": 0}
        lag: dict[str, int] = {}
        for partition, end in ends.items():
            lag[partition.topic] = lag.get(partition.topic, 0) + end - taken.get(partition, 0)
        return {"log": "there", "lag": lag, "reached": sum(ends.values())}

    def republish(self) -> int:
        """Have the relay send every announcement again, with the same ids, in the same order."""
        return outbox.republish()


def _heard(flow: dict[str, Any]) -> dict[str, Any] | None:
    if flow["log"] == "away":
        return {"what": "the log, which is away", "since": None}
    count = sum(flow["lag"].values())
    return {"what": f"{count} records to take", "since": None} if count else None
