"""Calendar files (RFC 5545) that calendars recognise again.

An entry keeps its UID for ever and every change raises SEQUENCE, so an update replaces and a
cancellation removes. A whole timetable is published in one file (``PUBLISH``); a change of one
session is a ``REQUEST`` or ``CANCEL`` to the one person, for an iTIP message carries one UID.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, vCalAddress, vText

from services.notifications.domain.message_types import CalendarMethod


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One appointment."""

    uid: str
    sequence: int
    title: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    place: str | None = None


@dataclass(frozen=True, kw_only=True)
class Party:
    """Somebody with an address."""

    name: str
    email: str


def calendar_file(
    method: CalendarMethod,
    entries: Sequence[Entry],
    *,
    organiser: Party,
    attendee: Party,
    language_code: str,
    now: datetime,
) -> bytes:
    """The calendar of a message, UTF-8.

    Args:
        now: for DTSTAMP.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//RTCM//Notifications//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method.value)
    for zone in sorted({entry.zone for entry in entries} - {"UTC"}):
        years = [
            moment.year
            for entry in entries
            if entry.zone == zone
            for moment in (entry.starts_at, entry.ends_at)
        ]
        calendar.add_component(_timezone(zone, min(years), max(years)))
    for entry in entries:
        calendar.add_component(_event(method, entry, organiser, attendee, language_code, now))
    written: bytes = calendar.to_ical()
    return written


@lru_cache(maxsize=64)
def _timezone(zone: str, first_year: int, last_year: int) -> Timezone:
    # icalendar computes this slowly (about 40 ms), and it is the same for every mail.
    return Timezone.from_tzid(
        zone, first_date=date(first_year, 1, 1), last_date=date(last_year + 1, 1, 1)
    )


def _event(
    method: CalendarMethod,
    entry: Entry,
    organiser: Party,
    attendee: Party,
    language_code: str,
    now: datetime,
) -> Event:
    zone = ZoneInfo(entry.zone)
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", now)
    event.add("dtstart", entry.starts_at.astimezone(zone))
    event.add("dtend", entry.ends_at.astimezone(zone))
    event.add("summary", vText(entry.title), parameters={"language": language_code})
    event.add("status", "CANCELLED" if method is CalendarMethod.CANCEL else "CONFIRMED")
    if entry.place:
        event.add("location", entry.place)
    event.add("organizer", _address(organiser))
    if method is not CalendarMethod.PUBLISH:
        event.add("attendee", _address(attendee, {"ROLE": "REQ-PARTICIPANT", "RSVP": "FALSE"}))
    return event


def _address(party: Party, parameters: dict[str, str] | None = None) -> vCalAddress:
    address = vCalAddress(f"mailto:{party.email}")
    address.params["CN"] = vText(party.name.replace('"', "'"))
    for name, value in (parameters or {}).items():
        address.params[name] = vText(value)
    return address
