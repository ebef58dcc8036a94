"""Partners' repositories, each with its document and topic."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.mongo.outbox import Outbox
from chassis.mongo.repository import Repository
from services.partners.domain.delivery import Delivery
from services.partners.domain.endpoint import Endpoint
from services.partners.domain.erasure import Erasure
from services.partners.domain.subscription import Subscription
from services.partners.storage.documents import (
    DeliveryDocument,
    EndpointDocument,
    ErasureDocument,
    SubscriptionDocument,
)


@dataclass(frozen=True, kw_only=True)
class Repositories:
    """All of them; deliveries announce nothing."""

    subscriptions: Repository[Subscription]
    endpoints: Repository[Endpoint]
    deliveries: Repository[Delivery]
    erasures: Repository[Erasure]

    @classmethod
    def of(cls, outbox: Outbox) -> Repositories:
        """Make them over one outbox."""
        return cls(
            subscriptions=Repository(
                aggregate=Subscription,
                document=SubscriptionDocument,
                id_field="subscription_id",
                name="subscription",
                topic="rtcm.partners.subscription",
                outbox=outbox,
            ),
            endpoints=Repository(
                aggregate=Endpoint,
                document=EndpointDocument,
                id_field="subscription_id",
                name="endpoint",
                topic="rtcm.partners.endpoint",
                outbox=outbox,
            ),
            deliveries=Repository(
                aggregate=Delivery,
                document=DeliveryDocument,
                id_field="delivery_id",
                name="delivery",
                topic="rtcm.partners.delivery",
                outbox=outbox,
            ),
            erasures=Repository(
                aggregate=Erasure,
                document=ErasureDocument,
                id_field="erasure_id",
                name="erasure",
                topic="rtcm.partners.erasure",
                outbox=outbox,
            ),
        )
