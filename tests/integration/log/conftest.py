"""One behaviour suite, two engines; where Kafka cannot be started, that is said aloud.

``RTCM_TEST_KAFKA_URL`` names a broker to use in place of one of our own. It must allow sessions of
1 s (``group.min.session.timeout.ms``); what kills and restarts the broker is not run on it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from chassis.log.factory import open_log
from chassis.log.kafka import KafkaConnection, KafkaLog
from chassis.log.port import EventLog
from rtcm.kafka_server import KafkaServer, missing_tools

OpenLog = Callable[..., EventLog]

_FIGURES: list[str] = []
_NOT_RUN: set[str] = set()


@pytest.fixture(scope="session")
def kafka_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KafkaServer]:
    """A real broker for the whole session; sessions of members may be as short as 1 s."""
    if _given_url():
        pytest.skip("the broker was given: it is not ours to kill")
    missing = missing_tools()
    if missing:
        _NOT_RUN.add(missing)
        if os.environ.get("CI") == "true":
            pytest.fail(f"CI must run the suite on Apache Kafka, but: {missing}")
        pytest.skip(f"Apache Kafka: {missing}")
    server = KafkaServer(
        tmp_path_factory.mktemp("kafka"),
        settings={
            "group.min.session.timeout.ms": "1000",
            "log.cleaner.backoff.ms": "200",
            "broker.session.timeout.ms": "3000",  # a killed broker may come back after this time
            "broker.heartbeat.interval.ms": "500",
        },
    )
    server.start()
    yield server
    server.stop()


@pytest.fixture(params=["sqlite", pytest.param("kafka", marks=pytest.mark.kafka)])
def log_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'log.db'}"
    if given := _given_url():
        return given
    server: KafkaServer = request.getfixturevalue("kafka_server")
    return server.url


def _given_url() -> str:
    return os.environ.get("RTCM_TEST_KAFKA_URL", "")


@pytest.fixture
def opened(log_url: str) -> Iterator[OpenLog]:
    """Opens the log of the scene with other settings; closed at the end."""
    with ExitStack() as stack:

        def open_one(**settings: float) -> EventLog:
            log = open_log(log_url, **settings)
            stack.callback(log.close)
            return log

        yield open_one


@pytest.fixture
def log(opened: OpenLog) -> EventLog:
    return opened()


@pytest.fixture
def hurried_log(log_url: str) -> Iterator[EventLog]:
    """A log that compacts within seconds."""
    log = open_log(log_url)
    if log_url.startswith("kafka:"):
        log.close()
        log = KafkaLog(
            KafkaConnection.from_url(log_url),
            compacted_settings={
                "segment.ms": "200",
                "min.cleanable.dirty.ratio": "0.01",
                "max.compaction.lag.ms": "300",
            },
        )
    yield log
    log.close()


@pytest.fixture
def report() -> Callable[[str], None]:
    """Print a figure at the end of the run; figures are not judged, machines differ."""
    return _FIGURES.append


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for missing in _NOT_RUN:
        terminalreporter.section("EVENT LOG NOT TESTED ON APACHE KAFKA", red=True, bold=True)
        terminalreporter.line(missing)
    if _FIGURES:
        terminalreporter.section("event log figures")
        for figure in _FIGURES:
            terminalreporter.line(figure)
