"""What partners is asked to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chassis.aggregate import Command
from services.partners.domain.schedule import Outcome


@dataclass(frozen=True, kw_only=True)
class ActivateSubscription(Command):
    """Let a partner system in."""

    subscription_id: str
    partner_code: str
    agreement_reference: str
    event_types: frozenset[str]
    country_codes: frozenset[str]
    endpoint_url: str | None
    expires_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class EndSubscription(Command):
    """Tell a partner nothing any more."""

    subscription_id: str
    reason_code: str


@dataclass(frozen=True, kw_only=True)
class ExpireSubscription(Command):
    """The agreed end has come."""

    subscription_id: str


@dataclass(frozen=True, kw_only=True)
class ChangeKey(Command):
    """Give a partner another API key."""

    subscription_id: str


@dataclass(frozen=True, kw_only=True)
class DirectEndpoint(Command):
    """Send webhooks to an address from now on."""

    subscription_id: str
    url: str


@dataclass(frozen=True, kw_only=True)
class RotateSecret(Command):
    """Sign with a new secret; the former signs beside it for a while."""

    subscription_id: str


@dataclass(frozen=True, kw_only=True)
class DisableEndpoint(Command):
    """Send nothing to an address that does not answer any more."""

    subscription_id: str
    reason_code: str


@dataclass(frozen=True, kw_only=True)
class AppendToFeed(Command):
    """Tell one partner of one event.

    Attributes:
        body: the event as ``chassis.codec.encode`` wrote it.
        only_if_known: tell only a partner that was told of the person before.
    """

    subscription_id: str
    event_id: str
    event_type: str
    occurred_at: datetime
    country_code: str
    body: Mapping[str, Any]
    only_if_known: bool = False


@dataclass(frozen=True, kw_only=True)
class ReplayFeed(Command):
    """Send webhooks of all entries after a number once more."""

    subscription_id: str
    after_number: int
    replay_id: str


@dataclass(frozen=True, kw_only=True)
class ScheduleDelivery(Command):
    """Have one feed entry delivered, again if it was before."""

    subscription_id: str
    number: int


@dataclass(frozen=True, kw_only=True)
class RecordAttempt(Command):
    """Note how a try went.

    Attributes:
        due: names the try (``Delivery.next_try``).
        at: machine time.
    """

    delivery_id: str
    due: str
    outcome: Outcome
    at: datetime
    duration_ms: int


@dataclass(frozen=True, kw_only=True)
class DropDelivery(Command):
    """Try a delivery no more."""

    delivery_id: str


@dataclass(frozen=True, kw_only=True)
class ConfirmErasure(Command):
    """Answer that nothing here leads to a person any more."""

    subject_id: str
    country_code: str
