"""A worker's figures are answered beside its work, and only where that is asked for."""

from __future__ import annotations

import socket

import pytest
import urllib3

from chassis.metrics import TIMERS, served
from tests.integration.http.test_serve import a_free_port


def test_metrics_are_answered_while_the_worker_works() -> None:
    port = a_free_port()
    TIMERS.labels("test of metrics").inc()
    with served("127.0.0.1", port):
        answer = urllib3.request("GET", f"http://127.0.0.1:{port}/metrics", retries=False)
        assert b'rtcm_timers_fired_total{kind="test of metrics"} 1.0' in answer.data
    with pytest.raises(urllib3.exceptions.HTTPError):
        urllib3.request("GET", f"http://127.0.0.1:{port}/metrics", retries=False, timeout=1.0)


def test_a_taken_port_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match="in use"), served("127.0.0.1", port):
            pass


def test_without_a_port_nothing_is_served() -> None:
    with served("127.0.0.1", None):
        pass
