"""Two workers of certification, with the service's own handlers, over one memory."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from random import Random
from typing import Any

from chassis.access import service_actor
from chassis.errors import AlreadyExists, NotFound, RtcmError, StaleVersion
from chassis.ports import Job
from contracts import registration, scheduling
from contracts.event import Event
from services.certification.domain import commands
from services.certification.domain.award import award_id_of
from services.certification.domain.award_rule import AwardRule
from services.certification.domain.commands import SupersedeCertificate
from services.certification.domain.credentials.keys import KeyRing
from services.certification.domain.credentials.status_slots import draw_slot
from services.certification.handlers import awards, certificates, cohorts, events
from services.certification.handlers.issuing import Issuing
from services.certification.handlers.kinds import ISSUE
from services.certification.handlers.timers import on_award_hold_over
from tests.builders.certification import NOON, a_key
from tests.fakes_ports import FakeJobs, FakeTimers, a_job
from tests.properties.certification.cohorts import RULE, Edition
from tests.properties.certification.engine import terms_of
from tests.properties.certification.memory import Died, Journal, Memory, Shared
from tests.shelf import Shelf

_ACTOR = service_actor("certification")


@dataclass
class Papers:
    """Documents in the memory."""

    kept: Journal

    def put(self, certificate_id: str, document: bytes) -> None:
        self.kept[certificate_id] = document

    def remove(self, certificate_id: str) -> None:
        self.kept.pop(certificate_id, None)


@dataclass
class Slots:
    """Places in status lists; two workers may draw the same one, as they look before they write."""

    chance: Random
    certificates: Shared

    def free(self) -> int:
        return draw_slot(0, self.chance.randrange)


class Names:
    """Registration's vault: everybody is there."""

    def legal_name(self, subject_id: str) -> str:
        return f"Şəxs {subject_id[:8]}"


class Keys:
    """One fixed key."""

    def ring(self) -> KeyRing:
        key = a_key()
        issuer = key.verification_method.partition("#")[0]
        public = {key.name: key.private_key.public_key()}
        return KeyRing(issuer_did=issuer, current=key, public_keys=public)


