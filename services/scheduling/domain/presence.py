"""Presence as time: intervals from several sources, merged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chassis.errors import RuleViolation


class Source(StrEnum):
    """Who says that somebody was there."""

    QR = "qr"
    TRAINER = "trainer"
    ONLINE_LOG = "online_log"
    PAPER = "paper"


class Mode(StrEnum):
    """How somebody was there."""

    ONSITE = "onsite"
    ONLINE = "online"


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """One source's word on one participant: there from ``joined_at`` until before ``left_at``."""

    participant_id: str
    source: Source
    mode: Mode
    joined_at: datetime
    left_at: datetime

    def __post_init__(self) -> None:
        if self.left_at <= self.joined_at:
            raise RuleViolation(
                "evidence.ends_before_start", "who was there left later than they came"
            )


Interval = tuple[datetime, datetime]
"""Half-open: from the first instant until before the second."""


def merged(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """The same moments as disjoint intervals in order; touching ones become one."""
    joined: list[Interval] = []
    for start, end in sorted(intervals):
        if end <= start:
            continue
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return tuple(joined)


def clipped(intervals: Iterable[Interval], start: datetime, end: datetime) -> tuple[Interval, ...]:
    """The parts of ``intervals`` inside ``[start, end)``."""
    cut = ((max(a, start), min(b, end)) for a, b in intervals)
    return tuple((a, b) for a, b in cut if a < b)


def minutes_of(intervals: Iterable[Interval]) -> int:
    """Whole minutes of presence: all seconds are added first, then rounded down."""
    return int(sum((end - start).total_seconds() for start, end in merged(intervals))) // 60


def common(first: Sequence[Interval], second: Sequence[Interval]) -> tuple[Interval, ...]:
    """The moments that lie in both."""
    return merged(
        (max(a, c), min(b, d)) for a, b in first for c, d in second if max(a, c) < min(b, d)
    )
