"""Ids of people as one partner sees them."""

from __future__ import annotations

import hashlib
import hmac
from uuid import UUID

_VERSION_AND_VARIANT = (0xF << 76) | (0x3 << 62)
_VERSION_8 = (0x8 << 76) | (0x2 << 62)


def person_id(person_key: bytes, id_: str) -> str:
    """The id a partner knows somebody, or something of somebody, by.

    The same key and id give the same answer for ever; without the key nobody can tell which ids
    of two partners, or of a partner and ours, belong together.

    Source:
        HMAC-SHA256 (RFC 2104), its first 122 bits in a UUID of version 8 (RFC 9562, 5.8).
    """
    digest = hmac.new(person_key, id_.encode(), hashlib.sha256).digest()
    number = int.from_bytes(digest[:16], "big")
    return str(UUID(int=number & ~_VERSION_AND_VARIANT | _VERSION_8))
