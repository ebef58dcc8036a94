"""Sessions: who is signed in, behind an opaque secret that only the browser has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from chassis.access import Actor, Role


@dataclass(frozen=True, kw_only=True)
class Session:
    """One signed-in person in one browser.

    Attributes:
        session_id: hash of the secret; the secret itself is never stored.
        name: shown in the corner; of people who came by a link nothing is known here.
        expires_at: ends it whatever happens.
        idle_until: ends it when no page was asked for.
    """

    session_id: str
    actor: Actor
    name: str | None
    began_at: datetime
    expires_at: datetime
    idle_until: datetime

    def is_live(self, now: datetime) -> bool:
        """Whether it still counts."""
        return now < self.expires_at and now < self.idle_until

    def has(self, *roles: Role) -> bool:
        """Whether the person holds any of ``roles``."""
        return self.actor.has(*roles)


@dataclass(frozen=True, kw_only=True)
class Lifetime:
    """How long sessions last."""

    longest: timedelta
    idle: timedelta


def session_id_of(secret: str) -> str:
    """What is stored in place of a secret."""
    return sha256(secret.encode("utf-8")).hexdigest()
