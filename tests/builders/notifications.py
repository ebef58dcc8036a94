"""Notifications' aggregates and commands, with sensible parts where a test says nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from chassis.access import service_actor
from chassis.codec import decode
from contracts.event import Event
from contracts.sample import sample_of
from services.notifications.domain.call import Call
from services.notifications.domain.cohort import Cohort, Session
from services.notifications.domain.contact import Contact, Recipient
from services.notifications.domain.message import Message

NOON = datetime(2021, 1, 4, 12, tzinfo=UTC)
SERVICE = service_actor("notifications")


def an_id(number: int) -> str:
    """A canonical UUID that is easy to tell apart."""
    return f"00000000-0000-4000-8000-{number:012d}"


COHORT, SUBJECT, CAUSE, CALL, SESSION = an_id(1), an_id(2), an_id(3), an_id(4), an_id(5)


def a_message(type_code: str = "application_received", **changes: Any) -> Message:
    """A planned message to ``SUBJECT``."""
    values: dict[str, Any] = {
        "type_code": type_code,
        "subject_id": SUBJECT,
        "country_code": "AZ",
        "cohort_id": COHORT,
        "caused_by_event_id": CAUSE,
        "occurrence": "",
        "params": {},
        "expires_at": None,
        "now": NOON,
    }
    return Message.plan(**{**values, **changes})


def a_session(number: int = 1, **changes: Any) -> Session:
    """The session ``number`` days after the cohort's start, 10:00-12:00 in Baku."""
    starts_at = datetime(2021, 1, 9, 6, tzinfo=UTC) + timedelta(days=number - 1)
    values: dict[str, Any] = {
        "session_id": an_id(100 + number),
        "training_code": f"the-{number:02}",
        "titles": {"az": f"Dərs {number}", "en": f"Training {number}"},
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=2),
        "zone": "Asia/Baku",
    }
    return Session(**{**values, **changes})


def a_cohort(**changes: Any) -> Cohort:
    """An announced cohort without people and sessions."""
    values: dict[str, Any] = {
        "cohort_id": COHORT,
        "country_code": "AZ",
        "titles": {"az": "Miqrasiya Məktəbi", "en": "Migration School"},
        "zone": "Asia/Baku",
        "starts_on": date(2021, 1, 9),
        "ends_on": date(2021, 7, 3),
        "delivery": "hybrid",
    }
    return Cohort(**{**values, **changes})


def a_contact(**changes: Any) -> Contact:
    """Sealed contact data of ``SUBJECT``."""
    values: dict[str, Any] = {
        "subject_id": SUBJECT,
        "country_code": "AZ",
        "language_code": "az",
        "key_id": an_id(9),
        "sealed": "c2VhbGVk",
    }
    return Contact(**{**values, **changes})


def a_call() -> Call:
    """A call that closes at noon on 1 December 2020."""
    return Call(call_id=CALL, country_code="AZ", closes_at=datetime(2020, 12, 1, 12, tzinfo=UTC))


def a_recipient(**changes: Any) -> Recipient:
    """Somebody who reads Azerbaijani."""
    values = {"name": "Nümunə Əliyev", "email": "numune@example.org", "language_code": "az"}
    return Recipient(**{**values, **changes})


def a_sample(event_class: type[Event]) -> Any:
    """An event with every field set."""
    return decode(event_class.event_type, sample_of(event_class))
