"""Handlers joined with what they work on; what that is, ``wiring`` or a test decides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from chassis.aggregate import Command, Handle
from chassis.clock import Clock
from chassis.ports import Audit, Job, Jobs, Timer, Timers
from contracts import certification, notifications, partners, scheduling, selection
from contracts.event import Event
from contracts.registration import NominationConfirmed, NominationWithdrawn
from services.registration.domain import ports
from services.registration.domain.commands import applications as application_commands
from services.registration.domain.commands import cohort_erasures as cohort_erasure_commands
from services.registration.domain.commands import nominations as nomination_commands
from services.registration.domain.commands import participants as participant_commands
from services.registration.domain.commands import programmes as programme_commands
from services.registration.domain.commands import subjects as subject_commands
from services.registration.domain.retention import Retention
from services.registration.handlers import (
    applications,
    cohort_erasures,
    erasures,
    events,
    nominations,
    participants,
    programmes,
    scheduled,
    subjects,
    timers,
)

Handlers = Mapping[type[Command], Callable[[Any], Any]]


@dataclass(frozen=True, kw_only=True)
class Shelves:
    """Everything handlers work on; tests put in-memory ones in their place."""

    programmes: ports.Programmes
    cohorts: ports.Cohorts
    calls: ports.Calls
    open_calls: ports.CallsToRead
    applications: ports.Applications
    focal_points: ports.FocalPoints
    nominations: ports.Nominations
    participants: ports.Participants
    subjects: ports.Subjects
    contacts: ports.Contacts
    signins: ports.SignIns
    erasures: ports.Erasures
    cohort_erasures: ports.CohortErasures
    vault: ports.Vault
    addresses: ports.Addresses
    tallies: ports.Tallies
    places: ports.Places
    rosters: ports.Rosters
    people: ports.CohortPeople
    settlements: ports.Settlements
    audit: Audit


def command_handlers(
    shelves: Shelves, *, timers: Timers, jobs: Jobs, retention: Retention, clock: Clock
) -> Handlers:
    """Command class -> handler with its dependencies bound."""
    return {
        **_programme_handlers(shelves, timers, jobs, clock),
        **_application_handlers(shelves, clock),
        **_nomination_handlers(shelves, clock),
        **_participant_handlers(shelves, clock),
        **_subject_handlers(shelves, timers, retention, clock),
        **_erasure_handlers(shelves, jobs, clock),
        **_cohort_erasure_handlers(shelves, jobs, retention, clock),
    }


def event_handlers(handle: Handle) -> Mapping[type[Event], Callable[[Any], None]]:
    """Heard event class -> handler."""
    receipts: dict[type[Event], Callable[[Any], None]] = dict.fromkeys(
        (
            selection.ErasureConfirmed,
            scheduling.ErasureConfirmed,
            certification.ErasureConfirmed,
            notifications.ErasureConfirmed,
            partners.ErasureConfirmed,
        ),
        partial(events.on_erasure_confirmed, handle=handle),
    )
    return {
        selection.OfferAccepted: partial(events.on_offer_accepted, handle=handle),
        NominationConfirmed: partial(events.on_nomination_confirmed, handle=handle),
        NominationWithdrawn: partial(events.on_nomination_withdrawn, handle=handle),
        **receipts,
    }


def timer_handlers(handle: Handle) -> Mapping[str, Callable[[Timer], None]]:
    """Kind of timer -> handler."""
    return {
        scheduled.CALL_CLOSING: partial(timers.close_call_on_time, handle=handle),
        scheduled.COHORT_END: partial(timers.complete_cohort_on_time, handle=handle),
        scheduled.CONTACT_SEALING: partial(timers.seal_contact_soon, handle=handle),
        scheduled.RETENTION_END: partial(timers.forget_on_time, handle=handle),
    }


def job_handlers(
    shelves: Shelves, *, handle: Handle
) -> Mapping[str, Callable[[Job], Callable[[], None] | None]]:
    """Kind of job -> handler."""
    return {
        scheduled.COHORT_COMPLETION: partial(
            timers.complete_participants, rosters=shelves.rosters, handle=handle
        ),
        scheduled.SUBJECT_ERASURE: partial(
            erasures.forget_subject, rosters=shelves.rosters, handle=handle
        ),
        scheduled.COHORT_ERASURE: partial(
            cohort_erasures.forget_cohort,
            people=shelves.people,
            settlements=shelves.settlements,
            handle=handle,
        ),
    }


def _programme_handlers(shelves: Shelves, timers: Timers, jobs: Jobs, clock: Clock) -> Handlers:
    cohorts, calls = shelves.cohorts, shelves.calls
    return {
        programme_commands.PublishProgramme: partial(
            programmes.publish_programme, programmes=shelves.programmes, clock=clock
        ),
        programme_commands.AnnounceCohort: partial(
            programmes.announce_cohort,
            programmes=shelves.programmes,
            cohorts=cohorts,
            timers=timers,
            clock=clock,
        ),
        programme_commands.RescheduleCohort: partial(
            programmes.reschedule_cohort, cohorts=cohorts, timers=timers, clock=clock
        ),
        programme_commands.CompleteCohort: partial(
            programmes.complete_cohort, cohorts=cohorts, jobs=jobs, clock=clock
        ),
        programme_commands.DraftCall: partial(programmes.draft_call, cohorts=cohorts, calls=calls),
        programme_commands.ReviseForm: partial(programmes.revise_form, calls=calls),
        programme_commands.OpenCall: partial(
            programmes.open_call, calls=calls, timers=timers, clock=clock
        ),
        programme_commands.CloseCall: partial(
            programmes.close_call, calls=calls, tallies=shelves.tallies, clock=clock
        ),
    }


def _application_handlers(shelves: Shelves, clock: Clock) -> Handlers:
    kept, calls, vault = shelves.applications, shelves.open_calls, shelves.vault
    return {
        application_commands.StartApplication: partial(
            applications.start_application,
            applications=kept,
            calls=calls,
            subjects=shelves.subjects,
            vault=vault,
            clock=clock,
        ),
        application_commands.SaveDraft: partial(
            applications.save_draft, applications=kept, calls=calls, vault=vault, clock=clock
        ),
        application_commands.SubmitApplication: partial(
            applications.submit_application,
            applications=kept,
            calls=calls,
            vault=vault,
            clock=clock,
        ),
        application_commands.AmendApplication: partial(
            applications.amend_application,
            applications=kept,
            calls=calls,
            vault=vault,
            clock=clock,
        ),
        application_commands.WithdrawApplication: partial(
            applications.withdraw_application, applications=kept, clock=clock
        ),
        application_commands.EraseApplication: partial(
            applications.erase_application, applications=kept
        ),
    }


def _nomination_handlers(shelves: Shelves, clock: Clock) -> Handlers:
    focal_points, kept, calls = shelves.focal_points, shelves.nominations, shelves.calls
    return {
        nomination_commands.InviteFocalPoint: partial(
            nominations.invite_focal_point,
            focal_points=focal_points,
            calls=calls,
            cohorts=shelves.cohorts,
            subjects=shelves.subjects,
            clock=clock,
        ),
        nomination_commands.NominateOfficial: partial(
            nominations.nominate_official,
            focal_points=focal_points,
            nominations=kept,
            calls=calls,
            subjects=shelves.subjects,
            places=shelves.places,
            clock=clock,
        ),
        nomination_commands.ConfirmNomination: partial(
            nominations.confirm_nomination,
            focal_points=focal_points,
            nominations=kept,
            calls=calls,
            clock=clock,
        ),
        nomination_commands.ReplaceNominee: partial(
            nominations.replace_nominee,
            focal_points=focal_points,
            nominations=kept,
            subjects=shelves.subjects,
            clock=clock,
        ),
        nomination_commands.RetireNomination: partial(
            nominations.retire_nomination, nominations=kept, clock=clock
        ),
        nomination_commands.WithdrawNomination: partial(
            nominations.withdraw_nomination,
            focal_points=focal_points,
            nominations=kept,
            clock=clock,
        ),
        nomination_commands.EraseFocalPoint: partial(
            nominations.erase_focal_point, focal_points=focal_points
        ),
        nomination_commands.EraseNomination: partial(
            nominations.erase_nomination, nominations=kept, clock=clock
        ),
    }


def _participant_handlers(shelves: Shelves, clock: Clock) -> Handlers:
    kept, cohorts = shelves.participants, shelves.cohorts
    return {
        participant_commands.EnrolParticipant: partial(
            participants.enrol_participant,
            participants=kept,
            subjects=shelves.subjects,
            erasures=shelves.erasures,
            clock=clock,
        ),
        participant_commands.EnrolNominee: partial(
            participants.enrol_nominee,
            participants=kept,
            cohorts=cohorts,
            subjects=shelves.subjects,
            erasures=shelves.erasures,
            clock=clock,
        ),
        participant_commands.ReleaseNominee: partial(
            participants.release_nominee, participants=kept, clock=clock
        ),
        participant_commands.HandInDetails: partial(
            participants.hand_in_details, participants=kept, cohorts=cohorts, vault=shelves.vault
        ),
        participant_commands.LeaveCohort: partial(
            participants.leave_cohort, participants=kept, clock=clock
        ),
        participant_commands.CompleteParticipant: partial(
            participants.complete_participant, participants=kept, clock=clock
        ),
        participant_commands.EraseParticipant: partial(
            participants.erase_participant, participants=kept, clock=clock
        ),
    }


def _subject_handlers(
    shelves: Shelves, timers: Timers, retention: Retention, clock: Clock
) -> Handlers:
    kept, addresses, vault = shelves.subjects, shelves.addresses, shelves.vault
    return {
        subject_commands.RegisterSubject: partial(
            subjects.register_subject,
            subjects=kept,
            addresses=addresses,
            vault=vault,
            timers=timers,
            retention=retention,
            clock=clock,
        ),
        subject_commands.CorrectSubject: partial(
            subjects.correct_subject,
            subjects=kept,
            addresses=addresses,
            vault=vault,
            timers=timers,
            clock=clock,
        ),
        subject_commands.SealContact: partial(
            subjects.seal_contact,
            contacts=shelves.contacts,
            subjects=kept,
            erasures=shelves.erasures,
            vault=vault,
        ),
        subject_commands.RequestSignIn: partial(
            subjects.request_sign_in,
            signins=shelves.signins,
            subjects=kept,
            erasures=shelves.erasures,
            addresses=addresses,
            clock=clock,
        ),
    }


def _erasure_handlers(shelves: Shelves, jobs: Jobs, clock: Clock) -> Handlers:
    kept = shelves.erasures
    return {
        subject_commands.RequestErasure: partial(
            erasures.request_erasure,
            erasures=kept,
            subjects=shelves.subjects,
            jobs=jobs,
            clock=clock,
        ),
        subject_commands.DestroyKey: partial(erasures.destroy_key, vault=shelves.vault),
        subject_commands.EraseSubject: partial(erasures.erase_subject, subjects=shelves.subjects),
        subject_commands.EraseContact: partial(
            erasures.erase_contact, contacts=shelves.contacts, erasures=kept, clock=clock
        ),
        subject_commands.ConfirmOwnErasure: partial(
            erasures.confirm_own_erasure, erasures=kept, clock=clock
        ),
        subject_commands.TakeErasureReceipt: partial(
            erasures.take_erasure_receipt, erasures=kept, clock=clock
        ),
    }


def _cohort_erasure_handlers(
    shelves: Shelves, jobs: Jobs, retention: Retention, clock: Clock
) -> Handlers:
    kept = shelves.cohort_erasures
    return {
        cohort_erasure_commands.RequestCohortErasure: partial(
            cohort_erasures.request_cohort_erasure,
            cohort_erasures=kept,
            cohorts=shelves.cohorts,
            jobs=jobs,
            audit=shelves.audit,
            retention=retention,
            clock=clock,
        ),
        cohort_erasure_commands.ReleasePerson: partial(
            cohort_erasures.release_person,
            erasures=shelves.erasures,
            subjects=shelves.subjects,
            people=shelves.people,
            jobs=jobs,
            clock=clock,
        ),
        cohort_erasure_commands.FinishCohortErasure: partial(
            cohort_erasures.finish_cohort_erasure, cohort_erasures=kept, clock=clock
        ),
    }
