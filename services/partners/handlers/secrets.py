"""What a partner proves itself with, and we to it: shown once, then kept as hash or sealed."""

from __future__ import annotations

import base64
import hashlib

from chassis.ids import new_secret, random_bytes
from chassis.tokens import API_KEY_PREFIX

WEBHOOK_SECRET_BYTES = 32
_WEBHOOK_SECRET_PREFIX = "whsec_"  # noqa: S105 -- a prefix, of Standard Webhooks 1.0.0


def new_api_key() -> str:
    """A key that reads one feed: 256 random bits."""
    return API_KEY_PREFIX + new_secret()


def sha256_of(api_key: str) -> str:
    """How a key is kept; so many random bits need no slow hash."""
    return hashlib.sha256(api_key.encode()).hexdigest()


def new_webhook_secret() -> bytes:
    """A key for HMAC-SHA256 (24 to 64 bytes by Standard Webhooks)."""
    return random_bytes(WEBHOOK_SECRET_BYTES)


def webhook_secret_text(secret: bytes) -> str:
    """A secret as partners enter it into their library."""
    return _WEBHOOK_SECRET_PREFIX + base64.b64encode(secret).decode()
