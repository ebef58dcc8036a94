"""The consumer: records of the log to the intake, in order per aggregate, whatever happens.

* A repeat changes nothing; a gap is filled from the producer's own record.
* A transient failure stops the partition until it is over; others go on.
* A permanent failure parks the event and blocks its aggregate only.
* When nothing but failures comes, a breaker stops everything: that is a bad release, not bad
  events, and parking them all would only make work.
"""

from __future__ import annotations

import logging
import threading
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chassis import failpoints
from chassis.bus import RunsWork
from chassis.clock import jittered, monotonic
from chassis.envelope import Envelope, MalformedEvent
from chassis.errors import RtcmError, StaleVersion, Unavailable
from chassis.ids import derived_id, new_id
from chassis.log.port import Consumer, EventLog, Fenced, LogUnavailable, Partition, Record
from chassis.metrics import BREAKER, PARKED, TAKEN
from chassis.mongo import inbox, parked
from chassis.mongo.inbox import Verdict
from chassis.worker.intake import Intake
from contracts.event import topic_of

_log = logging.getLogger(__name__)

FetchMissing = Callable[[str, str, int], Sequence[bytes]]
"""(topic, aggregate id, last sequence we have) -> the next events, from the producer."""

_POLL_SECONDS = 0.5
_BATCH = 100
_TRIES_OF_A_BUG = 3
_WATCH_SECONDS = 5.0
_LONGEST_PAUSE_SECONDS = 30.0
BREAKER_LIMIT = 20
"""Events failing one after another, with no success between, that open the breaker."""


@dataclass
class _Retry:
    tries: int = 0
    resume_at: float = 0.0


class Stalled(Exception):
    """The log has records for us that our member of the group is not given: join anew.

    The one cause known in kafka-python is mended (``chassis.log.kafka.resuming``); whatever the
    next one may be, nothing is lost by starting over.
    """


class Unfillable(Unavailable):
    """The producer does not have the missing events yet, or cannot be reached."""


