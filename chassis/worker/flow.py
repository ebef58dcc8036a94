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
            next_timer_at = timers.next_due_at()
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
        return found | self._lag()

    def _lag(self) -> dict[str, Any]:
        """Records of each topic that the service has not taken yet."""
        topics = self._subscription.topics
        if not topics:
            return {"log": "not read", "lag": {}}
        try:
            log = self._log()
            ends = log.end_offsets(topics)
            taken = log.committed(self._subscription.consumer, topics)
        except LogUnavailable:
            return {"log": "away", "lag": {}}
        lag: dict[str, int] = {}
        for partition, end in ends.items():
            lag[partition.topic] = lag.get(partition.topic, 0) + end - taken.get(partition, 0)
        return {"log": "there", "lag": lag}

    def republish(self) -> int:
        """Have the relay send every announcement again, with the same ids, in the same order."""
        return outbox.republish()
