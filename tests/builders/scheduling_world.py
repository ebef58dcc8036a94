"""A whole scheduling service in memory: shelves, lookups, jobs and a hand-moved clock."""

from __future__ import annotations

import copy
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from chassis.access import EVERYTHING, Actor, Role, Scope
from chassis.aggregate import Command
from chassis.errors import AlreadyExists, Forbidden, NotFound, StaleVersion
from chassis.ports import Job
from contracts.event import Event
from services.scheduling.domain.solver.problem import Engagement
from services.scheduling.handlers.bound import (
    Lookups,
    Shelves,
    command_handlers,
    event_handlers,
    job_handlers,
)
from services.scheduling.handlers.snapshots import Snapshots
from tests.builders.scheduling import NOON

OPERATOR = Actor(actor_id="operator-1", roles=frozenset({Role.OPERATOR}))

_SHELVES = {
    "cohorts": ("cohort", "cohort_id"),
    "members": ("member", "participant_id"),
    "curricula": ("curriculum", "curriculum_id"),
    "trainers": ("trainer", "trainer_id"),
    "rooms": ("room", "room_id"),
    "timetables": ("timetable", "timetable_id"),
    "sessions": ("session", "session_id"),
    "registers": ("register", "register_id"),
    "placements": ("placement", "placement_id"),
    "work_plans": ("workplan", "workplan_id"),
    "erasures": ("erasure", "erasure_id"),
}


class MemoryShelf:
    """Aggregates of one kind, with versions and scope as in the real repository."""

    def __init__(self, name: str, id_field: str, outbox: list[Event]) -> None:
        self.name, self.id_field, self.outbox = name, id_field, outbox
        self.stored: dict[str, Any] = {}

    def where(self, **wanted: Any) -> list[Any]:
        return [
            copy.deepcopy(each)
            for _, each in sorted(self.stored.items())
            if all(getattr(each, name) == value for name, value in wanted.items())
        ]

    def find(self, id_: str, *, scope: Scope) -> Any:
        stored = self.stored.get(id_)
        if stored is None or not scope.can_read(**_marks(stored, self.id_field)):
            return None
        return copy.deepcopy(stored)

    def get(self, id_: str, *, scope: Scope, expected_version: int | None = None) -> Any:
        found = self.find(id_, scope=scope)
        if found is None:
            raise NotFound(f"{self.name}.not_found", id_)
        if expected_version is not None and found.version != expected_version:
            raise StaleVersion(f"{self.name}.changed_meanwhile", id_)
        return found

    def save(self, aggregate: Any, *, scope: Scope) -> None:
        if not scope.can_change(**_marks(aggregate, self.id_field)):
            raise Forbidden("access.outside_scope", self.name)
        id_ = getattr(aggregate, self.id_field)
        before = self.stored.get(id_)
        if (before.version if before else 0) != aggregate.version:
            wrong = StaleVersion if before and aggregate.version else AlreadyExists
            raise wrong(f"{self.name}.save", id_)
        self.outbox.extend(aggregate.recorded)
        aggregate.recorded = []
        aggregate.version += 1
        self.stored[id_] = copy.deepcopy(aggregate)


def _marks(aggregate: Any, id_field: str) -> dict[str, Any]:
    cohort_id = None if id_field == "cohort_id" else getattr(aggregate, "cohort_id", None)
    return {
        "country_code": aggregate.country_code,
        "cohort_id": cohort_id,
        "subject_id": getattr(aggregate, "subject_id", None),
    }


