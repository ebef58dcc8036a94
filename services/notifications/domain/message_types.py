"""Every kind of message there is, and what is promised about each."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from chassis.errors import NotFound


class MessageClass(StrEnum):
    """Why a message is sent: decides what may hold it back."""

    SECURITY = "security"
    TRANSACTIONAL = "transactional"
    PROGRAMME = "programme"
    COMMUNITY = "community"


class Promise(StrEnum):
    """What happens when a process dies while it talks to the mail server.

    SMTP has no exactly-once: the server may have taken a mail whose answer we never saw.
    """

    AT_MOST_ONCE = "at_most_once"  # it becomes ``uncertain`` and a person decides
    AT_LEAST_ONCE = "at_least_once"  # it is sent again under the same Message-ID


class CalendarMethod(StrEnum):
    """What the calendar file of a message asks of a calendar (RFC 5546)."""

    PUBLISH = "PUBLISH"
    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True, kw_only=True)
class MessageType:
    """One kind of message."""

    code: str
    message_class: MessageClass
    promise: Promise = Promise.AT_MOST_ONCE
    calendar: CalendarMethod | None = None


def _types() -> dict[str, MessageType]:
    sure = Promise.AT_LEAST_ONCE
    transactional, programme = MessageClass.TRANSACTIONAL, MessageClass.PROGRAMME
    community, security = MessageClass.COMMUNITY, MessageClass.SECURITY
    request, cancel = CalendarMethod.REQUEST, CalendarMethod.CANCEL
    rows: list[tuple[str, MessageClass, Promise, CalendarMethod | None]] = [
        ("signin_link", security, sure, None),
        ("application_received", transactional, Promise.AT_MOST_ONCE, None),
        ("application_amended", transactional, Promise.AT_MOST_ONCE, None),
        ("application_withdrawn", transactional, Promise.AT_MOST_ONCE, None),
        ("application_rejected", transactional, Promise.AT_MOST_ONCE, None),
        ("application_shortlisted", transactional, Promise.AT_MOST_ONCE, None),
        ("interview_booked", transactional, sure, request),
        ("interview_moved", transactional, sure, request),
        ("interview_missed", transactional, Promise.AT_MOST_ONCE, None),
        ("offer_made", transactional, sure, None),
        ("offer_reminder", transactional, sure, None),
        ("offer_accepted", transactional, Promise.AT_MOST_ONCE, None),
        ("offer_declined", transactional, Promise.AT_MOST_ONCE, None),
        ("offer_expired", transactional, Promise.AT_MOST_ONCE, None),
        ("offer_withdrawn", transactional, Promise.AT_MOST_ONCE, None),
        ("place_waitlisted", transactional, Promise.AT_MOST_ONCE, None),
        ("appeal_decided", transactional, Promise.AT_MOST_ONCE, None),
        ("focal_point_invited", transactional, sure, None),
        ("nomination_confirmed", transactional, Promise.AT_MOST_ONCE, None),
        ("nomination_withdrawn", transactional, Promise.AT_MOST_ONCE, None),
        ("participant_enrolled", programme, Promise.AT_MOST_ONCE, None),
        ("participant_left", programme, Promise.AT_MOST_ONCE, None),
        ("timetable_released", programme, Promise.AT_MOST_ONCE, CalendarMethod.PUBLISH),
        ("session_moved", programme, sure, request),
        ("session_cancelled", programme, sure, cancel),
        ("award_reached", programme, Promise.AT_MOST_ONCE, None),
        ("award_unreachable", programme, Promise.AT_MOST_ONCE, None),
        ("certificate_issued", programme, Promise.AT_MOST_ONCE, None),
        ("certificate_superseded", programme, Promise.AT_MOST_ONCE, None),
        ("certificate_revoked", programme, Promise.AT_MOST_ONCE, None),
        ("certificate_suspended", programme, Promise.AT_MOST_ONCE, None),
        ("certificate_reinstated", programme, Promise.AT_MOST_ONCE, None),
        ("alumnus_joined", community, Promise.AT_MOST_ONCE, None),
        ("volunteer_accepted", community, Promise.AT_MOST_ONCE, None),
    ]
    return {
        code: MessageType(code=code, message_class=class_, promise=promise, calendar=calendar)
        for code, class_, promise, calendar in rows
    }


MESSAGE_TYPES = _types()
"""Code -> message type; each has a template in every language (a test says so)."""


def message_type(code: str) -> MessageType:
    """The type of a code.

    Raises:
        NotFound: ``message_type.not_found``.
    """
    if code not in MESSAGE_TYPES:
        raise NotFound("message_type.not_found", f"there is no message type {code}")
    return MESSAGE_TYPES[code]
