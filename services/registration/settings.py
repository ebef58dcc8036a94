"""Registration's settings: those of every service, and how long personal data are kept."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.settings import ServiceSettings, setting, whole_number


@dataclass(frozen=True, kw_only=True)
class RegistrationSettings(ServiceSettings):
    """What only registration needs to know; its master key lies in ``RTCM_KEYS_DIR``."""

    retention_days: int = setting(
        "RTCM_REGISTRATION_RETENTION_DAYS",
        doc="days after which a person's data are erased by themselves",
        default=1_826,  # five years; ours, until the centre decides
        parse=whole_number(1, 36_525),
    )
    cohort_keep_days: int = setting(
        "RTCM_REGISTRATION_COHORT_KEEP_DAYS",
        doc="days after a cohort's end before its people can be forgotten together",
        default=30,  # ours: time to correct records and appeal
        parse=whole_number(0, 36_525),
    )
