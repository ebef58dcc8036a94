"""What the API reads, and how a stored aggregate becomes an answer."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Protocol

from chassis.access import EVERYTHING, Role, Scope
from chassis.errors import Forbidden, NotFound
from chassis.http.operation import Answer, ApiCall
from chassis.http.paging import after, cursor

STAFF = (Role.OPERATOR, Role.COORDINATOR)
READERS = (*STAFF, Role.AUDITOR, Role.SERVICE)


class Reads(Protocol):
    """Reads of the service (``storage.queries.MongoQueries``)."""

    def one(self, kind: str, id_: str, *, scope: Scope) -> dict[str, Any] | None:
        """One stored aggregate within a scope, its id as ``id``."""
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
        """Stored aggregates within a scope: ``items`` and ``next_after``."""
        ...

    def funnel(self, cohort_id: str, *, scope: Scope) -> dict[str, int]:
        """How many applications, nominations and participants of a cohort stand where."""
        ...


def one(reads: Reads, kind: str, id_: str, *, scope: Scope) -> dict[str, Any]:
    """One stored aggregate.

    Raises:
        NotFound: ``<kind>.not_found``.
    """
    row = reads.one(kind, id_, scope=scope)
    if row is None:
        raise NotFound(f"{kind}.not_found", f"there is no {kind} {id_}")
    return row


def shown(row: Mapping[str, Any], *optional: str) -> dict[str, Any]:
    """A stored aggregate as an answer: what is not stored is ``None``."""
    return {**dict.fromkeys(optional), **row}


def one_answer(row: Mapping[str, Any]) -> Answer:
    """An answer with its ETag."""
    return Answer(body=row, version=row["version"])


def listed(
    reads: Reads,
    kind: str,
    call: ApiCall,
    *optional: str,
    scope: Scope | None = None,
    fixed: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, Any]:
    """One page, filtered by those query parameters that are given and by what is fixed.

    Args:
        optional: attributes that may not be stored.
        scope: another than the caller's, for what is public.
    """
    filters = {
        name: str(value)
        for name, value in call.query.items()
        if name not in ("cursor", "limit") and value is not None
    }
    page = reads.page(
        kind,
        scope=call.actor.scope if scope is None else scope,
        where={**filters, **fixed},
        after=after(call.query["cursor"]),
        limit=call.query["limit"],
    )
    return {
        "items": [shown(row, *optional) for row in page.items],
        "next_cursor": cursor(page.next_after),
    }


def public_page(reads: Reads, kind: str, call: ApiCall, *optional: str, **fixed: str) -> Any:
    """One page of what everybody may read."""
    return listed(reads, kind, call, *optional, scope=EVERYTHING, fixed=fixed)


def made(path: str, id_: str) -> Answer:
    """The answer to what a command made."""
    return Answer(body={"id": id_}, status=201, location=f"/{path}/{id_}")


def own_subject_id(call: ApiCall) -> str:
    """The person who asks.

    Raises:
        Forbidden: ``access.subject_missing``: the token names no person.
    """
    if call.actor.scope.subject_id is None:
        raise Forbidden("access.subject_missing", "only a person signed in as themselves may")
    return call.actor.scope.subject_id


def texts_of(items: Any) -> tuple[str, ...]:
    """Ids of a body as texts."""
    return tuple(str(item) for item in items)
