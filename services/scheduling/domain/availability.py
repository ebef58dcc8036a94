"""When a trainer or a room can be had."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from chassis.errors import RuleViolation

WEEKDAYS = (1, 2, 3, 4, 5, 6, 7)
"""ISO weekdays: 1 is Monday."""


@dataclass(frozen=True, kw_only=True)
class DateSpan:
    """Calendar days from ``first_on`` to ``last_on``, both included."""

    first_on: date
    last_on: date

    def __post_init__(self) -> None:
        if self.last_on < self.first_on:
            raise RuleViolation(
                "span.ends_before_start", f"{self.last_on} lies before {self.first_on}"
            )

    def holds(self, day: date) -> bool:
        """Whether ``day`` lies inside."""
        return self.first_on <= day <= self.last_on


@dataclass(frozen=True, kw_only=True)
class Availability:
    """Days on which something can be had; nothing said means always.

    Attributes:
        weekdays: ISO weekdays; empty means all seven.
        spans: the day must lie in one of them; empty means any day.
        unavailable_on: single days taken out.
    """

    weekdays: tuple[int, ...] = ()
    spans: tuple[DateSpan, ...] = ()
    unavailable_on: tuple[date, ...] = ()

    def __post_init__(self) -> None:
        if any(weekday not in WEEKDAYS for weekday in self.weekdays):
            raise RuleViolation("availability.no_weekday", "weekdays are 1 (Monday) to 7 (Sunday)")

    def allows(self, day: date) -> bool:
        """Whether it can be had on ``day``."""
        return (
            (not self.weekdays or day.isoweekday() in self.weekdays)
            and (not self.spans or any(span.holds(day) for span in self.spans))
            and day not in self.unavailable_on
        )


ALWAYS = Availability()
