"""Events a second of a log rebuild, against raw appends of the same bodies in the same run.

An outbox of many rows; the log is wiped, every row is marked as waiting (what ``rtcm log rebuild``
does in each service), and the ordinary relay sends them again in order. The baseline appends the
same bodies to the same kind of log, as fast as the producer takes them, with no order kept and
nothing noted.
"""

from __future__ import annotations

import argparse
import threading
import time

from bench.engines import Engines, engines
from bench.result import report
from chassis.access import EVERYTHING
from chassis.ids import new_id
from chassis.log.port import Topic
from chassis.mongo import outbox
from chassis.mongo.unit_of_work import UnitOfWork
from chassis.worker.relay import RelayLoop
from tests.integration.flow.counter import TOPIC, Counter, CounterDocument, counters

_RAW_TOPIC = "bench.raw"
_EVENTS_PER_AGGREGATE = 4
_AGGREGATES_PER_TRANSACTION = 25


def fill(scene: Engines, count: int) -> None:
    """An outbox of ``count`` rows, four of each aggregate, all sent already."""
    unit_of_work = UnitOfWork(scene.database)
    batch = _EVENTS_PER_AGGREGATE * _AGGREGATES_PER_TRANSACTION

    def some() -> None:
        for _ in range(_AGGREGATES_PER_TRANSACTION):
            counter = Counter(counter_id=new_id())
            for _ in range(_EVENTS_PER_AGGREGATE):
                counter.grow()
            counters().save(counter, scope=EVERYTHING)

    for _ in range(count // batch):
        unit_of_work.run(some, command_id=new_id())
    scene.database.pymongo["outbox"].update_many({}, {"$unset": {"pending": ""}})


def rebuilt(scene: Engines, count: int) -> tuple[float, float]:
    """Wipe, republish, wait; seconds until all rows were marked as waiting, and in all."""
    stop, wake = threading.Event(), threading.Event()
    relay = RelayLoop(
        service="bench", log=scene.log, holder="bench", slot_count=1, wake=wake, stop=stop
    )
    thread = threading.Thread(target=relay.run)
    scene.log.delete_topics([TOPIC])
    scene.log.create_topics([Topic(TOPIC, partition_count=12)])
    began = time.perf_counter()
    assert outbox.republish() == count
    marked = time.perf_counter() - began
    thread.start()
    while outbox.pending_count():
        time.sleep(0.5)  # counting costs the server something too
    seconds = time.perf_counter() - began
    stop.set()
    wake.set()
    thread.join()
    assert sum(scene.log.end_offsets([TOPIC]).values()) == count
    return marked, seconds


def raw(scene: Engines) -> float:
    """The same bodies, appended; events a second."""
    rows = [
        (row["aggregate_id"], row["body"].encode())
        for row in scene.database.pymongo["outbox"].find()
    ]
    scene.log.create_topics([Topic(_RAW_TOPIC, partition_count=12)])
    producer = scene.log.producer()
    began = time.perf_counter()
    for begin in range(0, len(rows), 500):  # bounded, as a producer has to be
        waiting = [
            producer.append(_RAW_TOPIC, key, body) for key, body in rows[begin : begin + 500]
        ]
        for one in waiting:
            one.result()
    seconds = time.perf_counter() - began
    producer.close()
    return len(rows) / seconds


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", choices=("embedded", "kafka"), default="embedded")
    parser.add_argument("--events", type=int, default=20_000)
    asked = parser.parse_args()
    count = max(100, asked.events // 100 * 100)
    with engines(asked.engine) as scene:
        scene.database.ensure_indexes([CounterDocument])
        scene.log.create_topics([Topic(TOPIC, partition_count=12)])
        fill(scene, count)
        baseline = raw(scene)
        marked, seconds = rebuilt(scene, count)
    report(
        "rebuild",
        ours=count / seconds,
        baseline=baseline,
        unit="events a second",
        lines=[f"{count} events again in {seconds:.1f} s, {marked:.1f} s of it to mark them"],
        engine=asked.engine,
        events=count,
    )


if __name__ == "__main__":
    main()
