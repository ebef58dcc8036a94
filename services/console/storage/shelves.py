"""The console's shelves in MongoDB; each call is one atomic operation on one document."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from chassis.access import Actor, Role, Scope
from chassis.mongo.reading import reading
from services.console.domain.account import Account
from services.console.domain.attempts import Limit
from services.console.domain.session import Session
from services.console.storage.documents import AccountRow, AttemptRow, SessionRow, UsedLinkRow

_GRACE = timedelta(days=1)
"""Used links stay known a little longer than they could be believed."""


class MongoAccounts:
    """``Accounts`` in MongoDB."""

    def find(self, name: str) -> Account | None:
        """One account."""
        with reading():
            row = AccountRow._get_collection().find_one({"_id": name})
        if row is None:
            return None
        return Account(
            account_id=row["account_id"],
            name=row["_id"],
            role=Role(row["role"]),
            country_code=row.get("country_code"),
            password_hash=row["password_hash"],
            actor_id=row["actor_id"],
        )

    def put(self, account: Account) -> None:
        """Add it, or replace the one of the same name."""
        row = {
            "account_id": account.account_id,
            "role": account.role.value,
            "country_code": account.country_code,
            "password_hash": account.password_hash,
            "actor_id": account.actor_id,
        }
        _replace(AccountRow, account.name, row)


class MongoSessions:
    """``Sessions`` in MongoDB."""

    def find(self, session_id: str) -> Session | None:
        """One session, ended or not."""
        with reading():
            row = SessionRow._get_collection().find_one({"_id": session_id})
        return None if row is None else _session(row)

    def put(self, session: Session) -> None:
        """Begin it, or note that it was used."""
        scope = session.actor.scope
        row = {
            "actor_id": session.actor.actor_id,
            "roles": sorted(session.actor.roles),
            "countries": _listed(scope.countries),
            "cohorts": _listed(scope.cohorts),
            "subject_id": scope.subject_id,
            "name": session.name,
            "began_at": session.began_at,
            "expires_at": session.expires_at,
            "idle_until": session.idle_until,
        }
        _replace(SessionRow, session.session_id, row)

    def remove(self, session_id: str) -> None:
        """End it; ending it twice is no error."""
        with reading():
            SessionRow._get_collection().delete_one({"_id": session_id})


class MongoAttempts:
    """``Attempts`` in MongoDB."""

    def count(self, limit: Limit, subject: str, now: datetime) -> int:
        """Count one more attempt of ``subject``; returns how many there are now."""
        expires_at = now + timedelta(seconds=2 * limit.window_seconds)
        with reading():
            row = AttemptRow._get_collection().find_one_and_update(
                {"_id": limit.key(subject, now)},
                {"$inc": {"attempt_count": 1}, "$setOnInsert": {"expires_at": expires_at}},
                upsert=True,
                return_document=ReturnDocument.AFTER,
            )
        return int(row["attempt_count"])


class MongoUsedLinks:
    """``UsedLinks`` in MongoDB."""

    def use(self, link_id: str, *, until: datetime) -> bool:
        """Use a link up; ``False`` when it was used before."""
        with reading():
            try:
                UsedLinkRow._get_collection().insert_one(
                    {"_id": link_id, "expires_at": until + _GRACE}
                )
            except DuplicateKeyError:
                return False
        return True


def _session(row: dict[str, Any]) -> Session:
    scope = Scope(
        countries=_set(row.get("countries")),
        cohorts=_set(row.get("cohorts")),
        subject_id=row.get("subject_id"),
    )
    actor = Actor(
        actor_id=row["actor_id"], roles=frozenset(Role(role) for role in row["roles"]), scope=scope
    )
    return Session(
        session_id=row["_id"],
        actor=actor,
        name=row.get("name"),
        began_at=row["began_at"],
        expires_at=row["expires_at"],
        idle_until=row["idle_until"],
    )


def _replace(document: Any, id_: str, row: dict[str, Any]) -> None:
    with reading():
        document._get_collection().replace_one({"_id": id_}, row, upsert=True)


def _listed(members: frozenset[str] | None) -> list[str] | None:
    return None if members is None else sorted(members)


def _set(members: list[str] | None) -> frozenset[str] | None:
    return None if members is None else frozenset(members)
