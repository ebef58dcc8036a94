from dataclasses import replace
from datetime import UTC, datetime, timedelta

import icalendar
import recurring_ical_events

from services.scheduling.domain.feed import FeedEntry, calendar_feed, uid_of

START = datetime(2021, 3, 27, 8, tzinfo=UTC)
ENTRY = FeedEntry(
    session_id="0b0e7a52-0000-7000-8000-000000000001",
    titles={"az": "Miqrasiya anlayışları; giriş, şərh", "en": "Key concepts"},
    starts_at=START,
    ends_at=START + timedelta(hours=2),
    zone="Europe/Kyiv",
    sequence=3,
    changed_at=datetime(2021, 1, 1, tzinfo=UTC),
    place="Hall",
)
NAMES = {"az": "Miqrasiya Məktəbi", "en": "Migration School"}


def read(*entries, language_code="az"):
    return icalendar.Calendar.from_ical(
        calendar_feed(entries, names=NAMES, language_code=language_code)
    )


def only_event(calendar):
    [event] = calendar.walk("VEVENT")
    return event


def test_an_entry_comes_back_as_it_went_in():
    event = only_event(read(ENTRY))

    assert str(event["uid"]) == uid_of(ENTRY.session_id)
    assert event["sequence"] == 3
    assert event.decoded("dtstart") == START
    assert event.decoded("dtend") == START + timedelta(hours=2)
    assert str(event["summary"]) == "Miqrasiya anlayışları; giriş, şərh"
    assert str(event["status"]) == "CONFIRMED"
    assert str(event["location"]) == "Hall"


def test_a_change_keeps_the_uid():
    moved = replace(ENTRY, starts_at=START + timedelta(days=7), sequence=4)

    assert only_event(read(ENTRY))["uid"] == only_event(read(moved))["uid"]


def test_a_cancelled_session_stays_in_the_feed_as_cancelled():
    assert str(only_event(read(replace(ENTRY, cancelled=True)))["status"]) == "CANCELLED"


def test_the_feed_carries_its_zone_with_both_offsets():
    [zone] = read(ENTRY).walk("VTIMEZONE")

    assert str(zone["tzid"]) == "Europe/Kyiv"
    offsets = {part["tzoffsetto"].td for part in zone.subcomponents}
    assert offsets == {timedelta(hours=2), timedelta(hours=3)}


def test_calendars_place_the_session_on_both_sides_of_the_clock_change():
    after = replace(ENTRY, session_id="b", starts_at=START + timedelta(days=1, hours=-1))
    after = replace(after, ends_at=after.starts_at + timedelta(hours=2))

    found = recurring_ical_events.of(read(ENTRY, after)).between((2021, 3, 27), (2021, 3, 29))

    assert [each.decoded("dtstart").hour for each in found] == [10, 10]


def test_the_feed_is_named_in_the_language_asked_for_and_says_when_to_come_back():
    calendar = read(ENTRY, language_code="en")

    assert str(calendar["name"]) == "Migration School"
    assert calendar["refresh-interval"].dt == timedelta(hours=1)
    assert str(only_event(calendar)["summary"]) == "Key concepts"


def test_where_to_join_is_given_as_a_uri():
    event = only_event(read(replace(ENTRY, conference_url="https://meet.example.org/x?a=1,2")))

    assert str(event["conference"]) == "https://meet.example.org/x?a=1,2"


def test_the_same_entries_give_the_same_bytes_in_any_order():
    other = replace(ENTRY, session_id="b")

    assert calendar_feed([ENTRY, other], names=NAMES, language_code="az") == calendar_feed(
        [other, ENTRY], names=NAMES, language_code="az"
    )


def test_an_empty_feed_is_a_calendar():
    assert read().walk("VEVENT") == []
