"""Reads: for GET, and for handlers that need more than one aggregate."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from chassis.access import EVERYTHING, Scope
from chassis.aggregate import Aggregate
from chassis.errors import NotFound
from chassis.mongo.documents import AggregateDocument
from chassis.mongo.mapping import from_fields
from chassis.mongo.reading import Page, read_all, read_one, read_page
from chassis.ports import Aggregates
from services.scheduling.domain.member import Member
from services.scheduling.domain.placement import Placement
from services.scheduling.domain.room import Room
from services.scheduling.domain.session import Session, SessionStatus
from services.scheduling.domain.solver.problem import Engagement
from services.scheduling.domain.trainer import Trainer
from services.scheduling.handlers.bound import Shelves
from services.scheduling.storage.documents import (
    CohortDocument,
    MemberDocument,
    PlacementDocument,
    RegisterDocument,
    RoomDocument,
    SessionDocument,
    TimetableDocument,
    TrainerDocument,
    WorkPlanDocument,
)

A = TypeVar("A", bound=Aggregate)


class Stored:
    """One collection as GET reads it.

    Args:
        name: subject of the error codes.
    """

    def __init__(self, document: type[AggregateDocument], name: str) -> None:
        self._document = document
        self._name = name

    def one(self, id_: str, *, scope: Scope) -> dict[str, Any]:
        """A stored document.

        Raises:
            NotFound: ``<name>.not_found``.
        """
        found = read_one(self._document, id_, scope=scope)
        if found is None:
            raise NotFound(f"{self._name}.not_found", f"there is no {self._name} {id_}")
        return found

    def page(
        self,
        *,
        scope: Scope,
        where: Mapping[str, Any] | None = None,
        after: str | None = None,
        limit: int = 50,
    ) -> Page:
        """Some, in id order; filters that are ``None`` do not filter."""
        filters = {name: value for name, value in (where or {}).items() if value is not None}
        return read_page(self._document, scope=scope, where=filters, after=after, limit=limit)

    def every(self, *, scope: Scope, where: Mapping[str, Any]) -> list[dict[str, Any]]:
        """All that match; for what a cohort bounds."""
        return read_all(self._document, scope=scope, where=where)


def _aggregates(
    document: type[AggregateDocument],
    aggregate: type[A],
    id_field: str,
    where: Mapping[str, Any],
) -> list[A]:
    """Aggregates to look at, never to save: they carry no version."""
    rows = read_all(document, scope=EVERYTHING, where=where)
    return [from_fields(aggregate, {**row, id_field: row["id"]}) for row in rows]


class MongoResources:
    """``ports.Resources``."""

    def trainers(self, country_codes: Collection[str]) -> Sequence[Trainer]:
        """Trainers of these countries."""
        where = {"country_code": {"$in": sorted(country_codes)}}
        return _aggregates(TrainerDocument, Trainer, "trainer_id", where)

    def rooms(self, country_codes: Collection[str]) -> Sequence[Room]:
        """Rooms of these countries."""
        where = {"country_code": {"$in": sorted(country_codes)}}
        return _aggregates(RoomDocument, Room, "room_id", where)

    def engagements(
        self, *, starts_at: datetime, ends_at: datetime, but_cohort_id: str
    ) -> Sequence[Engagement]:
        """When others have trainers and rooms."""
        where = {
            "starts_at": {"$gte": starts_at, "$lt": ends_at},
            "cohort_id": {"$ne": but_cohort_id},
            "status": SessionStatus.PLANNED.value,
        }
        rows = read_all(SessionDocument, scope=EVERYTHING, where=where)
        return [
            Engagement(
                starts_at=row["starts_at"],
                ends_at=row["ends_at"],
                trainer_id=row["trainer_id"],
                room_code=row.get("room_code"),
            )
            for row in rows
        ]


class MongoRoster:
    """``ports.Roster``."""

    def members(self, cohort_id: str) -> Sequence[Member]:
        """All members of a cohort."""
        return _aggregates(MemberDocument, Member, "participant_id", {"cohort_id": cohort_id})


class MongoSessions:
    """``ports.Sessions``: aggregates that may be saved."""

    def __init__(self, sessions: Aggregates[Session]) -> None:
        self._sessions = sessions

    def of_timetable(self, timetable_id: str) -> Sequence[Session]:
        """All sessions of a timetable."""
        return _saveable(SessionDocument, self._sessions, {"timetable_id": timetable_id})


class MongoCohortSessions:
    """``ports.CohortSessions``."""

    def of_cohort(self, cohort_id: str) -> Sequence[Session]:
        """All sessions of a cohort."""
        return _aggregates(SessionDocument, Session, "session_id", {"cohort_id": cohort_id})


class MongoTraces:
    """``ports.Traces``: aggregates that may be saved."""

    def __init__(self, shelves: Shelves) -> None:
        self._shelves = shelves

    def members(self, subject_id: str) -> Sequence[Member]:
        """The person's memberships."""
        return _saveable(MemberDocument, self._shelves.members, {"subject_id": subject_id})

    def placements(self, subject_id: str) -> Sequence[Placement]:
        """The person's placements."""
        return _saveable(PlacementDocument, self._shelves.placements, {"subject_id": subject_id})

    def trainers(self, subject_id: str) -> Sequence[Trainer]:
        """The person's work as a trainer."""
        return _saveable(TrainerDocument, self._shelves.trainers, {"subject_id": subject_id})


def _saveable(
    document: type[AggregateDocument], repository: Aggregates[A], where: Mapping[str, Any]
) -> list[A]:
    rows = read_all(document, scope=EVERYTHING, where=where)
    return [repository.get(row["id"], scope=EVERYTHING) for row in rows]


class MongoTiedPlans:
    """``ports.TiedPlans``."""

    def counting(self, counts: str) -> Sequence[str]:
        """Ids of plans with a row that counts such events."""
        where = {"items.rule.counts": counts}
        return [row["id"] for row in read_all(WorkPlanDocument, scope=EVERYTHING, where=where)]


class MongoHistory:
    """``ports.History``: what has happened already, read from our own state."""

    def happened(self, counts: str) -> Sequence[tuple[str, str]]:
        """Pairs of cause id and cohort id."""
        if counts == "timetable.released":
            return [
                (f"{row['id']}:{number}", row["cohort_id"])
                for row in _rows(TimetableDocument, {"release_version": {"$gte": 1}})
                for number in range(1, row["release_version"] + 1)
            ]
        if counts == "cohort.completed":
            return [(row["id"], row["id"]) for row in _rows(CohortDocument, {"completed": True})]
        document, where = _COUNTED[counts]
        return [(row["id"], row["cohort_id"]) for row in _rows(document, where)]


_COUNTED: dict[str, tuple[type[AggregateDocument], dict[str, Any]]] = {
    "attendance.recorded": (RegisterDocument, {"recorded_at": {"$ne": None}}),
    "placement.completed": (PlacementDocument, {"status": "completed"}),
    "participant.enrolled": (MemberDocument, {}),
}


def _rows(document: type[AggregateDocument], where: Mapping[str, Any]) -> list[dict[str, Any]]:
    return read_all(document, scope=EVERYTHING, where=where)
