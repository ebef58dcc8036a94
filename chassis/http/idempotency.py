"""Commands with an ``Idempotency-Key``: done once, answered the same again."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from chassis.errors import BadInput, InvalidBody

_LONGEST_KEY = 200

KEY_PATTERN = f"^[\\x21-\\x7e]{{1,{_LONGEST_KEY}}}$"
"""Printable ASCII without spaces: what a header carries through every server unchanged."""


@dataclass(frozen=True)
class StoredAnswer:
    """What was answered the first time, and to what."""

    fingerprint: str
    status: int
    headers: Mapping[str, str]
    body: str | None


class IdempotencyStore(Protocol):
    """Keeps answers (``chassis.mongo.answers``)."""

    def find(self, command_id: str) -> StoredAnswer | None:
        """The answer given before, or ``None``."""
        ...

    def put(
        self,
        command_id: str,
        fingerprint: str,
        status: int,
        headers: Mapping[str, str],
        body: str | None,
    ) -> None:
        """Remember it, in the transaction of the command."""
        ...


def checked_key(key: str | None) -> str | None:
    """The header's value.

    Raises:
        BadInput: ``idempotency.key_malformed``.
    """
    if key is None:
        return None
    if not re.fullmatch(KEY_PATTERN, key):
        raise BadInput(
            "idempotency.key_malformed",
            f"Idempotency-Key has 1 to {_LONGEST_KEY} printable ASCII characters, no spaces",
            field="Idempotency-Key",
        )
    return key


def fingerprint(method: str, path: str, body: bytes) -> str:
    """What a key stands for: the same key with anything else is a mistake."""
    return hashlib.sha256(b"\n".join((method.encode(), path.encode(), body))).hexdigest()


def refuse_other_use(stored: StoredAnswer, wanted: str) -> None:
    """Refuse a key that was used for something else.

    Raises:
        InvalidBody: ``idempotency.key_reused``.
    """
    if stored.fingerprint != wanted:
        raise InvalidBody(
            "idempotency.key_reused",
            "this Idempotency-Key was used for another request: take a new one",
        )
