"""Finished mails, read back with the standard library and icalendar."""

from __future__ import annotations

from datetime import UTC, datetime
from email import policy
from email.parser import BytesParser

import pytest
from icalendar import Calendar

from chassis.errors import Unavailable
from services.notifications.domain.delivery import RefusedForGood
from services.notifications.rendering.calendar import Party
from services.notifications.rendering.composer import MailComposer
from services.notifications.rendering.links import Links
from tests.builders.notifications import (
    CALL,
    COHORT,
    SESSION,
    SUBJECT,
    a_call,
    a_cohort,
    a_message,
    a_recipient,
    a_session,
    an_id,
)

WRITTEN_AT = datetime(2026, 1, 1, 12, tzinfo=UTC)


class FakeSigner:
    """Signs by naming what it was given."""

    def __init__(self) -> None:
        self.signed = []

    def sign(self, claims, *, audience, lifetime_seconds, purpose="access"):
        self.signed.append((claims, audience, lifetime_seconds, purpose))
        return "TOKEN"


def composed(message, *, recipient=None, cohort=None, call=None, signer=None):
    composer = MailComposer(
        sender=Party(name="Tədris Mərkəzi", email="noreply@rtcm.example"),
        links=Links("https://console.example", signer or FakeSigner()),
        wall_now=lambda: WRITTEN_AT,
    )
    letter = composer.compose(message, recipient or a_recipient(), cohort=cohort, call=call)
    return letter, BytesParser(policy=policy.default).parsebytes(letter.content)


def a_received(**params):
    values = {
        "application_id": an_id(7),
        "call_id": CALL,
        "submitted_at": "2020-11-30T08:00:00+00:00",
    }
    return a_message("application_received", params={**values, **params})


def calendar_of(mail):
    (part,) = [p for p in mail.iter_attachments() if p.get_content_type() == "text/calendar"]
    return part, Calendar.from_ical(part.get_content())


def test_mail_has_everything_a_mail_needs():
    message = a_received()
    letter, mail = composed(message, cohort=a_cohort(), call=a_call())

    assert letter.to_address == "numune@example.org"
    assert mail["Message-ID"] == f"<{message.message_id}@rtcm.example>"
    assert mail["To"] == "Nümunə Əliyev <numune@example.org>"
    assert mail["From"] == "Tədris Mərkəzi <noreply@rtcm.example>"
    assert mail["Subject"] == "Müraciətiniz qəbul edildi: Miqrasiya Məktəbi"
    assert (mail["Content-Language"], mail["Auto-Submitted"]) == ("az", "auto-generated")
    assert mail.get_content_type() == "multipart/alternative"
    text = mail.get_body(("plain",)).get_content()
    assert "Hörmətli Nümunə Əliyev," in text
    assert "1 dekabr 2020, 16:00" in text  # closes at noon UTC
    assert max(len(line) for line in letter.content.split(b"\r\n")) <= 998


def test_same_message_composed_twice_says_the_same():
    first, _ = composed(a_received(), cohort=a_cohort(), call=a_call())
    second, _ = composed(a_received(), cohort=a_cohort(), call=a_call())
    assert first.content_sha256 == second.content_sha256


def test_recipient_reads_their_own_language():
    recipient = a_recipient(language_code="en")
    letter, mail = composed(a_received(), recipient=recipient, cohort=a_cohort(), call=a_call())
    assert letter.language_code == "en"
    assert mail["Subject"] == "We have your application: Migration School"


def test_name_with_line_breaks_makes_no_header():
    recipient = a_recipient(name="Bad\r\nBcc: all@example.org\x00")
    _, mail = composed(a_received(), recipient=recipient, cohort=a_cohort(), call=a_call())
    assert mail["Bcc"] is None
    assert len(mail["To"].addresses) == 1


@pytest.mark.parametrize(
    "email", ["nobody", "a b@example.org", "a@exa mple.org", "a@b@c.org", "@x.org"]
)
def test_address_that_is_none_is_refused(email):
    with pytest.raises(RefusedForGood):
        composed(a_received(), recipient=a_recipient(email=email), cohort=a_cohort(), call=a_call())


def test_foreign_domain_is_written_in_ascii():
    letter, _ = composed(
        a_received(), recipient=a_recipient(email="a@почта.рф"), cohort=a_cohort(), call=a_call()
    )
    assert letter.to_address == "a@xn--80a1acny.xn--p1ai"


