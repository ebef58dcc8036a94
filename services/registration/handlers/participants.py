"""Handlers of participants."""

from __future__ import annotations

from chassis.access import EVERYTHING
from chassis.clock import Clock
from services.registration.domain.call import Route
from services.registration.domain.commands.participants import (
    CompleteParticipant,
    EnrolNominee,
    EnrolParticipant,
    EraseParticipant,
    HandInDetails,
    LeaveCohort,
    ReleaseNominee,
)
from services.registration.domain.participant import Participant
from services.registration.domain.ports import Cohorts, Erasures, Participants, Subjects, Vault

DETAILS = "details"
"""Purpose the sealed second form is bound to."""


def enrol_participant(
    command: EnrolParticipant,
    *,
    participants: Participants,
    subjects: Subjects,
    erasures: Erasures,
    clock: Clock,
) -> None:
    """Give a place, once.

    Somebody enrolled before, or being forgotten meanwhile, is left as they are: the events that
    lead here are repeated, and an erasure may overtake them.

    Raises:
        NotFound: ``subject.not_found``.
    """
    scope = command.actor.scope
    id_ = Participant.id_for(cohort_id=command.cohort_id, subject_id=command.subject_id)
    if participants.find(id_, scope=scope) or erasures.find(command.subject_id, scope=scope):
        return
    participant = Participant.enrol(
        subjects.get(command.subject_id, scope=scope),
        cohort_id=command.cohort_id,
        route=command.route,
        cause_id=command.cause_id,
        now=clock(),
    )
    participants.save(participant, scope=scope)


def enrol_nominee(
    command: EnrolNominee,
    *,
    participants: Participants,
    cohorts: Cohorts,
    subjects: Subjects,
    erasures: Erasures,
    clock: Clock,
) -> None:
    """Give a place to a confirmed nominee, where the cohort asks for no review.

    Raises:
        NotFound: cohort or person.
    """
    cohort = cohorts.get(command.cohort_id, scope=command.actor.scope)
    if not cohort.enrols_at_once(route=Route.NOMINATION, country_code=command.country_code):
        return  # selection decides and an accepted offer enrols
    enrol_participant(
        EnrolParticipant(
            actor=command.actor,
            cohort_id=command.cohort_id,
            subject_id=command.subject_id,
            route=Route.NOMINATION,
            cause_id=command.nomination_id,
        ),
        participants=participants,
        subjects=subjects,
        erasures=erasures,
        clock=clock,
    )


def release_nominee(command: ReleaseNominee, *, participants: Participants, clock: Clock) -> None:
    """Have a person leave whose nomination ended, if that is what brought them here."""
    scope = command.actor.scope
    id_ = Participant.id_for(cohort_id=command.cohort_id, subject_id=command.subject_id)
    participant = participants.find(id_, scope=scope)
    if participant is None or not participant.is_here:
        return
    if participant.cause_id == command.nomination_id:
        participant.leave(reason_code=command.reason_code, now=clock())
        participants.save(participant, scope=scope)


def hand_in_details(
    command: HandInDetails, *, participants: Participants, cohorts: Cohorts, vault: Vault
) -> None:
    """Take the second form.

    Raises:
        NotFound, StaleVersion.
        RuleViolation, InvalidBody: as ``Participant.hand_in_details``.
    """
    scope = command.actor.scope
    participant = participants.get(
        command.participant_id, scope=scope, expected_version=command.expected_version
    )
    participant.hand_in_details(
        cohorts.get(participant.cohort_id, scope=EVERYTHING),
        answers=command.answers,
        sealed_details=vault.seal(participant.subject_id or "", command.answers, purpose=DETAILS),
    )
    participants.save(participant, scope=scope)


def leave_cohort(command: LeaveCohort, *, participants: Participants, clock: Clock) -> None:
    """End a participation before the cohort's end.

    Raises:
        NotFound, StaleVersion.
        RuleViolation: ``participant.gone``.
    """
    participant = participants.get(
        command.participant_id,
        scope=command.actor.scope,
        expected_version=command.expected_version,
    )
    participant.leave(reason_code=command.reason_code, now=clock())
    participants.save(participant, scope=command.actor.scope)


def complete_participant(
    command: CompleteParticipant, *, participants: Participants, clock: Clock
) -> None:
    """Note that a person stayed to the end; who left meanwhile is left as they are.

    Raises:
        NotFound.
    """
    participant = participants.get(command.participant_id, scope=command.actor.scope)
    if participant.is_here:
        participant.complete(now=clock())
        participants.save(participant, scope=command.actor.scope)


def erase_participant(
    command: EraseParticipant, *, participants: Participants, clock: Clock
) -> None:
    """Forget who it was; the count stays."""
    participant = participants.get(command.participant_id, scope=command.actor.scope)
    participant.erase(now=clock())
    participants.save(participant, scope=command.actor.scope)
