"""Public holidays, working days and local hours of the countries that take part."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays

from chassis.errors import RuleViolation

ZONES = {
    "AM": "Asia/Yerevan",
    "AZ": "Asia/Baku",
    "BA": "Europe/Sarajevo",
    "BY": "Europe/Minsk",
    "GE": "Asia/Tbilisi",
    "IR": "Asia/Tehran",
    "KG": "Asia/Bishkek",
    "KZ": "Asia/Almaty",
    "MD": "Europe/Chisinau",
    "PK": "Asia/Karachi",
    "RS": "Europe/Belgrade",
    "RU": "Europe/Moscow",
    "TJ": "Asia/Dushanbe",
    "TM": "Asia/Ashgabat",
    "TR": "Europe/Istanbul",
    "UA": "Europe/Kyiv",
    "UZ": "Asia/Tashkent",
}
"""The zone of each country's capital (Kazakhstan: its largest city)."""


@dataclass(frozen=True, kw_only=True)
class HolidayChange:
    """A government's later decision, or the centre's knowledge, against the holiday library.

    Attributes:
        closed: the day is a holiday after all, or a working day after all.
    """

    country_code: str
    day: date
    closed: bool


CHANGES: tuple[HolidayChange, ...] = ()
"""None so far: for Azerbaijan 2021 the library holds every day the centre's documents name."""


@lru_cache(maxsize=256)
def _library_holidays(country_code: str, year: int) -> frozenset[date]:
    try:
        return frozenset(holidays.country_holidays(country_code, years=year))
    except NotImplementedError as unknown:
        raise RuleViolation(
            "calendar.unknown_country", f"no holidays are known for {country_code!r}"
        ) from unknown


def holidays_of(
    country_code: str,
    first_on: date,
    last_on: date,
    *,
    changes: Iterable[HolidayChange] = CHANGES,
) -> frozenset[date]:
    """Public holidays and bridge days of a country from ``first_on`` to ``last_on`` inclusive.

    Dates of moving feasts in years to come are estimates of the library; ``changes`` corrects
    them once they are announced.

    Raises:
        RuleViolation: ``calendar.unknown_country``.
    """
    years = range(first_on.year, last_on.year + 1)
    found = set().union(*(_library_holidays(country_code, year) for year in years))
    for change in changes:
        if change.country_code == country_code:
            (found.add if change.closed else found.discard)(change.day)
    return frozenset(day for day in found if first_on <= day <= last_on)


def closed_and_avoided(
    country_codes: Sequence[str],
    first_on: date,
    last_on: date,
    *,
    changes: Iterable[HolidayChange] = CHANGES,
) -> tuple[tuple[date, ...], tuple[date, ...]]:
    """Days without sessions, and days better left free, in order.

    A cohort of one country keeps all its holidays. In a cohort of several, a day is closed when
    at least half of the countries have a holiday and avoided when fewer have.
    """
    counts: dict[date, int] = {}
    for country_code in country_codes:
        for day in holidays_of(country_code, first_on, last_on, changes=changes):
            counts[day] = counts.get(day, 0) + 1
    closed = {day for day, count in counts.items() if 2 * count >= len(country_codes)}
    return tuple(sorted(closed)), tuple(sorted(counts.keys() - closed))


def zone_of(country_code: str) -> str:
    """The IANA zone in which a country's people live by default.

    Raises:
        RuleViolation: ``calendar.unknown_country``.
    """
    try:
        return ZONES[country_code]
    except KeyError as unknown:
        raise RuleViolation(
            "calendar.unknown_country", f"no time zone is known for {country_code!r}"
        ) from unknown


def require_zone(zone: str) -> None:
    """Refuse what is no IANA zone.

    Raises:
        RuleViolation: ``calendar.unknown_zone``.
    """
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as unknown:
        raise RuleViolation("calendar.unknown_zone", f"{zone!r} is no IANA zone") from unknown