@pytest.mark.parametrize("cohort", [None, a_cohort(titles={})])
def test_cohort_not_heard_of_is_waited_for(cohort):
    with pytest.raises(Unavailable):
        composed(a_received(), cohort=cohort, call=a_call())


def test_call_not_heard_of_is_waited_for():
    with pytest.raises(Unavailable):
        composed(a_received(), cohort=a_cohort())


def test_timetable_carries_every_session_in_one_calendar():
    cohort = a_cohort(sessions=tuple(a_session(number) for number in range(1, 34)))
    _, mail = composed(a_message("timetable_released"), cohort=cohort)

    part, calendar = calendar_of(mail)
    assert part.get_filename() == "timetable.ics"
    assert part.get_param("method") == "PUBLISH"
    assert calendar["METHOD"] == "PUBLISH"
    events = calendar.walk("VEVENT")
    assert [str(event["UID"]) for event in events] == [
        f"{an_id(100 + number)}@rtcm.example" for number in range(1, 34)
    ]
    assert events[0].decoded("DTSTART") == a_session(1).starts_at
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["Asia/Baku"]


@pytest.mark.parametrize(
    ("type_code", "method", "status"),
    [("session_moved", "REQUEST", "CONFIRMED"), ("session_cancelled", "CANCEL", "CANCELLED")],
)
def test_change_updates_the_same_calendar_entry(type_code, method, status):
    session = a_session(1, session_id=SESSION, calendar_sequence=3, room_code="b-2")
    params = {
        "session_id": SESSION,
        "starts_at": "2021-01-10T06:00:00+00:00",
        "ends_at": "2021-01-10T08:00:00+00:00",
        "previous_starts_at": "2021-01-09T06:00:00+00:00",
    }
    cohort = a_cohort(sessions=(session, a_session(2)))
    _, mail = composed(a_message(type_code, params=params), cohort=cohort)

    part, calendar = calendar_of(mail)
    (event,) = calendar.walk("VEVENT")
    assert part.get_filename() == "invite.ics"
    assert (calendar["METHOD"], event["STATUS"]) == (method, status)
    assert (event["UID"], event["SEQUENCE"]) == (f"{SESSION}@rtcm.example", 3)
    assert str(event["ORGANIZER"]) == "mailto:noreply@rtcm.example"
    assert str(event["ATTENDEE"]) == "mailto:numune@example.org"
    assert event.decoded("DTSTAMP") == WRITTEN_AT
    inline = [p for p in mail.walk() if p.get_content_type() == "text/calendar"]
    assert [p.get_param("method") for p in inline] == [method, method]


def test_moved_interview_raises_the_sequence_of_the_booked_one():
    base = {
        "interview_id": an_id(60),
        "starts_at": "2021-01-09T06:00:00+00:00",
        "ends_at": "2021-01-09T06:30:00+00:00",
        "zone": "Asia/Baku",
        "mode": "online",
    }
    booked = a_message(
        "interview_booked", params={**base, "booked_at": "2020-12-10T10:00:00+00:00"}
    )
    moved = a_message("interview_moved", params={**base, "moved_at": "2020-12-11T10:00:00+00:00"})
    entries = []
    for message in (booked, moved):
        _, mail = composed(message, cohort=a_cohort())
        entries.extend(calendar_of(mail)[1].walk("VEVENT"))

    assert entries[0]["UID"] == entries[1]["UID"]
    assert entries[1]["SEQUENCE"] > entries[0]["SEQUENCE"]


def test_signin_link_is_signed_for_the_console_and_fifteen_minutes():
    signer = FakeSigner()
    message = a_message("signin_link", cohort_id=None, params={"signin_id": an_id(80)})
    _, mail = composed(message, signer=signer)

    claims = {"sub": SUBJECT, "signin_id": an_id(80)}
    assert signer.signed == [(claims, "console", 900, "signin")]
    assert (
        "https://console.example/signin/link?token=TOKEN" in mail.get_body(("plain",)).get_content()
    )


def test_focal_point_link_names_country_and_call():
    signer = FakeSigner()
    message = a_message(
        "focal_point_invited",
        params={"focal_point_id": an_id(81), "call_id": CALL, "place_count": "3"},
    )
    composed(message, cohort=a_cohort(), call=a_call(), signer=signer)

    ((claims, audience, _, purpose),) = signer.signed
    assert (audience, purpose) == ("console", "focal-point")
    assert (claims["sub"], claims["country"], claims["call_id"]) == (SUBJECT, "AZ", CALL)
    assert COHORT not in claims.values()
