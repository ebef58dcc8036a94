"""Parked events: kept as received, with the reason, until an operator redrives or skips them."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chassis.clock import wall_now
from chassis.errors import NotFound
from chassis.mongo.documents import ParkedEvent, as_stored
from chassis.mongo.reading import reading
from chassis.mongo.unit_of_work import current_transaction

BEHIND = "event.behind_parked"
"""Reason of an event that only waits behind a parked one."""


@dataclass(frozen=True, kw_only=True)
class Parked:
    """One parked event; ``mark_id`` and ``sequence`` are ``None`` when it could not be read."""

    id: str
    consumer: str
    topic: str
    partition: int
    offset: int
    key: str
    value: bytes
    reason: str
    detail: str
    attempts: int
    parked_at: datetime
    mark_id: str | None = None
    event_id: str | None = None
    event_type: str | None = None
    sequence: int | None = None


def park(event: Parked) -> None:
    """Keep it, in the transaction around us; parking it again changes nothing."""
    current_transaction()
    row = as_stored(
        ParkedEvent,
        {
            "id": event.id,
            "waiting": True,
            "mark_id": event.mark_id,
            "consumer": event.consumer,
            "topic": event.topic,
            "partition": event.partition,
            "offset": event.offset,
            "key": event.key,
            "event_id": event.event_id,
            "event_type": event.event_type,
            "sequence": event.sequence,
            "body": b64encode(event.value).decode(),
            "reason": event.reason,
            "detail": event.detail[:2_000],
            "attempts": event.attempts,
            "parked_at": event.parked_at,
        },
    )
    id_ = row.pop("_id")
    _rows().update_one({"_id": id_}, {"$setOnInsert": row}, upsert=True)


def get(id_: str) -> Parked:
    """One waiting parked event.

    Raises:
        NotFound: ``parked.not_found``.
    """
    with reading():
        row = _rows().find_one({"_id": id_, "waiting": True})
    if row is None:
        raise NotFound("parked.not_found", "no parked event with this id waits here")
    return _parked(row)


def waiting(*, limit: int = 200) -> list[Parked]:
    """What is parked now, the oldest first."""
    with reading():
        return [_parked(row) for row in _rows().find({"waiting": True}).sort("_id", 1).limit(limit)]


def waiting_count() -> int:
    """How many are parked now."""
    return int(_rows().count_documents({"waiting": True}))


def queue_of(mark: str) -> list[Parked]:
    """Everything parked of one aggregate, in order."""
    found = _rows().find({"mark_id": mark, "waiting": True}).sort("sequence", 1)
    return [_parked(row) for row in found]


def settle(id_: str, *, outcome: str, by: str, reason: str | None, at: datetime) -> None:
    """Note how it ended, in the transaction around us; the row stays for audit."""
    current_transaction()
    _rows().update_one(
        {"_id": id_},
        {
            "$unset": {"waiting": ""},
            "$set": {
                "outcome": outcome,
                "outcome_by": by,
                "outcome_reason": reason,
                "outcome_at": at,
            },
        },
    )


def failed_again(id_: str, *, reason: str, detail: str) -> None:
    """Note that a redrive failed."""
    _rows().update_one(
        {"_id": id_},
        {"$inc": {"attempts": 1}, "$set": {"reason": reason, "detail": detail[:2_000]}},
    )


def parked_now(**fields: Any) -> Parked:
    """A ``Parked`` of this moment."""
    return Parked(parked_at=wall_now(), **fields)


def _parked(row: dict[str, Any]) -> Parked:
    return Parked(
        id=row["_id"],
        consumer=row["consumer"],
        topic=row["topic"],
        partition=row["partition"],
        offset=row["offset"],
        key=row["key"],
        value=b64decode(row["body"]),
        reason=row["reason"],
        detail=row["detail"],
        attempts=row["attempts"],
        parked_at=row["parked_at"],
        mark_id=row.get("mark_id"),
        event_id=row.get("event_id"),
        event_type=row.get("event_type"),
        sequence=row.get("sequence"),
    )


def _rows() -> Any:
    return ParkedEvent._get_collection()
