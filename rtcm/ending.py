"""Waiting for the word to end."""

from __future__ import annotations

import signal
import threading


def wait_for_end() -> None:
    """Until Ctrl-C or SIGTERM."""
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    while not ended.wait(0.5):
        pass
