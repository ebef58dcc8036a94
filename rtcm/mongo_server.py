"""The embedded MongoDB wire server: SecantusDB, a child process of whoever starts it.

It is GPL-2.0 and therefore only ever a process of its own. ``--sync-on-commit`` is not a choice:
without it ``kill -9`` loses acknowledged writes.
"""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from chassis.clock import monotonic
from chassis.errors import Unavailable
from chassis.mongo.connection import end_open_transactions

_READY_TIMEOUT_SECONDS = 60.0


class MongoNotStarted(Exception):
    """The database cannot run here; the message says what to do."""


class MongoServer:
    """One server on 127.0.0.1; its port and documents stay with its data directory."""

    def __init__(self, data: Path) -> None:
        self._data = data.resolve()
        self._data.mkdir(parents=True, exist_ok=True)
        self._process: subprocess.Popen[bytes] | None = None
        self._port = self._known_port() or _free_port()

    @property
    def uri(self) -> str:
        """For ``chassis.mongo.connection.connect``."""
        return f"mongodb://127.0.0.1:{self._port}/?directConnection=true"

    @property
    def pid(self) -> int | None:
        """Of the server while it runs."""
        running = self._process is not None and self._process.poll() is None
        return self._process.pid if self._process is not None and running else None

    @property
    def server_log(self) -> Path:
        """What the server says."""
        return self._data / "server.log"

    def start(self) -> None:
        """Start, or start again on the same data and port; returns when clients can connect.

        Raises:
            MongoNotStarted: the server is not installed, or ended; says what to do.
        """
        if self.pid is not None:
            return
        with self.server_log.open("ab") as log:
            self._process = subprocess.Popen(
                [
                    _executable(),
                    "--host", "127.0.0.1",
                    "--port", str(self._port),
                    "--storage-path", str(self._data / "store"),
                    "--sync-on-commit",
                    "--log-level", "WARNING",
                ],
                cwd=self._data,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C is for the one who stops us in order
            )  # fmt: skip
        (self._data / "port").write_text(str(self._port))
        (self._data / "mongo.pid").write_text(str(self._process.pid))
        self._wait_until_ready()

    def free_locks(self) -> None:
        """Let nobody wait a minute for the transaction of a process that was killed."""
        with suppress(Unavailable):  # away itself: then nothing is locked either
            end_open_transactions(self.uri)

    def stop(self, timeout_seconds: float = 15.0) -> None:
        """End in order; killed when that takes too long."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(timeout_seconds)
        except subprocess.TimeoutExpired:
            self.kill()
        self._process = None

    def kill(self) -> None:
        """``kill -9``; ``start`` brings the same documents back."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None

    def _known_port(self) -> int | None:
        kept = self._data / "port"
        return int(kept.read_text()) if kept.exists() else None

    def _wait_until_ready(self) -> None:
        deadline = monotonic() + _READY_TIMEOUT_SECONDS
        while monotonic() < deadline:
            if self.pid is None:
                break
            with socket.socket() as probe:
                probe.settimeout(0.5)
                if probe.connect_ex(("127.0.0.1", self._port)) == 0:
                    return
            time.sleep(0.05)
        self.kill()
        raise MongoNotStarted(f"the database did not start; {self.server_log} says why")


def _executable() -> str:
    beside = Path(sys.executable).parent / "secantusd-py"
    found = str(beside) if beside.exists() else shutil.which("secantusd-py")
    if found is None:
        raise MongoNotStarted(
            "the embedded database is not installed: install the extra `embedded`, or set "
            "RTCM_MONGO_URI to a MongoDB replica set"
        )
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
