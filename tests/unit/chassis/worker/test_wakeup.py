"""Local wake-ups where the operating system refuses them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chassis.worker.wakeup import LocalRing, LocalWakeUp


@contextmanager
def ring(directory: Path) -> Iterator[LocalRing]:
    made = LocalRing(directory, "listener")
    yield made
    made._voice.close()


def test_a_path_too_long_for_a_socket_costs_the_hint_and_not_the_worker(tmp_path: Path) -> None:
    directory = tmp_path / ("long" * 40)
    stop = threading.Event()
    listening = threading.Thread(
        target=LocalWakeUp(directory, "listener", {"outbox": threading.Event()}, stop).run
    )
    listening.start()
    listening.join(0.3)
    still_there = listening.is_alive()
    stop.set()
    listening.join()

    assert still_there
    with ring(directory) as call:
        call(["outbox"])


def test_a_ring_is_heard(tmp_path: Path) -> None:
    stop, bell = threading.Event(), threading.Event()
    listening = threading.Thread(
        target=LocalWakeUp(tmp_path, "listener", {"outbox": bell}, stop).run
    )
    listening.start()
    while not list(tmp_path.glob("*.wake")):
        stop.wait(0.01)
    with ring(tmp_path) as call:
        call(["outbox", "timer"])
    rang = bell.wait(5.0)
    stop.set()
    listening.join()

    assert rang
