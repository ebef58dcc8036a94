"""Time: the only module that reads it.

Two times are kept apart. *Domain time* (``Clock``) is when things happen for people: windows,
offers, timers; outside production it can be moved. *Machine time* (``wall_now``, ``monotonic``)
is for leases, retries and tokens, and is never moved.
"""

from __future__ import annotations

import json
import os
import random
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

Clock = Callable[[], datetime]


def wall_now() -> datetime:
    """Machine time, UTC, whole milliseconds (as MongoDB stores it)."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


def monotonic() -> float:
    """Seconds of a clock that never jumps."""
    return time.monotonic()


def cpu_seconds() -> float:
    """Seconds of processor time that this process has used, all its threads together."""
    return time.process_time()


def jittered(seconds: float) -> float:
    """A pause of half to all of ``seconds``, so that those who failed together spread out."""
    return random.uniform(seconds / 2, seconds)  # noqa: S311 -- not a secret


def system_clock() -> datetime:
    """Domain time in production: machine time."""
    return wall_now()


class SharedClock:
    """Domain time that a demo or test moves for all processes of a machine.

    A small file holds an instant and the machine time it was set at; from there it runs on at
    the speed of machine time. It never runs backwards.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, int] = (0, 0)
        self._shift = timedelta()

    def __call__(self) -> datetime:
        return wall_now() + self._read_shift()

    def move_to(self, instant: datetime) -> None:
        """Set the time for everybody.

        Raises:
            ValueError: ``instant`` lies before the present domain time.
        """
        now = self()
        if self._path.exists() and instant < now:
            raise ValueError(
                f"the clock stands at {now:%F %T} and cannot go back to {instant:%F %T}"
            )
        set_at = wall_now()
        fresh = self._path.with_suffix(f".{os.getpid()}")
        fresh.write_text(json.dumps({"instant": instant.isoformat(), "set_at": set_at.isoformat()}))
        fresh.replace(self._path)

    def _read_shift(self) -> timedelta:
        try:
            stat = self._path.stat()
        except FileNotFoundError:
            return self._shift
        stamp = (stat.st_mtime_ns, stat.st_ino)
        if stamp != self._seen:
            setting = json.loads(self._path.read_text())
            self._shift = datetime.fromisoformat(setting["instant"]) - datetime.fromisoformat(
                setting["set_at"]
            )
            self._seen = stamp
        return self._shift


def clock_for(*, mode: str, clock_file: Path | None) -> Clock:
    """The domain clock of a process.

    Raises:
        ValueError: a movable clock is asked for outside demo and test mode.
    """
    if clock_file is None:
        return system_clock
    if mode not in ("demo", "test"):
        raise ValueError(
            "RTCM_CLOCK_FILE moves time for everybody: only with RTCM_MODE=demo or test"
        )
    return SharedClock(clock_file)
