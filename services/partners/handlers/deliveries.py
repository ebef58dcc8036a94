"""Commands on deliveries: load, decide, save."""

from __future__ import annotations

from collections.abc import Callable

from chassis.ports import Jobs
from services.partners.domain.commands import DropDelivery, RecordAttempt, ScheduleDelivery
from services.partners.domain.delivery import Delivery, DeliveryStatus, delivery_id_of
from services.partners.domain.ports import Deliveries, Feeds, Subscriptions
from services.partners.handlers.kinds import WEBHOOK


def record_attempt(
    command: RecordAttempt,
    *,
    deliveries: Deliveries,
    jobs: Jobs,
    chance: Callable[[], float],
) -> bool:
    """Note how a try went, and set the next one up.

    Returns:
        Whether the endpoint has to be disabled: it is gone, or the last try failed.

    Raises:
        RuleViolation: ``delivery.not_due``.
    """
    scope = command.actor.scope
    delivery = deliveries.get(command.delivery_id, scope=scope)
    delivery.attempt(
        command.outcome,
        due=command.due,
        at=command.at,
        duration_ms=command.duration_ms,
        chance=chance(),
    )
    if delivery.next_attempt_at is not None:
        payload = {"delivery_id": delivery.delivery_id}
        jobs.add(WEBHOOK, delivery.next_try, payload, run_at=delivery.next_attempt_at)
    deliveries.save(delivery, scope=scope)
    return delivery.status is DeliveryStatus.FAILED


def drop_delivery(command: DropDelivery, *, deliveries: Deliveries) -> None:
    """Try a delivery no more; one that is over stays as it is."""
    scope = command.actor.scope
    delivery = deliveries.get(command.delivery_id, scope=scope)
    if delivery.drop():
        deliveries.save(delivery, scope=scope)


def schedule_delivery(
    command: ScheduleDelivery,
    *,
    subscriptions: Subscriptions,
    deliveries: Deliveries,
    feeds: Feeds,
    jobs: Jobs,
) -> None:
    """Have an entry delivered; what still waits comes anyway."""
    scope, subscription_id = command.actor.scope, command.subscription_id
    delivery_id = delivery_id_of(subscription_id, command.number)
    delivery = deliveries.find(delivery_id, scope=scope)
    if delivery is None:
        subscription = subscriptions.get(subscription_id, scope=scope)
        entry = feeds.entry(subscription_id, command.number)
        delivery = Delivery(
            delivery_id=delivery_id,
            subscription_id=subscription_id,
            country_code=subscription.country_code,
            number=entry.number,
            event_id=entry.event_id,
            event_type=entry.event_type,
        )
    elif not delivery.replay():
        return
    jobs.add(WEBHOOK, delivery.next_try, {"delivery_id": delivery_id})
    deliveries.save(delivery, scope=scope)
