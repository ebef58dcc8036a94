"""A whole selection service in memory: shelves, register, jobs, timers and a hand-moved clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from chassis.access import EVERYTHING, Actor, Role, Scope
from chassis.aggregate import Aggregate, Command
from chassis.errors import RuleViolation, StaleVersion
from chassis.ports import Job, Timer
from contracts.event import Event
from services.selection.domain.interview import Interview
from services.selection.domain.offer import Offer, OfferStatus, Place
from services.selection.domain.ports import Reviewed
from services.selection.domain.screening import Screening, ScreeningStatus
from services.selection.handlers.bound import (
    Shelves,
    command_handlers,
    event_handlers,
    job_handlers,
    timer_handlers,
)
from tests.builders.selection import NOON
from tests.shelf import Shelf

OPERATOR = Actor(actor_id="operator", roles=frozenset({Role.OPERATOR}))
LIVE = (OfferStatus.MADE, OfferStatus.ACCEPTED)


def a_reviewer(reviewer_id: str) -> Actor:
    """Somebody who reviews or sits in panels."""
    return Actor(actor_id=reviewer_id, roles=frozenset({Role.REVIEWER}))


def a_person(subject_id: str) -> Actor:
    """An applicant, who sees only what is theirs."""
    return Actor(
        actor_id=subject_id,
        roles=frozenset({Role.PARTICIPANT}),
        scope=Scope(subject_id=subject_id),
    )


class MemoryShelf(Shelf[Any]):
    """A shelf that shares one outbox with the others and can be put back as it was."""

    def __init__(self, name: str, id_field: str, outbox: list[Event]) -> None:
        super().__init__(key=id_field, name=name)
        self.id_field, self.outbox = id_field, outbox

    def all(self) -> list[Any]:
        """Everything on the shelf, by id as the database gives it."""
        return sorted(super().all(), key=lambda aggregate: str(getattr(aggregate, self.id_field)))

    def one(self, id_: str) -> Any:
        """What is stored under an id."""
        return self.get(id_, scope=EVERYTHING)

    @property
    def rows(self) -> dict[str, Any]:
        """What is stored, to be put back by ``put_back``."""
        return dict(self._rows)

    def put_back(self, rows: dict[str, Any]) -> None:
        """Forget every save since ``rows`` was taken."""
        self._rows = dict(rows)


class MemoryRegister:
    """The register over memory shelves."""

    def __init__(self, world: World) -> None:
        self._world = world

    def _screenings(self, wanted: Callable[[Screening], bool]) -> list[Screening]:
        return [s for s in self._world.screenings.all() if wanted(s)]

    def reviewed(self, cohort_id: str) -> Reviewed:
        open_ = (ScreeningStatus.WAITING, ScreeningStatus.UNDECIDED, ScreeningStatus.ELIGIBLE)
        mine = self._screenings(lambda s: s.cohort_id == cohort_id)
        return Reviewed(
            screenings=tuple(s for s in mine if s.status is ScreeningStatus.REVIEWED),
            open_count=sum(s.status in open_ for s in mine),
            call_open=any(
                c.closed_at is None for c in self._world.calls.all() if cohort_id in c.cohort_ids
            ),
        )

    def waiting_for_rules(self, cohort_id: str) -> tuple[str, ...]:
        waits = ScreeningStatus.WAITING
        found = self._screenings(lambda s: s.status is waits and cohort_id in s.preferences)
        return tuple(s.screening_id for s in found)

    def in_review(self, call_id: str) -> Iterable[Screening]:
        return self._screenings(
            lambda s: s.call_id == call_id and s.status is ScreeningStatus.ELIGIBLE
        )

    def shortlisted(self, call_id: str) -> Iterable[Screening]:
        return self._screenings(
            lambda s: (
                s.call_id == call_id
                and s.status is ScreeningStatus.SHORTLISTED
                and s.subject_id is not None
            )
        )

    def interviews(self, application_ids: Iterable[str]) -> Iterable[Interview]:
        wanted = set(application_ids)
        return [i for i in self._world.interviews.all() if i.application_id in wanted]

    def offers(self, run_id: str) -> Iterable[Offer]:
        return [o for o in self._world.offers.all() if o.run_id == run_id]

    def places(self, run_id: str) -> Iterable[Place]:
        return [p for p in self._world.places.all() if p.run_id == run_id]

    def runs_of_application(self, application_id: str) -> tuple[str, ...]:
        return tuple(
            run.run_id
            for run in self._world.runs.all()
            if any(c.application_id == application_id for c in run.candidates)
        )

    def withdrawn(self, application_ids: Iterable[str]) -> frozenset[str]:
        wanted = set(application_ids)
        gone = self._screenings(
            lambda s: (
                s.application_id in wanted
                and (s.status is ScreeningStatus.WITHDRAWN or s.subject_id is None)
            )
        )
        return frozenset(s.application_id for s in gone)

    def live_offers(
        self, *, application_id: str | None = None, subject_id: str | None = None
    ) -> Iterable[Offer]:
        return [
            o
            for o in self._world.offers.all()
            if o.status in LIVE
            and application_id in (None, o.application_id)
            and subject_id in (None, o.subject_id)
        ]

    def records_of(self, subject_id: str) -> Iterable[tuple[str, str]]:
        kinds = ("screening", "interview", "offer", "place", "appeal")
        return [
            (kind, getattr(aggregate, shelf.id_field))
            for kind in kinds
            for shelf in (getattr(self._world, f"{kind}s"),)
            for aggregate in shelf.all()
            if aggregate.subject_id == subject_id
        ]


class World:
    """The service; ``run_jobs`` and ``move_clock`` stand for the worker."""

    def __init__(self) -> None:
        self.now = NOON
        self.outbox: list[Event] = []
        self.waiting_jobs: list[Job] = []
        self.known_jobs: set[tuple[str, str]] = set()
        self.due: dict[tuple[str, str], datetime] = {}
        ids = {
            "cohorts": ("cohort", "cohort_id"),
            "calls": ("call", "call_id"),
            "rule_sets": ("ruleset", "ruleset_id"),
            "screenings": ("screening", "screening_id"),
            "shortlists": ("shortlist", "shortlist_id"),
            "interviews": ("interview", "interview_id"),
            "runs": ("run", "run_id"),
            "offers": ("offer", "offer_id"),
            "places": ("place", "place_id"),
            "appeals": ("appeal", "appeal_id"),
            "erasures": ("erasure", "erasure_id"),
            "assignments": ("assignment", "assignment_id"),
            "interview_plans": ("interview_plan", "plan_id"),
        }
        self.shelves = {
            attribute: MemoryShelf(name, id_field, self.outbox)
            for attribute, (name, id_field) in ids.items()
        }
        for attribute, shelf in self.shelves.items():
            setattr(self, attribute, shelf)
        self.register = MemoryRegister(self)
        shelves = Shelves(**self.shelves, register=self.register)  # type: ignore[arg-type] -- in memory
        self._commands = command_handlers(
            shelves, timers=self, jobs=_Jobs(self), clock=lambda: self.now, new_secret=lambda: "s"
        )
        self._events = event_handlers(shelves, handle=self.handle, jobs=_Jobs(self))
        self._jobs = job_handlers(shelves, handle=self._between, clock=lambda: self.now)
        self._timers = timer_handlers(handle=self.handle)
        self.between_commands: Callable[[], None] = lambda: None

    def __getattr__(self, name: str) -> MemoryShelf:
        raise AttributeError(name)

    def put(self, shelf: MemoryShelf, *aggregates: Aggregate) -> None:
        """Have aggregates stored without announcing anything."""
        for aggregate in aggregates:
            aggregate.recorded = []
            shelf.save(aggregate, scope=EVERYTHING)

    def handle(self, command: Command) -> Any:
        """Run one command: all of it, or nothing."""
        kept = {name: shelf.rows for name, shelf in self.shelves.items()}
        rest = (list(self.outbox), list(self.waiting_jobs), set(self.known_jobs), dict(self.due))
        try:
            return self._commands[type(command)](command)
        except Exception:
            for name, rows in kept.items():
                self.shelves[name].put_back(rows)
            self.outbox[:], self.waiting_jobs, self.known_jobs, self.due = rest
            raise

    def hear(self, event: Event) -> None:
        """Take an event of another service."""
        self._events[type(event)](event)

    def announced(self, event_class: type[Event]) -> list[Any]:
        """Events of one class, in order."""
        return [event for event in self.outbox if isinstance(event, event_class)]

    def run_jobs(self, pick: Callable[[int], int] = lambda _: 0) -> None:
        """Do all jobs and those they bring; one that finds its data changed is tried again."""
        while self.waiting_jobs:
            job = self.waiting_jobs.pop(pick(len(self.waiting_jobs)))
            try:
                completion = self._jobs[job.kind](job)
                if completion is not None:
                    completion()
            except (StaleVersion, RuleViolation):
                if job.attempt > 20:
                    raise
                self.waiting_jobs.append(replace(job, attempt=job.attempt + 1))

    def move_clock(self, to: datetime) -> None:
        """Let time pass; due timers fire in order."""
        while self.due:
            (kind, key), due_at = min(self.due.items(), key=lambda item: item[1])
            if due_at > to:
                break
            self.now = max(self.now, due_at)
            del self.due[kind, key]
            self._timers[kind](Timer(kind=kind, key=key, due_at=due_at, payload={}))
            self.run_jobs()
        self.now = to

    def set(self, kind: str, key: str, due_at: datetime, payload: Any = None) -> None:
        """Set a timer (``chassis.ports.Timers``)."""
        self.due[kind, key] = due_at

    def cancel(self, kind: str, key: str) -> None:
        """Cancel a timer."""
        self.due.pop((kind, key), None)

    def _between(self, command: Command) -> Any:
        self.between_commands()
        return self.handle(command)


class _Jobs:
    def __init__(self, world: World) -> None:
        self._world = world

    def add(self, kind: str, key: str, payload: Any, *, run_at: datetime | None = None) -> None:
        if (kind, key) not in self._world.known_jobs:
            self._world.known_jobs.add((kind, key))
            job = Job(
                kind=kind,
                key=key,
                payload=payload,
                attempt=1,
                report=lambda _: None,
                cancelled=lambda: False,
            )
            self._world.waiting_jobs.append(job)

    def cancel(self, kind: str, key: str) -> None:
        raise NotImplementedError
