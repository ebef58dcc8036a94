"""Feeds in MongoDB (``domain.ports.Feeds``)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from pymongo import ReturnDocument

from chassis.errors import NotFound
from chassis.mongo.reading import reading
from chassis.mongo.unit_of_work import current_transaction
from services.partners.domain.feed import FeedEntry
from services.partners.storage.documents import FeedDocument, FeedEntryDocument


class MongoFeeds:
    """Numbers are gap-free because each is taken and used in one transaction: two that want the
    next number at once conflict, and one of them runs again."""

    def open(self, subscription_id: str) -> None:
        """Begin an empty feed, in the transaction around us."""
        current_transaction()
        _feeds().insert_one({"_id": subscription_id, "last_number": 0})

    def next_number(self, subscription_id: str) -> int:
        """Take the next number; given back when the transaction around us fails."""
        current_transaction()
        feed = _feeds().find_one_and_update(
            {"_id": subscription_id},
            {"$inc": {"last_number": 1}},
            return_document=ReturnDocument.AFTER,
        )
        return int(feed["last_number"])

    def append(self, entry: FeedEntry) -> None:
        """Keep an entry, in the transaction around us."""
        current_transaction()
        row = {name: value for name, value in asdict(entry).items() if value is not None}
        row["_id"] = row.pop("event_id")
        _entries().insert_one(row)

    def size(self, subscription_id: str) -> int:
        """The last number given."""
        with reading():
            feed = _feeds().find_one({"_id": subscription_id})
        return int(feed["last_number"]) if feed else 0

    def entry(self, subscription_id: str, number: int) -> FeedEntry:
        """One entry.

        Raises:
            NotFound: ``entry.not_found``.
        """
        with reading():
            row = _entries().find_one({"subscription_id": subscription_id, "number": number})
        if row is None:
            raise NotFound("entry.not_found", f"the feed has no entry {number}")
        return _entry(row)

    def holds(self, event_id: str) -> bool:
        """Whether the partner's own id of an event is in its feed."""
        with reading():
            return _entries().find_one({"_id": event_id}) is not None

    def knows(self, subscription_id: str, person_id: str) -> bool:
        """Whether the feed holds anything about a person, by the partner's own id."""
        wanted = {"subscription_id": subscription_id, "person_id": person_id}
        with reading():
            return _entries().find_one(wanted) is not None

    def after(self, subscription_id: str, number: int, *, limit: int) -> list[FeedEntry]:
        """The entries that follow a number, in order."""
        wanted = {"subscription_id": subscription_id, "number": {"$gt": number}}
        with reading():
            rows = list(_entries().find(wanted).sort("number", 1).limit(limit))
        return [_entry(row) for row in rows]


def _entry(row: dict[str, Any]) -> FeedEntry:
    return FeedEntry(
        subscription_id=row["subscription_id"],
        number=int(row["number"]),
        event_id=row["_id"],
        event_type=row["event_type"],
        person_id=row.get("person_id"),
        content=row["content"],
    )


def _feeds() -> Any:
    return FeedDocument._get_collection()


def _entries() -> Any:
    return FeedEntryDocument._get_collection()
