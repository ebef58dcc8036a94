"""Commands on subscriptions and endpoints: load, decide, save."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from chassis.clock import Clock
from chassis.ports import Jobs, Timers
from services.partners.domain.addresses import target_of
from services.partners.domain.commands import (
    ActivateSubscription,
    ChangeKey,
    DirectEndpoint,
    DisableEndpoint,
    EndSubscription,
    ExpireSubscription,
    ReplayFeed,
    RotateSecret,
)
from services.partners.domain.endpoint import Endpoint, SealedSecret
from services.partners.domain.ports import Endpoints, Feeds, Keys, Subscriptions
from services.partners.domain.subscription import Subscription, SubscriptionStatus
from services.partners.handlers.kinds import EXPIRY, REPLAY
from services.partners.handlers.secrets import (
    new_api_key,
    new_webhook_secret,
    sha256_of,
    webhook_secret_text,
)


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """What a partner is shown once."""

    api_key: str
    webhook_secret: str


def activate_subscription(
    command: ActivateSubscription,
    *,
    subscriptions: Subscriptions,
    endpoints: Endpoints,
    feeds: Feeds,
    keys: Keys,
    timers: Timers,
    clock: Clock,
    allows_loopback: bool,
) -> Credentials:
    """Let a partner in, with an empty feed and an endpoint beside the subscription.

    Raises:
        RuleViolation: a code of ``Subscription.activate``, or ``endpoint.url_refused``.
    """
    scope, now, api_key = command.actor.scope, clock(), new_api_key()
    subscription = Subscription.activate(
        subscription_id=command.subscription_id,
        partner_code=command.partner_code,
        agreement_reference=command.agreement_reference,
        event_types=command.event_types,
        country_codes=command.country_codes,
        api_key_sha256=sha256_of(api_key),
        expires_at=command.expires_at,
        now=now,
    )
    secret = new_webhook_secret()
    sealed = keys.seal(secret, command.subscription_id)
    endpoint = Endpoint(
        subscription_id=command.subscription_id,
        country_code=subscription.country_code,
        secrets=(SealedSecret(sealed=sealed, made_at=now),),
    )
    if command.endpoint_url is not None:
        target_of(command.endpoint_url, allows_loopback=allows_loopback)
        endpoint.direct_to(command.endpoint_url)
    subscriptions.save(subscription, scope=scope)
    endpoints.save(endpoint, scope=scope)
    feeds.open(command.subscription_id)
    if command.expires_at is not None:
        timers.set(EXPIRY, command.subscription_id, command.expires_at)
    return Credentials(api_key=api_key, webhook_secret=webhook_secret_text(secret))


def end_subscription(
    command: EndSubscription, *, subscriptions: Subscriptions, timers: Timers, clock: Clock
) -> None:
    """Tell a partner nothing any more; what still waits is dropped when its turn comes.

    Raises:
        NotFound: ``subscription.not_found``.
        RuleViolation: ``subscription.ended``.
    """
    scope = command.actor.scope
    subscription = subscriptions.get(
        command.subscription_id, scope=scope, expected_version=command.expected_version
    )
    subscription.end(command.reason_code, now=clock())
    subscriptions.save(subscription, scope=scope)
    timers.cancel(EXPIRY, command.subscription_id)


def expire_subscription(
    command: ExpireSubscription, *, subscriptions: Subscriptions, clock: Clock
) -> None:
    """End at the agreed instant; one that somebody ended before stays as it is."""
    scope = command.actor.scope
    subscription = subscriptions.get(command.subscription_id, scope=scope)
    if subscription.status is SubscriptionStatus.ACTIVE:
        subscription.end("expired", now=clock())
        subscriptions.save(subscription, scope=scope)


def change_key(command: ChangeKey, *, subscriptions: Subscriptions) -> str:
    """Another API key; the former reads nothing from now on.

    Raises:
        NotFound: ``subscription.not_found``.
        RuleViolation: ``subscription.ended``.
    """
    scope, api_key = command.actor.scope, new_api_key()
    subscription = subscriptions.get(
        command.subscription_id, scope=scope, expected_version=command.expected_version
    )
    subscription.change_key(sha256_of(api_key))
    subscriptions.save(subscription, scope=scope)
    return api_key


def direct_endpoint(
    command: DirectEndpoint,
    *,
    subscriptions: Subscriptions,
    endpoints: Endpoints,
    allows_loopback: bool,
) -> None:
    """Send webhooks to an address from now on.

    Raises:
        NotFound: ``subscription.not_found``.
        RuleViolation: ``subscription.ended`` or ``endpoint.url_refused``.
    """
    scope = command.actor.scope
    subscriptions.get(command.subscription_id, scope=scope).require_active()
    target_of(command.url, allows_loopback=allows_loopback)
    endpoint = endpoints.get(command.subscription_id, scope=scope)
    endpoint.direct_to(command.url)
    endpoints.save(endpoint, scope=scope)


def rotate_secret(
    command: RotateSecret,
    *,
    subscriptions: Subscriptions,
    endpoints: Endpoints,
    keys: Keys,
    clock: Clock,
    overlap: timedelta,
) -> str:
    """A new webhook secret; the former signs beside it for ``overlap``.

    Raises:
        NotFound: ``subscription.not_found``.
        RuleViolation: ``subscription.ended``.
    """
    scope, now, secret = command.actor.scope, clock(), new_webhook_secret()
    subscriptions.get(command.subscription_id, scope=scope).require_active()
    endpoint = endpoints.get(command.subscription_id, scope=scope)
    sealed = keys.seal(secret, command.subscription_id)
    endpoint.rotate(sealed, now=now, former_signs_until=now + overlap)
    endpoints.save(endpoint, scope=scope)
    return webhook_secret_text(secret)


def disable_endpoint(command: DisableEndpoint, *, endpoints: Endpoints, clock: Clock) -> None:
    """Send nothing there any more; several deliveries may come to it, the first does it."""
    scope = command.actor.scope
    endpoint = endpoints.get(command.subscription_id, scope=scope)
    if endpoint.is_enabled:
        endpoint.disable(command.reason_code, now=clock())
        endpoints.save(endpoint, scope=scope)


def replay_feed(
    command: ReplayFeed,
    *,
    subscriptions: Subscriptions,
    endpoints: Endpoints,
    feeds: Feeds,
    jobs: Jobs,
) -> int:
    """Have all entries after a number, up to the last there is now, sent once more.

    Returns:
        How many entries that are.

    Raises:
        NotFound: ``subscription.not_found``.
        RuleViolation: ``subscription.ended`` or ``endpoint.not_enabled``.
    """
    scope = command.actor.scope
    subscriptions.get(command.subscription_id, scope=scope).require_active()
    endpoints.get(command.subscription_id, scope=scope).require_enabled()
    last = feeds.size(command.subscription_id)
    entry_count = max(0, last - command.after_number)
    if entry_count:
        payload = {
            "subscription_id": command.subscription_id,
            "after": command.after_number,
            "until": last,
            "replay_id": command.replay_id,
        }
        jobs.add(REPLAY, f"{command.replay_id}.{command.after_number}", payload)
    return entry_count
