"""TLS by name, connection by address: a certificate of the name is asked for and checked."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from chassis.clock import wall_now
from services.partners.domain.addresses import Target
from services.partners.sending import WebhookSender

NAME = "partner.example"


def _certificate(folder: Path, name: str) -> Path:
    """Certificate and key of a name, signed by itself, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    issuer = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(issuer)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(wall_now() + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{name}.pem"
    file.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return file


@contextmanager
def _serving(certificate: Path, asked_for: list[str | None]) -> Iterator[int]:
    """Takes one connection; notes the name it asks for; yields the port on 127.0.0.1."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.sni_callback = lambda connected, name, _: asked_for.append(name)
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        plain, _ = listener.accept()
        with plain, suppress(OSError):  # who does not like the certificate hangs up
            connected = context.wrap_socket(plain, server_side=True)
            with connected:
                came = b""
                while not came.endswith(b"\r\n\r\n{}"):  # headers and body may come apart
                    came += connected.recv(65536) or b"\r\n\r\n{}"
                connected.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        thread.join()
        listener.close()


def _send(port: int, trusted: Path | None) -> str:
    sender = WebhookSender(
        timeout_seconds=5,
        allows_loopback=True,
        machine_clock=wall_now,
        resolve=lambda host, port: ("127.0.0.1",),
        tls=None if trusted is None else ssl.create_default_context(cafile=str(trusted)),
    )
    target = Target(is_tls=True, host=NAME, port=port, path="/hooks")
    return sender.send(target, headers={"Host": target.host_header}, body=b"{}").code


def test_certificate_of_the_name_is_asked_for_and_taken(tmp_path: Path) -> None:
    certificate, asked_for = _certificate(tmp_path, NAME), list[str | None]()

    with _serving(certificate, asked_for) as port:
        assert _send(port, certificate) == "delivered"

    assert asked_for == [NAME]


def test_certificate_of_another_name_is_refused(tmp_path: Path) -> None:
    certificate = _certificate(tmp_path, "other.example")

    with _serving(certificate, []) as port:
        assert _send(port, certificate) == "tls_failed"


def test_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    with _serving(_certificate(tmp_path, NAME), []) as port:
        assert _send(port, None) == "tls_failed"
