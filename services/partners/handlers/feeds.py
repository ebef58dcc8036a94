"""Commands on feeds: what a partner is told."""

from __future__ import annotations

from chassis.clock import Clock
from chassis.ports import Jobs
from services.partners.domain.commands import AppendToFeed, ConfirmErasure
from services.partners.domain.delivery import Delivery, delivery_id_of
from services.partners.domain.erasure import Erasure, erasure_id_of
from services.partners.domain.feed import entry_of, event_id_of
from services.partners.domain.ports import (
    Deliveries,
    Endpoints,
    Erasures,
    Feeds,
    Keys,
    Subscriptions,
)
from services.partners.domain.projection import project
from services.partners.handlers.kinds import WEBHOOK


def append_to_feed(
    command: AppendToFeed,
    *,
    subscriptions: Subscriptions,
    endpoints: Endpoints,
    deliveries: Deliveries,
    feeds: Feeds,
    keys: Keys,
    jobs: Jobs,
) -> None:
    """Give an event the next number of a feed, and have it delivered where there is an endpoint.

    An event that the feed holds already changes nothing.
    """
    scope, subscription_id = command.actor.scope, command.subscription_id
    if feeds.holds(event_id_of(subscription_id, command.event_id)):
        return
    subscription = subscriptions.get(subscription_id, scope=scope)
    person_key = keys.person_key(subscription.partner_code)
    projected = project(command.event_type, command.body, person_key=person_key)
    if command.only_if_known and not feeds.knows(subscription_id, projected["subject_id"]):
        return
    entry = entry_of(
        subscription_id=subscription_id,
        number=feeds.next_number(subscription_id),
        heard_event_id=command.event_id,
        event_type=command.event_type,
        occurred_at=command.occurred_at,
        country_code=command.country_code,
        projected=projected,
    )
    feeds.append(entry)
    if endpoints.get(subscription_id, scope=scope).is_enabled:
        delivery = Delivery(
            delivery_id=delivery_id_of(subscription_id, entry.number),
            subscription_id=subscription_id,
            country_code=subscription.country_code,
            number=entry.number,
            event_id=entry.event_id,
            event_type=entry.event_type,
        )
        jobs.add(WEBHOOK, delivery.next_try, {"delivery_id": delivery.delivery_id})
        deliveries.save(delivery, scope=scope)


def confirm_erasure(command: ConfirmErasure, *, erasures: Erasures, clock: Clock) -> None:
    """Give the receipt, once.

    Nothing is removed: feeds hold the partners' own ids of a person and no other word about
    them, and nothing here leads from those to anybody.
    """
    scope = command.actor.scope
    if erasures.find(erasure_id_of(command.subject_id), scope=scope) is not None:
        return
    erasure = Erasure.confirm(
        subject_id=command.subject_id,
        country_code=command.country_code,
        removed_count=0,
        now=clock(),
    )
    erasures.save(erasure, scope=scope)
