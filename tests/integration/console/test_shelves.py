"""The console's shelves on the embedded database."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from chassis.access import Actor, Role, Scope
from chassis.clock import wall_now
from chassis.mongo.connection import Database
from services.console.domain.account import Account
from services.console.domain.attempts import Limit
from services.console.domain.session import Session
from services.console.storage.documents import DOCUMENTS
from services.console.storage.shelves import (
    MongoAccounts,
    MongoAttempts,
    MongoSessions,
    MongoUsedLinks,
)

pytestmark = pytest.mark.mongo


@pytest.fixture(autouse=True)
def _collections(database: Database) -> None:
    database.ensure_indexes(DOCUMENTS)


def a_session(scope: Scope) -> Session:
    now = wall_now()
    return Session(
        session_id="s1",
        actor=Actor(actor_id="a1", roles=frozenset({Role.COORDINATOR}), scope=scope),
        name="gio",
        began_at=now,
        expires_at=now + timedelta(hours=12),
        idle_until=now + timedelta(hours=2),
    )


@pytest.mark.parametrize(
    "scope",
    [
        Scope(),
        Scope(countries=frozenset({"GE"}), cohorts=frozenset()),
        Scope(subject_id="p1"),
    ],
)
def test_session_is_read_as_it_was_put(scope: Scope) -> None:
    sessions, session = MongoSessions(), a_session(scope)
    sessions.put(session)
    assert sessions.find("s1") == session

    later = replace(session, idle_until=session.expires_at)
    sessions.put(later)
    assert sessions.find("s1") == later

    sessions.remove("s1")
    sessions.remove("s1")
    assert sessions.find("s1") is None


def test_account_is_renewed_under_its_name() -> None:
    accounts = MongoAccounts()
    account = Account(
        account_id="i1",
        name="gio",
        role=Role.COORDINATOR,
        country_code="GE",
        password_hash="h1",
        actor_id="i1",
    )
    accounts.put(account)
    renewed = replace(account, role=Role.OPERATOR, country_code=None, password_hash="h2")
    accounts.put(renewed)

    assert accounts.find("gio") == renewed
    assert accounts.find("nobody") is None


def test_attempts_of_many_at_once_are_all_counted() -> None:
    limit, now = Limit("password.account", 10, 300), wall_now()
    counts: list[int] = []

    def attempt() -> None:
        counts.append(MongoAttempts().count(limit, "nigar", now))

    threads = [threading.Thread(target=attempt) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(counts) == list(range(1, 9))
    assert MongoAttempts().count(limit, "another", now) == 1
    assert MongoAttempts().count(limit, "nigar", now + timedelta(seconds=300)) == 1


def test_link_is_used_up_by_one_of_many() -> None:
    until, used = wall_now() + timedelta(minutes=15), []

    def use() -> None:
        used.append(MongoUsedLinks().use("l1", until=until))

    threads = [threading.Thread(target=use) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(used) == [False] * 7 + [True]
