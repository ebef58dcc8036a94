"""The file of the embedded log: its tables, and connections that speak in our errors.

One SQLite file in WAL mode on a local disk (WAL needs shared memory, so no network share). Many
processes open it; SQLite lets one write at a time and all read.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from chassis.clock import monotonic
from chassis.log.port import LogUnavailable

_APPLICATION_ID = 0x5254434D  # "RTCM"
_LAYOUT = 1
_OFFSET_BITS = 40

_TABLES = """
CREATE TABLE topic (
    name TEXT PRIMARY KEY,
    compacted INTEGER NOT NULL
);
CREATE TABLE part (
    id INTEGER PRIMARY KEY AUTOINCREMENT,        -- never used again after its topic is deleted
    topic TEXT NOT NULL,
    number INTEGER NOT NULL,
    next_offset INTEGER NOT NULL DEFAULT 0,
    unclean_count INTEGER NOT NULL DEFAULT 0,    -- appended since the last compaction
    kept_count INTEGER NOT NULL DEFAULT 0,       -- left by the last compaction
    cleaned_at INTEGER NOT NULL DEFAULT 0,       -- microseconds since 1970
    UNIQUE (topic, number)
);
CREATE TABLE record (
    slot INTEGER PRIMARY KEY,                    -- part.id and the offset, see slot_of
    key TEXT NOT NULL,
    value BLOB,
    appended_at INTEGER NOT NULL                 -- microseconds since 1970
);
CREATE TABLE consumer_group (
    name TEXT PRIMARY KEY,
    generation INTEGER NOT NULL                  -- moves with every change of claims
);
CREATE TABLE member (
    identity TEXT PRIMARY KEY,                   -- new with every join
    group_name TEXT NOT NULL,
    name TEXT NOT NULL,
    seen_at INTEGER NOT NULL,                    -- microseconds since 1970
    session_microseconds INTEGER NOT NULL,
    UNIQUE (group_name, name)
);
CREATE TABLE subscription (
    identity TEXT NOT NULL,
    topic TEXT NOT NULL,
    PRIMARY KEY (identity, topic)
) WITHOUT ROWID;
CREATE TABLE claim (
    group_name TEXT NOT NULL,
    part_id INTEGER NOT NULL,
    owner TEXT,                                  -- the member that holds it
    wanted TEXT,                                 -- the member that should
    epoch INTEGER NOT NULL DEFAULT 0,            -- one more each time it is taken
    next_offset INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (group_name, part_id)
) WITHOUT ROWID;
"""


class LogDamaged(LogUnavailable):
    """The file is not a log, is corrupt, or was taken away; waiting will not help."""


def slot_of(part_id: int, offset: int) -> int:
    """Where a record lies: one number, so that a partition is one run of SQLite's row ids."""
    return (part_id << _OFFSET_BITS) | offset


def offset_of(slot: int) -> int:
    """The offset within its partition of the record at ``slot``."""
    return slot & ((1 << _OFFSET_BITS) - 1)


class LogFile:
    """One connection; safe to share between threads, which then take turns.

    Args:
        path: the file; made, with its directory, when missing.
        durable: whether a commit also survives a power cut. Without, it survives the death of
            any process, which is enough for what only repeats or expires (positions, leases).
        busy_timeout_seconds: how long to wait for another writer.

    Raises:
        LogUnavailable: the file cannot be opened now.
        LogDamaged: the file is something else, or corrupt.
    """

    def __init__(self, path: Path, *, durable: bool, busy_timeout_seconds: float = 5.0) -> None:
        self._path = path
        self._lock = threading.RLock()
        with self._speaking_our_errors():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            self._connection = sqlite3.connect(
                path, timeout=busy_timeout_seconds, isolation_level=None, check_same_thread=False
            )
            self._file_id = self._read_file_id()
            try:
                self._switch_to_wal(busy_timeout_seconds)
                self._prepare(durable)
            except BaseException:
                self._connection.close()
                raise

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """One writing transaction: all of the block, or nothing when it raises.

        Raises:
            LogUnavailable: busy for too long, disk full, or I/O failed.
        """
        with self._lock, self._speaking_our_errors():
            self._check_still_there()
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):  # SQLite has rolled back itself when the disk is full
                    self._connection.execute("ROLLBACK")
                raise

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[Any]:
        """What a reading statement finds."""
        with self._lock, self._speaking_our_errors():
            return self._connection.execute(sql, values).fetchall()

    def data_version(self) -> int:
        """A number that differs after any *other* connection committed; 5 microseconds."""
        with self._lock, self._speaking_our_errors():
            self._check_still_there()
            version: int = self._connection.execute("PRAGMA data_version").fetchone()[0]
            return version

    def close(self) -> None:
        """Free the connection; the last one to close tidies the files beside the log."""
        with self._lock:
            self._connection.close()

    def _switch_to_wal(self, timeout_seconds: float) -> None:
        """SQLite does not wait by itself here when others open a new file at the same time."""
        deadline = monotonic() + timeout_seconds
        while True:
            try:
                self._connection.execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError:
                if monotonic() > deadline:
                    raise
                time.sleep(0.01)
            else:
                return

    def _prepare(self, durable: bool) -> None:
        run = self._connection.execute
        run("PRAGMA synchronous = FULL" if durable else "PRAGMA synchronous = NORMAL")
        run("PRAGMA secure_delete = ON")  # what compaction removes is overwritten
        run("PRAGMA journal_size_limit = 67108864")
        if self._read_layout() == (0, 0):
            self._create_tables()
        if self._read_layout() != (_APPLICATION_ID, _LAYOUT):
            raise LogDamaged(
                "log.damaged",
                f"{self._path} is not an event log of layout {_LAYOUT}: name another file",
            )

    def _create_tables(self) -> None:
        with self.transaction() as db:
            if self._read_layout() != (0, 0):  # another process was faster
                return
            if db.execute("SELECT 1 FROM sqlite_master").fetchone():
                return  # somebody else's database: told by its layout
            for statement in _TABLES.split(";\n"):
                if statement.strip():
                    db.execute(statement)
            db.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
            db.execute(f"PRAGMA user_version = {_LAYOUT}")

    def _read_layout(self) -> tuple[int, int]:
        run = self._connection.execute
        return (
            run("PRAGMA application_id").fetchone()[0],
            run("PRAGMA user_version").fetchone()[0],
        )

    def _read_file_id(self) -> tuple[int, int]:
        found = self._path.stat()
        return found.st_dev, found.st_ino

    def _check_still_there(self) -> None:
        """Writes to a file that was removed would vanish with it."""
        try:
            same = self._read_file_id() == self._file_id
        except FileNotFoundError:
            same = False
        if not same:
            raise LogDamaged(
                "log.damaged",
                f"{self._path} was removed or replaced while in use: put it back and restart, or "
                "restart with an empty log and rebuild it from the outboxes",
            )

    @contextmanager
    def _speaking_our_errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            raise LogUnavailable("log.unavailable", f"{self._path}: {error}") from error
        except sqlite3.DatabaseError as error:
            if type(error) is not sqlite3.DatabaseError:  # our own mistake, not the file's
                raise
            raise LogDamaged(
                "log.damaged",
                f"{self._path}: {error}. Move the file away, restart, and rebuild the log from "
                "the outboxes",
            ) from error
        except OSError as error:
            raise LogUnavailable("log.unavailable", f"{self._path}: {error}") from error
