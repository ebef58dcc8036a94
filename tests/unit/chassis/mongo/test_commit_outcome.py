"""What is said when the answer to a commit was lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from pymongo.errors import ServerSelectionTimeoutError

from chassis.clock import monotonic
from chassis.errors import Unavailable
from chassis.mongo.unit_of_work import Transaction, UnitOfWork


class ReplicaSet:
    """What the primary has, and what a majority has (seen by snapshot sessions)."""

    def __init__(self, *, primary: bool, majority: bool) -> None:
        self.client = self
        self._primary, self._majority = primary, majority
        self._sees_majority = False

    def has_it(self) -> bool:
        return self._majority if self._sees_majority else self._primary

    @contextmanager
    def start_session(self, *, snapshot: bool) -> Iterator[Any]:
        assert snapshot
        yield SimpleNamespace(bind=self._bind)

    @contextmanager
    def _bind(self, *, end_session: bool) -> Iterator[None]:
        self._sees_majority = True
        yield
        self._sees_majority = False


def landed(database: Any, proof: Any) -> bool:
    transaction = Transaction("c1")
    transaction.proofs.append(proof)
    return UnitOfWork(database)._landed(transaction, deadline=monotonic() - 1)


def away() -> bool:
    raise ServerSelectionTimeoutError("nobody there")


def test_nobody_claims_that_nothing_was_stored() -> None:
    with pytest.raises(Unavailable) as refused:
        landed(None, away)
    assert refused.value.code == "database.outcome_unknown"


def test_what_the_primary_lacks_was_not_stored() -> None:
    databases = ReplicaSet(primary=False, majority=False)
    assert not landed(databases, databases.has_it)


def test_what_a_majority_has_is_stored() -> None:
    databases = ReplicaSet(primary=True, majority=True)
    assert landed(databases, databases.has_it)


def test_what_only_the_primary_has_may_still_be_lost() -> None:
    databases = ReplicaSet(primary=True, majority=False)
    with pytest.raises(Unavailable) as refused:
        landed(databases, databases.has_it)
    assert refused.value.code == "database.outcome_unknown"
