"""Appending to the embedded log: one writer thread, many records a transaction."""

from __future__ import annotations

import logging
import queue
import sqlite3
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path

from chassis.clock import monotonic
from chassis.log.partitioner import partition_number
from chassis.log.port import LogUnavailable, Partition, check_record_size
from chassis.log.sqlite.compaction import compact_due
from chassis.log.sqlite.file import LogFile, slot_of
from chassis.log.sqlite.group import microseconds_now

_logger = logging.getLogger(__name__)

_BATCH_RECORDS_MAX = 500
_CLEANING_INTERVAL_SECONDS = 60.0


@dataclass(slots=True)
class _Pending:
    """A record on its way, and who waits for it."""

    topic: str
    key: str
    value: bytes | None
    write_before: float
    done: Future[tuple[Partition, int]] = field(default_factory=Future)


class SqliteProducer:
    """``chassis.log.port.Producer``: what waits while one transaction commits shares the next."""

    def __init__(self, path: Path, *, append_timeout_seconds: float) -> None:
        # Half of the time in the queue, half waiting for other writers of the file.
        self._half_seconds = append_timeout_seconds / 2
        self._file = LogFile(path, durable=True, busy_timeout_seconds=self._half_seconds)
        self._waiting: queue.SimpleQueue[_Pending | None] = queue.SimpleQueue()
        self._door = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="log writer", daemon=True)
        self._thread.start()

    def append(self, topic: str, key: str, value: bytes | None) -> Future[tuple[Partition, int]]:
        """See the port."""
        check_record_size(key, value)
        pending = _Pending(topic, key, value, monotonic() + self._half_seconds)
        with self._door:
            if self._closed:
                pending.done.set_exception(_closed())
            else:
                self._waiting.put(pending)
        return pending.done

    def close(self, timeout_seconds: float = 5.0) -> None:
        """See the port."""
        with self._door:
            already, self._closed = self._closed, True
        if already:
            return
        self._waiting.put(None)
        self._thread.join(timeout_seconds)
        if self._thread.is_alive():  # in a transaction that waits for others; take the rest away
            _fail(self._drain(_BATCH_RECORDS_MAX, everything=True), _closed())
            self._waiting.put(None)
        else:
            self._file.close()

    def _run(self) -> None:
        while True:
            try:
                first = self._waiting.get(timeout=_CLEANING_INTERVAL_SECONDS)
            except queue.Empty:
                self._clean()
                continue
            if first is None:
                return
            self._write_in_time([first, *self._drain(_BATCH_RECORDS_MAX - 1)])

    def _write_in_time(self, batch: Sequence[_Pending]) -> None:
        now = monotonic()
        wanted = [one for one in batch if one.done.set_running_or_notify_cancel()]
        late = [one for one in wanted if one.write_before < now]
        _fail(late, LogUnavailable("log.unavailable", "earlier records were not written in time"))
        if timely := [one for one in wanted if one.write_before >= now]:
            self._write(timely)

    def _drain(self, limit: int, *, everything: bool = False) -> list[_Pending]:
        """What waits now; the end mark stays in the queue, behind it nothing can be."""
        drained: list[_Pending] = []
        while everything or len(drained) < limit:
            try:
                one = self._waiting.get_nowait()
            except queue.Empty:
                break
            if one is None:
                self._waiting.put(None)
                break
            drained.append(one)
        return drained

    def _write(self, batch: Sequence[_Pending]) -> None:
        try:
            with self._file.transaction() as db:
                placed, compacted = _insert(db, batch)
        except LogUnavailable as error:
            _fail(batch, error)
            return
        except Exception as error:  # the thread must live on, and those who wait must hear
            _logger.exception("a batch could not be appended")
            _fail(batch, LogUnavailable("log.unavailable", f"appending failed: {error!r}"))
            return
        for one, place in zip(batch, placed, strict=True):
            if place is None:
                _fail([one], LogUnavailable("log.unavailable", f"there is no topic {one.topic}"))
            else:
                one.done.set_result(place)
        if compacted:
            self._clean()

    def _clean(self) -> None:
        try:
            compact_due(self._file)
        except LogUnavailable as error:
            _logger.warning("compaction put off: %s", error)


def _insert(
    db: sqlite3.Connection, batch: Sequence[_Pending]
) -> tuple[list[tuple[Partition, int] | None], bool]:
    """Place each record (``None``: no such topic); and whether a topic of them is compacted."""
    topics = {topic: _look_up(db, topic) for topic in {one.topic for one in batch}}
    now = microseconds_now()
    placed: list[tuple[Partition, int] | None] = []
    for one in batch:
        partition_count, _ = topics[one.topic]
        if partition_count == 0:
            placed.append(None)
            continue
        partition = Partition(one.topic, partition_number(one.key, partition_count))
        part_id, offset = _next_place(db, partition)
        db.execute(
            "INSERT INTO record (slot, key, value, appended_at) VALUES (?, ?, ?, ?)",
            (slot_of(part_id, offset), one.key, one.value, now),
        )
        placed.append((partition, offset))
    return placed, any(compacted for _, compacted in topics.values())


def _look_up(db: sqlite3.Connection, topic: str) -> tuple[int, bool]:
    """Partition count (0: no such topic) and whether the topic is compacted."""
    count, compacted = db.execute(
        "SELECT count(*), max(topic.compacted) FROM part JOIN topic ON topic.name = part.topic"
        " WHERE part.topic = ?",
        (topic,),
    ).fetchone()
    return count, bool(compacted)


def _next_place(db: sqlite3.Connection, partition: Partition) -> tuple[int, int]:
    part_id, next_offset = db.execute(
        "UPDATE part SET next_offset = next_offset + 1, unclean_count = unclean_count + 1"
        " WHERE topic = ? AND number = ? RETURNING id, next_offset",
        (partition.topic, partition.number),
    ).fetchall()[0]
    return part_id, next_offset - 1


def _fail(batch: Sequence[_Pending], error: LogUnavailable) -> None:
    for one in batch:
        if not one.done.done():
            one.done.set_exception(error)


def _closed() -> LogUnavailable:
    return LogUnavailable("log.unavailable", "this producer is closed")
