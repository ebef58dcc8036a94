"""What the handlers need of the world, beside ``chassis.ports``."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from services.scheduling.domain.member import Member
from services.scheduling.domain.placement import Placement
from services.scheduling.domain.room import Room
from services.scheduling.domain.session import Session
from services.scheduling.domain.solver.problem import Engagement
from services.scheduling.domain.trainer import Trainer


class Resources(Protocol):
    """Who and what can be planned with."""

    def trainers(self, country_codes: Collection[str]) -> Sequence[Trainer]:
        """Trainers of these countries and of the centre."""
        ...

    def rooms(self, country_codes: Collection[str]) -> Sequence[Room]:
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


class Traces(Protocol):
    """What links to a person."""

    def members(self, subject_id: str) -> Sequence[Member]:
        """The person's memberships."""
        ...

    def placements(self, subject_id: str) -> Sequence[Placement]:
        """The person's placements."""
        ...

    def trainers(self, subject_id: str) -> Sequence[Trainer]:
        """The person's work as a trainer."""
        ...


class Sessions(Protocol):
    """Released sessions."""

    def of_timetable(self, timetable_id: str) -> Sequence[Session]:
        """All of one timetable, cancelled ones too."""
        ...


class CohortSessions(Protocol):
    """Released sessions to look at."""

    def of_cohort(self, cohort_id: str) -> Sequence[Session]:
        """All of one cohort, cancelled ones too."""
        ...


class History(Protocol):
    """What has happened already, for rows of work plans that are tied late."""

    def happened(self, counts: str) -> Sequence[tuple[str, str]]:
        """Pairs of cause id and cohort id of everything of a kind, in a stable order."""
        ...


class TiedPlans(Protocol):
    """Work plans with rows that fill themselves."""

    def counting(self, counts: str) -> Sequence[str]:
        """Ids of plans with a row that counts such events."""
        ...
