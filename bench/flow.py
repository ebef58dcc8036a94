"""Events per CPU second from command to effect, and how long an effect takes.

Baseline: the same work by hand, without the chassis, on the same engines: a raw two-document
transaction, a send, a poll, a raw two-document transaction.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from bench.engines import Engines, engines
from bench.result import percentile, report
from chassis.access import EVERYTHING
from chassis.ids import new_id
from chassis.log.port import Topic
from chassis.mongo import outbox
from chassis.mongo.unit_of_work import UnitOfWork, current_transaction
from chassis.worker.consumer import ConsumerLoop
from chassis.worker.intake import Intake, Subscription
from chassis.worker.relay import RelayLoop
from chassis.worker.wakeup import LocalRing, LocalWakeUp
from contracts.registration import ProgrammePublished
from tests.integration.flow.counter import (
    NOON,
    TOPIC,
    Counter,
    CounterDocument,
    Heard,
    HeardDocument,
    counters,
    hearings,
)

_RAW_TOPIC = "bench.raw"


class Ours:
    """The chassis: unit of work, relay, consumer."""

    def __init__(self, scene: Engines) -> None:
        self._scene = scene
        scene.database.ensure_indexes([CounterDocument, HeardDocument])
        scene.log.create_topics([Topic(TOPIC, partition_count=3)])
        self._wake = Path(tempfile.mkdtemp())
        self._unit_of_work = UnitOfWork(scene.database, ring=LocalRing(self._wake, "bench"))
        self._stop, self._bell = threading.Event(), threading.Event()
        self.begun: dict[str, float] = {}
        self.latencies: list[float] = []
        subscription = Subscription("bench", {ProgrammePublished: self._hear})
        loops = (
            RelayLoop(
                service="bench",
                log=scene.log,
                holder="bench",
                slot_count=1,
                wake=self._bell,
                stop=self._stop,
            ),
            ConsumerLoop(
                log=scene.log,
                intake=Intake(subscription, self._unit_of_work),
                unit_of_work=self._unit_of_work,
                fetch_missing=lambda topic, key, after: outbox.of_aggregate(
                    topic, key, after=after
                ),
                member="bench",
                stop=self._stop,
            ),
            LocalWakeUp(self._wake, "bench", {"outbox": self._bell}, self._stop),
        )
        self._threads = [threading.Thread(target=loop.run) for loop in loops]
        for thread in self._threads:
            thread.start()

    def command(self) -> None:
        """One command: a new aggregate that announces its beginning."""
        counter = Counter(counter_id=new_id())
        counter.grow()
        self._unit_of_work.run(
            lambda: counters().save(counter, scope=EVERYTHING), command_id=new_id()
        )
        self.begun[counter.counter_id] = time.perf_counter()

    def _hear(self, event: ProgrammePublished) -> None:
        hearings().save(Heard(heard_id=event.programme_id, steps=["1"]), scope=EVERYTHING)
        current_transaction().after_commit.append(lambda: self._note(event.programme_id))

    def _note(self, counter_id: str) -> None:
        # The effect may be there before the command's own thread has looked at the clock.
        now = time.perf_counter()
        self.latencies.append(max(0.0, now - self.begun.get(counter_id, now)))

    def wait_for(self, count: int) -> None:
        """Until that many effects are there."""
        while len(self.latencies) < count:
            time.sleep(0.005)

    def close(self) -> None:
        """Stop the loops."""
        self._stop.set()
        self._bell.set()
        for thread in self._threads:
            thread.join()
        shutil.rmtree(self._wake)


def by_hand(scene: Engines, count: int) -> None:
    """The baseline: no chassis, no order, no marks that survive anything."""
    client, database = scene.database.client, scene.database.pymongo
    for name in ("raw_state", "raw_outbox", "raw_mark", "raw_effect"):
        database.create_collection(name)
    scene.log.create_topics([Topic(_RAW_TOPIC, partition_count=3)])
    producer = scene.log.producer()
    consumer = scene.log.consumer(group="raw", topics=[_RAW_TOPIC], member="raw")

    def pair(first: str, second: str, document: dict[str, Any], body: dict[str, Any]) -> None:
        with client.start_session() as session, session.start_transaction():
            database[first].insert_one(document, session=session)
            database[second].insert_one(body, session=session)

    def listen() -> None:
        heard = 0
        while heard < count:
            records = consumer.poll(timeout_seconds=0.5, limit=100)
            positions = {}
            for record in records:
                event = json.loads(record.value or b"{}")
                pair(
                    "raw_effect",
                    "raw_mark",
                    {"_id": event["key"], "steps": ["1"]},
                    {"_id": f"raw|{event['key']}", "sequence": 1},
                )
                positions[record.partition] = record.offset + 1
                heard += 1
            if positions:
                consumer.commit(positions)

    listener = threading.Thread(target=listen)
    listener.start()
    for _ in range(count):
        key = new_id()
        body = {"key": key, "sequence": 1, "titles": {"en": "step 1"}, "at": NOON.isoformat()}
        text = json.dumps(body)
        pair(
            "raw_state",
            "raw_outbox",
            {"_id": key, "value": 1, "version": 1},
            {"_id": new_id(), "aggregate_id": key, "sequence": 1, "body": text},
        )
        producer.append(_RAW_TOPIC, key, text.encode()).result()
    listener.join()
    producer.close()
    consumer.close()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", choices=("embedded", "kafka"), default="embedded")
    parser.add_argument("--events", type=int, default=600)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rate", type=int, help="events a second while latency is measured")
    parser.add_argument("--seconds", type=int, default=10, help="how long latency is measured")
    asked = parser.parse_args()
    rate = asked.rate or (50 if asked.engine == "embedded" else 200)
    ours, baseline, lines = [], [], []
    for round_ in range(asked.rounds):
        with engines(asked.engine) as scene:
            began = scene.cpu_seconds()
            by_hand(scene, asked.events)
            baseline.append(asked.events / (scene.cpu_seconds() - began))
            flow = Ours(scene)
            began = scene.cpu_seconds()
            for _ in range(asked.events):
                flow.command()
            flow.wait_for(asked.events)
            ours.append(asked.events / (scene.cpu_seconds() - began))
            lines.append(f"round {round_ + 1}: {ours[-1]:.1f} against {baseline[-1]:.1f} by hand")
            if round_ == asked.rounds - 1:
                latencies, reached = _latency(flow, rate, asked.seconds)
            flow.close()
    p50, p99 = (percentile(latencies, share) * 1000 for share in (0.5, 0.99))
    lines.append(f"commit to effect at {reached:.0f}/s: p50 {p50:.1f} ms, p99 {p99:.1f} ms")
    middle = asked.rounds // 2
    report(
        "flow",
        ours=sorted(ours)[middle],
        baseline=sorted(baseline)[middle],
        unit="events per CPU second, all processes",
        lines=lines,
        engine=asked.engine,
        rate_wanted=rate,
        rate_reached=round(reached, 1),
        latency_ms={"p50": round(p50, 1), "p99": round(p99, 1)},
    )


def _latency(flow: Ours, rate: int, seconds: int) -> tuple[list[float], float]:
    """Latencies in seconds at a steady rate, and the rate that was reached."""
    before = len(flow.latencies)
    begun = time.perf_counter()
    count = rate * seconds
    for number in range(count):
        pause = begun + number / rate - time.perf_counter()
        if pause > 0:
            time.sleep(pause)
        flow.command()
    reached = count / (time.perf_counter() - begun)
    flow.wait_for(before + count)
    return flow.latencies[before:], reached


if __name__ == "__main__":
    main()
