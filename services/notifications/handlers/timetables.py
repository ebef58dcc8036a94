"""What is told about a cohort's timetable."""

from __future__ import annotations

from chassis.aggregate import Handle
from contracts.scheduling import SessionCancelled, SessionMoved, TimetableReleased
from services.notifications.domain.cohort import Session
from services.notifications.domain.commands import CancelSession, MoveSession, TakeTimetable
from services.notifications.handlers.occasions import as_text
from services.notifications.handlers.telling import ACTOR, Cause, tell


def on_timetable_released(event: TimetableReleased, *, handle: Handle, cause: Cause) -> None:
    """Send the calendar to everybody, when there are sessions nobody was told of.

    Safe to repeat: known sessions are no news, the messages' ids are derived from the event's.
    """
    told = handle(
        TakeTimetable(
            actor=ACTOR,
            cohort_id=event.cohort_id,
            release_version=event.release_version,
            sessions=tuple(
                Session(
                    session_id=placed.session_id,
                    training_code=placed.training_code,
                    titles=dict(placed.titles),
                    starts_at=placed.starts_at,
                    ends_at=placed.ends_at,
                    zone=placed.zone,
                    room_code=placed.room_code,
                    calendar_sequence=placed.calendar_sequence,
                )
                for placed in event.sessions
            ),
        )
    )
    for subject_id in told:
        tell(
            event,
            "timetable_released",
            subject_id=subject_id,
            params={"release_version": str(event.release_version)},
            handle=handle,
            cause=cause,
        )


def on_session_moved(event: SessionMoved, *, handle: Handle, cause: Cause) -> None:
    """Tell those affected, and only them, with an update for their calendars.

    Safe to repeat: the messages' ids are derived from the event's.
    """
    session = Session(
        session_id=event.session_id,
        training_code=event.training_code,
        titles=dict(event.titles),
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        zone=event.zone,
        room_code=event.room_code,
        calendar_sequence=event.calendar_sequence,
    )
    told = handle(
        MoveSession(
            actor=ACTOR,
            cohort_id=event.cohort_id,
            session=session,
            participant_ids=event.participant_ids,
        )
    )
    params = {
        "session_id": event.session_id,
        "previous_starts_at": as_text(event.previous_starts_at),
        "starts_at": as_text(event.starts_at),
        "ends_at": as_text(event.ends_at),
        "calendar_sequence": str(event.calendar_sequence),
    }
    for subject_id in told:
        tell(
            event,
            "session_moved",
            subject_id=subject_id,
            params=params,
            expires_at=max(event.starts_at, event.previous_starts_at),
            handle=handle,
            cause=cause,
        )


def on_session_cancelled(event: SessionCancelled, *, handle: Handle, cause: Cause) -> None:
    """Tell the cohort, with a cancellation for their calendars.

    Safe to repeat: the messages' ids are derived from the event's.
    """
    told = handle(
        CancelSession(
            actor=ACTOR,
            cohort_id=event.cohort_id,
            session_id=event.session_id,
            training_code=event.training_code,
            titles=event.titles,
            starts_at=event.starts_at,
            calendar_sequence=event.calendar_sequence,
        )
    )
    params = {
        "session_id": event.session_id,
        "starts_at": as_text(event.starts_at),
        "calendar_sequence": str(event.calendar_sequence),
    }
    for subject_id in told:
        tell(
            event,
            "session_cancelled",
            subject_id=subject_id,
            params=params,
            expires_at=event.starts_at,
            handle=handle,
            cause=cause,
        )
