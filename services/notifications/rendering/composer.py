"""Messages into mails."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime

from chassis.clock import Clock
from chassis.language_map import text_in
from services.notifications.domain.call import Call
from services.notifications.domain.cohort import Cohort
from services.notifications.domain.contact import Recipient
from services.notifications.domain.delivery import Letter, RefusedForGood
from services.notifications.domain.message import Message
from services.notifications.domain.message_types import CalendarMethod
from services.notifications.rendering.calendar import Entry, Party, calendar_file
from services.notifications.rendering.links import Links
from services.notifications.rendering.templates import Rendered, language_for, render
from services.notifications.rendering.values import session_of, values_of

_SEQUENCE_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)


class MailComposer:
    """Makes mails (``domain.ports.Composer``).

    Args:
        sender: From, and organiser of calendar entries; its domain ends Message-IDs and UIDs.
        wall_now: machine time, for Date and DTSTAMP.
    """

    def __init__(self, *, sender: Party, links: Links, wall_now: Clock) -> None:
        self._sender = sender
        self._links = links
        self._wall_now = wall_now
        self._domain = sender.email.rpartition("@")[2]

    def compose(
        self, message: Message, recipient: Recipient, *, cohort: Cohort | None, call: Call | None
    ) -> Letter:
        """The finished mail, in the recipient's language.

        Raises:
            Unavailable: what the template needs has not been heard of yet.
            RefusedForGood: ``address.malformed``.
        """
        language_code = language_for(recipient.language_code)
        values = values_of(
            message,
            recipient,
            language_code=language_code,
            link=self._links.link_of(message),
            cohort=cohort,
            call=call,
        )
        rendered = render(message.type_code, language_code, values)
        calendar = self._calendar(message, recipient, rendered, cohort)
        address = _address(recipient)
        mail = self._mail(message, rendered, address)
        if calendar is not None:
            _attach(mail, calendar, message.type.calendar or CalendarMethod.PUBLISH)
        mail["Content-Language"] = language_code  # last: adding parts moves Content- headers
        policy = SMTP if address.addr_spec.isascii() else SMTPUTF8
        return Letter(
            to_address=address.addr_spec,
            content=mail.as_bytes(policy=policy),
            language_code=language_code,
            content_sha256=_hash_of(rendered, calendar),
        )

    def _mail(self, message: Message, rendered: Rendered, to: Address) -> EmailMessage:
        mail = EmailMessage(policy=SMTP)
        mail["Message-ID"] = f"<{message.message_id}@{self._domain}>"
        mail["Date"] = format_datetime(self._wall_now())
        mail["From"] = Address(self._sender.name, addr_spec=self._sender.email)
        mail["To"] = to
        mail["Subject"] = rendered.subject
        mail["Auto-Submitted"] = "auto-generated"
        mail["X-Auto-Response-Suppress"] = "All"
        mail["X-RTCM-Type"] = message.type_code
        mail.set_content(rendered.text)
        mail.add_alternative(rendered.html, subtype="html")
        return mail

    def _calendar(
        self, message: Message, recipient: Recipient, rendered: Rendered, cohort: Cohort | None
    ) -> bytes | None:
        method = message.type.calendar
        entries = self._entries(message, rendered, cohort)
        if method is None or not entries:
            return None
        return calendar_file(
            method,
            entries,
            organiser=self._sender,
            attendee=Party(name=_one_line(recipient.name), email=recipient.email),
            language_code=rendered.language_code,
            now=self._wall_now(),
        )

    def _entries(self, message: Message, rendered: Rendered, cohort: Cohort | None) -> list[Entry]:
        if message.type.calendar is None or cohort is None:
            return []
        if "interview_id" in message.params:
            return [_interview_entry(message, rendered.subject, self._domain)]
        session = session_of(message, cohort)
        held = cohort.open_sessions if session is None else (session,)
        return [
            Entry(
                uid=f"{one.session_id}@{self._domain}",
                sequence=one.calendar_sequence,
                title=text_in(one.titles, rendered.language_code)[0],
                starts_at=one.starts_at,
                ends_at=one.ends_at,
                zone=one.zone,
                place=one.room_code,
            )
            for one in held
        ]


def _interview_entry(message: Message, title: str, domain: str) -> Entry:
    params = message.params
    # An interview's events carry no SEQUENCE; seconds since 2020 grow with every change.
    changed_at = datetime.fromisoformat(params.get("moved_at") or params["booked_at"])
    return Entry(
        uid=f"{params['interview_id']}@{domain}",
        sequence=int((changed_at - _SEQUENCE_EPOCH).total_seconds()),
        title=title,
        starts_at=datetime.fromisoformat(params["starts_at"]),
        ends_at=datetime.fromisoformat(params["ends_at"]),
        zone=params["zone"],
    )


def _address(recipient: Recipient) -> Address:
    local, _, domain = recipient.email.rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode()
        return Address(_one_line(recipient.name), addr_spec=f"{local}@{ascii_domain}")
    except (ValueError, IndexError, MessageError) as error:  # the parser raises any of them
        raise RefusedForGood("address.malformed") from error


def _one_line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _attach(mail: EmailMessage, calendar: bytes, method: CalendarMethod) -> None:
    if method is CalendarMethod.PUBLISH:
        mail.add_attachment(calendar, maintype="text", subtype="calendar", filename="timetable.ics")
        parts = [mail.get_payload()[-1]]  # type: ignore[index]  # -- a multipart since the line above
    else:
        mail.add_alternative(calendar.decode(), subtype="calendar")
        parts = [mail.get_payload()[-1]]  # type: ignore[index]  # -- as above
        mail.add_attachment(calendar, maintype="text", subtype="calendar", filename="invite.ics")
        parts.append(mail.get_payload()[-1])  # type: ignore[index]  # -- as above
    for part in parts:
        assert isinstance(part, EmailMessage)
        part.set_param("method", method.value)
        part.set_param("charset", "utf-8")


def _hash_of(rendered: Rendered, calendar: bytes | None) -> str:
    seen = "\x00".join((rendered.subject, rendered.text, rendered.html)).encode()
    return hashlib.sha256(seen + (calendar or b"")).hexdigest()
