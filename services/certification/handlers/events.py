"""What certification does on events of other services: translate, and be safe to repeat.

Topics have no order among each other: an enrolment may come after the first attendance, an
announcement after a timetable. Every fact is therefore kept where it belongs when it comes, and
the awards it can touch are judged again.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from chassis.access import service_actor
from chassis.aggregate import Handle
from contracts.registration import (
    CohortAnnounced,
    CohortChanged,
    CohortCompleted,
    ParticipantEnrolled,
    ParticipantLeft,
    SubjectErasureRequested,
)
from contracts.scheduling import (
    AttendanceCorrected,
    AttendanceEntry,
    AttendanceRecorded,
    PlacementCompleted,
    SessionCancelled,
    SessionMoved,
    TimetableReleased,
)
from services.certification.domain.awarding.facts import (
    Attendance,
    Attended,
    Placed,
    PlacementDone,
    Registered,
    Timed,
)
from services.certification.domain.cohort_record import CohortDates, CohortTerms
from services.certification.domain.commands import (
    AnnounceCohort,
    CloseAward,
    CompleteCohort,
    EnrolParticipant,
    EraseSubject,
    KeepRegister,
    KeepRelease,
    NoteAttendance,
    NotePlacement,
    RedateCohort,
    RetimeSession,
)
from services.certification.domain.ports import Roster
from services.certification.handlers.awards import assess_all

_ACTOR = service_actor("certification")


def on_cohort_announced(event: CohortAnnounced, *, handle: Handle) -> None:
    """Keep titles and dates for the paper.

    Safe to repeat: the same is kept again; newer dates stay.
    """
    handle(
        AnnounceCohort(
            actor=_ACTOR,
            cohort_id=event.cohort_id,
            country_code=event.country_code,
            terms=CohortTerms(
                programme_id=event.programme_id,
                programme_code=event.programme_code,
                edition_code=event.edition_code,
                titles=event.titles,
                language_code=event.language_code,
            ),
            dates=CohortDates(
                starts_on=event.starts_on, ends_on=event.ends_on, as_of=event.announced_at
            ),
        )
    )


def on_cohort_changed(event: CohortChanged, *, handle: Handle) -> None:
    """Keep the new dates.

    Safe to repeat: the newest statement stays.
    """
    handle(
        RedateCohort(
            actor=_ACTOR,
            cohort_id=event.cohort_id,
            country_code=event.country_code,
            dates=CohortDates(
                starts_on=event.starts_on, ends_on=event.ends_on, as_of=event.changed_at
            ),
        )
    )


def on_cohort_completed(event: CohortCompleted, *, handle: Handle, roster: Roster) -> None:
    """Nothing more will be planned: judge all awards.

    Safe to repeat: a completed cohort stays completed.
    """
    handle(CompleteCohort(actor=_ACTOR, cohort_id=event.cohort_id, country_code=event.country_code))
    assess_all(event.cohort_id, actor=_ACTOR, handle=handle, roster=roster)


def on_participant_enrolled(event: ParticipantEnrolled, *, handle: Handle) -> None:
    """Open an award.

    Safe to repeat: the award's id is derived from the participant's; an open one stays.
    """
    handle(
        EnrolParticipant(
            actor=_ACTOR,
            participant_id=event.participant_id,
            subject_id=event.subject_id,
            cohort_id=event.cohort_id,
            country_code=event.country_code,
        )
    )


def on_participant_left(event: ParticipantLeft, *, handle: Handle) -> None:
    """Close the award.

    Safe to repeat: a closed or reached award stays as it is.
    """
    handle(
        CloseAward(actor=_ACTOR, participant_id=event.participant_id, reason_code=event.reason_code)
    )


def on_timetable_released(event: TimetableReleased, *, handle: Handle, roster: Roster) -> None:
    """Keep what is planned; judge all awards.

    Safe to repeat: of two releases the newer stays, whichever comes last.
    """
    placed = tuple(
        Placed(
            session_id=session.session_id,
            training_code=session.training_code,
            part_code=session.part_code,
            release_version=event.release_version,
        )
        for session in event.sessions
    )
    timed = tuple(
        Timed(
            session_id=session.session_id,
            calendar_sequence=session.calendar_sequence,
            planned_minutes=_minutes(session.starts_at, session.ends_at),
        )
        for session in event.sessions
    )
    handle(
        KeepRelease(
            actor=_ACTOR,
            cohort_id=event.cohort_id,
            country_code=event.country_code,
            release_version=event.release_version,
            placed=placed,
            timed=timed,
        )
    )
    assess_all(event.cohort_id, actor=_ACTOR, handle=handle, roster=roster)


def on_session_moved(event: SessionMoved, *, handle: Handle, roster: Roster) -> None:
    """Keep how long the session is now; judge all awards.

    Safe to repeat: the newest calendar sequence stays.
    """
    timed = Timed(
        session_id=event.session_id,
        calendar_sequence=event.calendar_sequence,
        planned_minutes=_minutes(event.starts_at, event.ends_at),
    )
    _retime(event.cohort_id, event.country_code, timed, handle, roster)


def on_session_cancelled(event: SessionCancelled, *, handle: Handle, roster: Roster) -> None:
    """Leave the session out; judge all awards.

    Safe to repeat: the newest calendar sequence stays.
    """
    timed = Timed(
        session_id=event.session_id,
        calendar_sequence=event.calendar_sequence,
        planned_minutes=0,
        is_cancelled=True,
    )
    _retime(event.cohort_id, event.country_code, timed, handle, roster)


def on_attendance_recorded(event: AttendanceRecorded, *, handle: Handle, roster: Roster) -> None:
    """Keep the register and each entry; judge all awards.

    Safe to repeat: of two statements about a session the newer stays.
    """
    _keep_register(event, event.recorded_at, handle)
    for entry in event.entries:
        _note(event, entry, event.recorded_at, handle, is_correction=False)
    noted = frozenset(entry.participant_id for entry in event.entries)
    assess_all(event.cohort_id, actor=_ACTOR, handle=handle, roster=roster, judged=noted)


def on_attendance_corrected(event: AttendanceCorrected, *, handle: Handle, roster: Roster) -> None:
    """Keep the corrected entry; judge all awards.

    Safe to repeat: of two statements about a session the newer stays.
    """
    _keep_register(event, event.corrected_at, handle)
    _note(event, event.entry, event.corrected_at, handle, is_correction=True)
    noted = frozenset({event.entry.participant_id})
    assess_all(event.cohort_id, actor=_ACTOR, handle=handle, roster=roster, judged=noted)


def on_placement_completed(event: PlacementCompleted, *, handle: Handle) -> None:
    """Keep the placement; judge the award.

    Safe to repeat: a placement counts once.
    """
    handle(
        NotePlacement(
            actor=_ACTOR,
            participant_id=event.participant_id,
            cohort_id=event.cohort_id,
            country_code=event.country_code,
            placement=PlacementDone(
                placement_id=event.placement_id, minutes=event.minutes, as_of=event.completed_at
            ),
        )
    )


def on_subject_erasure_requested(event: SubjectErasureRequested, *, handle: Handle) -> None:
    """Remove name, documents and credentials; answer with a receipt.

    Safe to repeat: a person is erased once.
    """
    handle(EraseSubject(actor=_ACTOR, subject_id=event.subject_id, country_code=event.country_code))


def _keep_register(
    event: AttendanceRecorded | AttendanceCorrected, as_of: datetime, handle: Handle
) -> None:
    handle(
        KeepRegister(
            actor=_ACTOR,
            cohort_id=event.cohort_id,
            country_code=event.country_code,
            registered=Registered(
                session_id=event.session_id,
                training_code=event.training_code,
                part_code=event.part_code,
                planned_minutes=event.planned_minutes,
                as_of=as_of,
            ),
        )
    )


def _note(
    event: AttendanceRecorded | AttendanceCorrected,
    entry: AttendanceEntry,
    as_of: datetime,
    handle: Handle,
    *,
    is_correction: bool,
) -> None:
    handle(
        NoteAttendance(
            actor=_ACTOR,
            participant_id=entry.participant_id,
            cohort_id=event.cohort_id,
            country_code=event.country_code,
            attended=Attended(
                session_id=event.session_id,
                status_code=Attendance(entry.status_code),
                minutes_present=entry.minutes_present,
                as_of=as_of,
                is_correction=is_correction,
            ),
        )
    )


def _retime(
    cohort_id: str, country_code: str, timed: Timed, handle: Handle, roster: Roster
) -> None:
    handle(RetimeSession(actor=_ACTOR, cohort_id=cohort_id, country_code=country_code, timed=timed))
    assess_all(cohort_id, actor=_ACTOR, handle=handle, roster=roster)


def _minutes(starts_at: datetime, ends_at: datetime) -> int:
    return (ends_at - starts_at) // timedelta(minutes=1)
