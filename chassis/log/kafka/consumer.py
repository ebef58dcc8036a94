"""One member of a consumer group of Kafka."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from kafka import ConsumerRebalanceListener, TopicPartition
from kafka import KafkaConsumer as KafkaClient
from kafka.coordinator.assignors.cooperative_sticky import CooperativeStickyAssignor
from kafka.errors import (
    CommitFailedError,
    FencedInstanceIdError,
    IllegalGenerationError,
    KafkaError,
    KafkaTimeoutError,
    RebalanceInProgressError,
    UnknownMemberIdError,
)
from kafka.structs import OffsetAndMetadata

from chassis.log.kafka.connection import KafkaConnection, speaking_our_errors, unavailable
from chassis.log.kafka.rejoin import keep_finished_joins
from chassis.log.kafka.resuming import let_go_of_the_finished
from chassis.log.port import Fenced, Partition, Record

_logger = logging.getLogger(__name__)

_NO_LONGER_A_MEMBER = (
    CommitFailedError,
    FencedInstanceIdError,
    IllegalGenerationError,
    RebalanceInProgressError,
    UnknownMemberIdError,
)
_POLL_MILLISECONDS_MIN = 20  # with less, joining never gets further
_COMMIT_TIMEOUT_SECONDS = 5.0
_CLOSE_TIMEOUT_SECONDS = 3.0
_NEW_TOPICS_SECONDS = 5.0


class KafkaConsumer:
    """``chassis.log.port.Consumer``; joins at the first poll.

    kafka-python beats from a thread of its own, also while a batch is handled or everything is
    paused; a handler that takes longer than its ``max_poll_interval_ms`` (300 s) counts as dead.
    """

    def __init__(
        self,
        connection: KafkaConnection,
        *,
        group: str,
        topics: Sequence[str],
        member: str,
        session_seconds: float,
    ) -> None:
        self._connection = connection
        self._group = group
        self._topics = tuple(topics)
        self._member = member
        self._session_seconds = session_seconds
        self._client: Any = None
        self._uncommitted: dict[TopicPartition, int] = {}

    def poll(self, *, timeout_seconds: float, limit: int) -> Sequence[Record]:
        """See the port."""
        if self._client is None:
            self._client = self._connect(timeout_seconds)
        let_go_of_the_finished(self._client._fetcher)  # noqa: SLF001 -- see there
        timeout_ms = max(_POLL_MILLISECONDS_MIN, int(timeout_seconds * 1000))
        try:
            found = self._client.poll(timeout_ms=timeout_ms, max_records=limit)
        except KafkaTimeoutError:  # a step of joining took longer: it goes on at the next poll
            return []
        except KafkaError as error:
            raise unavailable("be polled", error) from error
        for where, messages in found.items():
            first = messages[0].offset
            self._uncommitted[where] = min(first, self._uncommitted.get(where, first))
        return [record_of(message) for messages in found.values() for message in messages]

    def commit(self, positions: Mapping[Partition, int]) -> None:
        """See the port."""
        if not positions:
            return
        offsets = {_there(partition): OffsetAndMetadata(at) for partition, at in positions.items()}
        # The broker would take a commit of a current member for any partition.
        if foreign := offsets.keys() - self._held():
            self._rewind()
            raise Fenced(f"{sorted(foreign)} are no longer held by {self._member}")
        try:
            self._client.commit(offsets, timeout_ms=int(_COMMIT_TIMEOUT_SECONDS * 1000))
        except _NO_LONGER_A_MEMBER as error:
            self._rewind()
            raise Fenced(f"{self._member} is no longer current: {error!r}") from error
        except KafkaError as error:
            raise unavailable("store positions", error) from error
        self._uncommitted.update({where: stored.offset for where, stored in offsets.items()})

    def seek(self, partition: Partition, offset: int) -> None:
        """See the port."""
        if _there(partition) not in self._held():
            raise Fenced(f"{partition} is not held by {self._member}")
        self._client.seek(_there(partition), offset)

    def pause(self, partitions: Iterable[Partition]) -> None:
        """See the port."""
        if ours := self._held() & {_there(partition) for partition in partitions}:
            self._client.pause(*ours)

    def resume(self, partitions: Iterable[Partition]) -> None:
        """See the port."""
        if ours := self._held() & {_there(partition) for partition in partitions}:
            self._client.resume(*ours)

    def assignment(self) -> frozenset[Partition]:
        """See the port."""
        return frozenset(Partition(where.topic, where.partition) for where in self._held())

    def close(self) -> None:
        """See the port. If the brokers are away, the session runs out instead."""
        if self._client is None:
            return
        try:
            self._client.close(autocommit=False, timeout_ms=int(_CLOSE_TIMEOUT_SECONDS * 1000))
        except KafkaError as error:
            _logger.warning("%s could not leave %s: %s", self._member, self._group, error)
        self._client = None

    def _connect(self, timeout_seconds: float) -> Any:
        self._connection.reach(timeout_seconds=timeout_seconds)
        session_ms = int(self._session_seconds * 1000)
        with speaking_our_errors("make a consumer"):
            client = KafkaClient(
                **self._connection.client_settings(request_timeout_seconds=10.0)
                | {"client_id": self._member},
                group_id=self._group,
                enable_auto_commit=False,
                auto_offset_reset="earliest",
                allow_auto_create_topics=False,
                partition_assignment_strategy=[CooperativeStickyAssignor],
                session_timeout_ms=session_ms,
                heartbeat_interval_ms=session_ms // 6,  # how soon members hear of a rebalance
                metadata_max_age_ms=int(_NEW_TOPICS_SECONDS * 1000),
            )
            keep_finished_joins(client._coordinator)  # noqa: SLF001 -- see there
            client.subscribe(self._topics, listener=_Forgetting(self._uncommitted))
        return client

    def _held(self) -> set[TopicPartition]:
        return set() if self._client is None else self._client.assignment()

    def _rewind(self) -> None:
        """After fencing the caller drops its batch: what we still hold is delivered again."""
        for where in self._held() & self._uncommitted.keys():
            self._client.seek(where, self._uncommitted[where])


class _Forgetting(ConsumerRebalanceListener):  # type: ignore[misc]  # -- kafka-python has no types
    """Forgets where a lost partition was; it runs on the I/O thread and must not commit there."""

    def __init__(self, uncommitted: dict[TopicPartition, int]) -> None:
        self._uncommitted = uncommitted

    def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        for where in revoked:
            self._uncommitted.pop(where, None)

    def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        _logger.info("partitions came: %s", assigned)

    def on_partitions_lost(self, lost: Iterable[TopicPartition]) -> None:
        _logger.warning("taken for dead, lost %s", lost)
        self.on_partitions_revoked(lost)


def record_of(message: Any) -> Record:
    """A message of Kafka as a record; whoever wrote it without a key gets the empty one."""
    return Record(
        Partition(message.topic, message.partition),
        message.offset,
        (message.key or b"").decode(errors="replace"),
        message.value,
        datetime.fromtimestamp(message.timestamp / 1000, UTC),
    )


def _there(partition: Partition) -> TopicPartition:
    return TopicPartition(partition.topic, partition.number)
