"""A part that is away is answered, and nothing is half done: MongoDB, the log, its disk, time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from werkzeug.test import TestResponse

from chassis.access import EVERYTHING
from chassis.clock import monotonic
from chassis.envelope import Envelope
from chassis.ids import new_id
from chassis.log.port import EventLog, Partition, Record, Topic
from chassis.log.sqlite import SqliteLog
from chassis.mongo import outbox
from chassis.mongo.connection import Database
from chassis.mongo.unit_of_work import UnitOfWork
from chassis.worker.relay import RelayLoop
from rtcm.mongo_server import MongoServer
from tests.e2e.apps import OPERATOR, Service, running
from tests.integration.flow.counter import Counter, CounterDocument, counters

pytestmark = pytest.mark.mongo

PROGRAMMES = "rtcm.registration.programme"
TITLES = {"az": "Proqram", "en": "Programme"}


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[MongoServer]:
    """A database server of this test alone, for it is killed."""
    server = MongoServer(tmp_path / "mongo")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def registration(mongo_server: MongoServer, tmp_path: Path) -> Iterator[Service]:
    """Registration with a log that nobody answers at."""
    unreachable = "kafka://127.0.0.1:9"
    with running(
        "registration", mongo_uri=mongo_server.uri, folder=tmp_path, RTCM_LOG_URL=unreachable
    ) as service:
        yield service


def publish(service: Service, code: str) -> TestResponse:
    body = {"code": code, "titles": TITLES, "descriptions": TITLES}
    return service.ask("POST", "/programmes", OPERATOR, body)


def wait_until(condition: Callable[[], bool], seconds: float = 40.0) -> None:
    deadline = monotonic() + seconds
    while not condition():
        assert monotonic() < deadline, "did not happen in time"
        threading.Event().wait(0.05)


def test_mongodb_away_is_503_with_nothing_half_done_and_comes_back(
    own_server: MongoServer, tmp_path: Path
):
    with running("registration", mongo_uri=own_server.uri, folder=tmp_path) as service:
        assert publish(service, "before").status_code == 201
        own_server.kill()

        refused = publish(service, "away")
        read = service.ask("GET", "/programmes", OPERATOR)
        ready = service.ask("GET", "/readyz")
        alive = service.ask("GET", "/healthz")

        for answer in (refused, read, ready):
            assert (answer.status_code, answer.json["code"]) == (503, "database.unavailable")
            assert int(answer.headers["Retry-After"]) >= 1
        assert alive.status_code == 200
        own_server.start()
        wait_until(lambda: service.ask("GET", "/readyz").status_code == 200)
        codes = [one["code"] for one in service.ask("GET", "/programmes", OPERATOR).json["items"]]
        assert codes == ["before"]
        assert outbox.total_count() == 1
        assert publish(service, "after").status_code == 201
        assert outbox.total_count() == 2


def test_log_away_and_the_api_keeps_accepting(registration: Service):
    assert [publish(registration, f"p{n}").status_code for n in range(3)] == [201, 201, 201]
    assert outbox.pending_count() == 3
    assert registration.ask("GET", "/readyz").status_code == 200
    flow = registration.ask("GET", "/ops/flow", OPERATOR).json
    assert (flow["announced"], flow["pending"], flow["log"]) == (3, 3, "away")


class SmallDisk:
    """A log whose file cannot grow until it is told that there is room."""

    def __init__(self, log: SqliteLog) -> None:
        self._log = log
        self._producers: list[Any] = []
        self.is_full = True

    def producer(self) -> Any:
        producer = self._log.producer()
        self._producers.append(producer)
        if self.is_full:
            pages = producer._file.rows("PRAGMA page_count")[0][0]
            producer._file.rows(f"PRAGMA max_page_count = {pages}")
        return producer

    def make_room(self) -> None:
        self.is_full = False
        for producer in self._producers:
            producer._file.rows("PRAGMA max_page_count = 1000000")


def test_a_full_disk_of_the_log_is_waited_out(registration: Service, tmp_path: Path):
    log = SqliteLog(tmp_path / "full.db", session_seconds=6.0, append_timeout_seconds=2.0)
    log.create_topics([Topic(PROGRAMMES, partition_count=1)])
    disk, stop = SmallDisk(log), threading.Event()
    accepted = [publish(registration, f"p{number}").status_code for number in range(40)]
    loop = RelayLoop(
        service="registration",
        log=cast(EventLog, disk),
        holder="test",
        slot_count=1,
        wake=threading.Event(),
        stop=stop,
    )
    thread = threading.Thread(target=loop.run)
    thread.start()
    try:
        threading.Event().wait(3.0)
        waiting = outbox.pending_count()
        accepted.append(publish(registration, "while-full").status_code)
        disk.make_room()
        wait_until(lambda: outbox.pending_count() == 0)
    finally:
        stop.set()
        thread.join()
    assert waiting > 0
    assert accepted == [201] * 41
    ids = [Envelope.from_bytes(each.value).event_id for each in _records(log)]
    assert len(set(ids)) == 41
    log.close()


def _records(log: SqliteLog) -> list[Record]:
    found = log.read(Partition(PROGRAMMES, 0), offset=0, limit=1000)
    return [record for record in found if record.value]


def test_a_clock_that_jumps_back_changes_no_order(database: Database):
    database.ensure_indexes([CounterDocument])
    unit_of_work = UnitOfWork(database)
    counter_id = new_id()

    def grow() -> None:
        counter = counters().find(counter_id, scope=EVERYTHING) or Counter(counter_id=counter_id)
        counter.grow()
        counters().save(counter, scope=EVERYTHING)

    unit_of_work.run(grow, command_id=new_id())
    # As if the first had been announced an hour before the clock was set back.
    later = {"$inc": {"last_event_ms": 3_600_000}}
    CounterDocument._get_collection().update_one({"_id": counter_id}, later)
    database.pymongo["outbox"].update_one({}, {"$inc": {"pending": 3_600_000}})
    for _ in range(3):
        unit_of_work.run(grow, command_id=new_id())

    waiting = outbox.pending(first_shard=0, end_shard=outbox.SHARD_COUNT, limit=10)

    assert [one.sequence for one in waiting] == [1, 2, 3, 4]
