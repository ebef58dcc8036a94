"""Handlers with their dependencies: tables for the bus, the intake, timers and jobs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from chassis.aggregate import Command, Handle
from chassis.clock import Clock
from chassis.ports import Aggregates, Jobs, Timer, Timers
from contracts.event import Event
from contracts.registration import (
    CallOpened,
    CohortAnnounced,
    CohortChanged,
    ContactErased,
    ContactSealed,
    ParticipantEnrolled,
    ParticipantLeft,
    SignInRequested,
    SubjectErasureRequested,
)
from contracts.scheduling import SessionCancelled, SessionMoved, TimetableReleased
from contracts.selection import (
    OfferAccepted,
    OfferDeclined,
    OfferExpired,
    OfferMade,
    OfferWithdrawn,
)
from services.notifications.domain.call import Call
from services.notifications.domain.cohort import Cohort
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
    PlanMessage,
    RemoveMember,
    ResendMessage,
    SettleMessage,
    StartSending,
    TakeTimetable,
)
from services.notifications.domain.contact import Contact
from services.notifications.domain.erasure import Erasure
from services.notifications.domain.message import Message
from services.notifications.domain.ports import Findings
from services.notifications.handlers import events, knowledge, messages, telling, timetables
from services.notifications.handlers.occasions import OCCASIONS


@dataclass(frozen=True, kw_only=True)
class Shelves:
    """All aggregates."""

    messages: Aggregates[Message]
    contacts: Aggregates[Contact]
    cohorts: Aggregates[Cohort]
    calls: Aggregates[Call]
    erasures: Aggregates[Erasure]


def command_handlers(
    shelves: Shelves, *, jobs: Jobs, clock: Clock
) -> Mapping[type[Command], Callable[[Any], Any]]:
    """Command class -> handler."""
    sent, cohorts, contacts = shelves.messages, shelves.cohorts, shelves.contacts
    return {
        PlanMessage: partial(messages.plan_message, messages=sent, jobs=jobs, clock=clock),
        StartSending: partial(messages.start_sending, messages=sent, clock=clock),
        SettleMessage: partial(messages.settle_message, messages=sent, clock=clock),
        ResendMessage: partial(messages.resend_message, messages=sent, jobs=jobs, clock=clock),
        KeepContact: partial(knowledge.keep_contact, contacts=contacts),
        ForgetContact: partial(knowledge.forget_contact, contacts=contacts),
        DescribeCohort: partial(knowledge.describe_cohort, cohorts=cohorts),
        DescribeCall: partial(knowledge.describe_call, calls=shelves.calls),
        AddMember: partial(knowledge.add_member, cohorts=cohorts),
        RemoveMember: partial(knowledge.remove_member, cohorts=cohorts),
        ForgetMember: partial(knowledge.forget_member, cohorts=cohorts),
        TakeTimetable: partial(knowledge.take_timetable, cohorts=cohorts),
        MoveSession: partial(knowledge.move_session, cohorts=cohorts),
        CancelSession: partial(knowledge.cancel_session, cohorts=cohorts),
        ConfirmErasure: partial(knowledge.confirm_erasure, erasures=shelves.erasures, clock=clock),
    }


def event_handlers(
    *, handle: Handle, timers: Timers, findings: Findings, cause: telling.Cause
) -> Mapping[type[Event], Callable[[Any], None]]:
    """Event class -> handler."""
    personal = partial(events.on_personal_fact, handle=handle, cause=cause)
    closed = partial(events.on_offer_closed, handle=handle, timers=timers, cause=cause)
    described = partial(events.on_cohort_described, handle=handle)
    return {
        **dict.fromkeys(OCCASIONS, personal),
        **dict.fromkeys((OfferAccepted, OfferDeclined, OfferExpired, OfferWithdrawn), closed),
        **dict.fromkeys((CohortAnnounced, CohortChanged), described),
        OfferMade: partial(events.on_offer_made, handle=handle, timers=timers, cause=cause),
        SignInRequested: partial(events.on_signin_requested, handle=handle, cause=cause),
        ContactSealed: partial(events.on_contact_sealed, handle=handle),
        ContactErased: partial(events.on_contact_erased, handle=handle),
        CallOpened: partial(events.on_call_opened, handle=handle),
        ParticipantEnrolled: partial(events.on_participant_enrolled, handle=handle, cause=cause),
        ParticipantLeft: partial(events.on_participant_left, handle=handle, cause=cause),
        TimetableReleased: partial(timetables.on_timetable_released, handle=handle, cause=cause),
        SessionMoved: partial(timetables.on_session_moved, handle=handle, cause=cause),
        SessionCancelled: partial(timetables.on_session_cancelled, handle=handle, cause=cause),
        SubjectErasureRequested: partial(
            events.on_subject_erasure_requested, handle=handle, findings=findings
        ),
    }


def timer_handlers(*, handle: Handle) -> Mapping[str, Callable[[Timer], None]]:
    """Timer kind -> handler."""
    return {events.OFFER_REMINDER: partial(events.on_offer_reminder_due, handle=handle)}
