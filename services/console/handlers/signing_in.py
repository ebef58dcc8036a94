"""Signing in and out: by password, by a mailed link, at most so often."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from chassis.access import Actor, Role, Scope
from chassis.clock import Clock
from chassis.errors import Unauthenticated
from chassis.ids import new_id, new_secret
from services.console.domain.account import Account, check_account
from services.console.domain.attempts import (
    LINK_BY_ADDRESS,
    LINK_BY_MAIL,
    PASSWORD_BY_ACCOUNT,
    PASSWORD_BY_ADDRESS,
    Limit,
    TooManyAttempts,
)
from services.console.domain.ports import Accounts, Attempts, Links, Sessions, UsedLinks
from services.console.domain.session import Lifetime, Session, session_id_of
from services.console.handlers.passwords import Passwords


@dataclass(frozen=True, kw_only=True)
class SigningIn:
    """Everything about who somebody is; ``clock`` is machine time."""

    accounts: Accounts
    sessions: Sessions
    attempts: Attempts
    used_links: UsedLinks
    links: Links
    passwords: Passwords
    lifetime: Lifetime
    clock: Clock

    def by_password(self, *, name: str, password: str, address: str) -> str:
        """Sign somebody of the centre in.

        Returns:
            The secret of the new session, for the browser alone.

        Raises:
            TooManyAttempts: ``signin.too_often``.
            Unauthenticated: ``signin.refused``; does not say whether the name exists.
        """
        name = name.strip().lower()
        self._admit(PASSWORD_BY_ADDRESS, address)
        self._admit(PASSWORD_BY_ACCOUNT, name)
        account = self.accounts.find(name)
        if not self.passwords.matches(password, account.password_hash if account else None):
            raise Unauthenticated("signin.refused", "name or password are not right")
        assert account is not None, "nobody's password never matches"
        return self._begin(account.actor(), account.name)

    def admit_link_request(self, *, mail: str, address: str) -> None:
        """Let somebody ask for a link.

        Raises:
            TooManyAttempts: ``signin.too_often``.
        """
        self._admit(LINK_BY_ADDRESS, address)
        self._admit(LINK_BY_MAIL, mail.strip().lower())

    def by_link(self, token: str) -> str:
        """Sign in whoever got a mail; the link works once.

        Raises:
            Unauthenticated: the token's codes, or ``link.used``.
        """
        claims = self._believed(token, purpose="signin")
        actor = Actor(
            actor_id=str(claims["sub"]),
            roles=frozenset({Role.PARTICIPANT}),
            scope=Scope(subject_id=str(claims["sub"])),
        )
        link_id = str(claims.get("signin_id") or claims["jti"])
        if not self.used_links.use(link_id, until=datetime.fromtimestamp(claims["exp"], UTC)):
            raise Unauthenticated("link.used", "this link was used: ask for a new one")
        return self._begin(actor, None)

    def by_focal_point_link(self, token: str) -> str:
        """Sign a focal point in; the link works until it expires, for nominating takes weeks.

        Raises:
            Unauthenticated: the token's codes.
        """
        claims = self._believed(token, purpose="focal-point")
        actor = Actor(
            actor_id=str(claims["sub"]),
            roles=frozenset({Role.FOCAL_POINT}),
            scope=Scope(countries=frozenset({str(claims["country"])})),
        )
        return self._begin(actor, None)

    def session_of(self, secret: str) -> Session | None:
        """Who is signed in; noted as used."""
        session = self.sessions.find(session_id_of(secret))
        now = self.clock()
        if session is None or not session.is_live(now):
            return None
        idle_until = min(now + self.lifetime.idle, session.expires_at)
        if idle_until - session.idle_until > self.lifetime.idle / 20:  # not a write per page
            session = replace(session, idle_until=idle_until)
            self.sessions.put(session)
        return session

    def end(self, secret: str) -> None:
        """Sign out."""
        self.sessions.remove(session_id_of(secret))

    def _believed(self, token: str, *, purpose: str) -> dict[str, Any]:
        claims = self.links.claims(token, purpose=purpose)
        if claims["iss"] != "notifications" or "sub" not in claims:
            raise Unauthenticated("token.not_entitled", "only notifications mails links")
        return claims

    def _begin(self, actor: Actor, name: str | None) -> str:
        secret, now = new_secret(), self.clock()
        self.sessions.put(
            Session(
                session_id=session_id_of(secret),
                actor=actor,
                name=name,
                began_at=now,
                expires_at=now + self.lifetime.longest,
                idle_until=now + self.lifetime.idle,
            )
        )
        return secret

    def _admit(self, limit: Limit, subject: str) -> None:
        if self.attempts.count(limit, subject, self.clock()) > limit.count:
            raise TooManyAttempts(
                "signin.too_often",
                "there were too many attempts: wait a few minutes",
                retry_after_seconds=limit.window_seconds,
            )


def create_account(
    *,
    accounts: Accounts,
    passwords: Passwords,
    name: str,
    role: Role,
    password: str,
    country_code: str | None = None,
    actor_id: str | None = None,
) -> Account:
    """Make an account, or give the one of this name a new role and password.

    Raises:
        InvalidBody: ``account.invalid``.
    """
    check_account(name=name, role=role, country_code=country_code, password=password)
    existing = accounts.find(name)
    account_id = existing.account_id if existing else new_id()
    account = Account(
        account_id=account_id,
        name=name,
        role=role,
        country_code=country_code,
        password_hash=passwords.hash(password),
        actor_id=actor_id or account_id,
    )
    accounts.put(account)
    return account
