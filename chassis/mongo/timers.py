"""Durable timers: one row each, fired in the transaction of their effect."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from chassis.mongo.documents import TimerRow
from chassis.mongo.mapping import plain
from chassis.mongo.unit_of_work import current_transaction
from chassis.ports import Timer


class MongoTimers:
    """The timers of a service (``chassis.ports.Timers``)."""

    def set(
        self, kind: str, key: str, due_at: datetime, payload: Mapping[str, Any] | None = None
    ) -> None:
        """Fire once at ``due_at``; a timer of the same kind and key is moved to it."""
        current_transaction().touched.add("timer")
        _rows().update_one(
            {"_id": _id(kind, key)},
            {
                "$set": {
                    "kind": kind,
                    "key": key,
                    "payload": plain(dict(payload or {})),
                    "due_at": due_at,
                    "waiting_until": due_at,
                },
                "$unset": {"fired_at": ""},
            },
            upsert=True,
        )

    def cancel(self, kind: str, key: str) -> None:
        """Fire no more."""
        current_transaction()
        _rows().update_one({"_id": _id(kind, key)}, {"$unset": {"waiting_until": ""}})


def due(now: datetime, *, limit: int = 100) -> list[Timer]:
    """Timers whose time has come, the earliest first."""
    found = _rows().find({"waiting_until": {"$lte": now}}).sort("waiting_until", 1).limit(limit)
    return [
        Timer(
            kind=row["kind"], key=row["key"], due_at=row["due_at"], payload=row.get("payload", {})
        )
        for row in found
    ]


def take(timer: Timer, *, fired_at: datetime) -> bool:
    """Mark as fired, in the transaction around us; ``False`` when it was moved or is gone."""
    outcome = _rows().update_one(
        {"_id": _id(timer.kind, timer.key), "waiting_until": timer.due_at},
        {"$unset": {"waiting_until": ""}, "$set": {"fired_at": fired_at}},
    )
    return bool(outcome.modified_count)


def next_due_at(now: datetime) -> datetime | None:
    """When the next timer is due, or was; ``None`` when none is set.

    Looked for in wider and wider closed windows: not every server stops reading an index at a
    limit, and most timers lie months ahead.
    """
    low, reach = _EVER, timedelta()
    while True:
        open_end = reach > _FARTHEST
        window = {"$gt": low} if open_end else {"$gt": low, "$lte": now + reach}
        found = list(
            _rows()
            .find({"waiting_until": window}, {"waiting_until": 1})
            .sort("waiting_until", 1)
            .limit(1)
        )
        if found:
            earliest: datetime = found[0]["waiting_until"]
            return earliest
        if open_end:
            return None
        low, reach = now + reach, reach * 8 or timedelta(hours=12)


_EVER = datetime(1970, 1, 1, tzinfo=UTC)
_FARTHEST = timedelta(days=40)


def _id(kind: str, key: str) -> str:
    return f"{kind}|{key}"


def _rows() -> Any:
    return TimerRow._get_collection()
