"""Which subscriptions an event is for (``domain.ports.Roster``)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chassis.mongo.reading import reading
from services.partners.domain.subscription import SubscriptionStatus
from services.partners.storage.documents import SubscriptionDocument


class MongoRoster:
    """Reads in the transaction of the heard event: a subscription hears what comes after it."""

    def matching(self, event_type: str, country_code: str) -> Sequence[str]:
        """Active subscriptions that allow type and country, in id order."""
        return _ids({"event_types": event_type, "country_codes": country_code})

    def allowing(self, event_type: str) -> Sequence[str]:
        """Active subscriptions that allow a type, of any country, in id order."""
        return _ids({"event_types": event_type})


def _ids(limits: dict[str, Any]) -> list[str]:
    wanted = {"status": SubscriptionStatus.ACTIVE.value, **limits}
    with reading():
        rows = SubscriptionDocument._get_collection().find(wanted, {"_id": 1})
        return sorted(row["_id"] for row in rows)
