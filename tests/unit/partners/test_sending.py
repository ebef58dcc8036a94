"""The sender goes to the checked address only, and waits no longer than it said."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from chassis.clock import monotonic
from services.partners.domain.addresses import Target
from services.partners.sending import WebhookSender, retry_after_seconds

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@contextmanager
def _answering(serve: Callable[[socket.socket], object]) -> Iterator[int]:
    """One connection at a time is given to ``serve``; yields the port on 127.0.0.1."""
    listener = socket.create_server(("127.0.0.1", 0))

    def accept() -> None:
        try:
            connected, _ = listener.accept()
        except OSError:
            return  # closed: the test is over
        with connected:
            serve(connected)

    thread = threading.Thread(target=accept)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        # Wakes an accept that nobody came to.
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def _request(connected: socket.socket) -> bytes:
    """All of one request: headers and body may come apart."""
    came = b""
    while not came.endswith(b"\r\n\r\n{}"):
        piece = connected.recv(65536)
        if not piece:
            break
        came += piece
    return came


def _sender(
    *, seconds: float = 5.0, resolves_to: tuple[str, ...] = ("127.0.0.1",), loopback: bool = True
) -> WebhookSender:
    return WebhookSender(
        timeout_seconds=seconds,
        allows_loopback=loopback,
        machine_clock=lambda: NOW,
        resolve=lambda host, port: resolves_to,
    )


def _send(sender: WebhookSender, port: int, *, is_tls: bool = False) -> str:
    target = Target(is_tls=is_tls, host="partner.example", port=port, path="/hooks")
    return sender.send(target, headers={"Host": target.host_header}, body=b"{}").code


def test_connection_goes_to_the_checked_address_with_the_name_as_host() -> None:
    requests = []

    def serve(connected: socket.socket) -> None:
        requests.append(_request(connected))
        connected.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")

    with _answering(serve) as port:
        assert _send(_sender(), port) == "delivered"

    assert requests[0].startswith(b"POST /hooks HTTP/1.1\r\n")
    assert requests[0].count(b"Host:") == 1
    assert f"Host: partner.example:{port}\r\n".encode() in requests[0]


def test_name_is_resolved_once_a_try() -> None:
    answers = iter([("127.0.0.1",), ("10.0.0.1",)])
    sender = WebhookSender(
        timeout_seconds=5.0,
        allows_loopback=True,
        machine_clock=lambda: NOW,
        resolve=lambda host, port: next(answers),
    )

    def serve(connected: socket.socket) -> None:
        _request(connected)
        connected.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    with _answering(serve) as port:
        assert _send(sender, port) == "delivered"
        assert _send(sender, port) == "address_refused"


@pytest.mark.parametrize("addresses", [("127.0.0.1",), ("8.8.8.8", "169.254.169.254")])
def test_private_address_is_never_connected_to(addresses: tuple[str, ...]) -> None:
    came = []

    with _answering(lambda connected: came.append(connected)) as port:
        sender = _sender(resolves_to=addresses, loopback=False)
        assert _send(sender, port, is_tls=True) == "address_refused"

    assert came == []


def test_redirect_is_not_followed() -> None:
    def serve(connected: socket.socket) -> None:
        _request(connected)
        connected.sendall(b"HTTP/1.1 307 Go\r\nLocation: http://127.0.0.1:1/\r\n\r\n")

    with _answering(serve) as port:
        assert _send(_sender(), port) == "redirected"


def test_answer_that_drips_is_cut() -> None:
    over = threading.Event()

    def serve(connected: socket.socket) -> None:
        _request(connected)
        try:
            while not over.wait(0.05):
                connected.sendall(b"H")
        except OSError:
            pass

    began = monotonic()
    with _answering(serve) as port:
        code = _send(_sender(seconds=0.4), port)
        over.set()

    assert code in ("timed_out", "broken_off")
    assert monotonic() - began < 3


def test_silence_is_timed_out() -> None:
    over = threading.Event()

    with _answering(lambda connected: bool(over.wait(10))) as port:
        code = _send(_sender(seconds=0.3), port)
        over.set()

    assert code == "timed_out"


def test_plain_text_where_tls_is_due_is_no_delivery() -> None:
    def serve(connected: socket.socket) -> None:
        connected.recv(65536)
        connected.sendall(b"HTTP/1.1 200 OK\r\n\r\n")

    with _answering(serve) as port:
        assert _send(_sender(), port, is_tls=True) == "tls_failed"


def test_nobody_there_and_no_such_name_are_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert _send(_sender(), port) == "unreachable"

    def fail(host: str, port: int) -> tuple[str, ...]:
        raise socket.gaierror("no such name")

    lost = WebhookSender(
        timeout_seconds=1, allows_loopback=True, machine_clock=lambda: NOW, resolve=fail
    )
    assert _send(lost, 443) == "unreachable"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120),
        ("0", 0),
        ("Mon, 23 Nov 2026 02:01:00 GMT", 60),
        ("Mon, 23 Nov 2026 01:00:00 GMT", 0),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1" * 30, None),
        ("²", None),
    ],
)
def test_retry_after_is_read_in_both_forms(text: str, seconds: int | None) -> None:
    assert retry_after_seconds(text, now=NOW) == seconds
