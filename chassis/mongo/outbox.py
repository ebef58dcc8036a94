"""The outbox: what a service announces, stored with the state it announces.

Rows stay after publishing: they are the log of record, from which the event log can be rebuilt
and gaps of a consumer repaired.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from zlib import crc32

from chassis.clock import Clock, wall_now
from chassis.codec import enclose
from chassis.ids import new_id
from chassis.mongo.documents import OutboxRow
from chassis.mongo.unit_of_work import current_transaction
from chassis.telemetry import current_traceparent
from contracts.event import Event, topic_of

SHARD_COUNT = 16
"""Logical shards of an outbox; relays divide them among themselves."""

_TIME_BITS = 44


@dataclass(frozen=True, slots=True)
class Announcement:
    """One outbox row as the relay needs it; ``body`` is ``None`` for a tombstone."""

    event_id: str
    aggregate_id: str
    sequence: int
    topic: str
    body: bytes | None


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
            row = OutboxRow(
                id=envelope.event_id,
                aggregate_id=aggregate_id,
                sequence=envelope.sequence,
                topic=topic_of(event.event_type),
                event_type=event.event_type,
                body=envelope.to_bytes().decode(),
                command_id=transaction.command_id,
                ordinal=ordinal,
                pending=ordinal,
                committed_at=committed_at,
            )
            row.validate()
            rows.append(row.to_mongo().to_dict())
        _rows().insert_many(rows, ordered=True)
        first_id = rows[0]["_id"]
        transaction.proofs.append(lambda: _rows().find_one({"_id": first_id}) is not None)
        return stamp_ms + len(rows) - 1


def pending(*, first_shard: int, end_shard: int, limit: int) -> list[Announcement]:
    """Unpublished rows of shards ``[first_shard, end_shard)``, oldest first per aggregate."""
    window = {"$gte": first_shard << _TIME_BITS, "$lt": end_shard << _TIME_BITS}
    found = _rows().find({"pending": window}).sort("pending", 1).limit(limit)
    return [_announcement(row) for row in found]


def mark_published(event_ids: Sequence[str]) -> None:
    """Note that the log has these."""
    _rows().update_many(
        {"_id": {"$in": list(event_ids)}},
        {"$unset": {"pending": ""}, "$set": {"published_at": wall_now()}},
    )


def pending_count() -> int:
    """How many announcements wait for the log."""
    return int(_rows().count_documents({"pending": {"$gte": 0}}))


def total_count() -> int:
    """How many were ever announced."""
    return int(_rows().estimated_document_count())


def republish() -> int:
    """Have every announcement relayed again; returns how many.

    Safe to repeat and to kill: what is marked again is sent again, and heard once.
    """
    return int(_rows().update_many({}, [{"$set": {"pending": "$ordinal"}}]).matched_count)


def of_aggregate(topic: str, aggregate_id: str, *, after: int, limit: int = 200) -> list[bytes]:
    """Announced events of one aggregate with a sequence above ``after``, in order."""
    window = {"$gt": after, "$lte": after + limit}
    query = {"topic": topic, "aggregate_id": aggregate_id, "sequence": window}
    found = _rows().find(query).sort("sequence", 1)
    return [row["body"].encode() for row in found]


def all_announced(*, step_ms: int = 600_000) -> Iterator[Announcement]:
    """Every row, in publication order per aggregate: for a rebuild of the log."""
    for shard in range(SHARD_COUNT):
        start, end = shard << _TIME_BITS, (shard + 1) << _TIME_BITS
        first = _rows().find_one({"ordinal": {"$gte": start, "$lt": end}}, sort=[("ordinal", 1)])
        last = _rows().find_one({"ordinal": {"$gte": start, "$lt": end}}, sort=[("ordinal", -1)])
        if first is None or last is None:
            continue
        low = first["ordinal"]
        while low <= last["ordinal"]:
            window = {"ordinal": {"$gte": low, "$lt": low + step_ms}}
            for row in _rows().find(window).sort("ordinal", 1):
                yield _announcement(row)
            low += step_ms


def _announcement(row: dict[str, Any]) -> Announcement:
    return Announcement(
        event_id=row["_id"],
        aggregate_id=row["aggregate_id"],
        sequence=row["sequence"],
        topic=row["topic"],
        body=row["body"].encode(),
    )


def _rows() -> Any:
    return OutboxRow._get_collection()
