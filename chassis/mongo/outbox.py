"""The outbox: what a service announces, stored with the state it announces.

Rows stay after publishing: they are the log of record, from which the event log can be rebuilt
and gaps of a consumer repaired.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zlib import crc32

from pymongo.read_concern import ReadConcern

from chassis.clock import Clock, wall_now
from chassis.codec import enclose
from chassis.ids import new_id
from chassis.mongo.documents import OutboxRow, as_stored
from chassis.mongo.unit_of_work import current_transaction
from chassis.telemetry import current_traceparent
from contracts.event import Event, topic_of

SHARD_COUNT = 16
"""Logical shards of an outbox; relays divide them among themselves."""

_TIME_BITS = 44
_REPUBLISH_BATCH = 500
_MARK_BATCH = 250
_RANGE_PAYS = 16
_SETTLED_MS = 15_000  # longer than any transaction may take


@dataclass(frozen=True, slots=True)
class Announcement:
    """One outbox row as the relay needs it."""

    row_id: str
    ordinal: int
    aggregate_id: str
    sequence: int
    topic: str
    body: bytes


def shard_of(aggregate_id: str) -> int:
    """The shard of an aggregate: all its events are relayed by one relay."""
    return crc32(aggregate_id.encode()) % SHARD_COUNT


class Outbox:
    """Stores announcements; reads them back for relay, feed and rebuild."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def put(
        self, events: Sequence[Event], *, aggregate_id: str, last_sequence: int, last_event_ms: int
    ) -> int:
        """Store events of one aggregate after the ``last_sequence`` stored before.

        Returns:
            Milliseconds of the last one: strictly growing per aggregate, even when machine time
            jumps back, because the relay reads in this order.
        """
        transaction = current_transaction()
        committed_at = wall_now()
        stamp_ms = max(int(committed_at.timestamp() * 1000), last_event_ms + 1)
        shard = shard_of(aggregate_id)
        rows = []
        for number, event in enumerate(events):
            envelope = enclose(
                event,
                event_id=new_id(),
                sequence=last_sequence + 1 + number,
                occurred_at=self._clock(),
                traceparent=current_traceparent(),
            )
            ordinal = (shard << _TIME_BITS) | (stamp_ms + number)
            topic = topic_of(event.event_type)
            rows.append(
                as_stored(
                    OutboxRow,
                    {
                        "id": _row_id(topic, aggregate_id, envelope.sequence),
                        "event_id": envelope.event_id,
                        "aggregate_id": aggregate_id,
                        "sequence": envelope.sequence,
                        "topic": topic,
                        "event_type": event.event_type,
                        "body": envelope.to_bytes().decode(),
                        "command_id": transaction.command_id,
                        "ordinal": ordinal,
                        "pending": ordinal,
                        "committed_at": committed_at,
                    },
                )
            )
        if len(rows) == 1:  # the driver takes a shorter way
            _rows().insert_one(rows[0])
        else:
            _rows().insert_many(rows, ordered=True)
        first = {"_id": rows[0]["_id"], "event_id": rows[0]["event_id"]}
        transaction.touched.add("outbox")
        transaction.proofs.append(lambda: _rows().find_one(first) is not None)
        return stamp_ms + len(rows) - 1


def pending(*, first_shard: int, end_shard: int, limit: int) -> list[Announcement]:
    """Unpublished rows of shards ``[first_shard, end_shard)``, oldest first per aggregate."""
    window = {"$gte": first_shard << _TIME_BITS, "$lt": end_shard << _TIME_BITS}
    found = _rows().find({"pending": window}).sort("pending", 1).limit(limit)
    return [_announcement(row) for row in found]


def mark_published(rows: Sequence[Announcement]) -> None:
    """Note that the log has these, in the order they were read.

    In transactions of many rows, each made durable once. Where nothing else waits between the
    first and the last of them, one range of the index is marked, which costs a server half of
    marking row by row; look and mark see one snapshot, so what is committed in between keeps
    waiting.
    """
    for start in range(0, len(rows), _MARK_BATCH):
        batch = rows[start : start + _MARK_BATCH]
        ids = {row.row_id for row in batch}
        with _transaction() as session:
            which: dict[str, Any] = {"_id": {"$in": sorted(ids)}}
            if len(batch) >= _RANGE_PAYS:
                window = {"pending": {"$gte": batch[0].ordinal, "$lte": batch[-1].ordinal}}
                waiting = _rows().find(window, {"_id": 1}, session=session)
                if {row["_id"] for row in waiting} <= ids:
                    which = window
            _rows().update_many(
                which,
                {"$unset": {"pending": ""}, "$set": {"published_at": wall_now()}},
                session=session,
            )


