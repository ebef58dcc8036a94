"""The log that a URL names."""

from __future__ import annotations

from pathlib import Path

from chassis.log.port import EventLog
from chassis.log.sqlite import SqliteLog


def open_log(
    url: str, *, session_seconds: float = 6.0, append_timeout_seconds: float = 10.0
) -> EventLog:
    """Open the log of a deployment.

    Args:
        url: ``sqlite:///relative.db``, ``sqlite:////absolute.db`` or
            ``kafka[+tls]://host:port[,host:port]`` (and more, ``chassis.log.address``).
        session_seconds: after this silence a consumer counts as dead.
        append_timeout_seconds: after this time an append that was not acknowledged fails.

    Raises:
        ValueError: the URL names no engine we have.
        LogUnavailable: the file cannot be opened.
    """
    if url.startswith(("kafka:", "kafka+tls:")):
        # Here, so that a machine with the embedded log does not load Kafka's protocol.
        from chassis.log.kafka import KafkaConnection, KafkaLog

        return KafkaLog(
            KafkaConnection.from_url(url),
            session_seconds=session_seconds,
            append_timeout_seconds=append_timeout_seconds,
        )
    scheme, _, rest = url.partition("://")
    if scheme == "sqlite" and rest.startswith("/") and len(rest) > 1:
        return SqliteLog(
            Path(rest[1:]),
            session_seconds=session_seconds,
            append_timeout_seconds=append_timeout_seconds,
        )
    raise ValueError("that names no event log: sqlite:///PATH or kafka[+tls]://HOST:PORT")
