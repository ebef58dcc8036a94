"""The next mail server, spoken to by SMTP.

What matters is to know, when it goes wrong, whether the mail may have left: until the whole content
is handed over it has surely not; after that only the server's answer tells.
"""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from services.notifications.domain.delivery import AnswerLost, Letter, NotTaken, RefusedForGood

_SCHEMES = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}


@dataclass(frozen=True, kw_only=True)
class SmtpServer:
    """Where and how mails are handed over."""

    host: str
    port: int
    security: str
    """``smtp``, ``smtps`` or ``smtp+starttls``."""
    user: str | None = None
    password: str | None = None

    def __str__(self) -> str:
        """Its address; who signs in there is never shown."""
        return f"{self.security}://{self.host}:{self.port}"


def smtp_server(address: str) -> SmtpServer:
    """Parser of ``smtp[s|+starttls]://[USER:PASSWORD@]HOST[:PORT]``."""
    wanted = "smtp://, smtps:// or smtp+starttls:// and a host"
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise ValueError(wanted) from error
    if parts.scheme not in _SCHEMES or not parts.hostname or parts.path not in ("", "/"):
        raise ValueError(wanted)
    return SmtpServer(
        host=parts.hostname,
        port=port or _SCHEMES[parts.scheme],
        security=parts.scheme,
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
    )


class SmtpPostOffice:
    """Hands mails over, a connection each (``domain.ports.PostOffice``)."""

    def __init__(
        self, server: SmtpServer, *, sender_address: str, timeout_seconds: float = 20.0
    ) -> None:
        self._server = server
        self._sender_address = sender_address
        self._timeout_seconds = timeout_seconds

    def deliver(self, letter: Letter) -> None:
        """Hand over one mail; raises as the port says."""
        connection = self._connect()
        try:
            self._announce(connection, letter)
            self._hand_over(connection, letter)
        finally:
            _leave(connection)

    def _connect(self) -> smtplib.SMTP:
        server, timeout = self._server, self._timeout_seconds
        try:
            if server.security == "smtps":
                context = ssl.create_default_context()
                connection: smtplib.SMTP = smtplib.SMTP_SSL(
                    server.host, server.port, timeout=timeout, context=context
                )
            else:
                connection = smtplib.SMTP(server.host, server.port, timeout=timeout)
        except (smtplib.SMTPException, OSError) as error:
            raise NotTaken("smtp.unreachable") from error
        try:
            if server.security == "smtp+starttls":
                connection.starttls(context=ssl.create_default_context())
            connection.ehlo_or_helo_if_needed()
            if server.user is not None:
                connection.login(server.user, server.password or "")
        except (smtplib.SMTPException, OSError) as error:
            # Whatever is wrong here is wrong with the server or our settings, not with the mail.
            _leave(connection)
            raise NotTaken("smtp.session_refused") from error
        return connection

    def _announce(self, connection: smtplib.SMTP, letter: Letter) -> None:
        needs_utf8 = not letter.to_address.isascii()
        if needs_utf8 and not connection.has_extn("smtputf8"):
            raise RefusedForGood("smtp.address_not_supported")
        if needs_utf8:
            connection.command_encoding = "utf-8"
        options = ["SMTPUTF8"] if needs_utf8 else []
        try:
            _heed(*connection.mail(self._sender_address, options))
            _heed(*connection.rcpt(letter.to_address))
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            raise NotTaken("smtp.disconnected") from error

    def _hand_over(self, connection: smtplib.SMTP, letter: Letter) -> None:
        try:
            _heed(*connection.data(letter.content))
        except smtplib.SMTPDataError as error:  # DATA itself was refused: nothing was handed over
            _heed(error.smtp_code, b"")
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            raise AnswerLost("smtp.answer_lost") from error


def _heed(code: int, _: bytes) -> None:
    """Turn a server's answer into what to do; its words may hold addresses and are dropped."""
    if 500 <= code <= 599:
        raise RefusedForGood(f"smtp.{code}")
    if not 200 <= code <= 299:
        raise NotTaken(f"smtp.{code}")


def _leave(connection: smtplib.SMTP) -> None:
    try:
        connection.quit()
    except (smtplib.SMTPException, OSError):
        connection.close()
