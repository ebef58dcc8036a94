"""How often somebody may try to sign in, or to look certificates up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from chassis.errors import RtcmError


class TooManyAttempts(RtcmError):
    """Tried too often; wait."""

    status = 429


@dataclass(frozen=True)
class Limit:
    """At most ``count`` attempts of one kind and key in each window.

    Attributes:
        kind: what is tried and by what it is counted, such as ``password.account``.
    """

    kind: str
    count: int
    window_seconds: int

    def key(self, subject: str, now: datetime) -> str:
        """Where attempts of ``subject`` are counted now; says nothing of who it is."""
        window = int(now.timestamp()) // self.window_seconds
        return f"{self.kind}|{sha256(subject.encode('utf-8')).hexdigest()[:32]}|{window}"


PASSWORD_BY_ACCOUNT = Limit("password.account", 10, 300)
PASSWORD_BY_ADDRESS = Limit("password.address", 50, 300)
LINK_BY_MAIL = Limit("link.mail", 5, 900)
LINK_BY_ADDRESS = Limit("link.address", 60, 900)
VERIFY_BY_ADDRESS = Limit("verify.address", 600, 300)
FILES_BY_ADDRESS = Limit("verify.file", 60, 300)
"""Ours; the first as at the Python package index. Addresses are shared by whole universities."""
