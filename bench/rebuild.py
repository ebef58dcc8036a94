"""Events of a log rebuild per CPU second, against raw appends of the same bodies in the same run.

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
from chassis.mongo.outbox import SHARD_COUNT
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
    outbox.mark_published(outbox.pending(first_shard=0, end_shard=SHARD_COUNT, limit=count))


def rebuilt(scene: Engines, count: int) -> tuple[float, float, float]:
    """Wipe, republish, wait; seconds until all rows were marked as waiting, in all, and of CPU."""
    stop, wake = threading.Event(), threading.Event()
    relay = RelayLoop(
        service="bench", log=scene.log, holder="bench", slot_count=1, wake=wake, stop=stop
    )
    thread = threading.Thread(target=relay.run)
    scene.log.delete_topics([TOPIC])
    scene.log.create_topics([Topic(TOPIC, partition_count=12)])
    began, cpu_before = time.perf_counter(), scene.cpu_seconds()
    assert outbox.republish() == count
    marked = time.perf_counter() - began
    thread.start()
    # The log is asked, for it costs nothing: a database that is not MongoDB itself reads all that
    # waits to count it, and asked twice a second would do little else.
    while sum(scene.log.end_offsets([TOPIC]).values()) < count:
        time.sleep(0.05)
    while outbox.pending_count():
        time.sleep(0.2)
    seconds, cpu_seconds = time.perf_counter() - began, scene.cpu_seconds() - cpu_before
    stop.set()
    wake.set()
    thread.join()
    assert sum(scene.log.end_offsets([TOPIC]).values()) == count
    return marked, seconds, cpu_seconds


def raw(scene: Engines) -> float:
    """The same bodies, appended; events per CPU second."""
    rows = [
        (row["aggregate_id"], row["body"].encode())
        for row in scene.database.pymongo["outbox"].find()
    ]
    scene.log.create_topics([Topic(_RAW_TOPIC, partition_count=12)])
    producer = scene.log.producer()
    cpu_before = scene.cpu_seconds()
    for begin in range(0, len(rows), 500):  # bounded, as a producer has to be
        waiting = [
            producer.append(_RAW_TOPIC, key, body) for key, body in rows[begin : begin + 500]
        ]
        for one in waiting:
            one.result()
    producer.close()
    return len(rows) / (scene.cpu_seconds() - cpu_before)


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
        marked, seconds, cpu_seconds = rebuilt(scene, count)
    report(
        "rebuild",
        ours=count / cpu_seconds,
        baseline=baseline,
        unit="events per CPU second, all processes",
        lines=[f"{count} events again in {seconds:.1f} s, {marked:.1f} s of it to mark them"],
        engine=asked.engine,
        events=count,
        events_per_second=round(count / seconds, 1),
    )


if __name__ == "__main__":
    main()