@dataclass
class Service:
    """Certification's handlers over the memory."""

    memory: Memory
    chance: Random
    editions: list[Edition]
    now: Any = NOON
    waiting: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        memory = self.memory
        self.rules = Shared(memory, key="award_rule_id")
        self.cohorts = Shared(memory, key="cohort_id")
        self.awards = Shared(memory, key="award_id")
        self.certificates = Shared(memory, key="certificate_id")
        self.letterheads = Shared(memory, key="letterhead_id")
        self.alumni = Shared(memory, key="alumnus_id")
        self.timers = FakeTimers(waiting=Journal(memory))
        self.jobs = FakeJobs(added=Journal(memory))
        self.papers = Papers(Journal(memory))
        self.handle = self._bus()
        self.issuing = Issuing(
            awards=self.awards,
            certificates=self.certificates,
            cohorts=self.cohorts,
            rules=self.rules,
            letterheads=self.letterheads,
            names=Names(),
            keys=Keys(),
            slots=Slots(self.chance, self.certificates),
            clock=lambda: self.now,
            handle=self.handle,
            verify_address="https://rtcm.example/verify",
            lists_address="https://rtcm.example/status-lists",
            render=lambda content, **_: content.serial.encode(),
        )
        self.hears = self._ears()

    def begin(self, copies: int) -> None:
        """Rules are in force; every event waits ``copies`` times, in any order."""
        for edition in self.editions:
            rule = AwardRule.for_cohort(cohort_id=edition.cohort_id, country_code="AZ")
            rule.publish(terms_of(RULE), now=NOON)
            rule.recorded = []
            self.memory.transaction(partial(Shelf.save, self.rules, rule, scope=_ACTOR.scope))
            self.waiting += [event for event in edition.events for _ in range(copies)]
        self.chance.shuffle(self.waiting)
        self.memory.other = self._hear_quietly

    def hear_all(self) -> None:
        """Both workers take events until none is left; what fails comes again."""
        while self.waiting:
            event = self.waiting.pop()
            try:
                self._hear(event)
            except (Died, StaleVersion, AlreadyExists, NotFound):
                # NotFound: who left before being enrolled; in the log the two keep their order.
                self.waiting.insert(self.chance.randrange(len(self.waiting) + 1), event)

    def fire_all(self) -> None:
        """The hold window is over; both workers fire what is due."""
        self.now += timedelta(minutes=61)
        due = list(self.timers.waiting)
        while due:
            kind, key = due[-1]
            self.memory.other = partial(self._quietly, partial(self._fire, kind, key))
            with suppress(Died, StaleVersion, AlreadyExists):
                self.memory.transaction(partial(self._fire, kind, key))
                due.pop()

    def work_all(self, *, done: set[str] | None = None) -> None:
        """Both workers make certificates; a lease that ran out gives a job to both."""
        todo = [key for kind, key in self.jobs.added if kind == ISSUE and key not in (done or ())]
        self.chance.shuffle(todo)
        while todo:
            key = todo[-1]
            self.memory.other = partial(self._quietly, partial(self._complete, self._papers(key)))
            with suppress(Died, StaleVersion, AlreadyExists):
                completion = self._papers(key, may_die=True)
                self.memory.transaction(partial(self._complete, completion))
                todo.pop()

    def supersede(self, certificate_ids: list[str]) -> None:
        """Replace certificates; each command comes twice."""
        todo = [one for one in certificate_ids for _ in range(2)]
        self.memory.other = lambda: None
        while todo:
            command = SupersedeCertificate(
                actor=_ACTOR,
                certificate_id=todo[-1],
                reason_code="misspelt_name",
                expected_version=None,
            )
            try:
                self.memory.transaction(partial(self.handle, command))
            except Died:
                continue
            except RtcmError as refused:
                assert refused.code == "certificate.final"
            todo.pop()

    def _hear(self, event: Event) -> None:
        self.memory.transaction(lambda: self.hears[type(event)](event))

    def _hear_quietly(self) -> None:
        if self.waiting:
            event = self.waiting.pop()
            try:
                self._hear(event)
            except (StaleVersion, AlreadyExists, NotFound):
                self.waiting.insert(0, event)

    def _fire(self, kind: str, key: str) -> None:
        timer = self.timers.waiting.pop((kind, key), None)
        if timer is not None:
            on_award_hold_over(timer, handle=self.handle)

    def _papers(self, key: str, *, may_die: bool = False) -> Callable[[], None] | None:
        """What the job makes, outside any transaction."""
        job: Job = a_job(ISSUE, key, self.jobs.added[ISSUE, key])
        if may_die:
            return self.issuing.on_issue(job)
        deaths, self.memory._deaths = self.memory._deaths, 0.0
        try:
            return self.issuing.on_issue(job)
        finally:
            self.memory._deaths = deaths

    def _complete(self, completion: Callable[[], None] | None) -> None:
        if completion is not None:
            completion()

    def _quietly(self, work: Callable[[], Any]) -> None:
        with suppress(StaleVersion, AlreadyExists):
            self.memory.transaction(work)

    def _ears(self) -> dict[type[Event], Callable[[Any], None]]:
        by_cohort = {
            edition.cohort_id: [award_id_of(one.participant_id) for one in edition.people]
            for edition in self.editions
        }
        roster: Any = _Roster(by_cohort, self.awards)
        plain = {
            registration.CohortAnnounced: events.on_cohort_announced,
            registration.ParticipantEnrolled: events.on_participant_enrolled,
            registration.ParticipantLeft: events.on_participant_left,
        }
        judging = {
            registration.CohortCompleted: events.on_cohort_completed,
            scheduling.TimetableReleased: events.on_timetable_released,
            scheduling.AttendanceRecorded: events.on_attendance_recorded,
            scheduling.AttendanceCorrected: events.on_attendance_corrected,
        }
        found: dict[Any, Any] = {
            kind: partial(handler, handle=self.handle) for kind, handler in plain.items()
        }
        for kind, handler in judging.items():
            found[kind] = partial(handler, handle=self.handle, roster=roster)
        return found

    def _bus(self) -> Callable[[Any], Any]:
        assessment = awards.Assessment(
            rules=self.rules,
            cohorts=self.cohorts,
            awards=self.awards,
            timers=self.timers,
            clock=lambda: self.now,
        )
        kept = {
            commands.AnnounceCohort: cohorts.announce_cohort,
            commands.CompleteCohort: cohorts.complete_cohort,
            commands.KeepRelease: cohorts.keep_release,
            commands.KeepRegister: cohorts.keep_register,
        }
        judged = {
            commands.EnrolParticipant: awards.enrol_participant,
            commands.NoteAttendance: awards.note_attendance,
            commands.AssessAward: awards.assess_award,
            commands.CloseAward: awards.close_award,
        }
        handlers: dict[Any, Callable[[Any], Any]] = {
            kind: partial(handler, cohorts=self.cohorts) for kind, handler in kept.items()
        }
        for kind, handler in judged.items():
            handlers[kind] = partial(handler, assessment=assessment)
        handlers[commands.ReachAward] = partial(
            awards.reach_award, awards=self.awards, jobs=self.jobs, clock=lambda: self.now
        )
        handlers[commands.IssueCertificate] = partial(
            certificates.issue_certificate,
            awards=self.awards,
            certificates=self.certificates,
            documents=self.papers,
            jobs=self.jobs,
        )
        handlers[commands.SupersedeCertificate] = partial(
            certificates.supersede_certificate,
            certificates=self.certificates,
            jobs=self.jobs,
            clock=lambda: self.now,
        )
        handlers[commands.JoinAlumni] = partial(
            certificates.join_alumni, alumni=self.alumni, clock=lambda: self.now
        )
        return lambda command: handlers[type(command)](command)


@dataclass(frozen=True)
class _Roster:
    """The awards of a cohort that are there by now."""

    by_cohort: dict[str, list[str]]
    awards: Shared

    def award_ids_of(self, cohort_id: str) -> list[str]:
        return [one for one in self.by_cohort[cohort_id] if self.awards.holds(one)]
