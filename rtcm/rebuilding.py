"""The log rebuilt from the outboxes: wiped, filled again, waited for as long as it fills."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from chassis.clock import monotonic
from chassis.errors import RtcmError
from chassis.log.port import EventLog, LogUnavailable, Topic
from contracts.event import REGISTRY, private_topics, topic_of

Ask = Callable[[str, str, str], Mapping[str, Any]]
"""(service, method, path) -> the body of its answer, asked as the operator."""

PATIENCE_SECONDS = 60.0
"""How long nothing may arrive: longer than any lease or pause of ours."""

_LOOK_SECONDS = 0.25


class RebuildStalled(Exception):
    """Nothing more arrives; the message says what still waits and what to do."""


class Rebuild:
    """Rebuilds the log of a running platform.

    There is no limit on how long it takes, for that depends on how much there is; there is one on
    how long nothing happens.
    """

    def __init__(
        self,
        log: EventLog,
        services: Sequence[str],
        ask: Ask,
        *,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        self._log = log
        self._services = services
        self._ask = ask
        self._patience_seconds = patience_seconds
        self._topics = sorted({topic_of(type_) for type_ in REGISTRY})

    def run(self) -> int:
        """Wipe all topics, have every service publish again, wait until all is there.

        Returns:
            How many events were published again.

        Raises:
            RebuildStalled: a service did not answer, or nothing arrived for the patience.
            LogUnavailable: the log is away and nothing was wiped, or not all.
        """
        self._wipe()
        count = sum(self._republished(service) for service in self._services)
        self._wait(count)
        return count

    def _wipe(self) -> None:
        counts = {name: len(self._log.partitions(name)) for name in self._topics}
        self._log.delete_topics(self._topics)
        self._log.create_topics(
            Topic(name, partition_count=count, compacted=name in private_topics())
            for name, count in counts.items()
            if count
        )

    def _republished(self, service: str) -> int:
        try:
            count: int = self._ask(service, "POST", "/ops/log/republish")["count"]
        except RtcmError as error:
            raise RebuildStalled(
                f"the log is wiped, and {service} could not be asked to publish again "
                f"({error.detail}): bring it back and run `rtcm log rebuild` again; "
                "consumers do nothing twice"
            ) from error
        return count

    def _wait(self, count: int) -> None:
        """The log is asked while it fills, for to count what waits costs a database much."""
        moved_at, before = monotonic(), (-1, -1)
        while True:
            arrived = self._arrived()
            waiting = self._waiting() if arrived >= count else {}
            if arrived >= count and not waiting:
                return
            now = (arrived, sum(waiting.values()))
            if now != before:
                moved_at, before = monotonic(), now
            if monotonic() - moved_at > self._patience_seconds:
                raise RebuildStalled(self._sentence(arrived, count))
            time.sleep(_LOOK_SECONDS)

    def _arrived(self) -> int:
        try:
            return sum(self._log.end_offsets(self._topics).values())
        except LogUnavailable:
            return 0

    def _waiting(self) -> dict[str, int]:
        """Service -> announcements it has still to send; -1: it does not answer."""
        found = {service: self._pending(service) for service in self._services}
        return {service: count for service, count in found.items() if count}

    def _pending(self, service: str) -> int:
        try:
            pending: int = self._ask(service, "GET", "/ops/flow")["pending"]
        except RtcmError:
            return -1
        return pending

    def _sentence(self, arrived: int, count: int) -> str:
        waiting = self._waiting()
        silent = [service for service, pending in waiting.items() if pending < 0]
        parts = [f"{n} of {service}" for service, n in waiting.items() if n > 0]
        parts += [f"those of {service}, which does not answer" for service in silent]
        return (
            f"nothing arrived in the log for {self._patience_seconds:.0f} s: {arrived} of {count} "
            f"events are there, still to be sent are {', '.join(parts) or 'none'}. Nothing is "
            "lost: they leave by themselves once the log and the workers are there "
            "(`rtcm status` shows which are not); if the log was damaged, rebuild it again"
        )
