"""Where the brokers are, how to speak to them, and their errors in our words."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from kafka.errors import KafkaError

from chassis.clock import monotonic
from chassis.log.address import KafkaAddress
from chassis.log.port import LogUnavailable

_ASK_AGAIN_SECONDS = 0.1


@dataclass(frozen=True)
class KafkaConnection:
    """The addresses of some brokers of a cluster and what signs us in."""

    brokers: tuple[str, ...]
    security: Mapping[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def from_url(cls, url: str) -> KafkaConnection:
        """Read an address (``chassis.log.address.KafkaAddress.from_url``).

        Raises:
            ValueError: it cannot be used; says why.
        """
        address = KafkaAddress.from_url(url)
        return cls(address.brokers, dict(_security_of(address)))

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


def _security_of(address: KafkaAddress) -> Iterator[tuple[str, str]]:
    """An address in kafka-python's words."""
    if not address.tls:
        return
    yield "security_protocol", "SASL_SSL" if address.user else "SSL"
    files = {
        "ssl_cafile": address.authority_file,
        "ssl_certfile": address.certificate_file,
        "ssl_keyfile": address.key_file,
    }
    yield from ((name, file) for name, file in files.items() if file is not None)
    if address.user:
        yield "sasl_mechanism", address.mechanism
        yield "sasl_plain_username", address.user
        yield "sasl_plain_password", address.password


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
