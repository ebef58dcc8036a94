"""What a template of a message is filled with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chassis.errors import Unavailable
from chassis.language_map import text_in
from services.notifications.domain.call import Call
from services.notifications.domain.cohort import Cohort, Session
from services.notifications.domain.contact import Recipient
from services.notifications.domain.message import Message

CENTRE_ZONE = "Asia/Baku"
"""Zone of messages that belong to no cohort: the centre's own."""

_INSTANT = ("_at", "_by")


def values_of(
    message: Message,
    recipient: Recipient,
    *,
    language_code: str,
    link: str,
    cohort: Cohort | None,
    call: Call | None,
) -> dict[str, Any]:
    """Values by the names templates use.

    Raises:
        Unavailable: ``cohort.not_heard_of``, ``call.not_heard_of`` or ``session.not_heard_of``:
            other topics may be behind.
    """
    values: dict[str, Any] = {
        "name": recipient.name,
        "link": link,
        "zone": message.params.get("zone", CENTRE_ZONE),
        **_read(message.params),
    }
    if message.cohort_id is not None:
        values |= _cohort_values(_announced(cohort), language_code, message)
    if "call_id" in message.params:
        if call is None:
            raise Unavailable("call.not_heard_of", "the call has not arrived yet")
        values["closes_at"] = call.closes_at
    return values


def session_of(message: Message, cohort: Cohort | None) -> Session | None:
    """The session a message is about, as it holds now; ``None`` for other messages."""
    session_id = message.params.get("session_id")
    if session_id is None:
        return None
    session = None if cohort is None else cohort.session(session_id)
    if session is None:
        raise Unavailable("session.not_heard_of", "the session has not arrived yet")
    return session


def _cohort_values(cohort: Cohort, language_code: str, message: Message) -> dict[str, Any]:
    session = session_of(message, cohort)
    zone = message.params.get("zone") or (session.zone if session else cohort.zone)
    values: dict[str, Any] = {
        "cohort": text_in(cohort.titles, language_code)[0],
        "starts_on": cohort.starts_on,
        "ends_on": cohort.ends_on,
        "delivery": cohort.delivery,
        "zone": zone,
        "sessions": [_session_values(one, language_code) for one in cohort.open_sessions],
    }
    if session is not None:
        values |= {"title": text_in(session.titles, language_code)[0], "room": session.room_code}
    return values


def _session_values(session: Session, language_code: str) -> dict[str, Any]:
    return {
        "title": text_in(session.titles, language_code)[0],
        "starts_at": session.starts_at,
        "ends_at": session.ends_at,
    }


def _announced(cohort: Cohort | None) -> Cohort:
    if cohort is None or not cohort.is_announced:
        raise Unavailable("cohort.not_heard_of", "the cohort has not arrived yet")
    return cohort


def _read(params: Mapping[str, str]) -> dict[str, Any]:
    return {
        name: datetime.fromisoformat(text) if name.endswith(_INSTANT) else text
        for name, text in params.items()
    }
