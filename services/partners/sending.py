"""Sends one webhook: to the address that was checked, and nowhere else."""

from __future__ import annotations

import email.utils
import socket
import ssl
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from http.client import HTTPException

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, SSLError
from urllib3.response import BaseHTTPResponse

from chassis.clock import Clock, monotonic
from chassis.errors import RuleViolation
from services.partners.domain.addresses import Target, admitted
from services.partners.domain.schedule import Outcome, outcome_of_status

Resolve = Callable[[str, int], Sequence[str]]
"""Host and port -> every address, as ``ipaddress`` writes them; raises ``OSError``."""


class WebhookSender:
    """One try (``domain.ports.Sender``).

    The name is resolved once; all addresses must pass the guard; the connection is opened to one
    of them, with the name in ``Host`` and in TLS. Redirects are not followed, proxies not used,
    answers not read. A connection is cut when ``timeout_seconds`` are over, however slowly the
    other side drips.
    """

    def __init__(
        self,
        *,
        timeout_seconds: float,
        allows_loopback: bool,
        machine_clock: Clock,
        resolve: Resolve | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._timeout_seconds = timeout_seconds
        self._allows_loopback = allows_loopback
        self._machine_clock = machine_clock
        self._resolve = resolve or resolve_host
        self._tls = tls or ssl.create_default_context()

    def send(self, target: Target, *, headers: dict[str, str], body: bytes) -> Outcome:
        """One try; whatever goes wrong outside is told by the outcome."""
        deadline = monotonic() + self._timeout_seconds
        try:
            addresses = self._resolve(target.host, target.port)
            reached = admitted(target, addresses, allows_loopback=self._allows_loopback)
        except RuleViolation:
            return Outcome(code="address_refused")
        except (OSError, UnicodeError):
            return Outcome(code="unreachable")
        outcome = Outcome(code="unreachable")
        for address in reached:
            left = deadline - monotonic()
            if left <= 0:
                return Outcome(code="timed_out")
            outcome = self._try(target, address, headers, body, left)
            if outcome.code != "unreachable":  # only what never got through goes elsewhere
                break
        return outcome

    def _try(
        self, target: Target, address: str, headers: dict[str, str], body: bytes, seconds: float
    ) -> Outcome:
        connection = self._connection(target, address, seconds)
        cut = _Cut(connection, seconds)
        try:
            cut.start()
            connection.connect()
            connection.request("POST", target.path, body=body, headers=headers)
            answer = connection.getresponse()
            return outcome_of_status(answer.status, self._retry_after(answer))
        except NewConnectionError:  # by urllib3 a kind of timeout, so it comes first
            return Outcome(code="unreachable")
        except (TimeoutError, ConnectTimeoutError):
            return Outcome(code="timed_out")
        except (SSLError, ssl.SSLError):
            return Outcome(code="timed_out" if cut.happened else "tls_failed")
        except (HTTPError, HTTPException, OSError, ValueError):
            return Outcome(code="timed_out" if cut.happened else "broken_off")
        finally:
            cut.cancel()
            connection.close()

    def _connection(self, target: Target, address: str, seconds: float) -> HTTPConnection:
        if not target.is_tls:
            return HTTPConnection(address, target.port, timeout=seconds)
        return HTTPSConnection(
            address,
            target.port,
            timeout=seconds,
            server_hostname=target.host.rstrip("."),
            ssl_context=self._tls,
        )

    def _retry_after(self, answer: BaseHTTPResponse) -> int | None:
        text = answer.headers.get("Retry-After", "").strip()
        return retry_after_seconds(text, now=self._machine_clock())


class _Cut:
    """Cuts a connection after a while: timeouts of sockets count from each byte anew."""

    def __init__(self, connection: HTTPConnection, seconds: float) -> None:
        self.happened = False
        self._connection = connection
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def start(self) -> None:
        self._timer.start()

    def cancel(self) -> None:
        self._timer.cancel()

    def _cut(self) -> None:
        self.happened = True
        connected = self._connection.sock
        if connected is not None:
            with suppress(OSError):  # it was closed meanwhile
                connected.shutdown(socket.SHUT_RDWR)


def resolve_host(host: str, port: int) -> tuple[str, ...]:
    """Every address of a name, each once, in the system's order; raises ``OSError``."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(address[0]) for *_, address in found))


def retry_after_seconds(text: str, *, now: datetime) -> int | None:
    """``Retry-After`` in seconds: a number of them, or until a date; ``None`` for anything else."""
    if text.isascii() and text.isdecimal() and len(text) <= 9:
        return int(text)
    try:
        until = email.utils.parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    if until.tzinfo is None:
        return None
    return max(0, int((until - now).total_seconds()))
