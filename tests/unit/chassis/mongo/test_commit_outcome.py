"""What is said when the answer to a commit was lost and the database stays away."""

from __future__ import annotations

from typing import Any

import pytest
from pymongo.errors import ServerSelectionTimeoutError

from chassis.clock import monotonic
from chassis.errors import Unavailable
from chassis.mongo.unit_of_work import Transaction, UnitOfWork


def away() -> bool:
    raise ServerSelectionTimeoutError("nobody there")


def test_nobody_claims_that_nothing_was_stored() -> None:
    transaction = Transaction("c1")
    transaction.proofs.append(away)
    unused: Any = None

    with pytest.raises(Unavailable) as refused:
        UnitOfWork(unused)._landed(transaction, deadline=monotonic() - 1)

    assert refused.value.code == "database.outcome_unknown"
