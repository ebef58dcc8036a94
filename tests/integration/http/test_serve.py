"""The server ends in order: what is under way is finished, nothing new is taken."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import urllib3

_ROOT = Path(__file__).parents[3]


def a_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until(holds: Callable[[], bool], *, seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "did not happen in time"
        time.sleep(0.02)


def answers(url: str) -> bool:
    try:
        return urllib3.request("GET", url, retries=False, timeout=2.0).status == 200
    except urllib3.exceptions.HTTPError:
        return False


@contextmanager
def started(reached: Path, errors: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    port = a_free_port()
    command = [sys.executable, "-m", "tests.integration.http.slow_service", str(port), str(reached)]
    with errors.open("wb") as sink, subprocess.Popen(command, cwd=_ROOT, stderr=sink) as process:
        url = f"http://127.0.0.1:{port}"
        try:
            wait_until(lambda: answers(f"{url}/quick"))
            yield process, url
        finally:
            process.kill()


def test_sigterm_lets_a_request_finish_and_ends_the_process(tmp_path: Path):
    reached = tmp_path / "reached"
    with started(reached, tmp_path / "errors") as (process, url):
        answered: list[Any] = []

        def ask() -> None:
            answered.append(urllib3.request("GET", f"{url}/slow", retries=False).data)

        asking = threading.Thread(target=ask)
        asking.start()
        wait_until(reached.exists)
        process.send_signal(signal.SIGTERM)
        asking.join(timeout=10)
        assert answered == [b"done"]
        assert process.wait(timeout=10) == 0
        assert not answers(f"{url}/quick")


def test_server_says_what_it_has_to_say_as_json_lines(tmp_path: Path):
    with started(tmp_path / "reached", tmp_path / "errors") as (process, _):
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=10)
    entries = [json.loads(line) for line in (tmp_path / "errors").read_text().splitlines()]
    assert ("gunicorn.error", "said by the server") in [
        (entry["logger"], entry["message"]) for entry in entries
    ]