def pending_count() -> int:
    """How many announcements wait for the log."""
    return int(_rows().count_documents({"pending": {"$gte": 0}}))


def waiting_since() -> datetime | None:
    """When one of those was announced that wait for the log; ``None``: none waits."""
    row = _rows().find_one({"pending": {"$gte": 0}}, {"committed_at": 1})
    return None if row is None else row["committed_at"]


def total_count() -> int:
    """How many were ever announced."""
    return int(_rows().estimated_document_count())


def republish() -> int:
    """Have every announcement relayed again; returns how many.

    Safe to repeat and to kill: what is marked again is sent again, and heard once.
    """
    count = 0
    ids = [row["_id"] for row in _rows().find({}, {"_id": 1}).sort("_id", 1)]
    for start in range(0, len(ids), _REPUBLISH_BATCH):
        batch = ids[start : start + _REPUBLISH_BATCH]
        with _transaction() as session:
            outcome = _rows().update_many(
                {"_id": {"$gte": batch[0], "$lte": batch[-1]}},
                [{"$set": {"pending": "$ordinal"}}],
                session=session,
            )
        count += outcome.matched_count
    return count


def of_aggregate(topic: str, aggregate_id: str, *, after: int, limit: int = 200) -> list[bytes]:
    """Announced events of one aggregate with a sequence above ``after``, in order."""
    first = _row_id(topic, aggregate_id, after + 1)
    last = _row_id(topic, aggregate_id, after + limit)
    found = _rows().find({"_id": {"$gte": first, "$lte": last}}).sort("_id", 1)
    return [row["body"].encode() for row in found]


def backlog(*, first_shard: int, end_shard: int) -> Iterator[list[Announcement]]:
    """Unpublished rows of shards ``[first_shard, end_shard)`` in batches, for a long backlog.

    Read through closed windows, because not every server stops reading an index at a limit. Only
    what was stamped some seconds ago is read: whatever has an older stamp is committed by now, so
    each window is complete, and an aggregate's events still come in order.
    """
    settled_ms = int(wall_now().timestamp() * 1000) - _SETTLED_MS
    for shard in range(first_shard, end_shard):
        base = shard << _TIME_BITS
        window = {"$gte": base, "$lt": base + settled_ms}
        oldest = _rows().find_one({"pending": window}, {"pending": 1}, sort=[("pending", 1)])
        if oldest is None:
            continue
        low, width = oldest["pending"] - base, 1_000
        while low < settled_ms:
            high = min(low + width, settled_ms)
            window = {"$gte": base + low, "$lt": base + high}
            rows = [
                _announcement(row) for row in _rows().find({"pending": window}).sort("pending", 1)
            ]
            if rows:
                yield rows
            low = high
            width = _next_width(width, len(rows))


def _next_width(width_ms: int, row_count: int) -> int:
    """Windows of some hundred rows, however densely they lie."""
    if row_count < 250:
        return min(width_ms * 2, 86_400_000)
    return max(width_ms // 2, 1) if row_count > 1_000 else width_ms


def _announcement(row: dict[str, Any]) -> Announcement:
    return Announcement(
        row_id=row["_id"],
        ordinal=row["ordinal"],
        aggregate_id=row["aggregate_id"],
        sequence=row["sequence"],
        topic=row["topic"],
        body=row["body"].encode(),
    )


@contextmanager
def _transaction() -> Iterator[Any]:
    with (
        _rows().database.client.start_session() as session,
        session.start_transaction(read_concern=ReadConcern("snapshot")),
    ):
        yield session


def _row_id(topic: str, aggregate_id: str, sequence: int) -> str:
    return f"{topic}|{aggregate_id}|{sequence:010}"


def _rows() -> Any:
    return OutboxRow._get_collection()
