"""What only a broker can do to us: go away and come back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from chassis.log.factory import open_log
from chassis.log.port import EventLog, LogUnavailable
from rtcm.kafka_server import KafkaServer
from tests.integration.log.scenes import a_name, a_topic, drain, fill, numbered, read_all

pytestmark = pytest.mark.kafka


@pytest.fixture
def log(kafka_server: KafkaServer) -> Iterator[EventLog]:
    log = open_log(kafka_server.url, append_timeout_seconds=4)
    yield log
    kafka_server.start()  # for the next test, whatever happened here
    log.close()


def test_a_broker_killed_and_started_again_has_lost_nothing(
    log: EventLog, kafka_server: KafkaServer
) -> None:
    topic, group = a_topic(log), a_name("group")
    fill(log, topic, numbered(100))
    url, before = kafka_server.url, read_all(log, topic)
    producer = log.producer()
    producer.append(topic, "key-0", b"100").result(10)

    with closing(log.consumer(group=group, topics=[topic], member="m1")) as consumer:
        drain(consumer, 101, commit=True)
        kafka_server.kill()

        started = time.monotonic()
        waiting = [producer.append(topic, "key-0", b"away") for _ in range(100)]
        assert all(isinstance(one.exception(10), LogUnavailable) for one in waiting)
        assert time.monotonic() - started < 6  # the append timeout is 4 s
        for call in (
            lambda: log.end_offsets([topic]),
            lambda: log.committed(group, [topic]),
            lambda: log.read(before[0].partition, offset=0, limit=1),
            lambda: log.create_topics([]),
        ):
            started = time.monotonic()
            with pytest.raises(LogUnavailable):
                call()
            assert time.monotonic() - started < 5
        with pytest.raises(LogUnavailable):
            log.consumer(group=group, topics=[topic], member="m2").poll(
                timeout_seconds=0.1, limit=1
            )
        try:
            assert list(consumer.poll(timeout_seconds=0.2, limit=10)) == []
        except LogUnavailable:
            pass  # as good an answer

        kafka_server.start()
        assert kafka_server.url == url
        place = producer.append(topic, "key-0", b"back").result(10)
        heard = drain(consumer, 1)
        assert (heard[-1].partition, heard[-1].offset) == place
    producer.close()
    after = read_all(log, topic)
    assert [record for record in after if record in before] == before
    assert log.end_offsets([topic])[place[0]] == place[1] + 1


def test_closing_while_the_broker_is_away_does_not_hang(
    log: EventLog, kafka_server: KafkaServer
) -> None:
    topic = a_topic(log)
    fill(log, topic, numbered(5))
    consumer = log.consumer(group=a_name("group"), topics=[topic], member="m1")
    drain(consumer, 5)
    producer = log.producer()
    producer.append(topic, "key", b"1").result(10)
    kafka_server.kill()
    stuck = producer.append(topic, "key", b"2")

    started = time.monotonic()
    producer.close(timeout_seconds=0.5)
    assert isinstance(stuck.exception(5), LogUnavailable)
    consumer.close()
    log.close()
    assert time.monotonic() - started < 12
