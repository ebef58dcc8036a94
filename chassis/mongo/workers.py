"""Which workers of a service live, as they say themselves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from pymongo.errors import PyMongoError

from chassis.clock import wall_now
from chassis.mongo.documents import WorkerRow

_SILENCE_SECONDS = 15


def beat(member: str, state: Mapping[str, Any]) -> None:
    """Note that a worker lives; a database that is away is no reason to die."""
    try:
        _rows().update_one(
            {"_id": member}, {"$set": {"beat_at": wall_now(), "state": dict(state)}}, upsert=True
        )
    except PyMongoError:
        return


def leave(member: str) -> None:
    """Note that a worker ended in order."""
    try:
        _rows().delete_one({"_id": member})
    except PyMongoError:
        return


def living() -> list[dict[str, Any]]:
    """States of those who gave a sign of life in the last 15 s; forgets the others."""
    limit = wall_now() - timedelta(seconds=_SILENCE_SECONDS)
    rows = list(_rows().find({}))
    for row in rows:
        if row["beat_at"] < limit:
            _rows().delete_one({"_id": row["_id"]})
    return [row["state"] for row in rows if row["beat_at"] >= limit]


def _rows() -> Any:
    return WorkerRow._get_collection()
