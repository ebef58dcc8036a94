"""Dates and times as people of a language write them, in the zone where they meet."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_time, get_timezone_name
from jinja2 import pass_context
from jinja2.runtime import Context


@pass_context
def instant(context: Context, value: datetime) -> str:
    """``Saturday, 9 January 2021, 10:00 (Azerbaijan Standard Time)``."""
    language, zone = context["language"], ZoneInfo(context["zone"])
    written = format_datetime(value, "EEEE, d MMMM y, HH:mm", tzinfo=zone, locale=language)
    return f"{written} ({zone_name(context['zone'], language, value)})"


@pass_context
def day(context: Context, value: date | datetime) -> str:
    """``9 January 2021``; an instant's day is that of the zone."""
    if isinstance(value, datetime):
        value = value.astimezone(ZoneInfo(context["zone"])).date()
    return format_date(value, "d MMMM y", locale=context["language"])


@pass_context
def weekday(context: Context, value: datetime) -> str:
    """``Saturday, 9 January 2021``."""
    local = value.astimezone(ZoneInfo(context["zone"])).date()
    return format_date(local, "EEEE, d MMMM y", locale=context["language"])


@pass_context
def time(context: Context, value: datetime) -> str:
    """``10:00`` in the zone."""
    zone = ZoneInfo(context["zone"])
    return format_time(value, "HH:mm", tzinfo=zone, locale=context["language"])


@pass_context
def zone_label(context: Context, value: datetime) -> str:
    """What people call the zone at an instant."""
    return zone_name(context["zone"], context["language"], value)


def zone_name(zone: str, language: str, at: datetime) -> str:
    """What people call a zone: ``Azərbaycan Standart Vaxtı``."""
    return get_timezone_name(at.astimezone(ZoneInfo(zone)), width="long", locale=language)


FILTERS = {
    "instant": instant,
    "day": day,
    "weekday": weekday,
    "time": time,
    "zone_label": zone_label,
}
