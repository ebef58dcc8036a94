"""The jobs: one try of one delivery, and replays.

Each try is a job of its own, set up by the one before it, because the schedule of Standard
Webhooks (75 hours) is longer than the patience of the job loop, which is for our own troubles.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from standardwebhooks.webhooks import Webhook

from chassis.access import EVERYTHING, service_actor
from chassis.aggregate import Handle
from chassis.clock import Clock
from chassis.envelope import CONTENT_TYPE
from chassis.errors import RuleViolation
from chassis.ports import Job, Jobs
from services.partners.domain.addresses import target_of
from services.partners.domain.commands import (
    DisableEndpoint,
    DropDelivery,
    RecordAttempt,
    ScheduleDelivery,
)
from services.partners.domain.delivery import Delivery, DeliveryStatus
from services.partners.domain.endpoint import Endpoint
from services.partners.domain.feed import FeedEntry
from services.partners.domain.ports import (
    Deliveries,
    Endpoints,
    Feeds,
    Keys,
    Sender,
    Subscriptions,
)
from services.partners.domain.schedule import Outcome
from services.partners.handlers.kinds import REPLAY

_ACTOR = service_actor("partners")
_REPLAYED_AT_ONCE = 100

Completion = Callable[[], None]


@dataclass(frozen=True, kw_only=True)
class Webhooks:
    """Sends webhooks and notes how it went.

    Attributes:
        clock: domain time, for what holds when (subscription, secrets).
        machine_clock: machine time, for signatures, which are checked against it, and retries.
        seconds: of a clock that never jumps.
    """

    subscriptions: Subscriptions
    endpoints: Endpoints
    deliveries: Deliveries
    feeds: Feeds
    keys: Keys
    jobs: Jobs
    sender: Sender
    handle: Handle
    clock: Clock
    machine_clock: Clock
    seconds: Callable[[], float]
    allows_loopback: bool

    def on_webhook(self, job: Job) -> Completion | None:
        """Make the try that is due.

        Safe to repeat: a try that was noted is not due any more; one that was made but not noted
        is made again under the same ``webhook-id``, by which partners tell repeats.
        """
        delivery = self.deliveries.get(job.payload["delivery_id"], scope=EVERYTHING)
        if delivery.status is not DeliveryStatus.WAITING or job.key != delivery.next_try:
            return None
        subscription = self.subscriptions.get(delivery.subscription_id, scope=EVERYTHING)
        endpoint = self.endpoints.get(delivery.subscription_id, scope=EVERYTHING)
        if not endpoint.is_enabled or not subscription.is_open(self.clock()):
            return lambda: self._drop(delivery)
        entry = self.feeds.entry(delivery.subscription_id, delivery.number)
        began, at = self.seconds(), self.machine_clock()
        outcome = self._send(endpoint, entry, at)
        duration_ms = round((self.seconds() - began) * 1000)
        return lambda: self._note(delivery, outcome, job.key, at, duration_ms)

    def on_replay(self, job: Job) -> Completion:
        """Schedule some entries once more, and the rest in the next job.

        Safe to repeat: what waits is not scheduled twice.
        """
        first, until = job.payload["after"] + 1, job.payload["until"]
        last = min(until, first + _REPLAYED_AT_ONCE - 1)

        def schedule() -> None:
            subscription_id = job.payload["subscription_id"]
            for number in range(first, last + 1):
                self.handle(
                    ScheduleDelivery(actor=_ACTOR, subscription_id=subscription_id, number=number)
                )
            if last < until:
                payload = {**job.payload, "after": last}
                self.jobs.add(REPLAY, f"{job.payload['replay_id']}.{last}", payload)

        return schedule

    def _send(self, endpoint: Endpoint, entry: FeedEntry, at: datetime) -> Outcome:
        try:
            target = target_of(endpoint.url or "", allows_loopback=self.allows_loopback)
        except RuleViolation:  # allowed when it was given, in another mode
            return Outcome(code="address_refused")
        signatures = [
            Webhook(self.keys.open(sealed, entry.subscription_id)).sign(
                entry.event_id, at, entry.content
            )
            for sealed in endpoint.signing_secrets(self.clock())
        ]
        headers = {
            "Host": target.host_header,
            "Content-Type": CONTENT_TYPE,
            "User-Agent": "rtcm-partners/1",
            "webhook-id": entry.event_id,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": " ".join(signatures),
        }
        return self.sender.send(target, headers=headers, body=entry.content.encode())

    def _note(
        self, delivery: Delivery, outcome: Outcome, due: str, at: datetime, duration_ms: int
    ) -> None:
        is_hopeless = self.handle(
            RecordAttempt(
                actor=_ACTOR,
                delivery_id=delivery.delivery_id,
                due=due,
                outcome=outcome,
                at=at,
                duration_ms=duration_ms,
            )
        )
        if is_hopeless:
            reason_code = "gone" if outcome.is_gone else "deliveries_failed"
            self.handle(
                DisableEndpoint(
                    actor=_ACTOR,
                    subscription_id=delivery.subscription_id,
                    reason_code=reason_code,
                )
            )

    def _drop(self, delivery: Delivery) -> None:
        self.handle(DropDelivery(actor=_ACTOR, delivery_id=delivery.delivery_id))
