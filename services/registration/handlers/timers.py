"""What timers and jobs that came due ask for."""

from __future__ import annotations

from chassis.access import service_actor
from chassis.aggregate import Handle
from chassis.ports import Job, Timer
from services.registration.domain.commands.participants import CompleteParticipant
from services.registration.domain.commands.programmes import CloseCall, CompleteCohort
from services.registration.domain.commands.subjects import RequestErasure, SealContact
from services.registration.domain.ports import Rosters

_SELF = service_actor("registration")


def close_call_on_time(timer: Timer, *, handle: Handle) -> None:
    """Close the call whose window has passed."""
    handle(CloseCall(actor=_SELF, call_id=timer.key))


def complete_cohort_on_time(timer: Timer, *, handle: Handle) -> None:
    """Complete the cohort whose last day is over."""
    handle(CompleteCohort(actor=_SELF, cohort_id=timer.key))


def seal_contact_soon(timer: Timer, *, handle: Handle) -> None:
    """Announce how a person can be reached, after the vault's entry changed."""
    handle(SealContact(actor=_SELF, subject_id=timer.key))


def forget_on_time(timer: Timer, *, handle: Handle) -> None:
    """Forget a person whose retention has ended; one forgotten before stays so."""
    handle(RequestErasure(actor=_SELF, subject_id=timer.key))


def complete_participants(job: Job, *, rosters: Rosters, handle: Handle) -> None:
    """Note for everybody still here that they stayed to the end.

    Resumable: each is a transaction of its own, and who is done is not visited again.
    """
    while ids := rosters.here_in(job.key):
        for participant_id in ids:
            handle(CompleteParticipant(actor=_SELF, participant_id=participant_id))
