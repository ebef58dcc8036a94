"""One child process that is started again when it dies by itself."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from chassis.clock import monotonic

_LONGEST_PAUSE_SECONDS = 10.0


class Process:
    """A named child; what it says goes to ``<logs>/<name>.log``."""

    def __init__(
        self, name: str, command: Sequence[str], environ: Mapping[str, str], logs: Path
    ) -> None:
        self.name = name
        self._command = list(command)
        self._environ = dict(environ)
        self._log = logs / f"{name}.log"
        self._running: subprocess.Popen[bytes] | None = None
        self._wanted = False
        self._deaths = 0
        self._restart_at = 0.0

    @property
    def pid(self) -> int | None:
        """While it runs."""
        if self._running is None or self._running.poll() is not None:
            return None
        return self._running.pid

    @property
    def log(self) -> Path:
        """Its log file."""
        return self._log

    def start(self) -> None:
        """Start unless it runs."""
        self._wanted = True
        if self.pid is not None:
            return
        with self._log.open("ab") as log:
            self._running = subprocess.Popen(
                self._command,
                env={**os.environ, **self._environ},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C is for the one who stops us in order
            )

    def watch(self) -> bool:
        """Start it again if it died; returns whether it did. Waits longer after each death."""
        if not self._wanted or self.pid is not None or monotonic() < self._restart_at:
            return False
        self._deaths += 1
        self._restart_at = monotonic() + min(
            _LONGEST_PAUSE_SECONDS, 0.25 * 2 ** min(self._deaths, 6)
        )
        self.start()
        return True

    def kill(self) -> None:
        """``kill -9``, the whole session: a server and its workers."""
        pid = self.pid
        if pid is not None:
            os.killpg(pid, signal.SIGKILL)
            assert self._running is not None
            self._running.wait()

    def ask_to_stop(self) -> None:
        """SIGTERM; it drains."""
        self._wanted = False
        pid = self.pid
        if pid is not None:
            os.kill(pid, signal.SIGTERM)

    def wait(self, timeout_seconds: float) -> None:
        """Until it has ended; killed when that takes too long."""
        if self._running is None:
            return
        try:
            self._running.wait(timeout_seconds)
        except subprocess.TimeoutExpired:
            self.kill()

    def forgive(self) -> None:
        """Forget earlier deaths: the next restart is immediate."""
        self._deaths = 0
        self._restart_at = 0.0
