"""The feed: what a partner was told, read at its own pace."""

from __future__ import annotations

import base64
import binascii
import json
import re
from typing import Any

from flask import Blueprint

from chassis.access import Role
from chassis.errors import BadInput
from chassis.http.operation import ApiCall, operation
from services.partners.api.schemas import PartnerFeedPage, PartnerFeedQuery
from services.partners.storage import queries
from services.partners.storage.feeds import MongoFeeds

_PLACE = re.compile(r"n:([0-9]{1,15})", re.ASCII)


def feed_blueprint(feeds: MongoFeeds) -> Blueprint:
    """Build the route."""
    routes = Blueprint("partner_feed", __name__)

    @routes.get("/feed")
    @operation(
        summary="Events after a cursor, with the subscription's own API key as bearer",
        roles=(Role.PARTNER,),
        query=PartnerFeedQuery,
        answer=PartnerFeedPage,
    )
    def read(call: ApiCall) -> dict[str, Any]:
        reached = _number(call.query["after"])
        entries = feeds.after(queries.held_by(call.actor), reached, limit=call.query["limit"])
        return {
            "items": [json.loads(entry.content) for entry in entries],
            "next_cursor": _cursor(entries[-1].number if entries else reached),
        }

    return routes


def _cursor(number: int) -> str:
    """Opaque: partners keep it and give it back. It holds a place in the feed, which no rebuild
    of the log moves."""
    return base64.urlsafe_b64encode(f"n:{number}".encode()).decode().rstrip("=")


def _number(cursor: str | None) -> int:
    if cursor is None:
        return 0
    try:
        text = base64.urlsafe_b64decode(cursor.encode("ascii") + b"==").decode()
    except (binascii.Error, UnicodeError, ValueError):
        text = ""
    place = _PLACE.fullmatch(text)
    if place is None:
        raise BadInput("cursor.invalid", "use the cursor as it was given, or none", field="after")
    return int(place[1])