class MemoryLookups:
    """Every lookup over the shelves."""

    def __init__(self, world: World) -> None:
        self._world = world

    def trainers(self, country_codes: Collection[str]) -> Sequence[Any]:
        return [each for each in self._all("trainers") if each.country_code in country_codes]

    def rooms(self, country_codes: Collection[str]) -> Sequence[Any]:
        return [each for each in self._all("rooms") if each.country_code in country_codes]

    def engagements(
        self, *, starts_at: datetime, ends_at: datetime, but_cohort_id: str
    ) -> Sequence[Engagement]:
        return [
            Engagement(
                starts_at=each.starts_at,
                ends_at=each.ends_at,
                trainer_id=each.trainer_id,
                room_code=each.room_code,
            )
            for each in self._all("sessions")
            if each.cohort_id != but_cohort_id and each.status == "planned"
        ]

    def members(self, cohort_id: str) -> Sequence[Any]:
        return self._world.shelf("members").where(cohort_id=cohort_id)

    def of_timetable(self, timetable_id: str) -> Sequence[Any]:
        return self._world.shelf("sessions").where(timetable_id=timetable_id)

    def counting(self, counts: str) -> Sequence[str]:
        return [
            plan.workplan_id
            for plan in self._all("work_plans")
            if any(item.rule and item.rule.counts == counts for item in plan.items)
        ]

    def happened(self, counts: str) -> Sequence[tuple[str, str]]:
        assert counts == "attendance.recorded"
        held = [each for each in self._all("registers") if each.recorded_at is not None]
        return [(each.register_id, each.cohort_id) for each in held]

    def _all(self, name: str) -> list[Any]:
        return self._world.shelf(name).where()


class MemoryTraces:
    """What links to a person."""

    def __init__(self, world: World) -> None:
        for name in ("members", "placements", "trainers"):
            shelf = world.shelf(name)
            setattr(self, name, lambda subject_id, at=shelf: at.where(subject_id=subject_id))


class MemoryJobs:
    """Jobs that wait until the test runs them."""

    def __init__(self) -> None:
        self.waiting: dict[tuple[str, str], Mapping[str, Any]] = {}
        self.cancelled: set[tuple[str, str]] = set()
        self.reported: dict[tuple[str, str], Mapping[str, Any]] = {}

    def progress(self, kind: str, key: str) -> Mapping[str, Any]:
        return self.reported.get((kind, key), {})

    def add(self, kind: str, key: str, payload: Mapping[str, Any], **_: Any) -> None:
        self.waiting.setdefault((kind, key), payload)

    def cancel(self, kind: str, key: str) -> None:
        self.cancelled.add((kind, key))


class World:
    """The service; ``run_jobs`` stands for the worker."""

    def __init__(self) -> None:
        self.now = NOON
        self.outbox: list[Event] = []
        self.jobs = MemoryJobs()
        self.reports: list[Mapping[str, Any]] = []
        self._shelves = {
            attribute: MemoryShelf(name, id_field, self.outbox)
            for attribute, (name, id_field) in _SHELVES.items()
        }
        shelves: Any = Shelves(**self._shelves)
        found: Any = MemoryLookups(self)
        lookups = Lookups(
            resources=found,
            roster=found,
            sessions=found,
            traces=MemoryTraces(self),
            tied_plans=found,
            history=found,
        )
        self.snapshots = Snapshots(cohorts=shelves.cohorts, resources=found, clock=lambda: self.now)
        self._commands = command_handlers(
            shelves,
            lookups,
            snapshots=self.snapshots,
            jobs=self.jobs,
            clock=lambda: self.now,
        )
        self._events = event_handlers(self.handle)
        self._jobs = job_handlers(shelves, snapshots=self.snapshots, handle=self.handle)

    def shelf(self, name: str) -> MemoryShelf:
        return self._shelves[name]

    def keep(self, **aggregates: Any) -> None:
        """Put aggregates on shelves: ``keep(cohorts=a_cohort())``."""
        for name, aggregate in aggregates.items():
            self.shelf(name).save(aggregate, scope=EVERYTHING)

    def handle(self, command: Command) -> Any:
        return self._commands[type(command)](command)

    def hear(self, event: Event) -> None:
        self._events[type(event)](event)

    def run_jobs(self, *, cancelled: bool = False) -> None:
        """Do every waiting job and store what it hands back."""
        for (kind, key), payload in list(self.jobs.waiting.items()):
            job = Job(
                kind=kind,
                key=key,
                payload=payload,
                attempt=1,
                report=self.reports.append,
                cancelled=lambda: cancelled,
                progress=self.jobs.progress(kind, key),
            )
            self._jobs[kind](job)()
            del self.jobs.waiting[kind, key]
