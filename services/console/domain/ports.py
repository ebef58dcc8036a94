"""What the console's handlers need of the outside."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

from services.console.domain.account import Account
from services.console.domain.attempts import Limit
from services.console.domain.session import Session


class Accounts(Protocol):
    """Local accounts by name."""

    def find(self, name: str) -> Account | None:
        """One account."""
        ...

    def put(self, account: Account) -> None:
        """Add it, or replace the one of the same name."""
        ...


class Sessions(Protocol):
    """Who is signed in."""

    def find(self, session_id: str) -> Session | None:
        """One session, ended or not."""
        ...

    def put(self, session: Session) -> None:
        """Begin it, or note that it was used."""
        ...

    def remove(self, session_id: str) -> None:
        """End it; ending it twice is no error."""
        ...


class Attempts(Protocol):
    """Counts of attempts in the present window."""

    def count(self, limit: Limit, subject: str, now: datetime) -> int:
        """Count one more attempt of ``subject``; returns how many there are now."""
        ...


class UsedLinks(Protocol):
    """Links that work once."""

    def use(self, link_id: str, *, until: datetime) -> bool:
        """Use a link up; ``False`` when it was used before. Forgotten after ``until``."""
        ...


class Links(Protocol):
    """Believes links that notifications mailed."""

    def claims(self, token: str, *, purpose: str) -> dict[str, Any]:
        """What a link says; raises ``Unauthenticated`` when it cannot be believed."""
        ...
