"""What the scenes of the behaviour suite share: a topic of its own, filling, draining, children."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Queue

from chassis.ids import new_id
from chassis.log.port import Consumer, EventLog, Partition, Record, Topic

ROOT = Path(__file__).resolve().parents[3]
CHILD = Path(__file__).with_name("child.py")


def a_name(what: str) -> str:
    return f"test.{what}.{new_id()[-12:]}"


def a_topic(log: EventLog, *, partition_count: int = 4, compacted: bool = False) -> str:
    name = a_name("topic")
    log.create_topics([Topic(name, partition_count=partition_count, compacted=compacted)])
    return name


def fill(
    log: EventLog, topic: str, pairs: Sequence[tuple[str, bytes | None]]
) -> list[tuple[Partition, int]]:
    """Append all, wait for all, in order."""
    producer = log.producer()
    try:
        futures = [producer.append(topic, key, value) for key, value in pairs]
        return [future.result(15) for future in futures]
    finally:
        producer.close()


def numbered(count: int, *, key_count: int = 5) -> list[tuple[str, bytes | None]]:
    return [(f"key-{number % key_count}", str(number).encode()) for number in range(count)]


def read_all(log: EventLog, topic: str) -> list[Record]:
    """Everything in the topic, by partition and offset, without a group."""
    records: list[Record] = []
    for partition, end in log.end_offsets([topic]).items():
        at = 0
        while at < end:
            found = log.read(partition, offset=at, limit=500)
            assert found, f"{partition}: nothing at {at}, end {end}"
            records += found
            at = found[-1].offset + 1
    return records


def drain(
    consumer: Consumer, count: int, *, limit: int = 100, seconds: float = 60.0, commit: bool = False
) -> list[Record]:
    """Poll until ``count`` records came."""
    records: list[Record] = []
    deadline = time.monotonic() + seconds
    while len(records) < count:
        assert time.monotonic() < deadline, f"{len(records)} of {count} records in {seconds} s"
        batch = consumer.poll(timeout_seconds=0.5, limit=limit)
        records += batch
        if commit and batch:
            consumer.commit(next_offsets(batch))
    return records


def poll_until(
    consumers: Sequence[Consumer], condition: Callable[[], bool], *, seconds: float = 60.0
) -> float:
    """Poll in turn, dropping records, until the condition holds; returns the seconds it took."""
    started = time.monotonic()
    while not condition():
        took = time.monotonic() - started
        assert took < seconds, f"not so after {took:.1f} s"
        for consumer in consumers:
            consumer.poll(timeout_seconds=0.05, limit=100)
    return time.monotonic() - started


def next_offsets(records: Sequence[Record]) -> dict[Partition, int]:
    return {record.partition: record.offset + 1 for record in records}


def values_by_key(records: Sequence[Record]) -> dict[str, list[bytes | None]]:
    found: dict[str, list[bytes | None]] = {}
    for record in records:
        found.setdefault(record.key, []).append(record.value)
    return found


@dataclass
class Child:
    """A process of its own (``child.py``) and the lines it prints."""

    process: subprocess.Popen[str]
    lines: Queue[str]

    def line(self, *, seconds: float = 60.0) -> str:
        try:
            return self.lines.get(timeout=seconds)
        except Empty:
            raise AssertionError(f"child said nothing for {seconds} s") from None

    def tell(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def rest(self) -> list[str]:
        """Every line until its end."""
        self.process.wait(20)
        self._reader.join(5)
        return [self.lines.get_nowait() for _ in range(self.lines.qsize())]

    def __post_init__(self) -> None:
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.put(line.rstrip("\n"))


@contextmanager
def a_child(*arguments: str) -> Iterator[Child]:
    process = subprocess.Popen(
        [sys.executable, str(CHILD), *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    try:
        yield Child(process, Queue())
    finally:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                stream.close()
