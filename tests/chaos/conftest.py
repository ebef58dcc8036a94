"""Where Kafka cannot be started, that is said aloud; with ``CI=true`` it is a failure."""

from __future__ import annotations

import os

import pytest

from rtcm.kafka_server import missing_tools

_NOT_RUN: set[str] = set()


@pytest.fixture
def kafka_here() -> None:
    """This machine can run Apache Kafka."""
    missing = missing_tools()
    if not missing:
        return
    _NOT_RUN.add(missing)
    if os.environ.get("CI") == "true":
        pytest.fail(f"CI must run the storm on Apache Kafka, but: {missing}")
    pytest.skip(f"Apache Kafka: {missing}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for missing in _NOT_RUN:
        terminalreporter.section("NO STORM ON APACHE KAFKA", red=True, bold=True)
        terminalreporter.line(missing)
