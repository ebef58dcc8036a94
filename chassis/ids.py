"""Where ids come from: the only module that draws randomness for them."""

from __future__ import annotations

import secrets
from uuid import NAMESPACE_URL, UUID, uuid5

import uuid_utils

_NAMESPACE = uuid5(NAMESPACE_URL, "urn:rtcm")


def new_id() -> str:
    """A UUIDv7: unique, and later ones sort after earlier ones."""
    return str(uuid_utils.uuid7())


def derived_id(*cause: str) -> str:
    """The id of what follows from ``cause``: the same cause gives the same id for ever.

    A repeat of the cause finds the first effect instead of making a second.
    """
    return str(uuid5(_NAMESPACE, "\x1f".join(cause)))


def new_hex(byte_count: int) -> str:
    """Random hexadecimal digits, two a byte: trace and span ids."""
    return secrets.token_hex(byte_count)


def is_id(text: str) -> bool:
    """Whether ``text`` is a UUID in its canonical form."""
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def new_secret(byte_count: int = 32) -> str:
    """An unguessable URL-safe text of ``byte_count`` random bytes."""
    return secrets.token_urlsafe(byte_count)


def random_bytes(byte_count: int) -> bytes:
    """Unguessable bytes, for keys and nonces."""
    return secrets.token_bytes(byte_count)


def random_below(limit: int) -> int:
    """An unguessable number from 0 to ``limit`` - 1."""
    return secrets.randbelow(limit)
