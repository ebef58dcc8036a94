"""What notifications needs to know."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from chassis.settings import ServiceSettings, SettingsError, setting
from services.notifications.post.smtp import SmtpServer, smtp_server


def mail_address(text: str) -> str:
    """Parser of one plain mail address."""
    local, at, domain = text.partition("@")
    if not (local and at and domain) or "@" in domain or not text.isascii() or " " in text:
        raise ValueError("a mail address such as school@example.org")
    return text


def host_and_port(text: str) -> tuple[str, int]:
    """Parser of ``HOST:PORT``."""
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or not 0 <= int(port) <= 65_535:
        raise ValueError("a host and a port such as 127.0.0.1:2525")
    return host, int(port)


@dataclass(frozen=True, kw_only=True)
class NotificationsSettings(ServiceSettings):
    """Settings of notifications."""

    smtp: SmtpServer = setting(
        "RTCM_NOTIFICATIONS_SMTP_URL",
        doc="next mail server: smtp, smtps or smtp+starttls://[USER:PASSWORD@]HOST[:PORT]",
        default=SmtpServer(host="127.0.0.1", port=2525, security="smtp"),
        parse=smtp_server,
        secret=True,
    )
    sender_address: str = setting(
        "RTCM_NOTIFICATIONS_SENDER_ADDRESS",
        doc="From of all mails; its domain ends Message-IDs and calendar UIDs: never change it",
        default="noreply@rtcm.example",
        parse=mail_address,
    )
    sender_name: str = setting(
        "RTCM_NOTIFICATIONS_SENDER_NAME",
        doc="name beside the sender's address",
        default="Regional Training Centre on Migration",
    )
    sink_dir: Path | None = setting(
        "RTCM_NOTIFICATIONS_SINK_DIR",
        doc="where the local mail sink keeps mails; demo and test mode only",
        default=None,
        parse=Path,
    )
    sink_listen: tuple[str, int] = setting(
        "RTCM_NOTIFICATIONS_SINK_LISTEN",
        doc="host and port the local mail sink listens on",
        default=("127.0.0.1", 2525),
        parse=host_and_port,
    )

    def __post_init__(self) -> None:
        if self.sink_dir is not None and self.mode not in ("demo", "test"):
            raise SettingsError(
                "RTCM_NOTIFICATIONS_SINK_DIR lets mails be read and is refused unless RTCM_MODE is"
                " demo or test"
            )
