"""The feed of a subscription: what a partner was told, numbered 1, 2, 3, ... without gaps."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chassis.envelope import instant_text, source_of
from chassis.ids import derived_id


@dataclass(frozen=True, kw_only=True)
class FeedEntry:
    """One event as a partner gets it, in the feed and by webhook: the very same bytes.

    Attributes:
        number: place in the feed.
        event_id: the partner's own id of the event; also the ``webhook-id``.
        person_id: the person it is about, as the partner knows them, if it is about one.
        content: the CloudEvent, JSON.
    """

    subscription_id: str
    number: int
    event_id: str
    event_type: str
    person_id: str | None
    content: str


def entry_of(
    *,
    subscription_id: str,
    number: int,
    heard_event_id: str,
    event_type: str,
    occurred_at: datetime,
    country_code: str,
    projected: dict[str, Any],
) -> FeedEntry:
    """An entry from what the partner may see.

    Of our own envelope only type, source, time and country go out: its id, key and trace would
    let partners compare notes.
    """
    event_id = event_id_of(subscription_id, heard_event_id)
    cloud_event = {
        "specversion": "1.0",
        "id": event_id,
        "type": event_type,
        "source": source_of(event_type),
        "time": instant_text(occurred_at),
        "datacontenttype": "application/json",
        "countrycode": country_code,
        "sequence": number,
        "data": projected,
    }
    return FeedEntry(
        subscription_id=subscription_id,
        number=number,
        event_id=event_id,
        event_type=event_type,
        person_id=projected.get("subject_id"),
        content=json.dumps(cloud_event, ensure_ascii=False, separators=(",", ":")),
    )


def event_id_of(subscription_id: str, heard_event_id: str) -> str:
    """A partner's own id of an event: the same however often it is heard or sent."""
    return derived_id("partners", "event", subscription_id, heard_event_id)
