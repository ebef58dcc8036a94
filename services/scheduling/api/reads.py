"""What views read with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from chassis.access import Scope
from chassis.http.operation import Answer, ApiCall
from chassis.http.paging import after, cursor


class Page(Protocol):
    """Some rows and where to go on."""

    @property
    def items(self) -> list[dict[str, Any]]:
        """The rows."""
        ...

    @property
    def next_after(self) -> str | None:
        """Id to go on from."""
        ...


class Stored(Protocol):
    """One collection."""

    def one(self, id_: str, *, scope: Scope) -> dict[str, Any]:
        """A document, or ``NotFound``."""
        ...

    def page(
        self,
        *,
        scope: Scope,
        where: Mapping[str, Any] | None = None,
        after: str | None = None,
        limit: int = 50,
    ) -> Page:
        """Some documents; filters that are ``None`` do not filter."""
        ...


class Judge(Protocol):
    """Looks at a timetable as things stand now."""

    def violations(self, timetable_id: str, *, scope: Scope) -> Sequence[Mapping[str, Any]]:
        """Rules that the proposal, or else the released plan, breaks."""
        ...

    def job(self, timetable_id: str, kind: str, key: str, *, scope: Scope) -> Mapping[str, Any]:
        """How far the engine is."""
        ...


class Calendars(Protocol):
    """Calendar feeds."""

    def of_cohort(self, cohort_id: str, *, scope: Scope, language_code: str) -> bytes:
        """All sessions of a cohort."""
        ...

    def of_participant(self, participant_id: str, *, scope: Scope, language_code: str) -> bytes:
        """The sessions one participant belongs to."""
        ...


@dataclass(frozen=True, kw_only=True)
class Reads:
    """Everything GET reads."""

    cohorts: Stored
    members: Stored
    curricula: Stored
    trainers: Stored
    rooms: Stored
    timetables: Stored
    sessions: Stored
    registers: Stored
    placements: Stored
    work_plans: Stored
    judge: Judge
    calendars: Calendars


def shown(stored: Stored, id_: str, call: ApiCall) -> Answer:
    """One document with its version as ETag."""
    found = stored.one(id_, scope=call.actor.scope)
    return Answer(body=found, version=found["version"])


def listed(stored: Stored, call: ApiCall, **filters: str | datetime | None) -> dict[str, Any]:
    """One page of documents."""
    page = stored.page(
        scope=call.actor.scope,
        where=filters,
        after=after(call.query["cursor"]),
        limit=call.query["limit"],
    )
    return {"items": page.items, "next_cursor": cursor(page.next_after)}
