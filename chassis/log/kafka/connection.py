"""Where the brokers are, how to speak to them, and their errors in our words."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from kafka.errors import KafkaError

from chassis.clock import monotonic
from chassis.log.port import LogUnavailable

_SECURITY = {
    "security_protocol",
    "sasl_mechanism",
    "ssl_cafile",
    "ssl_certfile",
    "ssl_keyfile",
}
_ASK_AGAIN_SECONDS = 0.1


@dataclass(frozen=True)
class KafkaConnection:
    """The addresses of some brokers of a cluster and what signs us in."""

    brokers: tuple[str, ...]
    security: Mapping[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def from_url(cls, url: str) -> KafkaConnection:
        """Read ``kafka://[user:password@]host:port[,host:port][?security_protocol=...]``.

        The query may also give ``sasl_mechanism``, ``ssl_cafile``, ``ssl_certfile`` and
        ``ssl_keyfile``, as kafka-python understands them.

        Raises:
            ValueError: no such address, or an option that is not known.
        """
        parts = urlsplit(url)
        sign_in, _, addresses = parts.netloc.rpartition("@")
        brokers = tuple(address for address in addresses.split(",") if address)
        if not brokers or not all(address.rpartition(":")[2].isdigit() for address in brokers):
            raise ValueError("the log's URL must read kafka://HOST:PORT[,HOST:PORT]")
        security = dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
        if unknown := security.keys() - _SECURITY:
            raise ValueError(f"the log's URL has unknown options: {', '.join(sorted(unknown))}")
        if sign_in:
            user, _, password = sign_in.partition(":")
            security["sasl_plain_username"] = unquote(user)
            security["sasl_plain_password"] = unquote(password)
        return cls(brokers, security)

    def client_settings(self, *, request_timeout_seconds: float) -> dict[str, Any]:
        """What every client is made with."""
        return {
            "bootstrap_servers": list(self.brokers),
            "client_id": f"rtcm-{socket.gethostname()}",
            "request_timeout_ms": int(request_timeout_seconds * 1000),
            "bootstrap_timeout_ms": int(request_timeout_seconds * 1000),
            "reconnect_backoff_max_ms": 1000,
            **self.security,
        }

    def reach(self, *, timeout_seconds: float) -> None:
        """Wait until a broker takes connections: a client made earlier sleeps for long.

        Raises:
            LogUnavailable: none did.
        """
        deadline = monotonic() + timeout_seconds
        while not any(_takes_connections(address) for address in self.brokers):
            if monotonic() >= deadline:
                raise LogUnavailable(
                    "log.unavailable", f"no broker answers at {', '.join(self.brokers)}"
                )
            time.sleep(_ASK_AGAIN_SECONDS)


def unavailable(what: str, error: BaseException) -> LogUnavailable:
    """Our error for one of Kafka's."""
    return LogUnavailable("log.unavailable", f"Kafka could not {what}: {error!r}")


@contextmanager
def speaking_our_errors(what: str) -> Iterator[None]:
    """Turn Kafka's errors into ``LogUnavailable``: ``Kafka could not <what>``."""
    try:
        yield
    except (KafkaError, OSError) as error:
        raise unavailable(what, error) from error


def _takes_connections(address: str) -> bool:
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host, int(port)), timeout=1.0).close()
    except OSError:
        return False
    return True
