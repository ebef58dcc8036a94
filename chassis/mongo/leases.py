"""Leases: work that one process at a time may do. The epoch grows with each holder."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from pymongo.errors import DuplicateKeyError

from chassis.clock import wall_now
from chassis.mongo.documents import LeaseRow


def acquire(name: str, *, holder: str, seconds: float) -> int | None:
    """Take or keep a lease.

    Returns:
        The epoch under which it is held, or ``None`` when another holds it.
    """
    now = wall_now()
    expires_at = now + timedelta(seconds=seconds)
    kept = _rows().find_one_and_update(
        {"_id": name, "holder": holder, "expires_at": {"$gt": now}},
        {"$set": {"expires_at": expires_at}},
    )
    if kept is not None:
        return int(kept["epoch"])
    taken = _rows().find_one_and_update(
        {"_id": name, "expires_at": {"$lte": now}},
        {"$set": {"holder": holder, "expires_at": expires_at}, "$inc": {"epoch": 1}},
    )
    if taken is not None:
        return int(taken["epoch"]) + 1
    if _rows().find_one({"_id": name}) is not None:
        return None
    try:
        _rows().insert_one({"_id": name, "holder": holder, "expires_at": expires_at, "epoch": 1})
    except DuplicateKeyError:
        return None
    return 1


def release(name: str, *, holder: str) -> None:
    """Give it up, so that another need not wait for its end."""
    _rows().update_one({"_id": name, "holder": holder}, {"$set": {"expires_at": wall_now()}})


def _rows() -> Any:
    return LeaseRow._get_collection()
