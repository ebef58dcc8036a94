"""The embedded event log: one SQLite file, shared by the processes of one machine.

Same meaning as Kafka's: records by key in partitions, groups that share partitions and commit.
An acknowledged record survives ``kill -9`` and a power cut; a committed position survives
``kill -9``, and after a power cut may fall back, so that records come again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from chassis.log.port import Partition, Record, Topic
from chassis.log.sqlite.compaction import compact
from chassis.log.sqlite.consumer import SqliteConsumer, read_records
from chassis.log.sqlite.file import LogFile, slot_of
from chassis.log.sqlite.group import microseconds_now, replan_listeners
from chassis.log.sqlite.producer import SqliteProducer

_DELETE_AT_ONCE = 10_000


class SqliteLog:
    """``chassis.log.port.EventLog`` in one file."""

    def __init__(
        self, path: Path, *, session_seconds: float = 6.0, append_timeout_seconds: float = 10.0
    ) -> None:
        self._path = path
        self._session_seconds = session_seconds
        self._append_timeout_seconds = append_timeout_seconds
        self._file = LogFile(path, durable=True)

    def create_topics(self, topics: Iterable[Topic]) -> None:
        """See the port."""
        with self._file.transaction() as db:
            for topic in topics:
                _create_topic(db, topic)

    def delete_topics(self, names: Iterable[str]) -> None:
        """See the port."""
        for name in names:
            with self._file.transaction() as db:
                part_ids = [
                    row[0]
                    for row in db.execute("SELECT id FROM part WHERE topic = ?", (name,)).fetchall()
                ]
                db.executemany("DELETE FROM claim WHERE part_id = ?", [(one,) for one in part_ids])
                db.execute("DELETE FROM part WHERE topic = ?", (name,))
                db.execute("DELETE FROM topic WHERE name = ?", (name,))
                replan_listeners(db, name)
            for part_id in part_ids:
                self._delete_records(part_id)

    def producer(self) -> SqliteProducer:
        """See the port."""
        return SqliteProducer(self._path, append_timeout_seconds=self._append_timeout_seconds)

    def consumer(self, *, group: str, topics: Sequence[str], member: str) -> SqliteConsumer:
        """See the port."""
        return SqliteConsumer(
            self._path,
            group=group,
            topics=topics,
            member=member,
            session_seconds=self._session_seconds,
        )

    def partitions(self, topic: str) -> Sequence[Partition]:
        """See the port."""
        return [
            Partition(topic, number)
            for (number,) in self._file.rows(
                "SELECT number FROM part WHERE topic = ? ORDER BY number", (topic,)
            )
        ]

    def end_offsets(self, topics: Iterable[str]) -> Mapping[Partition, int]:
        """See the port."""
        return {
            Partition(topic, number): next_offset
            for topic in topics
            for number, next_offset in self._file.rows(
                "SELECT number, next_offset FROM part WHERE topic = ? ORDER BY number", (topic,)
            )
        }

    def committed(self, group: str, topics: Iterable[str]) -> Mapping[Partition, int]:
        """See the port."""
        return {
            Partition(topic, number): next_offset
            for topic in topics
            for number, next_offset in self._file.rows(
                "SELECT part.number, coalesce(claim.next_offset, 0) FROM part"
                " LEFT JOIN claim ON claim.part_id = part.id AND claim.group_name = ?"
                " WHERE part.topic = ? ORDER BY part.number",
                (group, topic),
            )
        }

    def read(self, partition: Partition, *, offset: int, limit: int) -> Sequence[Record]:
        """See the port."""
        found = self._file.rows(
            "SELECT id, next_offset FROM part WHERE topic = ? AND number = ?",
            (partition.topic, partition.number),
        )
        return [
            record
            for part_id, head in found
            for record in read_records(self._file, partition, part_id, offset, head, limit)
        ]

    def compact(self) -> None:
        """Compact every compacted topic now; otherwise done in passing by who appends."""
        compact(self._file, unclean_count_min=1, cleaned_before=microseconds_now())

    def close(self) -> None:
        """See the port."""
        self._file.close()

    def _delete_records(self, part_id: int) -> None:
        """In pieces, so that writers need not wait long."""
        remaining = True
        while remaining:
            with self._file.transaction() as db:
                remaining = bool(
                    db.execute(
                        "DELETE FROM record WHERE slot IN (SELECT slot FROM record"
                        " WHERE slot >= ? AND slot < ? LIMIT ?)",
                        (slot_of(part_id, 0), slot_of(part_id + 1, 0), _DELETE_AT_ONCE),
                    ).rowcount
                )


def _create_topic(db: sqlite3.Connection, topic: Topic) -> None:
    made = db.execute(
        "INSERT OR IGNORE INTO topic (name, compacted) VALUES (?, ?)",
        (topic.name, topic.compacted),
    ).rowcount
    if made:
        db.executemany(
            "INSERT INTO part (topic, number, cleaned_at) VALUES (?, ?, ?)",
            [(topic.name, number, microseconds_now()) for number in range(topic.partition_count)],
        )
        replan_listeners(db, topic.name)
