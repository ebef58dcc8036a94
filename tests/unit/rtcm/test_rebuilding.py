from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chassis.errors import Unavailable
from chassis.log.factory import open_log
from chassis.log.port import EventLog, Topic
from rtcm.rebuilding import Rebuild, RebuildStalled

PROGRAMMES = "rtcm.registration.programme"
RUNS = "rtcm.selection.run"


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventLog]:
    log = open_log(f"sqlite:///{tmp_path / 'log.db'}")
    log.create_topics([Topic(PROGRAMMES, partition_count=2), Topic(RUNS, partition_count=1)])
    yield log
    log.close()


class Services:
    """Two services with an outbox each, whose relays do as told."""

    def __init__(self, log: EventLog, *, relayed: int = 99, away: str = "") -> None:
        self.log = log
        self.outboxes = {"registration": (PROGRAMMES, ["a", "b"]), "selection": (RUNS, ["c"])}
        self.pending = dict.fromkeys(self.outboxes, 0)
        self.relayed = relayed
        self.away = away

    def __call__(self, service: str, method: str, path: str) -> dict[str, Any]:
        if service == self.away:
            raise Unavailable(f"{service}.unavailable", f"{service} does not answer")
        if (method, path) == ("GET", "/ops/flow"):
            return {"pending": self.pending[service]}
        assert (method, path) == ("POST", "/ops/log/republish")
        return {"count": self._republish(service)}

    def _republish(self, service: str) -> int:
        topic, keys = self.outboxes[service]
        producer = self.log.producer()
        for key in keys[: self.relayed]:
            producer.append(topic, key, b"{}").result()
        producer.close()
        self.pending[service] = max(0, len(keys) - self.relayed)
        return len(keys)


class Forgetful(Services):
    """Their relays die before they mark what they sent."""

    def _republish(self, service: str) -> int:
        self.pending[service] = super()._republish(service)
        return self.pending[service]


def rebuild(log: EventLog, services: Services) -> Rebuild:
    return Rebuild(log, tuple(services.outboxes), services, patience_seconds=0.05)


def keys_of(log: EventLog) -> list[str]:
    return sorted(
        record.key
        for partition in log.end_offsets([PROGRAMMES, RUNS])
        for record in log.read(partition, offset=0, limit=10)
    )


def test_all_is_there_again_and_nothing_of_before(log: EventLog) -> None:
    producer = log.producer()
    producer.append(PROGRAMMES, "damaged", b"?").result()
    producer.close()

    assert rebuild(log, Services(log)).run() == 3

    assert keys_of(log) == ["a", "b", "c"]
    assert (len(log.partitions(PROGRAMMES)), len(log.partitions(RUNS))) == (2, 1)


def test_what_never_arrives_is_named_with_what_to_do(log: EventLog) -> None:
    with pytest.raises(RebuildStalled) as stalled:
        rebuild(log, Services(log, relayed=1)).run()

    assert str(stalled.value) == (
        "nothing arrived in the log for 0 s: 2 of 3 events are there, still to be sent are "
        "1 of registration. Nothing is lost: they leave by themselves once the log and the "
        "workers are there (`rtcm status` shows which are not); if the log was damaged, rebuild "
        "it again"
    )


def test_rows_that_nobody_marks_as_sent_are_still_waiting(log: EventLog) -> None:
    services = Forgetful(log)

    with pytest.raises(RebuildStalled, match="still to be sent are 2 of registration, 1 of sel"):
        rebuild(log, services).run()


def test_a_service_that_is_away_is_named(log: EventLog) -> None:
    with pytest.raises(RebuildStalled) as stalled:
        rebuild(log, Services(log, away="selection")).run()

    assert str(stalled.value) == (
        "the log is wiped, and selection could not be asked to publish again (selection does not "
        "answer): bring it back and run `rtcm log rebuild` again; consumers do nothing twice"
    )
