"""Routes of subscriptions, for the centre's own people."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from chassis.access import Role
from chassis.aggregate import Handle
from chassis.http.operation import Answer, ApiCall, operation
from chassis.http.paging import after, cursor, page_of
from services.partners.api.schemas import (
    CredentialsView,
    DeliveriesQuery,
    DeliveryView,
    EndpointAddress,
    EndReason,
    KeyView,
    NewSubscription,
    ReplayStart,
    ReplayView,
    SecretView,
    SubscriptionsQuery,
    SubscriptionView,
)
from services.partners.domain.commands import (
    ActivateSubscription,
    ChangeKey,
    DirectEndpoint,
    EndSubscription,
    ReplayFeed,
    RotateSecret,
)
from services.partners.storage import queries

_WRITERS = (Role.OPERATOR,)
_READERS = (Role.OPERATOR, Role.AUDITOR)
_GONE = ("subscription.not_found", "subscription.ended")


def subscriptions_blueprint(handle: Handle) -> Blueprint:
    """Build the routes; ``handle`` runs one command."""
    routes = Blueprint("subscriptions", __name__, url_prefix="/subscriptions")
    _reading(routes)
    _agreement(routes, handle)
    _endpoint(routes, handle)
    return routes


def _reading(routes: Blueprint) -> None:
    @routes.get("")
    @operation(
        summary="Subscriptions with their endpoints",
        roles=_READERS,
        query=SubscriptionsQuery,
        answer=page_of(SubscriptionView),
    )
    def list_subscriptions(call: ApiCall) -> dict[str, Any]:
        asked = call.query
        page = queries.subscriptions(
            scope=call.actor.scope,
            partner_code=asked["partner_code"],
            status=asked["status"] and asked["status"].value,
            after=after(asked["cursor"]),
            limit=asked["limit"],
        )
        return {"items": page.items, "next_cursor": cursor(page.next_after)}

    @routes.get("/<uuid:subscription_id>")
    @operation(
        summary="One subscription with its endpoint",
        roles=_READERS,
        answer=SubscriptionView,
        errors=("subscription.not_found",),
    )
    def show(call: ApiCall, subscription_id: str) -> Answer:
        found = queries.subscription(subscription_id, scope=call.actor.scope)
        # No ETag: endpoint and feed change beside the subscription's own version.
        return Answer(body=found)

    @routes.get("/<uuid:subscription_id>/deliveries")
    @operation(
        summary="Webhooks of a subscription with every try",
        roles=_READERS,
        query=DeliveriesQuery,
        answer=page_of(DeliveryView),
        errors=("subscription.not_found",),
    )
    def list_deliveries(call: ApiCall, subscription_id: str) -> dict[str, Any]:
        asked = call.query
        page = queries.deliveries(
            subscription_id,
            scope=call.actor.scope,
            status=asked["status"] and asked["status"].value,
            after=after(asked["cursor"]),
            limit=asked["limit"],
        )
        return {"items": page.items, "next_cursor": cursor(page.next_after)}


def _agreement(routes: Blueprint, handle: Handle) -> None:
    @routes.post("")
    @operation(
        summary="Let a partner system in; key and secret are shown once",
        roles=_WRITERS,
        body=NewSubscription,
        answer=CredentialsView,
        status=201,
        errors=("subscription.ends_in_past", "endpoint.url_refused"),
        shown_once=("api_key", "webhook_secret"),
    )
    def activate(call: ApiCall) -> Answer:
        asked, subscription_id = call.body, call.id_for("subscription")
        shown = handle(
            ActivateSubscription(
                actor=call.actor,
                subscription_id=subscription_id,
                partner_code=asked["partner_code"],
                agreement_reference=asked["agreement_reference"],
                event_types=frozenset(asked["event_types"]),
                country_codes=frozenset(asked["country_codes"]),
                endpoint_url=asked.get("endpoint_url"),
                expires_at=asked.get("expires_at"),
            )
        )
        return Answer(
            body={
                "id": subscription_id,
                "api_key": shown.api_key,
                "webhook_secret": shown.webhook_secret,
            },
            location=f"/subscriptions/{subscription_id}",
        )

    @routes.post("/<uuid:subscription_id>/end")
    @operation(
        summary="Tell a partner nothing any more",
        roles=_WRITERS,
        body=EndReason,
        status=204,
        errors=_GONE,
    )
    def end(call: ApiCall, subscription_id: str) -> Answer:
        handle(
            EndSubscription(
                actor=call.actor,
                subscription_id=subscription_id,
                reason_code=call.body["reason_code"],
            )
        )
        return Answer()

    @routes.post("/<uuid:subscription_id>/key-rotation")
    @operation(
        summary="Another API key, shown once; the former stops at once",
        roles=_WRITERS,
        answer=KeyView,
        errors=_GONE,
        shown_once=("api_key",),
    )
    def rotate_key(call: ApiCall, subscription_id: str) -> dict[str, str]:
        return {
            "api_key": handle(ChangeKey(actor=call.actor, subscription_id=subscription_id)),
        }


def _endpoint(routes: Blueprint, handle: Handle) -> None:
    @routes.post("/<uuid:subscription_id>/endpoint")
    @operation(
        summary="Send webhooks to this address from now on; also enables a disabled one",
        roles=_WRITERS,
        body=EndpointAddress,
        status=204,
        errors=(*_GONE, "endpoint.url_refused"),
    )
    def direct(call: ApiCall, subscription_id: str) -> Answer:
        handle(
            DirectEndpoint(
                actor=call.actor, subscription_id=subscription_id, url=call.body["endpoint_url"]
            )
        )
        return Answer()

    @routes.post("/<uuid:subscription_id>/secret-rotation")
    @operation(
        summary="A new webhook secret, shown once; the former signs beside it for a while",
        roles=_WRITERS,
        answer=SecretView,
        errors=_GONE,
        shown_once=("webhook_secret",),
    )
    def rotate_secret(call: ApiCall, subscription_id: str) -> dict[str, str]:
        secret = handle(RotateSecret(actor=call.actor, subscription_id=subscription_id))
        return {"webhook_secret": secret}

    @routes.post("/<uuid:subscription_id>/replay")
    @operation(
        summary="Send the webhooks of all entries after a number once more",
        roles=_WRITERS,
        body=ReplayStart,
        answer=ReplayView,
        status=202,
        errors=(*_GONE, "endpoint.not_enabled"),
    )
    def replay(call: ApiCall, subscription_id: str) -> dict[str, int]:
        entry_count = handle(
            ReplayFeed(
                actor=call.actor,
                subscription_id=subscription_id,
                after_number=call.body["after_sequence"],
                replay_id=call.id_for("replay"),
            )
        )
        return {"entry_count": entry_count}
