"""Waiting for the word to end."""

from __future__ import annotations

import signal
import threading


def word_to_end() -> threading.Event:
    """Set when Ctrl-C or SIGTERM comes, from now on."""
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    return ended


def wait_for_end() -> None:
    """Until Ctrl-C or SIGTERM."""
    ended = word_to_end()
    while not ended.wait(0.5):
        pass
