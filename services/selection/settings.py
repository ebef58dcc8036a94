"""Selection's settings: those of every service."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.settings import ServiceSettings


@dataclass(frozen=True, kw_only=True)
class SelectionSettings(ServiceSettings):
    """Nothing of its own: what differs between cohorts is in their rule sets."""
