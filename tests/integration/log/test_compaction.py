"""Compacted topics: the newest record of every key stays, older ones go."""

from __future__ import annotations

import time
from contextlib import closing

from chassis.log.port import EventLog
from tests.integration.log.scenes import a_name, a_topic, drain, fill, read_all


def test_compaction_keeps_the_newest_record_of_every_key(hurried_log: EventLog) -> None:
    log = hurried_log
    topic = a_topic(log, partition_count=2, compacted=True)
    pairs = [(f"key-{number % 10}", f"{number}".encode()) for number in range(6000)]
    pairs += [("key-3", None), ("key-4", b"last")]
    fill(log, topic, pairs)
    newest = dict(pairs)
    # Kafka closes the active segment, the only one it does not clean, when more arrives.
    more = [(f"more-{number}", b"") for number in range(6)]

    deadline = time.monotonic() + 60
    kept = read_all(log, topic)
    while len(kept) > 1000 and time.monotonic() < deadline:
        time.sleep(0.3)
        fill(log, topic, more)
        newest |= dict(more)
        kept = read_all(log, topic)

    assert len(kept) <= 1000
    assert {record.key: record.value for record in kept} == newest
    partitions = {(record.key, record.partition) for record in kept}
    assert len(partitions) == len(newest)
    assert sum(log.end_offsets([topic]).values()) >= 6002

    with closing(log.consumer(group=a_name("group"), topics=[topic], member="m1")) as consumer:
        heard: dict[str, bytes | None] = {}
        while heard != newest:  # the log goes on being compacted; drain fails when nothing comes
            heard |= {record.key: record.value for record in drain(consumer, 1, limit=1000)}


def test_an_ordinary_topic_is_never_compacted(log: EventLog) -> None:
    topic = a_topic(log, partition_count=1)
    fill(log, topic, [("key", str(number).encode()) for number in range(1200)])
    assert [record.offset for record in read_all(log, topic)] == list(range(1200))
