"""What the API reads, and how a stored aggregate becomes an answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from chassis.access import Scope
from chassis.errors import NotFound
from chassis.http.operation import Answer, ApiCall
from chassis.http.paging import after, cursor


class Page(Protocol):
    """Some rows in id order; ``next_after`` is the id to go on from."""

    items: list[dict[str, Any]]
    next_after: str | None


class Reads(Protocol):
    """Reads of the service (``storage.queries.MongoQueries``)."""

    def one(self, kind: str, id_: str, *, scope: Scope) -> dict[str, Any] | None:
        """One stored aggregate within a scope."""
        ...

    def page(
        self,
        kind: str,
        *,
        scope: Scope,
        where: Mapping[str, Any],
        after: str | None,
        limit: int,
    ) -> Any:
        """Stored aggregates within a scope (a ``Page``)."""
        ...

    def assigned_reviews(self, reviewer_id: str, *, scope: Scope) -> list[dict[str, Any]]:
        """Screenings a reviewer has been asked to read."""
        ...

    def panels(self, panelist_id: str, *, scope: Scope) -> list[dict[str, Any]]:
        """Interviews a panelist sits in."""
        ...

    def funnel(self, cohort_id: str, *, scope: Scope) -> dict[str, int]:
        """People of a cohort at each stage."""
        ...


def shown(row: Mapping[str, Any], *optional: str) -> dict[str, Any]:
    """A stored aggregate as an answer: what is not stored is ``None`` or empty."""
    return {**dict.fromkeys(optional), **row}


def one(reads: Reads, kind: str, id_: str, call: ApiCall) -> dict[str, Any]:
    """One stored aggregate.

    Raises:
        NotFound: ``<kind>.not_found``.
    """
    row = reads.one(kind, id_, scope=call.actor.scope)
    if row is None:
        raise NotFound(f"{kind}.not_found", f"there is no {kind} {id_}")
    return row


def one_answer(row: dict[str, Any]) -> Answer:
    """An answer with its ETag."""
    return Answer(body=row, version=row["version"])


def listed(
    reads: Reads, kind: str, call: ApiCall, *filters: str
) -> tuple[list[dict[str, Any]], Any]:
    """One page, filtered by those query parameters that are given; rows and next cursor."""
    where = {name: str(call.query[name]) for name in filters if call.query.get(name) is not None}
    page = reads.page(
        kind,
        scope=call.actor.scope,
        where=where,
        after=after(call.query["cursor"]),
        limit=call.query["limit"],
    )
    return page.items, cursor(page.next_after)


def made(kind: str, id_: str) -> Answer:
    """The answer to what a command made."""
    return Answer(body={"id": id_}, status=201, location=f"/{kind}/{id_}")
