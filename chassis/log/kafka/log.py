"""The event log in Apache Kafka."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from kafka import KafkaAdminClient, TopicPartition
from kafka import KafkaConsumer as KafkaClient
from kafka.errors import KafkaError, for_code

from chassis.clock import monotonic
from chassis.log.kafka.connection import KafkaConnection, speaking_our_errors, unavailable
from chassis.log.kafka.consumer import KafkaConsumer, record_of
from chassis.log.kafka.producer import KafkaProducer
from chassis.log.port import LogUnavailable, Partition, Record, Topic

_REACH_SECONDS = 2.0
_REQUEST_SECONDS = 10.0
_SETTLE_SECONDS = 10.0
_DAY_MILLISECONDS = 24 * 3600 * 1000

# The log is the platform's memory: a new listener starts at its beginning.
_KEEP_EVERYTHING = {"cleanup.policy": "delete", "retention.ms": "-1", "retention.bytes": "-1"}
# Superseded values go within a day; tombstones stay longer than the longest outage of a reader.
_KEEP_NEWEST = {
    "cleanup.policy": "compact",
    "min.cleanable.dirty.ratio": "0.5",
    "segment.ms": str(_DAY_MILLISECONDS // 24),
    "max.compaction.lag.ms": str(_DAY_MILLISECONDS),
    "delete.retention.ms": str(7 * _DAY_MILLISECONDS),
}


class KafkaLog:
    """``chassis.log.port.EventLog``; clients are made when first needed, none is shared out.

    Args:
        connection: the brokers.
        session_seconds: after this silence a member counts as dead.
        append_timeout_seconds: after this time an append that was not acknowledged fails.
        compacted_settings: settings of compacted topics in place of ours (tests hurry the cleaner).
    """

    def __init__(
        self,
        connection: KafkaConnection,
        *,
        session_seconds: float = 6.0,
        append_timeout_seconds: float = 10.0,
        compacted_settings: Mapping[str, str] | None = None,
    ) -> None:
        self._connection = connection
        self._session_seconds = session_seconds
        self._append_timeout_seconds = append_timeout_seconds
        self._compacted_settings = _KEEP_NEWEST | dict(compacted_settings or {})
        self._lock = threading.RLock()
        self._admin_client: Any = None
        self._reader_client: Any = None

    def create_topics(self, topics: Iterable[Topic]) -> None:
        """See the port."""
        wanted = {topic.name: topic for topic in topics}
        with self._admin(f"create topics {', '.join(wanted)}") as admin:
            present = {found["name"] for found in _describe(admin, wanted)}
            missing = {
                name: {"num_partitions": topic.partition_count, "configs": self._settings(topic)}
                for name, topic in wanted.items()
                if name not in present
            }
            if missing:
                answer = admin.create_topics(missing, raise_errors=False)
                _check(answer, besides="TopicAlreadyExistsError")
                admin.wait_for_topics(list(missing), timeout_ms=int(_SETTLE_SECONDS * 1000))

    def delete_topics(self, names: Iterable[str]) -> None:
        """See the port; Kafka forgets the positions of groups by itself."""
        unwanted = list(names)
        with self._admin(f"delete topics {', '.join(unwanted)}") as admin:
            if unwanted:
                answer = admin.delete_topics(unwanted, raise_errors=False)
                _check(answer, besides="UnknownTopicOrPartitionError")
            deadline = monotonic() + _SETTLE_SECONDS
            while _describe(admin, unwanted) and monotonic() < deadline:
                time.sleep(0.05)

    def producer(self) -> KafkaProducer:
        """See the port."""
        return KafkaProducer(self._connection, append_timeout_seconds=self._append_timeout_seconds)

    def consumer(self, *, group: str, topics: Sequence[str], member: str) -> KafkaConsumer:
        """See the port."""
        return KafkaConsumer(
            self._connection,
            group=group,
            topics=topics,
            member=member,
            session_seconds=self._session_seconds,
        )

    def partitions(self, topic: str) -> Sequence[Partition]:
        """See the port."""
        return self._all_partitions([topic])

    def end_offsets(self, topics: Iterable[str]) -> Mapping[Partition, int]:
        """See the port."""
        partitions = self._all_partitions(topics)
        if not partitions:
            return {}
        with self._reader("tell where topics end") as reader:
            try:
                ends = reader.end_offsets([_there(one) for one in partitions])
            except KeyError as error:  # so the client says that a leader did not answer for one
                raise LogUnavailable(
                    "log.unavailable", f"Kafka did not tell where {error} ends"
                ) from error
        return {partition: ends[_there(partition)] for partition in partitions}

    def committed(self, group: str, topics: Iterable[str]) -> Mapping[Partition, int]:
        """See the port."""
        partitions = self._all_partitions(topics)
        if not partitions:
            return {}
        with self._admin(f"tell the positions of {group}") as admin:
            stored = admin.list_group_offsets({group: [_there(one) for one in partitions]})
        offsets = {where: found.offset for where, found in stored.get(group, {}).items()}
        return {one: max(0, offsets.get(_there(one), 0)) for one in partitions}

    def read(self, partition: Partition, *, offset: int, limit: int) -> Sequence[Record]:
        """See the port."""
        end = self.end_offsets([partition.topic]).get(partition, 0)
        if offset >= end:
            return []
        where = _there(partition)
        deadline = monotonic() + _REQUEST_SECONDS
        with self._reader(f"read {partition}") as reader:
            if reader.assignment() != {where}:
                reader.assign([where])
            reader.seek(where, offset)
            while not (found := reader.poll(timeout_ms=500, max_records=limit)):
                if reader.position(where) >= end:  # the rest was compacted away
                    return []
                if monotonic() > deadline:
                    raise LogUnavailable("log.unavailable", f"Kafka did not answer for {partition}")
        return [record_of(message) for message in found[where]]

    def close(self) -> None:
        """See the port."""
        with self._lock:
            for client in (self._admin_client, self._reader_client):
                if client is not None:
                    _close(client)
            self._admin_client = self._reader_client = None

    def _all_partitions(self, topics: Iterable[str]) -> list[Partition]:
        names = list(topics)
        with self._admin(f"describe topics {', '.join(names)}") as admin:
            numbers = {
                found["name"]: sorted(part["partition_index"] for part in found["partitions"])
                for found in _describe(admin, names)
            }
        return [Partition(name, number) for name in names for number in numbers.get(name, [])]

    def _settings(self, topic: Topic) -> dict[str, str]:
        return dict(self._compacted_settings if topic.compacted else _KEEP_EVERYTHING)

    @contextmanager
    def _admin(self, what: str) -> Iterator[Any]:
        with self._lock, speaking_our_errors(what):
            self._connection.reach(timeout_seconds=_REACH_SECONDS)
            if self._admin_client is None:
                self._admin_client = KafkaAdminClient(
                    **self._connection.client_settings(request_timeout_seconds=_REQUEST_SECONDS)
                )
            yield self._admin_client

    @contextmanager
    def _reader(self, what: str) -> Iterator[Any]:
        with self._lock, speaking_our_errors(what):
            self._connection.reach(timeout_seconds=_REACH_SECONDS)
            if self._reader_client is None:
                self._reader_client = KafkaClient(
                    **self._connection.client_settings(request_timeout_seconds=_REQUEST_SECONDS),
                    group_id=None,
                    enable_auto_commit=False,
                    auto_offset_reset="earliest",
                    allow_auto_create_topics=False,
                )
            yield self._reader_client


def _describe(admin: Any, names: Iterable[str]) -> list[dict[str, Any]]:
    """Those of the topics that are there."""
    asked = list(names)
    if not asked:
        return []
    return [found for found in admin.describe_topics(asked) if found["error_code"] == 0]


def _check(answer: Mapping[str, Any], *, besides: str) -> None:
    """Raise the first error of an answer, if it is not the one that does not matter."""
    for topic in answer["topics"]:
        error = for_code(topic["error_code"])
        if topic["error_code"] != 0 and error.__name__ != besides:
            raise error(topic.get("error_message") or topic["name"])


def _close(client: Any) -> None:
    try:
        client.close()
    except KafkaError as error:
        raise unavailable("be closed", error) from error


def _there(partition: Partition) -> TopicPartition:
    return TopicPartition(partition.topic, partition.number)
