"""What partners shows."""

from __future__ import annotations

from typing import Any

from chassis.access import Actor, Role, Scope
from chassis.clock import Clock
from chassis.errors import Forbidden, NotFound, Unauthenticated
from chassis.mongo.reading import Page, read_one, read_page, reading
from services.partners.domain.subscription import SubscriptionStatus
from services.partners.storage.documents import (
    DeliveryDocument,
    EndpointDocument,
    FeedDocument,
    SubscriptionDocument,
)

_HOLDER = "subscription:"


def subscriptions(
    *, scope: Scope, partner_code: str | None, status: str | None, after: str | None, limit: int
) -> Page:
    """Subscriptions with their endpoints, by partner and status."""
    limits = {"partner_code": partner_code, "status": status}
    where = {name: value for name, value in limits.items() if value is not None}
    page = read_page(SubscriptionDocument, scope=scope, where=where, after=after, limit=limit)
    return Page(items=[_whole(row) for row in page.items], next_after=page.next_after)


def subscription(subscription_id: str, *, scope: Scope) -> dict[str, Any]:
    """One subscription with its endpoint.

    Raises:
        NotFound: ``subscription.not_found``.
    """
    found = read_one(SubscriptionDocument, subscription_id, scope=scope)
    if found is None:
        raise NotFound("subscription.not_found", f"there is no subscription {subscription_id}")
    return _whole(found)


def deliveries(
    subscription_id: str,
    *,
    scope: Scope,
    status: str | None,
    after: str | None,
    limit: int,
) -> Page:
    """A subscription's deliveries with their tries.

    Raises:
        NotFound: ``subscription.not_found``.
    """
    subscription(subscription_id, scope=scope)
    where = {"subscription_id": subscription_id} | ({"status": status} if status else {})
    return read_page(DeliveryDocument, scope=scope, where=where, after=after, limit=limit)


def holder_of(api_key_sha256: str, *, clock: Clock) -> Actor:
    """The partner system that holds a key.

    Raises:
        Unauthenticated: ``key.unknown``: nobody does, or the subscription has ended.
    """
    with reading():
        found = SubscriptionDocument._get_collection().find_one({"api_key_sha256": api_key_sha256})
    if found is None or not _is_open(found, clock):
        raise Unauthenticated("key.unknown", "no active subscription has this key")
    return Actor(
        actor_id=f"{_HOLDER}{found['_id']}",
        roles=frozenset({Role.PARTNER}),
        scope=Scope(countries=frozenset(found["country_codes"])),
    )


def held_by(actor: Actor) -> str:
    """The subscription whose key the actor came with.

    Raises:
        Forbidden: ``feed.key_missing``: the actor came with a token instead.
    """
    if not actor.actor_id.startswith(_HOLDER):
        raise Forbidden("feed.key_missing", "read the feed with the subscription's own API key")
    return actor.actor_id.removeprefix(_HOLDER)


def _is_open(found: dict[str, Any], clock: Clock) -> bool:
    expires_at = found.get("expires_at")
    if found["status"] != SubscriptionStatus.ACTIVE.value:
        return False
    return expires_at is None or bool(clock() < expires_at)


def _whole(row: dict[str, Any]) -> dict[str, Any]:
    with reading():
        endpoint = EndpointDocument._get_collection().find_one({"_id": row["id"]})
        feed = FeedDocument._get_collection().find_one({"_id": row["id"]})
    return {**row, "endpoint": endpoint, "entry_count": feed["last_number"]}
