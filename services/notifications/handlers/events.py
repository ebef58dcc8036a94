"""What is done about facts of other services."""

from __future__ import annotations

from datetime import timedelta

from chassis.aggregate import Handle
from chassis.ports import Timer, Timers
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
from contracts.selection import (
    OfferAccepted,
    OfferDeclined,
    OfferExpired,
    OfferMade,
    OfferWithdrawn,
)
from services.notifications.domain.commands import (
    AddMember,
    ConfirmErasure,
    DescribeCall,
    DescribeCohort,
    ForgetContact,
    ForgetMember,
    KeepContact,
    PlanMessage,
    RemoveMember,
    SettleMessage,
)
from services.notifications.domain.message import Outcome
from services.notifications.domain.ports import Findings
from services.notifications.handlers.occasions import OCCASIONS, as_text
from services.notifications.handlers.telling import ACTOR, Cause, tell

OFFER_REMINDER = "offer_reminder"
"""Kind of the timer that reminds of an offer; its key is the offer's id."""
REMIND_BEFORE = timedelta(hours=48)
SIGNIN_LINK_LIFETIME = timedelta(minutes=15)


def on_personal_fact(event: Event, *, handle: Handle, cause: Cause) -> None:
    """Tell the person the fact is about (``occasions``).

    Safe to repeat: the message's id is derived from the event's.
    """
    occasion = OCCASIONS[type(event)]
    until = occasion.useful_until
    tell(
        event,
        occasion.type_code,
        params=occasion.params_of(event),
        expires_at=getattr(event, until) if until else None,
        handle=handle,
        cause=cause,
    )


def on_signin_requested(event: SignInRequested, *, handle: Handle, cause: Cause) -> None:
    """Mail a link to sign in with; the link is made when the mail is.

    Safe to repeat: the message's id is derived from the event's.
    """
    tell(
        event,
        "signin_link",
        params={"signin_id": event.signin_id},
        expires_at=event.requested_at + SIGNIN_LINK_LIFETIME,
        handle=handle,
        cause=cause,
    )


def on_offer_made(event: OfferMade, *, handle: Handle, timers: Timers, cause: Cause) -> None:
    """Mail the offer and set the reminder, 48 hours before the answer is due.

    Safe to repeat: message and timer have ids of their cause.
    """
    params = {"offer_id": event.offer_id, "answer_by": as_text(event.answer_by)}
    tell(event, "offer_made", params=params, expires_at=event.answer_by, handle=handle, cause=cause)
    remind_at = event.answer_by - REMIND_BEFORE
    if remind_at > event.made_at:
        marks = {
            "subject_id": event.subject_id,
            "country_code": event.country_code,
            "cohort_id": event.cohort_id,
            "cause_id": cause(),
            "answer_by": event.answer_by,
        }
        timers.set(OFFER_REMINDER, event.offer_id, remind_at, {**params, **marks})


def on_offer_closed(
    event: OfferAccepted | OfferDeclined | OfferExpired | OfferWithdrawn,
    *,
    handle: Handle,
    timers: Timers,
    cause: Cause,
) -> None:
    """Remind no more, and confirm what became of the offer.

    Safe to repeat: a cancelled timer stays cancelled, the message's id is derived.
    """
    timers.cancel(OFFER_REMINDER, event.offer_id)
    on_personal_fact(event, handle=handle, cause=cause)


def on_offer_reminder_due(timer: Timer, *, handle: Handle) -> None:
    """Remind of an offer nobody answered yet."""
    payload = timer.payload
    handle(
        PlanMessage(
            actor=ACTOR,
            type_code="offer_reminder",
            subject_id=payload["subject_id"],
            country_code=payload["country_code"],
            cohort_id=payload["cohort_id"],
            caused_by_event_id=payload["cause_id"],
            occurrence="reminder",
            params={"offer_id": timer.key, "answer_by": as_text(payload["answer_by"])},
            expires_at=payload["answer_by"],
        )
    )


def on_contact_sealed(event: ContactSealed, *, handle: Handle) -> None:
    """Keep contact data as they are: sealed.

    Safe to repeat: the same data replace themselves.
    """
    handle(
        KeepContact(
            actor=ACTOR,
            subject_id=event.subject_id,
            country_code=event.country_code,
            language_code=event.language_code,
            key_id=event.key_id,
            sealed=event.sealed,
        )
    )


def on_contact_erased(event: ContactErased, *, handle: Handle) -> None:
    """Remove contact data.

    Safe to repeat: what is gone stays gone.
    """
    handle(ForgetContact(actor=ACTOR, subject_id=event.subject_id, country_code=event.country_code))


def on_cohort_described(event: CohortAnnounced | CohortChanged, *, handle: Handle) -> None:
    """Keep a cohort's titles, dates and zone.

    Safe to repeat: the same values replace themselves.
    """
    handle(
        DescribeCohort(
            actor=ACTOR,
            cohort_id=event.cohort_id,
            country_code=event.country_code,
            zone=event.zone,
            starts_on=event.starts_on,
            ends_on=event.ends_on,
            delivery=event.delivery,
            titles=event.titles if isinstance(event, CohortAnnounced) else None,
        )
    )


def on_call_opened(event: CallOpened, *, handle: Handle) -> None:
    """Keep when the call closes.

    Safe to repeat: a known call stays as it is.
    """
    handle(
        DescribeCall(
            actor=ACTOR,
            call_id=event.call_id,
            country_code=event.country_code,
            closes_at=event.closes_at,
        )
    )


def on_participant_enrolled(event: ParticipantEnrolled, *, handle: Handle, cause: Cause) -> None:
    """Welcome, and send the calendar if it is out already.

    Safe to repeat: the member is known then, the messages' ids are derived from the event's.
    """
    has_timetable = handle(
        AddMember(
            actor=ACTOR,
            cohort_id=event.cohort_id,
            participant_id=event.participant_id,
            subject_id=event.subject_id,
        )
    )
    tell(event, "participant_enrolled", params={}, handle=handle, cause=cause)
    if has_timetable:
        tell(event, "timetable_released", params={}, handle=handle, cause=cause)


def on_participant_left(event: ParticipantLeft, *, handle: Handle, cause: Cause) -> None:
    """Confirm it; later news of the cohort do not reach the person.

    Safe to repeat: leaving twice is leaving, the message's id is derived from the event's.
    """
    handle(
        RemoveMember(actor=ACTOR, cohort_id=event.cohort_id, participant_id=event.participant_id)
    )
    tell(event, "participant_left", params={}, handle=handle, cause=cause)


def on_subject_erasure_requested(
    event: SubjectErasureRequested, *, handle: Handle, findings: Findings
) -> None:
    """Forget a person and give the receipt.

    Safe to repeat: nothing is left to remove and the receipt stands.
    """
    subject_id, country_code = event.subject_id, event.country_code
    removed = int(
        handle(ForgetContact(actor=ACTOR, subject_id=subject_id, country_code=country_code))
    )
    for cohort_id in findings.cohort_ids_of(subject_id):
        removed += handle(ForgetMember(actor=ACTOR, cohort_id=cohort_id, subject_id=subject_id))
    for message_id in findings.open_message_ids_of(subject_id):
        handle(
            SettleMessage(
                actor=ACTOR,
                message_id=message_id,
                outcome=Outcome.SUPPRESSED,
                reason_code="subject.erased",
            )
        )
        removed += 1
    handle(
        ConfirmErasure(
            actor=ACTOR,
            subject_id=subject_id,
            country_code=country_code,
            removed_count=removed,
        )
    )
