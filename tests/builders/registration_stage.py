"""Registration's handlers on in-memory shelves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chassis.access import EVERYTHING
from chassis.aggregate import Command
from chassis.errors import Unavailable
from services.registration.domain.application import ApplicationStatus
from services.registration.domain.cohort import CohortStatus
from services.registration.domain.cohort_erasure import Tie, TieKind
from services.registration.domain.nomination import NominationStatus
from services.registration.domain.ports import Holdings
from services.registration.domain.retention import Retention
from services.registration.domain.subject import folded_address, subject_erased
from services.registration.handlers.bound import Shelves, command_handlers
from tests.builders.registration import NOON
from tests.fakes_ports import FakeBus, FakeJobs, FakeTimers
from tests.shelf import Shelf


@dataclass
class FakeVault:
    """Keeps what was sealed by a handle that names purpose and person."""

    keys: set[str] = field(default_factory=set)
    sealed: dict[str, dict[str, Any]] = field(default_factory=dict)

    def create_key(self, subject_id: str) -> None:
        self.keys.add(subject_id)

    def destroy_key(self, subject_id: str) -> bool:
        had = subject_id in self.keys
        self.keys.discard(subject_id)
        return had

    def key_id(self, subject_id: str) -> str:
        self._require(subject_id)
        return f"key of {subject_id}"

    def seal(self, subject_id: str, content: Mapping[str, Any], *, purpose: str) -> str:
        self._require(subject_id)
        handle = f"{purpose}|{subject_id}|{len(self.sealed)}"
        self.sealed[handle] = dict(content)
        return handle

    def open(self, subject_id: str, sealed: str, *, purpose: str) -> dict[str, Any]:
        self._require(subject_id)
        assert sealed.startswith(f"{purpose}|{subject_id}|"), "sealed for something else"
        return dict(self.sealed[sealed])

    def _require(self, subject_id: str) -> None:
        if subject_id not in self.keys:
            raise subject_erased()


class Stage:
    """Shelves, fakes, and a bus that runs the real handlers on them at a time of ours."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now
        self.vault = FakeVault()
        self.timers = FakeTimers()
        self.jobs = FakeJobs()
        self.programmes: Shelf[Any] = Shelf(key="programme_id")
        self.cohorts: Shelf[Any] = Shelf(key="cohort_id")
        self.calls: Shelf[Any] = Shelf(key="call_id")
        self.applications: Shelf[Any] = Shelf(key="application_id")
        self.focal_points: Shelf[Any] = Shelf(key="focal_point_id")
        self.nominations: Shelf[Any] = Shelf(key="nomination_id")
        self.participants: Shelf[Any] = Shelf(key="participant_id")
        self.subjects: Shelf[Any] = Shelf(key="subject_id")
        self.contacts: Shelf[Any] = Shelf(key="subject_id", name="contact")
        self.signins: Shelf[Any] = Shelf(key="signin_id")
        self.erasures: Shelf[Any] = Shelf(key="subject_id", name="erasure")
        self.cohort_erasures: Shelf[Any] = Shelf(key="cohort_id", name="cohort_erasure")
        self.settled_ids: set[str] = set()
        self.is_certification_away = False
        self.noted: list[tuple[str, str, str]] = []
        self.shelves = Shelves(
            programmes=self.programmes,
            cohorts=self.cohorts,
            calls=self.calls,
            open_calls=self.calls,
            applications=self.applications,
            focal_points=self.focal_points,
            nominations=self.nominations,
            participants=self.participants,
            subjects=self.subjects,
            contacts=self.contacts,
            signins=self.signins,
            erasures=self.erasures,
            cohort_erasures=self.cohort_erasures,
            vault=self.vault,
            addresses=self,
            tallies=self,
            places=self,
            rosters=self,
            people=self,
            settlements=self,
            audit=self,
        )
        handlers = command_handlers(
            self.shelves,
            timers=self.timers,
            jobs=self.jobs,
            retention=Retention(days=10, cohort_keep_days=30),
            clock=lambda: self.now,
        )
        self.handle = FakeBus(handlers=handlers)

    def __call__(self, command: Command) -> Any:
        """Run one command."""
        return self.handle(command)

    # domain.ports.Addresses
    def key_of(self, email: str) -> str:
        return f"hash of {folded_address(email)}"

    def find(self, address_key: str) -> str | None:
        for subject in self.subjects.all():
            if subject.address_key == address_key:
                return str(subject.subject_id)
        return None

    # domain.ports.Tallies
    def submitted(self, call_id: str) -> int:
        return sum(
            one.call_id == call_id and one.status is ApplicationStatus.SUBMITTED
            for one in self.applications.all()
        )

    def confirmed_nominations(self, call_id: str) -> int:
        return sum(
            one.call_id == call_id and one.status is NominationStatus.CONFIRMED
            for one in self.nominations.all()
        )

    # domain.ports.Places
    def taken(self, focal_point_id: str) -> set[int]:
        return {
            one.place_no for one in self.nominations.all() if one.focal_point_id == focal_point_id
        }

    # domain.ports.Rosters
    def of_subject(self, subject_id: str) -> Holdings:
        def ids(shelf: Shelf[Any], key: str) -> list[str]:
            return [getattr(one, key) for one in shelf.all() if one.subject_id == subject_id]

        return Holdings(
            application_ids=ids(self.applications, "application_id"),
            focal_point_ids=ids(self.focal_points, "focal_point_id"),
            nomination_ids=ids(self.nominations, "nomination_id"),
            participant_ids=ids(self.participants, "participant_id"),
        )

    def here_in(self, cohort_id: str) -> list[str]:
        return [
            one.participant_id
            for one in self.participants.all()
            if one.cohort_id == cohort_id and one.is_here
        ]

    # domain.ports.CohortPeople
    def of_cohort(self, cohort_id: str, *, after: str | None, limit: int) -> list[str]:
        call_ids = {one.call_id for one in self.calls.all() if cohort_id in one.cohort_ids}
        found = {
            one.subject_id
            for one in (*self.participants.all(), *self.nominations.all())
            if one.cohort_id == cohort_id
        } | {one.subject_id for one in self.applications.all() if one.call_id in call_ids}
        return sorted(id_ for id_ in found - {None} if after is None or id_ > after)[:limit]

    def ties_of(self, subject_id: str) -> list[Tie]:
        def tie(kind: TieKind, id_: str, cohort_id: str, *, may_be_over: bool = True) -> Tie:
            cohort = self.cohorts.get(cohort_id, scope=EVERYTHING)
            return Tie(
                kind=kind,
                id_=id_,
                cohort_id=cohort_id,
                is_over=may_be_over and cohort.status is CohortStatus.COMPLETED,
                is_released=self.cohort_erasures.find(cohort_id, scope=EVERYTHING) is not None,
            )

        calls = {one.call_id: one.cohort_ids for one in self.calls.all()}
        standing = (NominationStatus.NOMINATED, NominationStatus.CONFIRMED)
        return [
            *(
                tie(
                    TieKind.PARTICIPATION,
                    one.participant_id,
                    one.cohort_id,
                    may_be_over=not one.is_here,
                )
                for one in self.participants.all()
                if one.subject_id == subject_id
            ),
            *(
                tie(TieKind.NOMINATION, one.nomination_id, one.cohort_id)
                for one in self.nominations.all()
                if one.subject_id == subject_id and one.status in standing
            ),
            *(
                tie(TieKind.APPLICATION, one.application_id, cohort_id)
                for one in self.applications.all()
                if one.subject_id == subject_id and one.status is not ApplicationStatus.WITHDRAWN
                for cohort_id in calls[one.call_id]
            ),
            *(
                tie(TieKind.FOCAL_POINT, one.focal_point_id, cohort_id)
                for one in self.focal_points.all()
                if one.subject_id == subject_id
                for cohort_id in calls[one.call_id]
            ),
        ]

    # domain.ports.Settlements
    def is_settled(self, participant_id: str) -> bool:
        if self.is_certification_away:
            raise Unavailable("certification.unavailable", "away")
        return participant_id in self.settled_ids

    # chassis.ports.Audit
    def note(self, *, actor_id: str, action: str, target: str, details: Sequence[str]) -> None:
        self.noted.append((actor_id, action, target))
