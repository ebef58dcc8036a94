"""Appending to Kafka with a bounded wait.

kafka-python keeps any number of unsent records in memory, blocks ``send`` while it looks for a
topic, and tries for two minutes. Here records wait in a queue of our own, one thread sends them,
and each is acknowledged or failed within about ``append_timeout_seconds``: a quarter of it in the
queue, a quarter looking for the topic, half on the way.
"""

from __future__ import annotations

import logging
import queue
import threading
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from kafka import KafkaProducer as KafkaClient
from kafka.errors import KafkaError

from chassis.clock import monotonic
from chassis.log.kafka.connection import KafkaConnection, unavailable
from chassis.log.port import LogUnavailable, Partition, check_record_size

_logger = logging.getLogger(__name__)


@dataclass(slots=True)
class _Pending:
    """A record on its way, and who waits for it."""

    topic: str
    key: str
    value: bytes | None
    send_before: float
    done: Future[tuple[Partition, int]] = field(default_factory=Future)


class KafkaProducer:
    """``chassis.log.port.Producer``; the client is made when first needed."""

    def __init__(self, connection: KafkaConnection, *, append_timeout_seconds: float) -> None:
        self._connection = connection
        self._quarter_seconds = append_timeout_seconds / 4
        self._client: Any = None
        self._waiting: queue.SimpleQueue[_Pending | None] = queue.SimpleQueue()
        self._door = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="log sender", daemon=True)
        self._thread.start()

    def append(self, topic: str, key: str, value: bytes | None) -> Future[tuple[Partition, int]]:
        """See the port."""
        check_record_size(key, value)
        pending = _Pending(topic, key, value, monotonic() + self._quarter_seconds)
        with self._door:
            if self._closed:
                pending.done.set_exception(_closed())
            else:
                self._waiting.put(pending)
        return pending.done

    def close(self, timeout_seconds: float = 5.0) -> None:
        """See the port. Records already sent may still arrive after they were failed."""
        with self._door:
            already, self._closed = self._closed, True
        if already:
            return
        deadline = monotonic() + timeout_seconds
        self._waiting.put(None)
        self._thread.join(timeout_seconds)
        if self._client is None:
            return
        try:
            self._client.close(timeout=max(0.0, deadline - monotonic()))
        except KafkaError as error:  # raised by its flush, and then the client is still open
            _logger.warning("records were not acknowledged when the producer closed: %s", error)
            _abandon(self._client)

    def _run(self) -> None:
        while (pending := self._waiting.get()) is not None:
            if not pending.done.set_running_or_notify_cancel():
                continue
            try:
                self._send(pending)
            except LogUnavailable as error:
                pending.done.set_exception(error)
            except Exception as error:
                pending.done.set_exception(unavailable("take a record", error))

    def _send(self, pending: _Pending) -> None:
        if monotonic() > pending.send_before:
            raise LogUnavailable("log.unavailable", "Kafka did not take earlier records in time")
        if self._client is None:
            self._client = self._connect()
        sent = self._client.send(pending.topic, key=pending.key.encode(), value=pending.value)
        sent.add_callback(lambda stored: _acknowledge(pending, stored))
        sent.add_errback(lambda error: _fail(pending, error))

    def _connect(self) -> Any:
        self._connection.reach(timeout_seconds=self._quarter_seconds)
        return KafkaClient(
            **self._connection.client_settings(request_timeout_seconds=self._quarter_seconds),
            # Said aloud: when it is only a default, other settings switch it off with a warning.
            enable_idempotence=True,
            acks="all",
            delivery_timeout_ms=int(2 * self._quarter_seconds * 1000),
            max_block_ms=int(self._quarter_seconds * 1000),
            allow_auto_create_topics=False,
        )


def _acknowledge(pending: _Pending, stored: Any) -> None:
    if not pending.done.done():
        pending.done.set_result((Partition(stored.topic, stored.partition), stored.offset))


def _fail(pending: _Pending, error: BaseException) -> None:
    if not pending.done.done():
        pending.done.set_exception(unavailable("store a record", error))


def _abandon(client: Any) -> None:
    """Close a client whose records are stuck: what remains is failed by its sender."""
    client._sender.initiate_close()  # noqa: SLF001 -- close() gives up before it gets there
    client._sender.force_close()  # noqa: SLF001 -- the same
    client._sender.join(1.0)  # noqa: SLF001 -- the same


def _closed() -> LogUnavailable:
    return LogUnavailable("log.unavailable", "this producer is closed")
