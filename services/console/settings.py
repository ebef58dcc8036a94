"""What the console needs to know."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from chassis.settings import ServiceSettings, setting, whole_number


def time_zone(text: str) -> str:
    """Parser of a zone of the IANA database."""
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError("a time zone such as Asia/Baku") from error
    return text


@dataclass(frozen=True, kw_only=True)
class ConsoleSettings(ServiceSettings):
    """Settings of the console."""

    zone: str = setting(
        "RTCM_CONSOLE_ZONE",
        doc="zone of times that belong to no cohort",
        default="Asia/Baku",
        parse=time_zone,
    )
    session_hours: int = setting(
        "RTCM_CONSOLE_SESSION_HOURS",
        doc="hours after which everybody signs in again",
        default=12,
        parse=whole_number(1, 168),
    )
    session_idle_minutes: int = setting(
        "RTCM_CONSOLE_SESSION_IDLE_MINUTES",
        doc="minutes without a page after which a session ends",
        default=120,
        parse=whole_number(5, 10_080),
    )
    listen_port: int = setting(
        "RTCM_CONSOLE_LISTEN_PORT",
        doc="port to listen on where a proxy answers at RTCM_CONSOLE_URL; 0: the address's own",
        default=0,
        parse=whole_number(0, 65_535),
    )
    proxy_count: int = setting(
        "RTCM_CONSOLE_PROXY_COUNT",
        doc="trusted proxies in front; their X-Forwarded-For and -Proto are believed",
        default=0,
        parse=whole_number(0, 5),
    )

    @property
    def is_https(self) -> bool:
        """Whether people reach the console encrypted."""
        return self.console_url.startswith("https://")

    @property
    def shows_mails(self) -> bool:
        """Whether mails of the local sink may be read: never in production."""
        return self.mode in ("demo", "test")
