"""What the handlers need of the world."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar

from chassis.access import Scope
from chassis.aggregate import Aggregate
from services.scheduling.domain.member import Member
from services.scheduling.domain.room import Room
from services.scheduling.domain.solver.problem import Engagement
from services.scheduling.domain.trainer import Trainer

A = TypeVar("A", bound=Aggregate)


class Repository(Protocol[A]):
    """All aggregates of one kind."""

    def get(self, id_: str, *, scope: Scope, expected_version: int | None = None) -> A:
        """The aggregate, or ``NotFound`` or ``StaleVersion``."""
        ...

    def find(self, id_: str, *, scope: Scope) -> A | None:
        """The aggregate, if it is there and visible."""
        ...

    def save(self, aggregate: A, *, scope: Scope) -> None:
        """Store state and events in the transaction around us."""
        ...


class Resources(Protocol):
    """Who and what can be planned with."""

    def trainers(self, country_codes: Sequence[str]) -> Sequence[Trainer]:
        """Trainers of these countries and of the centre."""
        ...

    def rooms(self, country_codes: Sequence[str]) -> Sequence[Room]:
        """Rooms of these countries and of the centre."""
        ...

    def engagements(
        self, *, starts_at: datetime, ends_at: datetime, but_cohort_id: str
    ) -> Sequence[Engagement]:
        """When trainers and rooms are taken by released sessions of other cohorts."""
        ...


class Roster(Protocol):
    """Who belongs to a cohort."""

    def members(self, cohort_id: str) -> Sequence[Member]:
        """All its members, also those who left."""
        ...

    def of_subject(self, subject_id: str) -> Sequence[Member]:
        """The memberships of one person."""
        ...


class Jobs(Protocol):
    """Durable jobs; added inside the unit of work."""

    def add(self, kind: str, key: str, payload: Mapping[str, Any]) -> None:
        """Have ``kind`` done once for ``key``."""
        ...
