"""The event log: what Kafka means to us, and no more.

Two engines keep it: ``chassis.log.kafka`` and ``chassis.log.sqlite``; one behaviour suite
(``tests/integration/log``) holds both to these words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from chassis.errors import Unavailable


@dataclass(frozen=True, slots=True)
class Partition:
    """One ordered part of a topic."""

    topic: str
    number: int


@dataclass(frozen=True, slots=True)
class Record:
    """One record as read: ``value`` is ``None`` for a tombstone on a compacted topic."""

    partition: Partition
    offset: int
    key: str
    value: bytes | None
    appended_at: datetime


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic to create. A compacted one keeps at least the newest record of every key."""

    name: str
    partition_count: int = 12
    compacted: bool = False


class LogUnavailable(Unavailable):
    """The log cannot be reached now; code ``log.unavailable``."""


class Fenced(Exception):
    """The member was taken for dead and its partitions given away: drop the batch, poll again."""


RECORD_BYTES_MAX = 1_000_000
"""Key and value of one record together; Kafka's own default limit is 1 MiB with headers."""


def check_record_size(key: str, value: bytes | None) -> None:
    """Refuse what would never fit, on both engines alike.

    Raises:
        ValueError: over ``RECORD_BYTES_MAX``.
    """
    byte_count = len(key.encode()) + len(value or b"")
    if byte_count > RECORD_BYTES_MAX:
        raise ValueError(f"a record of {byte_count} bytes is over {RECORD_BYTES_MAX}")


class Producer(Protocol):
    """Appends records; thread-safe."""

    def append(self, topic: str, key: str, value: bytes | None) -> Future[tuple[Partition, int]]:
        """Append; the future ends once the record is durable, or raises ``LogUnavailable``.

        Records of one key keep their order only when each waits for the one before: a failed
        future means *unknown*, the record may or may not be in the log.

        Raises:
            ValueError: over ``RECORD_BYTES_MAX``; no try would succeed.
        """
        ...

    def close(self, timeout_seconds: float = 5.0) -> None:
        """Stop; what is not acknowledged by then fails."""
        ...


class Consumer(Protocol):
    """One member of a group; used by one thread. Members share the partitions of their topics."""

    def poll(self, *, timeout_seconds: float, limit: int) -> Sequence[Record]:
        """Records after the position, in order per partition; also keeps the member alive.

        May return none. A new group starts at the beginning of each partition.

        Raises:
            LogUnavailable: nothing was read; poll again.
        """
        ...

    def commit(self, positions: Mapping[Partition, int]) -> None:
        """Store the next offset to read of each partition; done when it returns.

        Raises:
            Fenced: a partition is no longer ours; nothing was stored. What is still ours and
                was not committed comes again.
            LogUnavailable: unknown; the records come again.
        """
        ...

    def seek(self, partition: Partition, offset: int) -> None:
        """Read ``partition`` again from ``offset`` at the next poll.

        Raises:
            Fenced: it is not ours now.
        """
        ...

    def pause(self, partitions: Iterable[Partition]) -> None:
        """Deliver nothing of these until ``resume``; the member stays alive.

        What is not ours is passed over; what comes to us later is not paused.
        """
        ...

    def resume(self, partitions: Iterable[Partition]) -> None:
        """Deliver again."""
        ...

    def assignment(self) -> frozenset[Partition]:
        """The partitions held now."""
        ...

    def close(self) -> None:
        """Leave the group, so that others take over at once; once is enough."""
        ...


class EventLog(Protocol):
    """An ordered, durable, replayable log in topics and partitions."""

    def create_topics(self, topics: Iterable[Topic]) -> None:
        """Create what is missing; a topic that is there is left as it is.

        Raises:
            LogUnavailable: try again.
        """
        ...

    def delete_topics(self, names: Iterable[str]) -> None:
        """Delete topics with their records and group positions; unknown names are ignored."""
        ...

    def producer(self) -> Producer:
        """A producer of its own."""
        ...

    def consumer(self, *, group: str, topics: Sequence[str], member: str) -> Consumer:
        """A member of ``group``; ``member`` is unique among the living (host and process)."""
        ...

    def partitions(self, topic: str) -> Sequence[Partition]:
        """All partitions of a topic, ordered; empty when there is no such topic."""
        ...

    def end_offsets(self, topics: Iterable[str]) -> Mapping[Partition, int]:
        """The next offset to be written of every partition."""
        ...

    def committed(self, group: str, topics: Iterable[str]) -> Mapping[Partition, int]:
        """The stored position of a group; 0 where none is stored."""
        ...

    def read(self, partition: Partition, *, offset: int, limit: int) -> Sequence[Record]:
        """Records from ``offset`` on, outside any group: for tailing and for checkers."""
        ...

    def close(self) -> None:
        """Free what is held."""
        ...
