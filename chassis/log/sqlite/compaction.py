"""Compaction of the embedded log: of every key only the newest record stays.

Done by whoever appends, and only when at least half of a partition may be superseded (so the work
per record stays constant) or when something has waited for an hour.
"""

from __future__ import annotations

import sqlite3

from chassis.log.sqlite.file import LogFile, slot_of
from chassis.log.sqlite.group import microseconds_now

_UNCLEAN_COUNT_MIN = 500
_WAIT_MICROSECONDS = 3600 * 1_000_000
# Longer than the longest outage of a reader: it must still see that the key was deleted.
_TOMBSTONE_MICROSECONDS = 7 * 24 * 3600 * 1_000_000

_DUE = (
    "SELECT part.id, part.next_offset FROM part JOIN topic ON topic.name = part.topic"
    " WHERE topic.compacted AND part.unclean_count > 0"
    " AND (part.unclean_count >= max(part.kept_count, ?) OR part.cleaned_at < ?)"
)


def compact_due(file: LogFile) -> None:
    """Compact the partitions that need it, each in a transaction of its own."""
    compact(
        file,
        unclean_count_min=_UNCLEAN_COUNT_MIN,
        cleaned_before=microseconds_now() - _WAIT_MICROSECONDS,
    )


def compact(file: LogFile, *, unclean_count_min: int, cleaned_before: int) -> None:
    """Compact partitions with so many new records, or last cleaned before an instant."""
    for part_id, next_offset in file.rows(_DUE, (unclean_count_min, cleaned_before)):
        with file.transaction() as db:
            _compact_part(db, part_id, next_offset)


def _compact_part(db: sqlite3.Connection, part_id: int, next_offset: int) -> None:
    run = {
        "first": slot_of(part_id, 0),
        "end": slot_of(part_id, next_offset),
        "now": microseconds_now(),
        "tombstones_before": microseconds_now() - _TOMBSTONE_MICROSECONDS,
        "part_id": part_id,
    }
    db.execute(
        "DELETE FROM record WHERE slot >= :first AND slot < :end AND slot NOT IN ("
        " SELECT max(slot) FROM record WHERE slot >= :first AND slot < :end GROUP BY key)",
        run,
    )
    db.execute(
        "DELETE FROM record WHERE slot >= :first AND slot < :end"
        " AND value IS NULL AND appended_at < :tombstones_before",
        run,
    )
    db.execute(
        "UPDATE part SET unclean_count = 0, cleaned_at = :now, kept_count ="
        " (SELECT count(*) FROM record WHERE slot >= :first AND slot < :end) WHERE id = :part_id",
        run,
    )
