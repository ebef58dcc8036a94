"""What partners announces: subscriptions of partner systems."""

from __future__ import annotations

from datetime import datetime

from contracts.event import Event, event
from contracts.types import Code, Count, CountryMark, EventType, Id


@event("rtcm.partners.subscription.activated.v1", key="subscription_id")
class SubscriptionActivated(Event):
    """A partner system may receive these types for these countries.

    Heard by: nobody yet; kept for audit.
    Personal data: none.
    """

    subscription_id: Id
    partner_code: Code
    event_types: tuple[EventType, ...]
    country_codes: tuple[CountryMark, ...]
    country_code: CountryMark
    activated_at: datetime


@event("rtcm.partners.subscription.ended.v1", key="subscription_id")
class SubscriptionEnded(Event):
    """A partner system receives nothing any more.

    Heard by: nobody yet; kept for audit.
    Personal data: none.
    """

    subscription_id: Id
    partner_code: Code
    country_code: CountryMark
    reason_code: Code
    ended_at: datetime


@event("rtcm.partners.endpoint.disabled.v1", key="subscription_id")
class EndpointDisabled(Event):
    """Deliveries to a partner's address were stopped after failing too long.

    Heard by: nobody yet; kept for audit.
    Personal data: none.
    """

    subscription_id: Id
    country_code: CountryMark
    reason_code: Code
    disabled_at: datetime


@event("rtcm.partners.erasure.confirmed.v1", key="erasure_id")
class ErasureConfirmed(Event):
    """Partners removed what it held about a person.

    Heard by: registration (counts the receipt).
    Personal data: none; ``subject_id`` is opaque.
    """

    erasure_id: Id
    subject_id: Id
    country_code: CountryMark
    removed_count: Count
    confirmed_at: datetime
