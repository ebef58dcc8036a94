"""The relay: outbox rows to the log, in order per aggregate, none missing.

At most one record of an aggregate is unacknowledged at any time, many aggregates at once. A
failed append means *unknown*: it is sent again, and a repeat in the log is dropped by the inbox.
Relays of several processes divide the outbox's shards by leases; one that lost its lease without
noticing can only add repeats.
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict, deque
from concurrent.futures import FIRST_COMPLETED, Future, wait
from itertools import pairwise
from typing import Any

from chassis import failpoints
from chassis.clock import monotonic
from chassis.log.port import EventLog, LogUnavailable, Producer
from chassis.metrics import PUBLISHED
from chassis.mongo import leases, outbox
from chassis.mongo.connection import DriverError
from chassis.mongo.outbox import SHARD_COUNT, Announcement

_log = logging.getLogger(__name__)

_LEASE_SECONDS = 8.0
_RENEW_SECONDS = 2.5
_READ_LIMIT = 1_000
_MAX_IN_FLIGHT = 256
_APPEND_SECONDS = 30.0
_IDLE_SECONDS = 1.0
_GATHER_SECONDS = 0.04
_LONGEST_PAUSE_SECONDS = 5.0


class RelayLoop:
    """Relays the shards whose leases it holds; run in one thread.

    Args:
        holder: unique among living processes.
        slot_count: into how many leases the shards are divided: the most relays that can share.
        wake: set when something was committed, so that it leaves at once.
    """

    def __init__(
        self,
        *,
        service: str,
        log: EventLog,
        holder: str,
        slot_count: int,
        wake: threading.Event,
        stop: threading.Event,
    ) -> None:
        self._service = service
        self._log = log
        self._holder = holder
        self._slots = _ranges(slot_count)
        self._held: list[int] = []
        self._renew_at = 0.0
        self._wake = wake
        self._stop = stop
        self._pause_seconds = 0.0
        self._round_at = 0.0

    def run(self) -> None:
        """Relay until told to stop; gives up its leases cleanly."""
        producer: Producer | None = None
        try:
            while not self._stop.is_set():
                self._wake.clear()
                self._round_at = monotonic()
                try:
                    producer = producer or self._log.producer()
                    busy = self._round(producer)
                    self._pause_seconds = 0.0
                except (LogUnavailable, DriverError) as error:
                    _log.warning("relay.waiting", extra={"reason": type(error).__name__})
                    self._pause_seconds = min(_LONGEST_PAUSE_SECONDS, 0.1 + self._pause_seconds * 2)
                    self._stop.wait(self._pause_seconds)
                    continue
                if busy:
                    # Under load rounds take several events each; alone an event leaves at once.
                    self._stop.wait(max(0.0, self._round_at + _GATHER_SECONDS - monotonic()))
                else:
                    self._wake.wait(_IDLE_SECONDS)
        finally:
            if producer is not None:
                producer.close()
            self._release()

    def _round(self, producer: Producer) -> bool:
        """Relay what is pending in our shards once; whether there may be more."""
        self._renew()
        busy = False
        for slot in self._held:
            first, end = self._slots[slot]
            rows = outbox.pending(first_shard=first, end_shard=end, limit=_READ_LIMIT)
            if rows:
                busy = True
                self._send(producer, rows)
            if len(rows) == _READ_LIMIT:
                for batch in outbox.backlog(first_shard=first, end_shard=end):
                    self._send(producer, batch)
                    if self._stop.is_set() or slot not in self._held:
                        break
        return busy

    def _send(self, producer: Producer, rows: list[Announcement]) -> None:
        _Wave(producer, self._service, self._renew, self._stop).send(rows)

    def _renew(self) -> None:
        now = monotonic()
        if now < self._renew_at:
            return
        self._renew_at = now + _RENEW_SECONDS
        self._held = [
            slot
            for slot in range(len(self._slots))
            if leases.acquire(f"relay|{slot}", holder=self._holder, seconds=_LEASE_SECONDS)
        ]

    def _release(self) -> None:
        for slot in self._held:
            try:
                leases.release(f"relay|{slot}", holder=self._holder)
            except DriverError:
                _log.info("relay.release_failed")  # it runs out by itself


class _Wave:
    """Sends one reading of the outbox: of each aggregate one record at a time."""

    def __init__(self, producer: Producer, service: str, renew: Any, stop: threading.Event) -> None:
        self._producer = producer
        self._service = service
        self._renew = renew
        self._stop = stop
        self._acknowledged: set[str] = set()
        self._failure: BaseException | None = None

    def send(self, rows: list[Announcement]) -> None:
        """Send all; raises ``LogUnavailable`` when one failed, after marking what arrived."""
        queues: OrderedDict[tuple[str, str], deque[Announcement]] = OrderedDict()
        for row in rows:
            queues.setdefault((row.topic, row.aggregate_id), deque()).append(row)
        waiting = deque(queues.values())
        in_flight: dict[Future[Any], deque[Announcement]] = {}
        while waiting or in_flight:
            while waiting and len(in_flight) < _MAX_IN_FLIGHT and not self._done():
                queue = waiting.popleft()
                in_flight[self._append(queue[0])] = queue
            if not in_flight:
                break
            done, _ = wait(in_flight, timeout=_APPEND_SECONDS, return_when=FIRST_COMPLETED)
            if not done:
                self._failure = LogUnavailable("log.unavailable", "the log does not acknowledge")
                break
            for future in done:
                queue = in_flight.pop(future)
                if self._arrived(future, queue.popleft()) and queue:
                    waiting.append(queue)
            self._renew()
        self._mark([row for row in rows if row.row_id in self._acknowledged])
        if self._failure is not None:
            raise LogUnavailable("log.unavailable", "an append failed") from self._failure

    def _done(self) -> bool:
        return self._failure is not None or self._stop.is_set()

    def _append(self, row: Announcement) -> Future[Any]:
        failpoints.reach("relay.before_append")
        return self._producer.append(row.topic, row.aggregate_id, row.body)

    def _arrived(self, future: Future[Any], row: Announcement) -> bool:
        error = future.exception()
        if error is not None:
            self._failure = error
            return False
        failpoints.reach("relay.after_append")
        self._acknowledged.add(row.row_id)
        return True

    def _mark(self, arrived: list[Announcement]) -> None:
        if arrived:
            outbox.mark_published(arrived)
            PUBLISHED.labels(self._service).inc(len(arrived))
            failpoints.reach("relay.after_mark")


def _ranges(slot_count: int) -> list[tuple[int, int]]:
    """Shard ranges ``[first, end)`` of the slots."""
    edges = [SHARD_COUNT * slot // slot_count for slot in range(slot_count + 1)]
    return list(pairwise(edges))
