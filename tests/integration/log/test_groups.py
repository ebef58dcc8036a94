"""Groups: sharing, committing, taking over, fencing."""

from __future__ import annotations

import signal
import time
from contextlib import closing

import pytest

from chassis.log.partitioner import partition_number
from chassis.log.port import EventLog, Fenced, Partition, Record, Topic
from tests.integration.log.scenes import (
    a_child,
    a_name,
    a_topic,
    drain,
    fill,
    next_offsets,
    numbered,
    poll_until,
    values_by_key,
)


@pytest.fixture
def group() -> str:
    return a_name("group")


def test_a_new_group_starts_at_the_beginning_and_keeps_order(log: EventLog, group: str) -> None:
    topic = a_topic(log)
    pairs = numbered(120)
    fill(log, topic, pairs)
    with closing(log.consumer(group=group, topics=[topic], member="m1")) as consumer:
        records = drain(consumer, 120, limit=7)
        assert list(consumer.poll(timeout_seconds=0.1, limit=10)) == []
    expected = {key: [value for k, value in pairs if k == key] for key, _ in pairs}
    assert values_by_key(records) == expected


def test_a_member_after_a_restart_goes_on_behind_what_was_committed(
    log: EventLog, group: str
) -> None:
    topic = a_topic(log, partition_count=1)
    (partition,) = log.partitions(topic)
    fill(log, topic, numbered(30))
    assert log.committed(group, [topic]) == {partition: 0}

    with closing(log.consumer(group=group, topics=[topic], member="m1")) as consumer:
        assert len(consumer.poll(timeout_seconds=10, limit=12)) == 12
        consumer.commit({partition: 12})
        assert log.committed(group, [topic]) == {partition: 12}
        drain(consumer, 18)  # read, not committed
    with closing(log.consumer(group=group, topics=[topic], member="m2")) as consumer:
        assert [one.offset for one in drain(consumer, 18)] == list(range(12, 30))
    assert log.end_offsets([topic]) == {partition: 30}
    assert log.committed(a_name("other"), [topic]) == {partition: 0}


def test_two_groups_do_not_disturb_each_other(log: EventLog) -> None:
    topic = a_topic(log)
    fill(log, topic, numbered(20))
    for _ in range(2):
        with closing(log.consumer(group=a_name("group"), topics=[topic], member="m")) as consumer:
            assert len(drain(consumer, 20, commit=True)) == 20


def test_members_share_the_partitions_of_all_their_topics(log: EventLog, group: str) -> None:
    topics = [a_topic(log, partition_count=4), a_topic(log, partition_count=3)]
    everything = {partition for topic in topics for partition in log.partitions(topic)}
    with (
        closing(log.consumer(group=group, topics=topics, member="m1")) as first,
        closing(log.consumer(group=group, topics=topics, member="m2")) as second,
    ):
        poll_until([first], lambda: first.assignment() == everything)
        poll_until(
            [first, second],
            lambda: sorted((len(first.assignment()), len(second.assignment()))) == [3, 4],
        )
        assert first.assignment() | second.assignment() == everything

        for topic in topics:
            fill(log, topic, numbered(50, key_count=25))
        heard: list[Record] = []
        deadline = time.monotonic() + 60
        while len(heard) < 100:
            assert time.monotonic() < deadline
            for member in (first, second):
                batch = member.poll(timeout_seconds=0.1, limit=20)
                assert {one.partition for one in batch} <= member.assignment()
                member.commit(next_offsets(batch))
                heard += batch
        assert len({(one.partition, one.offset) for one in heard}) == len(heard) == 100


def test_a_member_that_leaves_is_replaced_at_once(opened, group: str) -> None:
    log = opened(session_seconds=60)
    topic = a_topic(log)
    with (
        closing(log.consumer(group=group, topics=[topic], member="m1")) as first,
        closing(log.consumer(group=group, topics=[topic], member="m2")) as second,
    ):
        poll_until(
            [first, second], lambda: len(first.assignment()) == len(second.assignment()) == 2
        )
        started = time.monotonic()
        first.close()
        poll_until([second], lambda: len(second.assignment()) == 4, seconds=30)
        assert time.monotonic() - started < 30  # nobody waited for the session's end


def test_a_dead_member_is_replaced_in_time_and_its_uncommitted_records_come_again(
    log: EventLog, log_url: str, group: str, report
) -> None:
    topic = a_topic(log)
    fill(log, topic, numbered(20))
    with a_child("hold", log_url, topic, group, "6") as child:
        assert child.line() == "holding"
        child.process.send_signal(signal.SIGKILL)
        died_at = time.monotonic()
        with closing(log.consumer(group=group, topics=[topic], member="m2")) as heir:
            assert len(drain(heir, 20, seconds=10)) == 20
            seconds = time.monotonic() - died_at
    assert seconds < 10
    report(f"{log_url.split(':')[0]}: a killed member replaced after {seconds:.1f} s (session 6 s)")


def test_a_member_taken_for_dead_cannot_commit(opened, log_url: str, group: str) -> None:
    log = opened(session_seconds=2)
    topic = a_topic(log, partition_count=1)
    (partition,) = log.partitions(topic)
    fill(log, topic, numbered(20))
    with a_child("hold", log_url, topic, group, "2") as zombie:
        assert zombie.line() == "holding"
        zombie.process.send_signal(signal.SIGSTOP)
        with closing(log.consumer(group=group, topics=[topic], member="m2")) as heir:
            drain(heir, 20)
            heir.commit({partition: 17})
            zombie.process.send_signal(signal.SIGCONT)
            zombie.tell("commit now")
            assert zombie.line() == "fenced"
    assert log.committed(group, [topic]) == {partition: 17}