class ConsumerLoop:
    """One member of a service's consumer group; run in one thread."""

    def __init__(
        self,
        *,
        log: EventLog,
        intake: Intake,
        unit_of_work: RunsWork,
        fetch_missing: FetchMissing,
        member: str,
        stop: threading.Event,
        watch_seconds: float = _WATCH_SECONDS,
    ) -> None:
        self._log = log
        self._intake = intake
        self._unit_of_work = unit_of_work
        self._fetch_missing = fetch_missing
        self._member = member
        self._stop = stop
        self._watch_seconds = watch_seconds
        self._retries: dict[Partition, _Retry] = defaultdict(_Retry)
        self._failed_in_a_row = 0
        self._look_at = 0.0
        self._behind: dict[Partition, int] = {}
        self.broken = False

    def run(self) -> None:
        """Take events until told to stop; leaves the group cleanly."""
        subscription = self._intake.subscription
        while not self._stop.is_set():
            try:
                consumer = self._log.consumer(
                    group=subscription.consumer, topics=subscription.topics, member=self._member
                )
            except LogUnavailable as error:
                _log.warning("log.unavailable", extra={"reason": error.detail})
                self._stop.wait(1.0)
                continue
            try:
                self._serve(consumer)
            except Stalled as stalled:
                _log.warning("consumer.stalled", extra={"reason": str(stalled)})
            finally:
                consumer.close()

    def _serve(self, consumer: Consumer) -> None:
        while not self._stop.is_set():
            self._resume(consumer)
            try:
                records = consumer.poll(timeout_seconds=_POLL_SECONDS, limit=_BATCH)
                positions = self._take_all(consumer, records)
                if positions:
                    consumer.commit(positions)
                    failpoints.reach("consumer.after_commit")
                elif not records:
                    self._watch(consumer)
            except Fenced:
                _log.info("consumer.fenced")  # the records come again, to us or another
            except LogUnavailable as error:
                _log.warning("log.unavailable", extra={"reason": error.detail})
                self._stop.wait(0.5)

    def _take_all(self, consumer: Consumer, records: Sequence[Record]) -> dict[Partition, int]:
        positions: dict[Partition, int] = {}
        halted: set[Partition] = set()
        for record in records:
            if self._stop.is_set():
                break
            if record.partition in halted:
                continue
            if self.broken or not self._take(record):
                halted.add(record.partition)
                self._halt(consumer, record)
            else:
                positions[record.partition] = record.offset + 1
                self._retries.pop(record.partition, None)
        return positions

    def _take(self, record: Record) -> bool:
        """Deal with one record; ``False`` to have it again later."""
        if record.value is None:
            return True  # a tombstone says nothing that an event did not say before
        envelope: Envelope | None = None
        try:
            envelope = Envelope.from_bytes(record.value)
            if self._take_in_order(envelope, record) is Verdict.TAKE:
                self._failed_in_a_row = 0
        except (Unavailable, StaleVersion) as error:
            _log.warning(
                "event.postponed", extra={"code": error.code, "event_id": _event_id(envelope)}
            )
            return False
        except Exception as error:
            return self._refuse(record, envelope, error)
        return True

    def _take_in_order(self, envelope: Envelope, record: Record) -> Verdict:
        verdict = self._intake.take(envelope)
        if verdict is Verdict.GAP:
            self._fill_gap(envelope)
            verdict = self._intake.take(envelope)
        if verdict is Verdict.BLOCKED:
            self._park(record, envelope, parked.BEHIND, "waits behind a parked event of its key", 0)
        TAKEN.labels(self._intake.subscription.consumer, verdict.value).inc()
        return verdict

    def _fill_gap(self, envelope: Envelope) -> None:
        """Take what the log did not bring, from the producer's outbox."""
        mark = self._intake.mark_of(envelope)
        topic = topic_of(envelope.event_type)
        while (reached := inbox.reached(mark)) < envelope.sequence - 1:
            missing = [
                Envelope.from_bytes(it) for it in self._fetch_missing(topic, envelope.key, reached)
            ]
            if not missing or missing[0].sequence != reached + 1:
                raise Unfillable(
                    "event.gap", f"events after {reached} of {envelope.key} are missing"
                )
            for earlier in missing:
                if earlier.sequence < envelope.sequence:
                    self._intake.take(earlier)
            _log.info("event.gap_filled", extra={"key": envelope.key, "count": len(missing)})

    def _refuse(self, record: Record, envelope: Envelope | None, error: Exception) -> bool:
        retry = self._retries[record.partition]
        expected = isinstance(error, RtcmError | MalformedEvent)
        if not expected and retry.tries + 1 < _TRIES_OF_A_BUG:
            _log.exception("event.handler_failed", extra={"event_id": _event_id(envelope)})
            return False
        self._failed_in_a_row += 1
        if self._failed_in_a_row > BREAKER_LIMIT:
            self.broken = True
            BREAKER.labels(self._intake.subscription.consumer).set(1)
            _log.critical("consumer.breaker_open", extra={"count": self._failed_in_a_row})
            return False
        reason = error.code if isinstance(error, RtcmError) else type(error).__name__
        detail = error.detail if isinstance(error, RtcmError) else str(error)
        try:
            self._park(record, envelope, reason, detail, retry.tries + 1)
        except Unavailable:
            return False
        _log.error("event.parked", extra={"code": reason, "event_id": _event_id(envelope)})
        return True

    def _park(
        self, record: Record, envelope: Envelope | None, reason: str, detail: str, attempts: int
    ) -> None:
        consumer = self._intake.subscription.consumer
        place = f"{record.partition.topic}|{record.partition.number}|{record.offset}"
        event = parked.parked_now(
            id=derived_id("parked", consumer, envelope.event_id if envelope else place),
            consumer=consumer,
            topic=record.partition.topic,
            partition=record.partition.number,
            offset=record.offset,
            key=record.key,
            value=record.value or b"",
            reason=reason,
            detail=detail,
            attempts=attempts,
            mark_id=self._intake.mark_of(envelope) if envelope else None,
            event_id=_event_id(envelope),
            event_type=envelope.event_type if envelope else None,
            sequence=envelope.sequence if envelope else None,
        )

        def work() -> None:
            parked.park(event)
            if event.mark_id is not None:
                inbox.block(event.mark_id)

        self._unit_of_work.run(work, command_id=new_id())
        PARKED.labels(consumer, reason).inc()

    def _halt(self, consumer: Consumer, record: Record) -> None:
        retry = self._retries[record.partition]
        retry.tries += 1
        pause = min(_LONGEST_PAUSE_SECONDS, 0.05 * 2 ** min(retry.tries, 12))
        retry.resume_at = monotonic() + jittered(pause)
        consumer.pause([record.partition])
        consumer.seek(record.partition, record.offset)

    def _resume(self, consumer: Consumer) -> None:
        """Let everything flow but what still has to wait.

        Not only what we paused: a partition that went to another member and came back may still
        be paused, although its wait is forgotten.
        """
        if self.broken:
            return
        now = monotonic()
        held = consumer.assignment()
        for partition in self._retries.keys() - held:
            del self._retries[partition]
        consumer.resume(held - self._waiting(now))

    def _waiting(self, now: float) -> set[Partition]:
        return {one for one, retry in self._retries.items() if retry.resume_at > now}

    def _watch(self, consumer: Consumer) -> None:
        """While nothing comes: whether it should.

        Raises:
            Stalled: a partition of ours has records, and for some seconds none came.
        """
        now = monotonic()
        if self.broken or now < self._look_at:
            return
        self._look_at = now + self._watch_seconds
        subscription = self._intake.subscription
        ends = self._log.end_offsets(subscription.topics)
        stored = self._log.committed(subscription.consumer, subscription.topics)
        behind = {
            partition: stored.get(partition, 0)
            for partition in consumer.assignment() - self._waiting(now)
            if ends.get(partition, 0) > stored.get(partition, 0)
        }
        stuck = [one for one, offset in behind.items() if self._behind.get(one) == offset]
        self._behind = {} if stuck else behind
        if stuck:
            raise Stalled(f"nothing comes from {stuck[0].topic} {stuck[0].number}")


def _event_id(envelope: Envelope | None) -> str | None:
    return envelope.event_id if envelope else None
