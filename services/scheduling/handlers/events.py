"""What scheduling hears: registration's cohorts and people, and its own facts for work plans."""

from __future__ import annotations

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
from contracts.scheduling import AttendanceRecorded, PlacementCompleted, TimetableReleased
from services.scheduling.domain.commands import (
    AddMember,
    AdoptCohort,
    ChangeCohort,
    CompleteCohort,
    CountInWorkPlans,
    EndMembership,
    ForgetSubject,
)

_ME = service_actor("scheduling")


def on_cohort_announced(event: CohortAnnounced, *, handle: Handle) -> None:
    """Keep the cohort.

    Safe to repeat: a cohort that is kept already stays as it is.
    """
    handle(
        AdoptCohort(
            actor=_ME,
            cohort_id=event.cohort_id,
            country_code=event.country_code,
            country_codes=event.country_codes,
            titles=event.titles,
            starts_on=event.starts_on,
            ends_on=event.ends_on,
            zone=event.zone,
            delivery=event.delivery,
            language_code=event.language_code,
            seat_count=event.seat_count,
        )
    )


def on_cohort_changed(event: CohortChanged, *, handle: Handle) -> None:
    """Take over changed dates.

    Safe to repeat: the same values are set again.
    """
    handle(
        ChangeCohort(
            actor=_ME,
            cohort_id=event.cohort_id,
            starts_on=event.starts_on,
            ends_on=event.ends_on,
            zone=event.zone,
            delivery=event.delivery,
        )
    )


def on_cohort_completed(event: CohortCompleted, *, handle: Handle) -> None:
    """Note the end, and let work plans count it.

    Safe to repeat: an ended cohort stays ended, and its id counts once per row.
    """
    handle(CompleteCohort(actor=_ME, cohort_id=event.cohort_id))
    _count(handle, "cohort.completed", event.cohort_id, event.cohort_id)


def on_participant_enrolled(event: ParticipantEnrolled, *, handle: Handle) -> None:
    """Put the participant on the roster, and let work plans count it.

    Safe to repeat: who is on the roster stays as they are, and counts once per row.
    """
    handle(
        AddMember(
            actor=_ME,
            participant_id=event.participant_id,
            cohort_id=event.cohort_id,
            country_code=event.country_code,
            subject_id=event.subject_id,
            enrolled_at=event.enrolled_at,
        )
    )
    _count(handle, "participant.enrolled", event.participant_id, event.cohort_id)


def on_participant_left(event: ParticipantLeft, *, handle: Handle) -> None:
    """Take the participant off the roster of later sessions.

    Safe to repeat: the first word on it stays.
    """
    handle(EndMembership(actor=_ME, participant_id=event.participant_id, left_at=event.left_at))


def on_subject_erasure_requested(event: SubjectErasureRequested, *, handle: Handle) -> None:
    """Forget the person and confirm it.

    Safe to repeat: the receipt's id is derived from the person's, and is given once.
    """
    handle(ForgetSubject(actor=_ME, subject_id=event.subject_id, country_code=event.country_code))


def on_timetable_released(event: TimetableReleased, *, handle: Handle) -> None:
    """Let work plans count the release.

    Safe to repeat: a release counts once per row.
    """
    cause_id = released_cause(event.timetable_id, event.release_version)
    _count(handle, "timetable.released", cause_id, event.cohort_id)


def on_attendance_recorded(event: AttendanceRecorded, *, handle: Handle) -> None:
    """Let work plans count the training held.

    Safe to repeat: a register counts once per row.
    """
    _count(handle, "attendance.recorded", event.register_id, event.cohort_id)


def on_placement_completed(event: PlacementCompleted, *, handle: Handle) -> None:
    """Let work plans count the placement.

    Safe to repeat: a placement counts once per row.
    """
    _count(handle, "placement.completed", event.placement_id, event.cohort_id)


def released_cause(timetable_id: str, release_version: int) -> str:
    """What stands for one release in the rows that count it."""
    return f"{timetable_id}:{release_version}"


def _count(handle: Handle, counts: str, cause_id: str, cohort_id: str) -> None:
    handle(CountInWorkPlans(actor=_ME, counts=counts, cause_id=cause_id, cohort_id=cohort_id))
