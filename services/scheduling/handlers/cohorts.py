"""Cohorts and their rosters, as registration tells them."""

from __future__ import annotations

from chassis.ports import Aggregates
from services.scheduling.domain.cohort import REGIONAL_TERMS, SCHOOL_TERMS, Cohort
from services.scheduling.domain.commands import (
    AddMember,
    AdoptCohort,
    ChangeCohort,
    CompleteCohort,
    EndMembership,
    SetMeetingTerms,
)
from services.scheduling.domain.erasure import Erasure
from services.scheduling.domain.member import Member
from services.scheduling.handlers.identities import erasure_id_of


def adopt_cohort(command: AdoptCohort, *, cohorts: Aggregates[Cohort]) -> None:
    """Keep an announced cohort; one that is kept already stays.

    Raises:
        RuleViolation: ``cohort.ends_before_start`` or ``calendar.unknown_zone``.
    """
    scope = command.actor.scope
    if cohorts.find(command.cohort_id, scope=scope) is not None:
        return
    terms = SCHOOL_TERMS if len(command.country_codes) == 1 else REGIONAL_TERMS
    cohort = Cohort(
        cohort_id=command.cohort_id,
        country_code=command.country_code,
        country_codes=command.country_codes,
        titles=command.titles,
        starts_on=command.starts_on,
        ends_on=command.ends_on,
        zone=command.zone,
        delivery=command.delivery,
        language_code=command.language_code,
        seat_count=command.seat_count,
        terms=terms,
    )
    cohorts.save(cohort, scope=scope)


def change_cohort(command: ChangeCohort, *, cohorts: Aggregates[Cohort]) -> None:
    """Take over changed dates.

    Raises:
        NotFound: ``cohort.not_found``.
        RuleViolation: ``cohort.ends_before_start`` or ``calendar.unknown_zone``.
    """
    cohort = cohorts.get(command.cohort_id, scope=command.actor.scope)
    cohort.change(
        starts_on=command.starts_on,
        ends_on=command.ends_on,
        zone=command.zone,
        delivery=command.delivery,
    )
    cohorts.save(cohort, scope=command.actor.scope)


def complete_cohort(command: CompleteCohort, *, cohorts: Aggregates[Cohort]) -> None:
    """Note that a cohort ended.

    Raises:
        NotFound: ``cohort.not_found``.
    """
    cohort = cohorts.get(command.cohort_id, scope=command.actor.scope)
    cohort.complete()
    cohorts.save(cohort, scope=command.actor.scope)


def set_meeting_terms(command: SetMeetingTerms, *, cohorts: Aggregates[Cohort]) -> None:
    """Say when a cohort can meet.

    Raises:
        NotFound: ``cohort.not_found``.
        StaleVersion: changed meanwhile.
    """
    scope = command.actor.scope
    cohort = cohorts.get(command.cohort_id, scope=scope, expected_version=command.expected_version)
    cohort.set_terms(command.terms)
    cohorts.save(cohort, scope=scope)


def add_member(
    command: AddMember, *, members: Aggregates[Member], erasures: Aggregates[Erasure]
) -> None:
    """Put a participant on the roster; who is on it already stays as they are.

    A person forgotten before this news came is added without the link to them.
    """
    scope = command.actor.scope
    if members.find(command.participant_id, scope=scope) is not None:
        return
    forgotten = erasures.find(erasure_id_of(command.subject_id), scope=scope) is not None
    member = Member(
        participant_id=command.participant_id,
        cohort_id=command.cohort_id,
        country_code=command.country_code,
        subject_id=None if forgotten else command.subject_id,
        enrolled_at=command.enrolled_at,
    )
    members.save(member, scope=scope)


def end_membership(command: EndMembership, *, members: Aggregates[Member]) -> None:
    """Take a participant off the roster of later sessions.

    Raises:
        NotFound: ``member.not_found``.
    """
    member = members.get(command.participant_id, scope=command.actor.scope)
    member.leave(left_at=command.left_at)
    members.save(member, scope=command.actor.scope)
