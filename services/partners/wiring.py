"""The one place where partners' parts are joined."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from chassis.aggregate import Handle
from chassis.clock import jittered, monotonic, wall_now
from chassis.running import Parts, Platform
from contracts.event import REGISTRY
from contracts.registration import SubjectErased, SubjectErasureRequested
from services.partners.api.feed import feed_blueprint
from services.partners.api.subscriptions import subscriptions_blueprint
from services.partners.domain import commands
from services.partners.domain.projection import PUBLIC_FIELDS
from services.partners.handlers import deliveries, events, feeds, subscriptions
from services.partners.handlers.kinds import EXPIRY, REPLAY, WEBHOOK
from services.partners.handlers.secrets import sha256_of
from services.partners.handlers.timers import on_subscription_expiry
from services.partners.handlers.webhooks import Webhooks
from services.partners.sending import WebhookSender
from services.partners.settings import PartnersSettings
from services.partners.storage import queries
from services.partners.storage.documents import DOCUMENTS
from services.partners.storage.feeds import MongoFeeds
from services.partners.storage.keys import PartnerKeys
from services.partners.storage.repositories import Repositories
from services.partners.storage.roster import MongoRoster

_MASTER_KEY_FILE = "partners.master.key"


def build(platform: Platform[PartnersSettings]) -> Parts:
    """Join everything; nothing is connected yet."""
    settings = platform.settings
    stored, kept, roster = Repositories.of(platform.outbox), MongoFeeds(), MongoRoster()
    keys = PartnerKeys(settings.keys_dir / _MASTER_KEY_FILE)
    handle = _bus(platform, stored, kept, keys)
    webhooks = Webhooks(
        subscriptions=stored.subscriptions,
        endpoints=stored.endpoints,
        deliveries=stored.deliveries,
        feeds=kept,
        keys=keys,
        jobs=platform.jobs,
        sender=WebhookSender(
            timeout_seconds=settings.webhook_timeout_seconds,
            allows_loopback=settings.allow_loopback,
            machine_clock=wall_now,
        ),
        handle=handle,
        clock=platform.clock,
        machine_clock=wall_now,
        seconds=monotonic,
        allows_loopback=settings.allow_loopback,
    )
    on_public = partial(events.on_public_event, handle=handle, roster=roster)
    return Parts(
        documents=DOCUMENTS,
        blueprints=[subscriptions_blueprint(handle), feed_blueprint(kept)],
        on_event={
            **{REGISTRY[event_type]: on_public for event_type in PUBLIC_FIELDS},
            SubjectErased: partial(events.on_subject_erased, handle=handle, roster=roster),
            SubjectErasureRequested: partial(events.on_subject_erasure_requested, handle=handle),
        },
        on_timer={EXPIRY: partial(on_subscription_expiry, handle=handle)},
        on_job={WEBHOOK: webhooks.on_webhook, REPLAY: webhooks.on_replay},
        key_actor=lambda api_key: queries.holder_of(sha256_of(api_key), clock=platform.clock),
    )


def _bus(
    platform: Platform[PartnersSettings], stored: Repositories, kept: MongoFeeds, keys: PartnerKeys
) -> Handle:
    clock, jobs, settings = platform.clock, platform.jobs, platform.settings
    return platform.bus(
        {
            commands.ActivateSubscription: partial(
                subscriptions.activate_subscription,
                subscriptions=stored.subscriptions,
                endpoints=stored.endpoints,
                feeds=kept,
                keys=keys,
                timers=platform.timers,
                clock=clock,
                allows_loopback=settings.allow_loopback,
            ),
            commands.EndSubscription: partial(
                subscriptions.end_subscription,
                subscriptions=stored.subscriptions,
                timers=platform.timers,
                clock=clock,
            ),
            commands.ExpireSubscription: partial(
                subscriptions.expire_subscription, subscriptions=stored.subscriptions, clock=clock
            ),
            commands.ChangeKey: partial(
                subscriptions.change_key, subscriptions=stored.subscriptions
            ),
            commands.DirectEndpoint: partial(
                subscriptions.direct_endpoint,
                subscriptions=stored.subscriptions,
                endpoints=stored.endpoints,
                allows_loopback=settings.allow_loopback,
            ),
            commands.RotateSecret: partial(
                subscriptions.rotate_secret,
                subscriptions=stored.subscriptions,
                endpoints=stored.endpoints,
                keys=keys,
                clock=clock,
                overlap=timedelta(hours=settings.secret_overlap_hours),
            ),
            commands.DisableEndpoint: partial(
                subscriptions.disable_endpoint, endpoints=stored.endpoints, clock=clock
            ),
            commands.ReplayFeed: partial(
                subscriptions.replay_feed,
                subscriptions=stored.subscriptions,
                endpoints=stored.endpoints,
                feeds=kept,
                jobs=jobs,
            ),
            commands.AppendToFeed: partial(
                feeds.append_to_feed,
                subscriptions=stored.subscriptions,
                endpoints=stored.endpoints,
                deliveries=stored.deliveries,
                jobs=jobs,
                feeds=kept,
                keys=keys,
            ),
            commands.ConfirmErasure: partial(
                feeds.confirm_erasure, erasures=stored.erasures, clock=clock
            ),
            commands.RecordAttempt: partial(
                deliveries.record_attempt,
                deliveries=stored.deliveries,
                jobs=jobs,
                chance=lambda: jittered(1.0),
            ),
            commands.DropDelivery: partial(deliveries.drop_delivery, deliveries=stored.deliveries),
            commands.ScheduleDelivery: partial(
                deliveries.schedule_delivery,
                deliveries=stored.deliveries,
                jobs=jobs,
                subscriptions=stored.subscriptions,
                feeds=kept,
            ),
        }
    )
