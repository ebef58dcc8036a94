"""A calendar feed of 1,000 sessions: CPU time to write it, and what is read after every change.

``python -m bench.calendar``. The baseline is the same feed put together with icalendar's objects.
"""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events

from bench.result import report
from services.scheduling.domain.feed import FeedEntry, calendar_feed, uid_of

SESSIONS = 1_000
ROUNDS = 20
ZONES = ("Asia/Baku", "Europe/Kyiv", "Europe/Chisinau", "Asia/Tashkent", "Europe/Belgrade")
NAMES = {"az": "Miqrasiya Məktəbi", "en": "Migration School"}
START = datetime(2027, 1, 9, 6, tzinfo=UTC)


def an_entry(number: int) -> FeedEntry:
    """A session every five hours, in turn in five zones."""
    starts_at = START + timedelta(hours=5 * number)
    return FeedEntry(
        session_id=f"{number:04}",
        titles={"az": f"Təlim {number}; giriş, şərh", "en": f"Training {number}"},
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
        zone=ZONES[number % len(ZONES)],
        sequence=0,
        changed_at=START,
        place="Zal 1",
        conference_url=f"https://meet.example.org/{number}",
    )


CHANGES = {
    "moved": lambda e: replace(
        e, starts_at=e.starts_at + timedelta(days=7), ends_at=e.ends_at + timedelta(days=7)
    ),
    "in another room": lambda e: replace(e, place="Zal 2"),
    "cancelled": lambda e: replace(e, cancelled=True),
    "reinstated": lambda e: replace(e, cancelled=False),
    "with another title": lambda e: replace(e, titles={"az": "Əlavə", "en": "More"}),
    "online elsewhere": lambda e: replace(e, conference_url="https://meet.example.org/x?a=1,2"),
}


def by_objects(entries: list[FeedEntry]) -> bytes:
    """The baseline: a component of the library for every session."""
    calendar = icalendar.Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//RTCM//Timetable//EN")
    for entry in entries:
        event = icalendar.Event()
        zone = ZoneInfo(entry.zone)
        event.add("uid", uid_of(entry.session_id))
        event.add("sequence", entry.sequence)
        event.add("dtstamp", entry.changed_at)
        event.add("last-modified", entry.changed_at)
        event.add("dtstart", entry.starts_at.astimezone(zone))
        event.add("dtend", entry.ends_at.astimezone(zone))
        event.add("summary", entry.titles["az"], parameters={"LANGUAGE": "az"})
        event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
        event.add("location", entry.place)
        event.add("conference", entry.conference_url, parameters={"VALUE": "URI"})
        calendar.add_component(event)
    calendar.add_missing_timezones(first_date=date(2027, 1, 1), last_date=date(2028, 1, 1))
    return calendar.to_ical()


def broken(feed: bytes, entries: list[FeedEntry]) -> int:
    """Sessions that a client would show otherwise than they are."""
    calendar = icalendar.Calendar.from_ical(feed)
    events = {str(event["uid"]): event for event in calendar.walk("VEVENT")}
    shown = {
        str(event["uid"]): event.start
        for event in recurring_ical_events.of(calendar).between((2026, 12, 1), (2028, 12, 1))
    }
    wrong = abs(len(events) - len(entries))
    for entry in entries:
        uid = uid_of(entry.session_id)
        event = events[uid]
        sound = (
            event.decoded("dtstart") == entry.starts_at
            and event.decoded("dtend") == entry.ends_at
            and shown[uid] == entry.starts_at
            and int(event["sequence"]) == entry.sequence
            and str(event["summary"]) == entry.titles["az"]
            and str(event["location"]) == entry.place
            and str(event["conference"]) == entry.conference_url
            and str(event["status"]) == ("CANCELLED" if entry.cancelled else "CONFIRMED")
        )
        wrong += not sound
    return wrong


def main() -> None:
    """Measure and read back."""
    entries = [an_entry(number) for number in range(SESSIONS)]
    began = time.process_time()
    feed = calendar_feed(entries, names=NAMES, language_code="az")
    cold = time.process_time() - began
    began = time.process_time()
    for _ in range(ROUNDS):
        feed = calendar_feed(entries, names=NAMES, language_code="az")
    ours = (time.process_time() - began) / ROUNDS
    began = time.process_time()
    by_objects(entries)
    baseline = time.process_time() - began
    lines = [
        f"{SESSIONS} sessions, {len(feed)} bytes: {1000 * ours:.0f} ms ({1000 * cold:.0f} cold)"
    ]
    wrong = broken(feed, entries)
    for name, change in CHANGES.items():
        entries = [replace(change(each), sequence=each.sequence + 1) for each in entries]
        found = broken(calendar_feed(entries, names=NAMES, language_code="az"), entries)
        lines.append(f"after all are {name}: {found} read wrongly")
        wrong += found
    report(
        "calendar",
        ours=ours,
        baseline=baseline,
        unit="CPU s per feed of 1,000 sessions",
        lines=lines,
        cold=round(cold, 4),
        read_wrongly=wrong,
    )


if __name__ == "__main__":
    main()
