"""Dates, times and names of countries and languages as people write them."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date

_DAY = {"az": "d MMMM y", "en": "d MMMM y", "ru": "d MMMM y", "ka": "d MMMM, y"}
_DAY_WITH_WEEKDAY = {
    "az": "d MMMM y, EEEE",
    "en": "EEE d MMM y",
    "ru": "d MMMM y, EEEE",
    "ka": "d MMMM, y, EEEE",
}


def as_instant(value: str | datetime) -> datetime:
    """An instant out of an answer of a service."""
    if isinstance(value, datetime):
        return value
    return datetime.fromisoformat(value)


def as_day(value: str | date) -> date:
    """A date out of an answer of a service."""
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else date.fromisoformat(value[:10])


def day(language_code: str, value: str | date) -> str:
    """9 January 2021."""
    return format_date(as_day(value), _DAY[language_code], locale=language_code)


def weekday(language_code: str, value: str | date) -> str:
    """Sat 9 Jan 2021."""
    return format_date(as_day(value), _DAY_WITH_WEEKDAY[language_code], locale=language_code)


def span(language_code: str, first: str | date, last: str | date) -> str:
    """9 January to 3 July 2021; each day in full when the years differ."""
    one, other = as_day(first), as_day(last)
    joint = " to " if language_code == "en" else " – "
    if one == other:
        return day(language_code, one)
    short = "d MMMM" if one.year == other.year else _DAY[language_code]
    return format_date(one, short, locale=language_code) + joint + day(language_code, other)


def clock_time(value: str | datetime, zone: str) -> str:
    """18:00 in a zone."""
    return as_instant(value).astimezone(ZoneInfo(zone)).strftime("%H:%M")


def instant(language_code: str, value: str | datetime, zone: str) -> str:
    """Thu 26 Nov 2026, 18:00 Baku (UTC+4)."""
    local = as_instant(value).astimezone(ZoneInfo(zone))
    written = weekday(language_code, local.date())
    place, offset = city(language_code, zone), _offset(local)
    if language_code == "en":
        return f"{written}, {local:%H:%M} {place} ({offset})"
    return f"{written}, {local:%H:%M} ({place}, {offset})"


def short_instant(language_code: str, value: str | datetime, zone: str) -> str:
    """26 Nov 2026, 18:00, where the zone stands elsewhere on the page."""
    local = as_instant(value).astimezone(ZoneInfo(zone))
    return f"{format_date(local.date(), 'd MMM y', locale=language_code)}, {local:%H:%M}"


def city(language_code: str, zone: str) -> str:
    """The city a zone is named after."""
    known = _locale(language_code).time_zones.get(zone, {}).get("city")
    return str(known or zone.rsplit("/", 1)[-1].replace("_", " "))


def _offset(local: datetime) -> str:
    shift = local.utcoffset()
    assert shift is not None, "an instant in a zone has an offset"
    minutes = int(shift.total_seconds()) // 60
    sign, (hours, rest) = "-" if minutes < 0 else "+", divmod(abs(minutes), 60)
    if not minutes:
        return "UTC"
    return f"UTC{sign}{hours}:{rest:02d}" if rest else f"UTC{sign}{hours}"


def country(language_code: str, code: str) -> str:
    """A country's name."""
    return str(_locale(language_code).territories.get(code, code))


def countries(language_code: str) -> list[tuple[str, str]]:
    """Code and name of all countries, in the order of the language's alphabet."""
    names = [
        (code, name)
        for code, name in _locale(language_code).territories.items()
        if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES
    ]
    return sorted(names, key=lambda pair: _alphabetical(language_code, pair[1]))


def language(language_code: str, code: str) -> str:
    """A language's name."""
    return str(_locale(language_code).languages.get(code, code))


_NO_COUNTRIES = frozenset(
    {"EU", "EZ", "UN", "ZZ", "XA", "XB", "QO", "AC", "CP", "DG", "EA", "IC", "TA"}
)
"""Groups, pseudo-regions and parts of countries that CLDR lists among territories."""

_AZ_ALPHABET = "abcçdeəfgğhxıijkqlmnoöprsştuüvyz"


def _alphabetical(language_code: str, name: str) -> list[int]:
    """A key for sorting; Python's own order puts ə and ş behind z."""
    if language_code != "az":
        plain = str.maketrans("ÅÇÉÔãçéíô", "ACEOaceio")
        return [ord(letter) for letter in name.translate(plain).lower()]
    lower = name.replace("İ", "i").replace("I", "ı").lower()
    return [_AZ_ALPHABET.find(letter) for letter in lower]


@cache
def _locale(language_code: str) -> Locale:
    return Locale.parse(language_code)
