"""State and announcements: together or not at all."""

from __future__ import annotations

import threading
from typing import Any

import pymongo
import pytest

from chassis.access import EVERYTHING
from chassis.errors import AlreadyExists, RuleViolation, StaleVersion, Unavailable
from chassis.ids import new_id
from chassis.mongo import outbox
from chassis.mongo.connection import Database
from chassis.mongo.unit_of_work import UnitOfWork
from rtcm.mongo_server import MongoServer
from tests.integration.conftest import GivenServer
from tests.integration.flow.counter import (
    TOPIC,
    Counter,
    CounterDocument,
    HeardDocument,
    counters,
)


@pytest.fixture
def unit_of_work(database: Database) -> UnitOfWork:
    database.ensure_indexes([CounterDocument, HeardDocument])
    return UnitOfWork(database)


def grown(unit_of_work: UnitOfWork, counter_id: str, *, fail: bool = False) -> None:
    def work() -> None:
        counter = counters().find(counter_id, scope=EVERYTHING) or Counter(counter_id=counter_id)
        counter.grow()
        counters().save(counter, scope=EVERYTHING)
        if fail:
            raise RuleViolation("test.refused", "refused after the save")

    unit_of_work.run(work, command_id=new_id())


def test_state_and_announcement_are_stored_together(unit_of_work: UnitOfWork) -> None:
    counter_id = new_id()
    grown(unit_of_work, counter_id)
    grown(unit_of_work, counter_id)

    counter = counters().get(counter_id, scope=EVERYTHING)
    assert (counter.value, counter.version, counter.event_count) == (2, 2, 2)
    assert len(outbox.of_aggregate(TOPIC, counter_id, after=0)) == 2
    assert outbox.pending_count() == 2


def test_a_refusal_after_the_save_leaves_nothing(unit_of_work: UnitOfWork) -> None:
    counter_id = new_id()
    with pytest.raises(RuleViolation):
        grown(unit_of_work, counter_id, fail=True)

    assert counters().find(counter_id, scope=EVERYTHING) is None
    assert outbox.pending_count() == 0


def test_two_at_once_on_one_aggregate_both_count(unit_of_work: UnitOfWork) -> None:
    counter_id = new_id()
    grown(unit_of_work, counter_id)
    failures: list[Exception] = []

    def often() -> None:
        for _ in range(10):
            try:
                grown(unit_of_work, counter_id)
            except Exception as error:
                failures.append(error)

    threads = [threading.Thread(target=often) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    stale = [error for error in failures if not isinstance(error, StaleVersion)]
    counter = counters().get(counter_id, scope=EVERYTHING)
    assert stale == []
    assert counter.value == 41 - len(failures)
    assert counter.event_count == len(outbox.of_aggregate(TOPIC, counter_id, after=0))


def test_an_id_that_is_taken_is_refused(unit_of_work: UnitOfWork) -> None:
    counter_id = new_id()
    grown(unit_of_work, counter_id)

    with pytest.raises(AlreadyExists) as refused:
        unit_of_work.run(
            lambda: counters().save(Counter(counter_id=counter_id), scope=EVERYTHING),
            command_id=new_id(),
        )

    assert refused.value.code == "counter.already_exists"


@pytest.mark.own_server
def test_locks_of_a_killed_process_are_freed_and_the_living_try_again(
    database: Database, mongo_server: MongoServer | GivenServer
) -> None:
    if not isinstance(mongo_server, MongoServer):
        pytest.skip("ends everybody's transactions: only on a server of our own")
    unit_of_work = UnitOfWork(database, deadline_seconds=0.5)
    database.ensure_indexes([CounterDocument, HeardDocument])
    counter_id = new_id()
    grown(unit_of_work, counter_id)
    mine = {"_id": counter_id}
    with pymongo.MongoClient[dict[str, Any]](mongo_server.uri) as other:
        dead = other.start_session()  # of a process that will never say how it ended
        dead.start_transaction()
        other[database.name]["counter"].update_one(mine, {"$inc": {"value": 9}}, session=dead)
        with pytest.raises(Unavailable):
            grown(unit_of_work, counter_id)

        tries: list[int] = []

        def work() -> None:
            counter = counters().get(counter_id, scope=EVERYTHING)
            tries.append(counter.value)
            if len(tries) == 1:  # in the middle of ours
                freeing = threading.Thread(target=mongo_server.free_locks)
                freeing.start()
                freeing.join()
            counter.grow()
            counters().save(counter, scope=EVERYTHING)

        UnitOfWork(database, deadline_seconds=30).run(work, command_id=new_id())
    assert tries == [1, 1]
    assert counters().get(counter_id, scope=EVERYTHING).value == 2
