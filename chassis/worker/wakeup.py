"""Wake-ups: the worker learns at once that something was committed.

Only a hint. The loops look by themselves every few seconds, and nothing depends on a hint that
was lost. Two ways (docs/decisions/0007): a change stream, where processes live on several
machines; datagrams between processes of one machine, where the embedded database would spend more
on a stream than on the work itself.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
from collections.abc import Collection, Mapping
from contextlib import suppress
from pathlib import Path

from chassis.mongo.connection import Database, DriverError

_log = logging.getLogger(__name__)

Bells = Mapping[str, threading.Event]
"""Collection name (``outbox``, ``timer``, ``job``) -> event to set."""


class StreamWakeUp:
    """Listens to the database's change stream."""

    def __init__(self, database: Database, bells: Bells, stop: threading.Event) -> None:
        self._database = database
        self._bells = bells
        self._stop = stop

    def run(self) -> None:
        """Listen until told to stop."""
        wanted = {
            "ns.coll": {"$in": sorted(self._bells)},
            "operationType": {"$in": ["insert", "update", "replace"]},
        }
        while not self._stop.is_set():
            try:
                with self._database.pymongo.watch(
                    [{"$match": wanted}], max_await_time_ms=500
                ) as stream:
                    while stream.alive and not self._stop.is_set():
                        change = stream.try_next()
                        if change is not None:
                            self._bells[change["ns"]["coll"]].set()
            except DriverError as error:
                _log.info("wakeup.lost", extra={"reason": type(error).__name__})
                self._stop.wait(1.0)


class LocalWakeUp:
    """Listens to processes of this machine: a datagram names the collections that changed."""

    def __init__(self, directory: Path, service: str, bells: Bells, stop: threading.Event) -> None:
        self._path = directory / f"{service}-{os.getpid()}.wake"
        self._bells = bells
        self._stop = stop

    def run(self) -> None:
        """Listen until told to stop."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
            try:
                ear.bind(str(self._path))
            except OSError as error:  # the path is longer than about 100 bytes, or not writable
                _log.warning("wakeup.none", extra={"reason": str(error)})
                self._stop.wait()
                return
            ear.settimeout(0.5)
            while not self._stop.is_set():
                with suppress(TimeoutError):
                    for name in ear.recv(256).decode(errors="replace").split():
                        if name in self._bells:
                            self._bells[name].set()
        self._path.unlink(missing_ok=True)


class LocalRing:
    """Tells the workers of a service on this machine what changed."""

    def __init__(self, directory: Path, service: str) -> None:
        self._directory = directory
        self._pattern = f"{service}-*.wake"
        self._voice = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._voice.setblocking(False)

    def __call__(self, collections: Collection[str]) -> None:
        text = " ".join(sorted(collections)).encode()
        for ear in self._directory.glob(self._pattern):
            try:
                self._voice.sendto(text, str(ear))
            except ConnectionRefusedError:
                ear.unlink(missing_ok=True)  # its worker was killed
            except OSError:
                continue  # its queue is full: it is awake
