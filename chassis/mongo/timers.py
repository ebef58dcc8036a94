"""Durable timers: one row each, fired in the transaction of their effect."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
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


def next_due_at() -> datetime | None:
    """When the next timer is due; ``None`` when none is set."""
    found = list(_rows().find({"waiting_until": {"$gt": _EVER}}).sort("waiting_until", 1).limit(1))
    return found[0]["waiting_until"] if found else None


_EVER = datetime(1970, 1, 1)  # noqa: DTZ001 -- the driver reads it as UTC


def _id(kind: str, key: str) -> str:
    return f"{kind}|{key}"


def _rows() -> Any:
    return TimerRow._get_collection()
