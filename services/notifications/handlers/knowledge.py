"""Commands that keep what messages are made from: contacts, cohorts, calls, erasures."""

from __future__ import annotations

from chassis.clock import Clock
from chassis.ports import Aggregates
from services.notifications.domain.call import Call
from services.notifications.domain.cohort import Cohort, Session
from services.notifications.domain.commands import (
    AddMember,
    CancelSession,
    ConfirmErasure,
    DescribeCall,
    DescribeCohort,
    ForgetContact,
    ForgetMember,
    KeepContact,
    MoveSession,
    RemoveMember,
    TakeTimetable,
)
from services.notifications.domain.contact import Contact
from services.notifications.domain.erasure import Erasure, erasure_id_of

Contacts = Aggregates[Contact]
Cohorts = Aggregates[Cohort]
Calls = Aggregates[Call]
Erasures = Aggregates[Erasure]


def keep_contact(command: KeepContact, *, contacts: Contacts) -> None:
    """Take sealed contact data; what comes for a forgotten person is not kept."""
    scope = command.actor.scope
    contact = contacts.find(command.subject_id, scope=scope) or Contact(
        subject_id=command.subject_id, country_code=command.country_code
    )
    contact.keep(language_code=command.language_code, key_id=command.key_id, sealed=command.sealed)
    contacts.save(contact, scope=scope)


def forget_contact(command: ForgetContact, *, contacts: Contacts) -> bool:
    """Remove contact data; whether there were some."""
    scope = command.actor.scope
    contact = contacts.find(command.subject_id, scope=scope) or Contact(
        subject_id=command.subject_id, country_code=command.country_code
    )
    had_data = contact.forget()
    contacts.save(contact, scope=scope)
    return had_data


def describe_cohort(command: DescribeCohort, *, cohorts: Cohorts) -> None:
    """Take a cohort's titles, dates and zone."""
    scope = command.actor.scope
    cohort = _cohort(command.cohort_id, command, cohorts)
    cohort.country_code, cohort.zone = command.country_code, command.zone
    cohort.starts_on, cohort.ends_on = command.starts_on, command.ends_on
    cohort.delivery = command.delivery
    if command.titles is not None:
        cohort.titles = dict(command.titles)
    cohorts.save(cohort, scope=scope)


def describe_call(command: DescribeCall, *, calls: Calls) -> None:
    """Take when a call closes; a call opens once, so a known one stays."""
    scope = command.actor.scope
    if calls.find(command.call_id, scope=scope) is None:
        call = Call(
            call_id=command.call_id,
            country_code=command.country_code,
            closes_at=command.closes_at,
        )
        calls.save(call, scope=scope)


def add_member(command: AddMember, *, cohorts: Cohorts) -> bool:
    """Add a participant; whether a timetable is out already."""
    cohort = _cohort(command.cohort_id, command, cohorts)
    cohort.add(participant_id=command.participant_id, subject_id=command.subject_id)
    cohorts.save(cohort, scope=command.actor.scope)
    return cohort.release_version > 0


def remove_member(command: RemoveMember, *, cohorts: Cohorts) -> None:
    """A participant left."""
    cohort = _cohort(command.cohort_id, command, cohorts)
    cohort.leave(participant_id=command.participant_id)
    cohorts.save(cohort, scope=command.actor.scope)


def forget_member(command: ForgetMember, *, cohorts: Cohorts) -> int:
    """Remove a person from a cohort; how many entries that were."""
    cohort = _cohort(command.cohort_id, command, cohorts)
    count = cohort.forget(command.subject_id)
    cohorts.save(cohort, scope=command.actor.scope)
    return count


def take_timetable(command: TakeTimetable, *, cohorts: Cohorts) -> tuple[str, ...]:
    """Take a released timetable; whom to tell."""
    cohort = _cohort(command.cohort_id, command, cohorts)
    is_news = cohort.release(version=command.release_version, sessions=command.sessions)
    cohorts.save(cohort, scope=command.actor.scope)
    return cohort.told() if is_news else ()


def move_session(command: MoveSession, *, cohorts: Cohorts) -> tuple[str, ...]:
    """Take a session's new time or room; whom to tell.

    Raises:
        Unavailable: ``participant.not_heard_of``.
    """
    cohort = _cohort(command.cohort_id, command, cohorts)
    told = cohort.subjects_of(command.participant_ids)
    cohort.place(command.session)
    cohorts.save(cohort, scope=command.actor.scope)
    return told


def cancel_session(command: CancelSession, *, cohorts: Cohorts) -> tuple[str, ...]:
    """A session does not take place; whom to tell."""
    cohort = _cohort(command.cohort_id, command, cohorts)
    held = cohort.session(command.session_id)
    cohort.place(
        Session(
            session_id=command.session_id,
            training_code=command.training_code,
            titles=dict(command.titles),
            starts_at=command.starts_at,
            ends_at=held.ends_at if held else command.starts_at,
            zone=held.zone if held else cohort.zone or "UTC",
            room_code=held.room_code if held else None,
            calendar_sequence=command.calendar_sequence,
            is_cancelled=True,
        )
    )
    cohorts.save(cohort, scope=command.actor.scope)
    return cohort.told()


def confirm_erasure(command: ConfirmErasure, *, erasures: Erasures, clock: Clock) -> None:
    """Give the receipt; one that was given before stands."""
    scope = command.actor.scope
    if erasures.find(erasure_id_of(command.subject_id), scope=scope) is None:
        erasure = Erasure.confirm(
            subject_id=command.subject_id,
            country_code=command.country_code,
            removed_count=command.removed_count,
            now=clock(),
        )
        erasures.save(erasure, scope=scope)


def _cohort(
    cohort_id: str,
    command: DescribeCohort
    | AddMember
    | RemoveMember
    | ForgetMember
    | TakeTimetable
    | MoveSession
    | CancelSession,
    cohorts: Cohorts,
) -> Cohort:
    # News of several topics arrive in any order: the first makes the cohort.
    return cohorts.find(cohort_id, scope=command.actor.scope) or Cohort(cohort_id=cohort_id)
