"""Partners' settings."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.settings import ServiceSettings, setting, whole_number, yes_no


@dataclass(frozen=True, kw_only=True)
class PartnersSettings(ServiceSettings):
    """What partners needs to know beside what every service does.

    Raises:
        ValueError: loopback addresses are allowed outside demo and test mode.
    """

    allow_loopback: bool = setting(
        "RTCM_PARTNERS_ALLOW_LOOPBACK",
        doc="webhooks may go to this machine, over http too; demo and test mode only",
        default=False,
        parse=yes_no,
    )
    webhook_timeout_seconds: int = setting(
        "RTCM_PARTNERS_WEBHOOK_TIMEOUT_SECONDS",
        doc="how long a partner system may take to answer a webhook, connecting included",
        default=15,
        parse=whole_number(1, 25),
    )
    secret_overlap_hours: int = setting(
        "RTCM_PARTNERS_SECRET_OVERLAP_HOURS",
        doc="how long the former webhook secret still signs after a rotation",
        default=24,
        parse=whole_number(1, 720),
    )

    def __post_init__(self) -> None:
        if self.allow_loopback and self.mode not in ("demo", "test"):
            raise ValueError(
                "RTCM_PARTNERS_ALLOW_LOOPBACK=yes lets partners reach this machine: only with "
                "RTCM_MODE=demo or test"
            )
