"""The address of an event log: where it is, how it is reached and who we are, in one line."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

MECHANISMS = ("SCRAM-SHA-512", "SCRAM-SHA-256", "PLAIN")
"""How a user signs in; the first unless the address says otherwise."""

_OPTIONS = ("ca", "cert", "key", "mechanism")


@dataclass(frozen=True, kw_only=True)
class KafkaAddress:
    """Some brokers of a cluster, and what signs us in.

    Attributes:
        brokers: ``HOST:PORT`` each.
        tls: whether the connection is encrypted; brokers prove their name then.
        authority_file: PEM file of who vouches for the brokers; the machine's own list without it.
        certificate_file, key_file: PEM files that prove who we are; the key is not encrypted.
        user, password, mechanism: sign-in by SASL, when there is a user.
    """

    brokers: tuple[str, ...]
    tls: bool = False
    authority_file: str | None = None
    certificate_file: str | None = None
    key_file: str | None = None
    user: str = ""
    password: str = field(default="", repr=False)
    mechanism: str = MECHANISMS[0]

    @classmethod
    def from_url(cls, url: str) -> KafkaAddress:
        """Read ``kafka://HOST:PORT[,HOST:PORT]`` or
        ``kafka+tls://[USER:PASSWORD@]HOST:PORT[,HOST:PORT][?ca=FILE&cert=FILE&key=FILE&mechanism=M]``.

        Raises:
            ValueError: no such address, options that do not belong together, or a file that
                cannot be used; says which.
        """
        parts = _split(url)
        tls = parts.scheme == "kafka+tls"
        if not tls and ("@" in parts.netloc or parts.query):
            raise ValueError(
                "an event log's address: without TLS nobody signs in and no option is known, "
                "write kafka+tls://"
            )
        sign_in, _, addresses = parts.netloc.rpartition("@")
        user, _, password = sign_in.partition(":")
        options = _options(parts.query)
        address = cls(
            brokers=_brokers(addresses),
            tls=tls,
            authority_file=options.get("ca"),
            certificate_file=options.get("cert"),
            key_file=options.get("key"),
            user=unquote(user),
            password=unquote(password),
            mechanism=options.get("mechanism", MECHANISMS[0]),
        )
        address._check(mechanism_given="mechanism" in options)
        return address

    def _check(self, *, mechanism_given: bool) -> None:
        if self.mechanism not in MECHANISMS:
            raise ValueError(f"an event log's address: mechanism is one of {', '.join(MECHANISMS)}")
        if bool(self.user) != bool(self.password) or (mechanism_given and not self.user):
            raise ValueError("an event log's address: user and password belong together")
        if (self.certificate_file is None) != (self.key_file is None):
            raise ValueError("an event log's address: cert and key belong together")
        if self.tls:
            self._check_files()

    def _check_files(self) -> None:
        try:
            context = ssl.create_default_context(cafile=self.authority_file)
        except OSError as error:  # ssl's own errors are of this kind
            raise ValueError(
                f"an event log's address: ca {self.authority_file!r} is not a file of certificates"
            ) from error
        if self.certificate_file is None:
            return
        try:
            # Without a password function the library would ask a terminal for one.
            context.load_cert_chain(self.certificate_file, self.key_file, password=lambda: b"")
        except OSError as error:
            raise ValueError(
                f"an event log's address: cert {self.certificate_file!r} and key "
                f"{self.key_file!r} are not a certificate and its unencrypted key"
            ) from error


def log_address(text: str) -> str:
    """Parser of a log's address: the text itself, once it is known to be usable."""
    if text.startswith(("kafka:", "kafka+tls:")):
        KafkaAddress.from_url(text)
    elif not text.startswith("sqlite:///") or text == "sqlite:///":
        raise ValueError("an address such as kafka://HOST:PORT or sqlite:///PATH")
    return text


def _split(url: str) -> SplitResult:
    parts = urlsplit(url)
    if parts.scheme not in ("kafka", "kafka+tls") or parts.path or parts.fragment:
        raise ValueError("an event log's address: it reads kafka[+tls]://HOST:PORT[,HOST:PORT]")
    return parts


def _brokers(addresses: str) -> tuple[str, ...]:
    brokers = tuple(address for address in addresses.split(",") if address)
    if not brokers or not all(_is_broker(address) for address in brokers):
        raise ValueError("an event log's address: each broker is HOST:PORT, separated by commas")
    return brokers


def _is_broker(address: str) -> bool:
    host, _, port = address.rpartition(":")
    return bool(host) and port.isascii() and port.isdigit() and 0 < int(port) < 65_536


def _options(query: str) -> Mapping[str, str]:
    try:
        found = parse_qsl(query, strict_parsing=bool(query))
    except ValueError as error:
        raise ValueError("an event log's address: options read NAME=VALUE&NAME=VALUE") from error
    if unknown := {name for name, _ in found}.difference(_OPTIONS):
        raise ValueError(
            f"an event log's address: {', '.join(sorted(unknown))} is none of {', '.join(_OPTIONS)}"
        )
    return dict(found)