def test_a_fenced_member_gets_what_it_still_holds_again(log: EventLog, group: str) -> None:
    topic = a_topic(log, partition_count=2)
    fill(log, topic, numbered(40, key_count=20))
    with closing(log.consumer(group=group, topics=[topic], member="m1")) as consumer:
        before = drain(consumer, 40)
        with pytest.raises(Fenced):
            consumer.commit(next_offsets(before) | {Partition(topic, 99): 1})
        assert set(log.committed(group, [topic]).values()) == {0}
        again = drain(consumer, 40, commit=True)
    assert sorted(again, key=repr) == sorted(before, key=repr)


def test_seek_reads_again_from_there(log: EventLog, group: str) -> None:
    topic = a_topic(log, partition_count=1)
    (partition,) = log.partitions(topic)
    fill(log, topic, numbered(20))
    with closing(log.consumer(group=group, topics=[topic], member="m1")) as consumer:
        drain(consumer, 20)
        consumer.seek(partition, 13)
        assert [one.offset for one in drain(consumer, 7)] == list(range(13, 20))
        with pytest.raises(Fenced):
            consumer.seek(Partition(topic, 5), 0)


def test_a_paused_partition_rests_while_others_flow_and_the_member_lives_on(
    opened, group: str
) -> None:
    log = opened(session_seconds=2)
    topic = a_topic(log, partition_count=2)
    resting, flowing = log.partitions(topic)
    with closing(log.consumer(group=group, topics=[topic], member="m1")) as consumer:
        poll_until([consumer], lambda: len(consumer.assignment()) == 2)
        consumer.pause([resting, Partition(topic, 99)])
        places = fill(log, topic, numbered(40, key_count=20))
        here = [place for place in places if place[0] == flowing]
        there = [place for place in places if place[0] == resting]
        assert here
        assert there

        heard = drain(consumer, len(here))
        deadline = time.monotonic() + 3
        while time.monotonic() < deadline:  # longer than the session
            heard += consumer.poll(timeout_seconds=0.3, limit=100)
        assert {one.partition for one in heard} == {flowing}
        assert len(heard) == len(here)

        consumer.commit(next_offsets(heard))
        consumer.resume([resting])
        assert [(one.partition, one.offset) for one in drain(consumer, len(there))] == sorted(
            there, key=lambda place: place[1]
        )


def test_a_partition_cut_by_the_limit_and_paused_flows_again_after_others_were_heard(
    log: EventLog, group: str
) -> None:
    topic = a_topic(log, partition_count=2)
    resting, flowing = log.partitions(topic)
    fill(log, topic, [(_key_in(resting), b"%d" % number) for number in range(30)])
    with closing(log.consumer(group=group, topics=[topic], member="m1")) as consumer:
        heard = drain(consumer, 10, limit=10)
        consumer.pause([resting])
        assert list(consumer.poll(timeout_seconds=0.2, limit=10)) == []
        fill(log, topic, [(_key_in(flowing), b"%d" % number) for number in range(5)])
        drain(consumer, 5)
        consumer.resume([resting])
        heard += drain(consumer, 20, limit=10)
    assert [(one.partition, one.offset) for one in heard] == [(resting, at) for at in range(30)]


def _key_in(partition: Partition) -> str:
    return next(key for key in map(str, range(99)) if partition_number(key, 2) == partition.number)


def test_a_long_handler_does_not_cost_the_membership(opened, group: str) -> None:
    log = opened(session_seconds=2)
    topic = a_topic(log, partition_count=1)
    fill(log, topic, numbered(5))
    with closing(log.consumer(group=group, topics=[topic], member="m1")) as consumer:
        batch = drain(consumer, 5)
        time.sleep(3)
        consumer.commit(next_offsets(batch))


def test_a_topic_created_later_reaches_the_members(log: EventLog, group: str) -> None:
    here, later = a_topic(log), a_name("later")
    with closing(log.consumer(group=group, topics=[here, later], member="m1")) as consumer:
        poll_until([consumer], lambda: len(consumer.assignment()) == 4)
        log.create_topics([Topic(later, partition_count=2)])
        fill(log, later, numbered(10))
        assert {one.partition.topic for one in drain(consumer, 10)} == {later}


def test_wake_up_latency_is_reported(log: EventLog, log_url: str, group: str, report) -> None:
    topic = a_topic(log)
    producer = log.producer()
    with closing(log.consumer(group=group, topics=[topic], member="m1")) as consumer:
        poll_until([consumer], lambda: len(consumer.assignment()) == 4)
        milliseconds = []
        for number in range(100):
            started = time.monotonic()
            producer.append(topic, str(number), b"x" * 600)
            drain(consumer, 1)
            milliseconds.append((time.monotonic() - started) * 1000)
    producer.close()
    milliseconds.sort()
    report(
        f"{log_url.split(':')[0]}: append to poll p50 {milliseconds[50]:.1f} ms, "
        f"p98 {milliseconds[97]:.1f} ms, most {milliseconds[99]:.1f} ms"
    )
