"""Calendar feeds: a cohort's sessions as iCalendar text (RFC 5545, RFC 7986)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Timezone

from chassis.language_map import LanguageMap, text_in
from services.scheduling.domain.content_lines import escaped, folded, utc

_UTC_NAMES = frozenset({"UTC", "Etc/UTC"})


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
    ordered = sorted(entries, key=lambda entry: (entry.starts_at, entry.session_id))
    name, language = text_in(names, language_code)
    head = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//RTCM//Timetable//EN",
        "METHOD:PUBLISH",
        f"NAME;LANGUAGE={language}:{escaped(name)}",
        f"X-WR-CALNAME:{escaped(name)}",
        f"REFRESH-INTERVAL;VALUE=DURATION:PT{int(refresh.total_seconds()) // 60}M",
    ]
    zones = b""
    if ordered:
        first, last = ordered[0].starts_at.year, max(entry.ends_at for entry in ordered).year
        used = sorted({entry.zone for entry in ordered} - _UTC_NAMES)
        zones = b"".join(_zone(zone, first, last) for zone in used)
    events = [line for entry in ordered for line in _event(entry, language_code)]
    return b"".join((folded(head), zones, folded(events), b"END:VCALENDAR\r\n"))


@lru_cache(maxsize=512)
def _zone(zone: str, first_year: int, last_year: int) -> bytes:
    """The VTIMEZONE of an IANA zone from one year to another, inclusive."""
    component = Timezone.from_tzid(
        zone, first_date=date(first_year, 1, 1), last_date=date(last_year + 1, 1, 1)
    )
    text: bytes = component.to_ical()
    return text


def _event(entry: FeedEntry, language_code: str) -> Iterator[str]:
    title, language = text_in(entry.titles, language_code)
    yield "BEGIN:VEVENT"
    yield f"UID:{escaped(uid_of(entry.session_id))}"
    yield f"SEQUENCE:{entry.sequence}"
    yield f"DTSTAMP:{utc(entry.changed_at)}"
    yield f"LAST-MODIFIED:{utc(entry.changed_at)}"
    yield f"DTSTART{_local(entry.starts_at, entry.zone)}"
    yield f"DTEND{_local(entry.ends_at, entry.zone)}"
    yield f"SUMMARY;LANGUAGE={language}:{escaped(title)}"
    yield f"STATUS:{'CANCELLED' if entry.cancelled else 'CONFIRMED'}"
    if entry.place is not None:
        yield f"LOCATION:{escaped(entry.place)}"
    if entry.conference_url is not None:
        yield f"CONFERENCE;VALUE=URI:{entry.conference_url}"
    yield "END:VEVENT"


def _local(instant: datetime, zone: str) -> str:
    """Parameters and value of a moment by the clocks of ``zone``."""
    if zone in _UTC_NAMES:
        return f":{utc(instant)}"
    return f";TZID={zone}:{instant.astimezone(ZoneInfo(zone)):%Y%m%dT%H%M%S}"
