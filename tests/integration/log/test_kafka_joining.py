"""A leader that joins anew because topics changed, polled often."""

from __future__ import annotations

import time
from contextlib import closing

import pytest

from chassis.log.factory import open_log
from chassis.log.port import Topic
from rtcm.kafka_server import KafkaServer
from tests.integration.log.scenes import a_name, poll_until

pytestmark = pytest.mark.kafka


def test_an_assignment_confirmed_between_two_polls_is_taken(
    kafka_server: KafkaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Assigning takes longer than a poll: the poll has given up when the broker confirms."""
    log = open_log(kafka_server.url)
    topic = a_name("topic")
    with (
        closing(log),
        closing(log.consumer(group=a_name("group"), topics=[topic], member="m")) as one,
    ):
        one.poll(timeout_seconds=5, limit=10)  # joined, and there is nothing to hold yet
        coordinator = one._client._coordinator
        assign = coordinator._perform_assignment
        asked: list[int] = []

        def assign_slowly(*arguments: object) -> object:
            asked.append(len(asked))
            assigned = assign(*arguments)
            time.sleep(0.3)
            return assigned

        monkeypatch.setattr(coordinator, "_perform_assignment", assign_slowly)
        log.create_topics([Topic(topic, partition_count=4)])
        poll_until([one], lambda: len(one.assignment()) == 4, seconds=40)
        assert asked
