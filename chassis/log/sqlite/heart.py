"""The heartbeat of a member of a consumer group, in a thread of its own."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

from chassis.clock import monotonic
from chassis.log.port import LogUnavailable
from chassis.log.sqlite import group as groups
from chassis.log.sqlite.file import LogFile

_logger = logging.getLogger(__name__)


class Heart:
    """Keeps one member alive and notices the death of others of its group."""

    def __init__(self, path: Path, *, group: str, session_seconds: float, patience: float) -> None:
        self._file = LogFile(path, durable=False)
        self._group = group
        self._interval = session_seconds / 6
        self._patience = patience
        self._identity = ""
        self._polled_at = monotonic()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"heart of {group}", daemon=True)
        self._thread.start()

    def caller_lives(self) -> None:
        """The thread that polls is not stuck."""
        self._polled_at = monotonic()

    def beat_for(self, identity: str) -> None:
        """Whom to keep alive."""
        self._identity = identity

    def stop(self) -> None:
        """Beat no more."""
        self._stopped.set()
        self._thread.join()
        self._file.close()

    def _run(self) -> None:
        beats = 0
        while not self._stopped.wait(self._interval):
            try:
                self._look_after_others()
                # Every other round: writing costs more than looking.
                beats += 1
                if beats % 2 == 0 and monotonic() - self._polled_at < self._patience:
                    with self._file.transaction() as db:
                        groups.beat(db, self._identity)
            except LogUnavailable as error:
                _logger.warning("no heartbeat for %s: %s", self._group, error)

    def _look_after_others(self) -> None:
        silent = self._file.rows(groups.SILENT_MEMBERS, (self._group, groups.microseconds_now()))
        if silent:
            with self._file.transaction() as db:
                for identity in groups.remove_silent(db, self._group):
                    _logger.warning("member %s of %s is silent: removed", identity, self._group)
