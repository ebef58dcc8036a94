"""What notifications announces: what became of messages to people."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from contracts.event import Event, event
from contracts.types import Code, Count, CountryMark, Id, OneOf

BounceClass = Annotated[str, OneOf("hard", "soft")]


@event("rtcm.notifications.message.sent.v1", key="message_id")
class MessageSent(Event):
    """A message was taken over by the next mail server.

    Heard by: nobody yet; kept for audit.
    Personal data: none; ``subject_id`` is opaque, neither address nor text is in it.
    """

    message_id: Id
    subject_id: Id
    country_code: CountryMark
    cohort_id: Id | None = None
    message_type_code: Code
    channel: Code
    caused_by_event_id: Id
    sent_at: datetime


@event("rtcm.notifications.message.bounced.v1", key="message_id")
class MessageBounced(Event):
    """A message could not be delivered: ``hard`` for good, ``soft`` for now.

    Heard by: nobody yet; kept for audit.
    Personal data: none; ``subject_id`` is opaque, neither address nor text is in it.
    """

    message_id: Id
    subject_id: Id
    country_code: CountryMark
    cohort_id: Id | None = None
    message_type_code: Code
    channel: Code
    class_code: BounceClass
    bounced_at: datetime


@event("rtcm.notifications.erasure.confirmed.v1", key="erasure_id")
class ErasureConfirmed(Event):
    """Notifications removed what it held about a person.

    Heard by: registration (counts the receipt).
    Personal data: none; ``subject_id`` is opaque.
    """

    erasure_id: Id
    subject_id: Id
    country_code: CountryMark
    removed_count: Count
    confirmed_at: datetime
