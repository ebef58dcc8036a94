"""What ``storage/queries.py`` of every service reads with: scope filters and pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from pymongo.errors import PyMongoError

from chassis.access import CENTRE, Scope
from chassis.mongo.connection import database_unavailable
from chassis.mongo.documents import AggregateDocument
from chassis.mongo.unit_of_work import in_transaction


@dataclass(frozen=True)
class Page:
    """Some rows in id order; ``next_after`` is the id to go on from, ``None`` at the end."""

    items: list[dict[str, Any]]
    next_after: str | None


@contextmanager
def reading() -> Iterator[None]:
    """Say ``database.unavailable`` instead of the driver's words.

    Inside a transaction its own rules hold (``UnitOfWork``): there the driver's error passes.
    """
    try:
        yield
    except PyMongoError as error:
        if in_transaction():
            raise
        raise database_unavailable() from error


def scoped(scope: Scope) -> dict[str, Any]:
    """The MongoDB filter that leaves what ``scope`` may read (``Scope.can_read``)."""
    limits: dict[str, Any] = {}
    if scope.countries is not None:
        limits["country_code"] = {"$in": sorted({*scope.countries, CENTRE})}
    if scope.cohorts is not None:
        limits["cohort_id"] = {"$in": [*sorted(scope.cohorts), None]}
    if scope.subject_id is not None:
        limits["subject_id"] = scope.subject_id
    return limits


def read_one(document: type[AggregateDocument], id_: str, *, scope: Scope) -> dict[str, Any] | None:
    """One stored document within ``scope``, ``_id`` renamed ``id``."""
    with reading():
        found = document._get_collection().find_one({"_id": id_, **scoped(scope)})
    return None if found is None else _renamed(found)


def read_page(
    document: type[AggregateDocument],
    *,
    scope: Scope,
    where: Mapping[str, Any] | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page:
    """Documents in id order (ids are UUIDv7 or derived: stable, not meaningful)."""
    query: dict[str, Any] = {**(where or {}), **scoped(scope)}
    if after is not None:
        query["_id"] = {"$gt": after}
    with reading():
        rows = list(document._get_collection().find(query).sort("_id", 1).limit(limit + 1))
    more = len(rows) > limit
    items = [_renamed(row) for row in rows[:limit]]
    return Page(items=items, next_after=items[-1]["id"] if more else None)


def read_all(
    document: type[AggregateDocument], *, scope: Scope, where: Mapping[str, Any] | None = None
) -> list[dict[str, Any]]:
    """All matching documents in id order; only where their number is bounded by a cohort."""
    query: dict[str, Any] = {**(where or {}), **scoped(scope)}
    with reading():
        return [_renamed(row) for row in document._get_collection().find(query).sort("_id", 1)]


def count(
    document: type[AggregateDocument], *, scope: Scope, where: Mapping[str, Any] | None = None
) -> int:
    """How many match."""
    query: dict[str, Any] = {**(where or {}), **scoped(scope)}
    with reading():
        return int(document._get_collection().count_documents(query))


def _renamed(row: dict[str, Any]) -> dict[str, Any]:
    row["id"] = row.pop("_id")
    return row
