"""Inbox marks: how far a consumer has come with each aggregate.

A mark moves from ``n-1`` to ``n`` in the transaction of the effects of event ``n``. It never
expires, so a repeat is recognised however late it comes.
"""

from __future__ import annotations

from enum import Enum
from typing import Any

from pymongo.errors import DuplicateKeyError

from chassis.errors import RtcmError
from chassis.mongo.documents import InboxMark
from chassis.mongo.reading import reading
from chassis.mongo.unit_of_work import current_transaction


class Verdict(Enum):
    """What is to be done with a heard event."""

    TAKE = "take"  # it is the next one; the mark has moved
    REPEAT = "repeat"  # taken before
    GAP = "gap"  # events before it are missing
    BLOCKED = "blocked"  # an earlier event of the aggregate is parked


class FirstSeenBefore(RtcmError):
    """The first event of an aggregate came again; leaves the aborted transaction at once."""


def mark_id(consumer: str, topic: str, aggregate_id: str) -> str:
    """Id of a mark."""
    return f"{consumer}|{topic}|{aggregate_id}"


def take(mark: str, sequence: int, *, gaps_allowed: bool = False) -> Verdict:
    """Move a mark to ``sequence`` if that is the next; in the transaction around us.

    Args:
        gaps_allowed: on a compacted topic older records may be gone: newest wins.
    """
    current_transaction()
    if sequence == 1:
        return _begin(mark)
    if not gaps_allowed:
        moved = _rows().update_one(
            {"_id": mark, "sequence": sequence - 1, "blocked": {"$exists": False}},
            {"$set": {"sequence": sequence}},
        )
        if moved.matched_count:
            return Verdict.TAKE
    stored = _rows().find_one({"_id": mark})
    reached = stored["sequence"] if stored else 0
    if sequence <= reached:
        return Verdict.REPEAT
    if stored and stored.get("blocked"):
        return Verdict.BLOCKED
    if sequence > reached + 1 and not gaps_allowed:
        return Verdict.GAP
    if stored is None:
        _rows().insert_one({"_id": mark, "sequence": sequence})
    else:
        _rows().update_one({"_id": mark}, {"$set": {"sequence": sequence}})
    return Verdict.TAKE


def _begin(mark: str) -> Verdict:
    """A mark that is there already has seen the first event, or blocks it."""
    try:
        _rows().insert_one({"_id": mark, "sequence": 1})
    except DuplicateKeyError as error:
        raise FirstSeenBefore("event.repeat", "this first event was heard before") from error
    return Verdict.TAKE


def take_parked(mark: str, sequence: int) -> Verdict:
    """Move a blocked mark to ``sequence``: for redrive and skip only."""
    current_transaction()
    moved = _rows().update_one(
        {"_id": mark, "sequence": sequence - 1}, {"$set": {"sequence": sequence}}
    )
    if moved.matched_count:
        return Verdict.TAKE
    return Verdict.REPEAT if sequence <= reached(mark) else Verdict.GAP


def reached(mark: str) -> int:
    """The sequence of the last event taken; 0 before the first."""
    with reading():
        stored = _rows().find_one({"_id": mark})
    return int(stored["sequence"]) if stored else 0


def block(mark: str) -> None:
    """Let nothing of this aggregate pass; writes the mark each time, to meet ``unblock``."""
    current_transaction()
    if _rows().find_one({"_id": mark}) is None:
        _rows().insert_one({"_id": mark, "sequence": 0, "blocked": True, "parked": 1})
    else:
        _rows().update_one({"_id": mark}, {"$set": {"blocked": True}, "$inc": {"parked": 1}})


def unblock(mark: str) -> None:
    """Let events pass again."""
    current_transaction()
    _rows().update_one({"_id": mark}, {"$unset": {"blocked": "", "parked": ""}})


def _rows() -> Any:
    return InboxMark._get_collection()
