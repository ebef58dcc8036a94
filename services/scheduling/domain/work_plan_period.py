"""The "when" of an activity plan's row: a month, a quarter, the current year, regularly."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from chassis.errors import RuleViolation

_MONTHS = (
    ("january", "yanvar"),
    ("february", "fevral"),
    ("march", "mart"),
    ("april", "aprel"),
    ("may",),
    ("june", "iyun"),
    ("july", "iyul"),
    ("august", "avqust"),
    ("september", "sentyabr"),
    ("october", "oktyabr"),
    ("november", "noyabr"),
    ("december", "dekabr"),
)
_MONTH_OF = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names}
_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_WHOLE_YEAR = ("current year", "cari il", "il ərzində", "during the year")
_REGULARLY = ("regularly", "mütəmadi", "mütəmadi olaraq", "müntəzəm")


@dataclass(frozen=True, kw_only=True)
class Period:
    """From the first to the last day, both included; ``recurring`` goes on all through it."""

    first_on: date
    last_on: date
    recurring: bool = False


def period_of(when: str, year: int) -> Period:
    """Read the "when" column, English or Azerbaijani.

    Raises:
        RuleViolation: ``workplan.unknown_period``.
    """
    # Python lowers the Azerbaijani dotted capital to i and a combining dot: drop the dot.
    words = " ".join(when.lower().replace("\u0307", "").split())
    if words in _WHOLE_YEAR or words == str(year):
        return _months(year, 1, 12)
    if words in _REGULARLY:
        return _months(year, 1, 12, recurring=True)
    if words in _MONTH_OF:
        return _months(year, _MONTH_OF[words], _MONTH_OF[words])
    quarter = re.fullmatch(r"(?:q)?(i{1,3}|iv|[1-4])(?: quarter| rüb)?", words)
    if quarter:
        number = _QUARTERS[quarter[1]]
        return _months(year, 3 * number - 2, 3 * number)
    span = re.fullmatch(r"(\w+) ?[-–] ?(\w+)", words)
    if span and span[1] in _MONTH_OF and span[2] in _MONTH_OF:
        first, last = _MONTH_OF[span[1]], _MONTH_OF[span[2]]
        if first <= last:
            return _months(year, first, last)
    raise RuleViolation("workplan.unknown_period", f"{when!r} is no month or period of {year}")


def _months(year: int, first: int, last: int, *, recurring: bool = False) -> Period:
    return Period(
        first_on=date(year, first, 1),
        last_on=date(year, last, monthrange(year, last)[1]),
        recurring=recurring,
    )
