"""Scheduling's settings: those of every service."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.settings import ServiceSettings


@dataclass(frozen=True, kw_only=True)
class SchedulingSettings(ServiceSettings):
    """Nothing beyond ``ServiceSettings``: how long to search is said with each request."""
