"""What partners does when a time has come."""

from __future__ import annotations

from chassis.access import service_actor
from chassis.aggregate import Handle
from chassis.ports import Timer
from services.partners.domain.commands import ExpireSubscription

_ACTOR = service_actor("partners")


def on_subscription_expiry(timer: Timer, *, handle: Handle) -> None:
    """The agreed end of a subscription."""
    handle(ExpireSubscription(actor=_ACTOR, subscription_id=timer.key))
