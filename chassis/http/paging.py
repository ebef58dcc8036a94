"""Lists in pages: an opaque cursor, no page numbers."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from marshmallow import Schema, fields, validate

from chassis.errors import BadInput


class PageQuery(Schema):
    """Query of every list; a list adds its filters by inheritance."""

    cursor = fields.String(
        load_default=None,
        metadata={
            "description": "as given with the page before; any other is refused",
            "pattern": r"^[A-Za-z0-9_-]+$",
        },
    )
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 200))


def after(cursor: str | None) -> str | None:
    """The id to go on from.

    Raises:
        BadInput: ``cursor.invalid``.
    """
    if cursor is None:
        return None
    try:
        text = base64.urlsafe_b64decode(cursor.encode("ascii") + b"==").decode()
    except (binascii.Error, UnicodeError, ValueError):
        text = ""
    if not text.startswith("a:"):
        raise BadInput("cursor.invalid", "use the cursor as it was given, or none", field="cursor")
    return text.removeprefix("a:")


def cursor(next_after: str | None) -> str | None:
    """The cursor of the next page, ``None`` at the end."""
    if next_after is None:
        return None
    return base64.urlsafe_b64encode(f"a:{next_after}".encode()).decode().rstrip("=")


def page_of(item: type[Schema]) -> type[Schema]:
    """Schema of one page of ``item``: ``{"items": [...], "next_cursor": ...}``."""
    name = f"{item.__name__}Page"
    members: dict[str, Any] = {
        "items": fields.List(fields.Nested(item), required=True),
        "next_cursor": fields.String(required=True, allow_none=True),
    }
    return type(name, (Schema,), members)
