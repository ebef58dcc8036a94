"""Rows are noted as published when they were sent, and no other row with them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from chassis.access import EVERYTHING
from chassis.clock import wall_now
from chassis.ids import new_id
from chassis.mongo import outbox
from chassis.mongo.connection import Database
from chassis.mongo.outbox import Announcement
from chassis.mongo.unit_of_work import UnitOfWork
from tests.integration.flow.counter import Counter, CounterDocument, counters

MANY = 40


@pytest.fixture
def grow(database: Database) -> Callable[[str, int], None]:
    """Let one counter announce some steps."""
    database.ensure_indexes([CounterDocument])
    unit_of_work = UnitOfWork(database)

    def grow(counter_id: str, times: int) -> None:
        def work() -> None:
            counter = counters().find(counter_id, scope=EVERYTHING) or Counter(
                counter_id=counter_id
            )
            for _ in range(times):
                counter.grow()
            counters().save(counter, scope=EVERYTHING)

        unit_of_work.run(work, command_id=new_id())

    return grow


def waiting() -> list[Announcement]:
    return outbox.pending(first_shard=0, end_shard=outbox.SHARD_COUNT, limit=1_000)


def test_all_that_waits_is_marked_at_once(grow: Callable[[str, int], None]) -> None:
    grow(new_id(), MANY)
    outbox.mark_published(waiting())
    assert waiting() == []


def test_what_was_not_sent_keeps_waiting_among_what_was(grow: Callable[[str, int], None]) -> None:
    grow(new_id(), MANY)
    rows = waiting()
    outbox.mark_published(rows[:10] + rows[11:])
    assert waiting() == [rows[10]]


def test_what_is_committed_between_look_and_mark_keeps_waiting(
    grow: Callable[[str, int], None], database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    grow(new_id(), MANY)
    rows = waiting()
    late = database.pymongo["outbox"].find_one({"_id": rows[10].row_id})
    assert late is not None
    database.pymongo["outbox"].delete_one({"_id": late["_id"]})
    sent = rows[:10] + rows[11:]

    def meanwhile() -> datetime:
        # The mark's time is read between look and mark: the moment in which another commits.
        database.pymongo["outbox"].insert_one(late)
        return wall_now()

    monkeypatch.setattr(outbox, "wall_now", meanwhile)
    outbox.mark_published(sent)
    assert waiting() == [rows[10]]
