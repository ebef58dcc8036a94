"""What the Kafka log makes of a client that answers in part."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from chassis.log.kafka import KafkaConnection, KafkaLog
from chassis.log.port import LogUnavailable, Partition


class PartialReader:
    """As kafka-python does while a broker comes back: the missing partition is a ``KeyError``."""

    def end_offsets(self, partitions: list[Any]) -> dict[Any, int]:
        raise KeyError(partitions[0])


def test_an_end_that_no_leader_tells_is_an_unavailable_log(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    log = KafkaLog(KafkaConnection.from_url("kafka://127.0.0.1:1"))

    @contextmanager
    def reader(self: KafkaLog, what: str) -> Iterator[PartialReader]:
        yield PartialReader()

    monkeypatch.setattr(KafkaLog, "_all_partitions", lambda *_: [Partition("t", 0)])
    monkeypatch.setattr(KafkaLog, "_reader", reader)

    with pytest.raises(LogUnavailable):
        log.end_offsets(["t"])
