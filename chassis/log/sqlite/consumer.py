"""One member of a consumer group of the embedded log."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from chassis.clock import monotonic
from chassis.ids import new_id
from chassis.log.port import Fenced, LogUnavailable, Partition, Record
from chassis.log.sqlite import group as groups
from chassis.log.sqlite.file import LogFile, offset_of, slot_of
from chassis.log.sqlite.heart import Heart

_IDLE_AFTER_SECONDS = 0.5
_IDLE_FACTOR = 4

_logger = logging.getLogger(__name__)


@dataclass(slots=True)
class _Held:
    """A partition in our hands: what is stored of it and where we read."""

    part_id: int
    epoch: int
    stored: int
    position: int
    paused: bool = False


class SqliteConsumer:
    """``chassis.log.port.Consumer``; looks for news every ``wake_seconds``, more rarely when none
    have come for a while: many idle consumers on one machine would be a load of their own.

    A thread of its own keeps the member alive while a batch is being handled, for
    ``max_handling_seconds`` at most: then the handler counts as stuck and others take over.
    """

    def __init__(
        self,
        path: Path,
        *,
        group: str,
        topics: Sequence[str],
        member: str,
        session_seconds: float,
        wake_seconds: float = 0.005,
        max_handling_seconds: float = 300.0,
    ) -> None:
        self._file = LogFile(path, durable=False)
        self._group = group
        self._topics = tuple(topics)
        self._name = member
        self._session_seconds = session_seconds
        self._wake_seconds = wake_seconds
        self._news_at = float("-inf")
        self._identity = ""
        self._generation = -1
        self._held: dict[Partition, _Held] = {}
        self._is_closed = False
        self._turn: deque[Partition] = deque()
        self._heart = Heart(
            path, group=group, session_seconds=session_seconds, patience=max_handling_seconds
        )

    def poll(self, *, timeout_seconds: float, limit: int) -> Sequence[Record]:
        """See the port."""
        deadline = monotonic() + timeout_seconds
        self._heart.caller_lives()
        while True:
            seen = self._file.data_version()
            self._settle()
            records = self._fetch(limit)
            if records or not self._wait_for_news(seen, deadline):
                return records

    def commit(self, positions: Mapping[Partition, int]) -> None:
        """See the port; all positions are stored or none."""
        try:
            with self._file.transaction() as db:
                for partition, offset in positions.items():
                    held = self._held.get(partition)
                    stored = held is not None and db.execute(
                        "UPDATE claim SET next_offset = ?"
                        " WHERE group_name = ? AND part_id = ? AND owner = ? AND epoch = ?",
                        (offset, self._group, held.part_id, self._identity, held.epoch),
                    )
                    if not stored or stored.rowcount != 1:
                        raise Fenced(f"{partition} is no longer held by {self._name}")
        except Fenced:
            self._rewind()
            raise
        for partition, offset in positions.items():
            self._held[partition].stored = offset

    def seek(self, partition: Partition, offset: int) -> None:
        """See the port."""
        if partition not in self._held:
            raise Fenced(f"{partition} is not held by {self._name}")
        self._held[partition].position = offset

    def pause(self, partitions: Iterable[Partition]) -> None:
        """See the port; what is not held is passed over."""
        for partition in self._held.keys() & set(partitions):
            self._held[partition].paused = True

    def resume(self, partitions: Iterable[Partition]) -> None:
        """See the port; what is not held is passed over."""
        for partition in self._held.keys() & set(partitions):
            self._held[partition].paused = False

    def assignment(self) -> frozenset[Partition]:
        """See the port."""
        return frozenset(self._held)

    def close(self) -> None:
        """See the port. If the file is away, the session runs out instead."""
        if self._is_closed:
            return
        self._is_closed = True
        self._heart.stop()
        try:
            with self._file.transaction() as db:
                groups.leave(db, group=self._group, identity=self._identity)
        except LogUnavailable as error:
            _logger.warning("%s could not leave %s: %s", self._name, self._group, error)
        self._held.clear()
        self._file.close()

    def _wait_for_news(self, seen: int, deadline: float) -> bool:
        """Whether somebody wrote to the file before the deadline."""
        while (remaining := deadline - (now := monotonic())) > 0:
            idle = now - self._news_at > _IDLE_AFTER_SECONDS
            time.sleep(min(self._wake_seconds * (_IDLE_FACTOR if idle else 1), remaining))
            if self._file.data_version() != seen:
                self._news_at = monotonic()
                return True
        return False

    def _settle(self) -> None:
        """Follow the plan of the group: join when we are not in, give up, take."""
        found = self._file.rows(
            "SELECT generation FROM consumer_group WHERE name = ?", (self._group,)
        )
        if found and found[0][0] == self._generation:
            return
        with self._file.transaction() as db:
            identity = self._identity
            if not groups.is_member(db, identity):
                identity = new_id()
                groups.join(
                    db,
                    group=self._group,
                    name=self._name,
                    identity=identity,
                    topics=self._topics,
                    session_seconds=self._session_seconds,
                )
            generation = groups.hand_over(db, group=self._group, identity=identity)
            claims = groups.claims(db, group=self._group, identity=identity)
        self._identity, self._generation = identity, generation
        self._heart.beat_for(identity)
        self._hold(claims)

    def _hold(self, claims: Sequence[groups.Claim]) -> None:
        """Keep reading where we were in what stayed ours; begin at what is stored elsewhere."""
        before, self._held = self._held, {}
        for claim in claims:
            kept = before.get(claim.partition)
            if kept is None or (kept.part_id, kept.epoch) != (claim.part_id, claim.epoch):
                kept = _Held(claim.part_id, claim.epoch, claim.next_offset, claim.next_offset)
            self._held[claim.partition] = kept
        self._turn = deque(self._held)

    def _rewind(self) -> None:
        """After fencing the caller drops its batch: what we still hold is delivered again."""
        self._generation = -1
        for held in self._held.values():
            held.position = held.stored

    def _fetch(self, limit: int) -> list[Record]:
        """Up to ``limit`` records; each call begins with another partition."""
        heads = dict(
            self._file.rows(
                "SELECT claim.part_id, part.next_offset FROM claim"
                " JOIN part ON part.id = claim.part_id"
                " WHERE claim.group_name = ? AND claim.owner = ?",
                (self._group, self._identity),
            )
        )
        self._turn.rotate(-1)
        records: list[Record] = []
        reached: dict[Partition, int] = {}
        for partition in self._turn:
            held, room = self._held[partition], limit - len(records)
            head = heads.get(held.part_id, 0)
            if held.paused or held.position >= head or room <= 0:
                continue
            found = read_records(self._file, partition, held.part_id, held.position, head, room)
            records += found
            # Fewer than asked for: the rest up to the head was compacted away.
            reached[partition] = found[-1].offset + 1 if len(found) == room else head
        for partition, position in reached.items():
            self._held[partition].position = position
        return records


def read_records(
    file: LogFile, partition: Partition, part_id: int, start: int, stop: int, limit: int
) -> list[Record]:
    """Records of one partition with ``start <= offset < stop``, at most ``limit``."""
    found = file.rows(
        "SELECT slot, key, value, appended_at FROM record"
        " WHERE slot >= ? AND slot < ? ORDER BY slot LIMIT ?",
        (slot_of(part_id, start), slot_of(part_id, stop), limit),
    )
    return [_record(partition, *row) for row in found]


def _record(
    partition: Partition, slot: int, key: str, value: bytes | None, appended_at: int
) -> Record:
    when = datetime.fromtimestamp(appended_at / 1_000_000, UTC)
    return Record(partition, offset_of(slot), key, value, when)
