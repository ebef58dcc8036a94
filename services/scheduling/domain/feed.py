"""Calendar feeds: a cohort's sessions as iCalendar text (RFC 5545, RFC 7986)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vDuration

from chassis.language_map import LanguageMap, text_in


@dataclass(frozen=True, kw_only=True)
class FeedEntry:
    """One session as a calendar shows it.

    Attributes:
        sequence: raised with every change; clients replace what has a lower one.
        changed_at: when the entry last changed, UTC.
        place: room or address as people know it.
        conference_url: where to join online.
    """

    session_id: str
    titles: LanguageMap
    starts_at: datetime
    ends_at: datetime
    zone: str
    sequence: int
    changed_at: datetime
    cancelled: bool = False
    place: str | None = None
    conference_url: str | None = None


def uid_of(session_id: str) -> str:
    """The UID of a session: the same for ever, whatever happens to it."""
    return f"{session_id}@rtcm"


def calendar_feed(
    entries: Iterable[FeedEntry],
    *,
    names: LanguageMap,
    language_code: str,
    refresh: timedelta = timedelta(hours=1),
) -> bytes:
    """A whole feed as iCalendar text.

    Cancelled sessions stay in it with STATUS:CANCELLED, so that they vanish from calendars that
    had them. The same entries give the same bytes.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//RTCM//Timetable//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    name, language = text_in(names, language_code)
    calendar.add("name", name, parameters={"LANGUAGE": language})
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", vDuration(refresh), parameters={"VALUE": "DURATION"})
    ordered = sorted(entries, key=lambda entry: (entry.starts_at, entry.session_id))
    for entry in ordered:
        calendar.add_component(_event(entry, language_code))
    if ordered:
        first, last = ordered[0].starts_at.date(), max(entry.ends_at for entry in ordered).date()
        calendar.add_missing_timezones(
            first_date=date(first.year, 1, 1), last_date=date(last.year + 1, 1, 1)
        )
    text: bytes = calendar.to_ical()
    return text


def _event(entry: FeedEntry, language_code: str) -> Event:
    event = Event()
    event.add("uid", uid_of(entry.session_id))
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.changed_at)
    event.add("last-modified", entry.changed_at)
    zone = ZoneInfo(entry.zone)
    event.add("dtstart", entry.starts_at.astimezone(zone))
    event.add("dtend", entry.ends_at.astimezone(zone))
    title, language = text_in(entry.titles, language_code)
    event.add("summary", title, parameters={"LANGUAGE": language})
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    if entry.place is not None:
        event.add("location", entry.place)
    if entry.conference_url is not None:
        event.add("conference", entry.conference_url, parameters={"VALUE": "URI"})
    return event
