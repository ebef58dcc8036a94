"""What partners does on events of other services: tell those who may know."""

from __future__ import annotations

from chassis.access import service_actor
from chassis.aggregate import Handle
from chassis.codec import encode
from chassis.hearing import heard
from contracts.event import Event
from contracts.registration import SubjectErased, SubjectErasureRequested
from services.partners.domain.commands import AppendToFeed, ConfirmErasure
from services.partners.domain.ports import Roster

_ACTOR = service_actor("partners")


def on_public_event(event: Event, *, handle: Handle, roster: Roster) -> None:
    """Append the event to the feed of each subscription that allows its type and country.

    Safe to repeat: a feed holds an event once, by the partner's own id of it.
    """
    country_code = heard().country_code or "*"
    for subscription_id in roster.matching(event.event_type, country_code):
        handle(_appended(event, subscription_id, country_code))


def on_subject_erased(event: SubjectErased, *, handle: Handle, roster: Roster) -> None:
    """Tell every partner that was told of the person, whatever countries it may see now.

    Safe to repeat: a feed holds an event once, by the partner's own id of it.
    """
    for subscription_id in roster.allowing(event.event_type):
        handle(_appended(event, subscription_id, event.country_code, only_if_known=True))


def on_subject_erasure_requested(event: SubjectErasureRequested, *, handle: Handle) -> None:
    """Answer with a receipt.

    Safe to repeat: a person is erased once.
    """
    handle(
        ConfirmErasure(actor=_ACTOR, subject_id=event.subject_id, country_code=event.country_code)
    )


def _appended(
    event: Event, subscription_id: str, country_code: str, *, only_if_known: bool = False
) -> AppendToFeed:
    envelope = heard()
    return AppendToFeed(
        actor=_ACTOR,
        subscription_id=subscription_id,
        event_id=envelope.event_id,
        event_type=event.event_type,
        occurred_at=envelope.occurred_at,
        country_code=country_code,
        body=encode(event),
        only_if_known=only_if_known,
    )
