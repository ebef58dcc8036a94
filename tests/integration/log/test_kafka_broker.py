"""What only a broker can do to us: go away and come back."""

from __future__ import annotations

import gc
import logging
import time
from collections.abc import Iterator
from contextlib import closing, suppress

import pytest

from chassis.log.factory import open_log
from chassis.log.port import EventLog, LogUnavailable, Producer
from rtcm.kafka_server import KafkaServer
from tests.integration.log.scenes import a_name, a_topic, drain, fill, numbered, read_all

pytestmark = [
    pytest.mark.kafka,
    # kafka-python leaves the sockets of refused connections to the garbage collector, and what
    # it logs about them keeps them alive.
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),
]

_BOUNDED_SECONDS = 30  # limits here are 8 s; a machine under load adds to them, hanging has no end


@pytest.fixture
def log(kafka_server: KafkaServer, caplog: pytest.LogCaptureFixture) -> Iterator[EventLog]:
    caplog.set_level(logging.CRITICAL, logger="kafka")
    log = open_log(kafka_server.url, append_timeout_seconds=8)
    yield log
    kafka_server.start()  # for the next test, whatever happened here
    log.close()
    gc.collect()


def test_a_broker_killed_and_started_again_has_lost_nothing(
    log: EventLog, kafka_server: KafkaServer
) -> None:
    topic, group, url = a_topic(log), a_name("group"), kafka_server.url
    fill(log, topic, numbered(100))
    before = read_all(log, topic)
    producer, closed_while_away = log.producer(), log.producer()
    for one in (producer, closed_while_away):
        one.append(topic, "key-0", b"before").result(10)

    with closing(log.consumer(group=group, topics=[topic], member="m1")) as consumer:
        drain(consumer, 102, commit=True)
        kafka_server.kill()
        _check_everything_answers_in_time(log, topic, group)
        _check_appends_fail_in_time(producer, topic)
        _check_closing_does_not_hang(closed_while_away, topic)
        with suppress(LogUnavailable):  # as good an answer as none
            assert list(consumer.poll(timeout_seconds=0.2, limit=10)) == []

        kafka_server.start()
        assert kafka_server.url == url
        place = _append_once_it_is_back(producer, topic)
        heard = drain(consumer, 1)
        while (heard[-1].partition, heard[-1].offset) != place:  # what failed may have arrived
            heard += drain(consumer, 1)
        consumer.commit({place[0]: place[1] + 1})
    producer.close()

    after = read_all(log, topic)
    assert [record for record in after if record in before] == before
    assert log.end_offsets([topic])[place[0]] == place[1] + 1
    assert log.committed(group, [topic])[place[0]] == place[1] + 1


def _append_once_it_is_back(producer: Producer, topic: str) -> tuple[int, int]:
    """Where the first record that is acknowledged again lies; on a slow machine some are not."""
    deadline = time.monotonic() + 60
    while True:
        try:
            return producer.append(topic, "key-0", b"back").result(10)
        except LogUnavailable:
            assert time.monotonic() < deadline


def _check_everything_answers_in_time(log: EventLog, topic: str, group: str) -> None:
    started = time.monotonic()
    with pytest.raises(LogUnavailable):
        log.end_offsets([topic])
    with pytest.raises(LogUnavailable):
        log.consumer(group=group, topics=[topic], member="m2").poll(timeout_seconds=0.1, limit=1)
    assert time.monotonic() - started < _BOUNDED_SECONDS


def _check_appends_fail_in_time(producer: Producer, topic: str) -> None:
    started = time.monotonic()
    waiting = [producer.append(topic, "key-0", b"away") for _ in range(100)]
    assert all(isinstance(one.exception(30), LogUnavailable) for one in waiting)
    assert time.monotonic() - started < _BOUNDED_SECONDS


def _check_closing_does_not_hang(producer: Producer, topic: str) -> None:
    stuck = producer.append(topic, "key-0", b"stuck")
    started = time.monotonic()
    producer.close(timeout_seconds=0.5)
    assert isinstance(stuck.exception(30), LogUnavailable)
    assert time.monotonic() - started < _BOUNDED_SECONDS
