"""Records: appended, durable, in order, read back."""

from __future__ import annotations

import signal

import pytest

from chassis.log.port import RECORD_BYTES_MAX, EventLog, LogUnavailable, Partition, Topic
from tests.integration.log.scenes import (
    a_child,
    a_name,
    a_topic,
    fill,
    numbered,
    read_all,
    values_by_key,
)


def test_records_come_back_as_they_were_appended(log: EventLog) -> None:
    topic = a_topic(log)
    pairs = [("plain", b"text"), ("empty", b""), ("tombstone", None), ("Gənclər", b"\x00\xff")]

    places = fill(log, topic, pairs)

    read = [log.read(partition, offset=offset, limit=1)[0] for partition, offset in places]
    assert [(one.key, one.value) for one in read] == pairs
    assert [(one.partition, one.offset) for one in read] == places


def test_records_of_one_key_share_a_partition_and_keep_their_order(log: EventLog) -> None:
    topic = a_topic(log)
    pairs = numbered(200)

    places = fill(log, topic, pairs)

    by_key = {
        key: {place[0] for (k, _), place in zip(pairs, places, strict=True) if k == key}
        for key, _ in pairs
    }
    assert all(len(partitions) == 1 for partitions in by_key.values())
    expected = {key: [value for k, value in pairs if k == key] for key, _ in pairs}
    assert values_by_key(read_all(log, topic)) == expected


def test_offsets_have_no_gaps(log: EventLog) -> None:
    topic = a_topic(log)

    places = fill(log, topic, numbered(200, key_count=40))

    ends = log.end_offsets([topic])
    assert sum(ends.values()) == 200
    for partition, end in ends.items():
        assert sorted(offset for one, offset in places if one == partition) == list(range(end))


def test_both_engines_place_a_key_where_kafka_does(log: EventLog) -> None:
    topic = a_topic(log, partition_count=12)
    places = fill(log, topic, [("21", b""), ("foobar", b""), ("abc", b"")])
    # murmur2 as published with Kafka's own tests: -973932308, -790332482, 479470107
    hashes = [-973932308, -790332482, 479470107]
    assert [place[0].number for place in places] == [(one & 0x7FFFFFFF) % 12 for one in hashes]


def test_two_processes_append_at_once_without_gaps_or_losses(log: EventLog, log_url: str) -> None:
    topic = a_topic(log)
    with (
        a_child("append", log_url, topic, "left", "150") as left,
        a_child("append", log_url, topic, "right", "150") as right,
    ):
        acknowledged = [line.split() for child in (left, right) for line in child.rest()[1:]]

    records = read_all(log, topic)
    found = [(record.value.decode(), record.partition.number, record.offset) for record in records]
    assert sorted(found) == sorted(
        (value, int(number), int(at)) for value, number, at in acknowledged
    )
    for partition, end in log.end_offsets([topic]).items():
        assert [r.offset for r in records if r.partition == partition] == list(range(end))
    for values in values_by_key(records).values():
        numbers = [int(value.decode().split("-")[1]) for value in values]
        assert numbers == sorted(numbers)


def test_what_was_acknowledged_survives_kill_9_of_the_producer(log: EventLog, log_url: str) -> None:
    topic = a_topic(log)
    with a_child("append", log_url, topic, "doomed", "1000000") as child:
        lines = [child.line() for _ in range(200)][1:]
        child.process.send_signal(signal.SIGKILL)
        lines += [line for line in child.rest() if len(line.split()) == 3]

    records = {record.value.decode(): record for record in read_all(log, topic)}
    for value, number, offset in (line.split() for line in lines):
        record = records[value]
        assert (record.partition.number, record.offset) == (int(number), int(offset))
    # At most the one record that was on its way is there without having been acknowledged.
    assert len(records) - len(lines) <= 1
    assert log.end_offsets([topic]) == {
        Partition(topic, number): sum(r.partition.number == number for r in records.values())
        for number in range(4)
    }


def test_appending_to_a_missing_topic_fails(opened) -> None:
    log = opened(append_timeout_seconds=2)
    producer = log.producer()
    with pytest.raises(LogUnavailable):
        producer.append(a_name("missing"), "key", b"value").result(10)
    producer.close()


def test_a_record_that_can_never_fit_is_refused_at_once(log: EventLog) -> None:
    topic = a_topic(log)
    producer = log.producer()
    with pytest.raises(ValueError, match="bytes is over"):
        producer.append(topic, "key", bytes(RECORD_BYTES_MAX))
    producer.append(topic, "key", bytes(RECORD_BYTES_MAX - 3)).result(15)
    producer.close()


def test_a_closed_producer_has_finished_its_work_and_takes_no_more(log: EventLog) -> None:
    topic = a_topic(log)
    producer = log.producer()
    futures = [producer.append(topic, key, value) for key, value in numbered(50)]
    producer.close()
    assert all(future.done() and future.exception() is None for future in futures)
    with pytest.raises(LogUnavailable):
        producer.append(topic, "key", b"late").result(5)
    producer.close()  # twice does no harm


def test_creating_a_topic_again_leaves_it_as_it_is(log: EventLog) -> None:
    topic = a_topic(log, partition_count=3)
    fill(log, topic, numbered(10))
    log.create_topics([Topic(topic, partition_count=7)])
    assert log.partitions(topic) == [Partition(topic, number) for number in range(3)]
    assert len(read_all(log, topic)) == 10


def test_a_deleted_topic_is_gone_and_may_come_anew(log: EventLog) -> None:
    topic, kept = a_topic(log), a_topic(log)
    fill(log, topic, numbered(10))
    fill(log, kept, numbered(10))

    log.delete_topics([topic, a_name("unknown")])

    assert (log.partitions(topic), log.end_offsets([topic])) == ([], {})
    log.create_topics([Topic(topic, partition_count=2)])
    assert log.end_offsets([topic]) == {Partition(topic, 0): 0, Partition(topic, 1): 0}
    assert len(read_all(log, kept)) == 10


def test_reading_outside_a_group_pages_and_ends(log: EventLog) -> None:
    topic = a_topic(log, partition_count=1)
    fill(log, topic, numbered(30))
    (partition,) = log.partitions(topic)

    assert [one.offset for one in log.read(partition, offset=10, limit=5)] == [10, 11, 12, 13, 14]
    assert [one.offset for one in log.read(partition, offset=27, limit=100)] == [27, 28, 29]
    assert list(log.read(partition, offset=30, limit=5)) == []
    assert list(log.read(Partition(a_name("unknown"), 0), offset=0, limit=5)) == []
