"""Lists of the services' APIs, which come in pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chassis.access import Actor
from chassis.http.client import ServiceClient

_LARGEST_PAGE = 200
_MOST_PAGES = 25
"""5,000 rows: more than any page of the console shows at once."""


def all_items(
    client: ServiceClient, path: str, actor: Actor | None, query: Mapping[str, Any] | None = None
) -> list[dict[str, Any]]:
    """All rows of a list, page by page."""
    items: list[dict[str, Any]] = []
    cursor = None
    for _ in range(_MOST_PAGES):
        asked = {**(query or {}), "limit": _LARGEST_PAGE, "cursor": cursor}
        answer = client.get(path, actor=actor, query=asked).body
        items.extend(answer["items"])
        cursor = answer["next_cursor"]
        if cursor is None:
            break
    return items
