from dataclasses import replace
from datetime import date, timedelta

import pytest

from chassis.errors import NotFound
from contracts.registration import (
    CohortAnnounced,
    CohortChanged,
    CohortCompleted,
    ParticipantEnrolled,
    ParticipantLeft,
    SubjectErasureRequested,
)
from contracts.scheduling import (
    AttendanceRecorded,
    ErasureConfirmed,
    PlacementCompleted,
    TimetableReleased,
)
from services.scheduling.domain.cohort import REGIONAL_TERMS, SCHOOL_TERMS
from services.scheduling.domain.member import Member
from services.scheduling.domain.work_plan import COUNTED_EVENTS, ProgressRule
from services.scheduling.handlers.identities import erasure_id_of
from tests.builders.scheduling import (
    COHORT_ID,
    NOON,
    a_cohort,
    a_row,
    a_trainer,
    a_work_plan,
    an_id,
)
from tests.builders.scheduling_world import World

ANNOUNCED = CohortAnnounced(
    cohort_id=COHORT_ID,
    programme_id=an_id("programme"),
    programme_code="school",
    edition_code="ms-3",
    titles={"en": "Migration School 3"},
    country_code="AZ",
    country_codes=("AZ",),
    starts_on=date(2021, 1, 9),
    ends_on=date(2021, 7, 3),
    zone="Asia/Baku",
    delivery="hybrid",
    language_code="az",
    seat_count=24,
    announced_at=NOON,
)
ENROLLED = ParticipantEnrolled(
    participant_id=an_id("participant"),
    cohort_id=COHORT_ID,
    subject_id=an_id("person"),
    country_code="AZ",
    route="open",
    cause_id=an_id("offer"),
    language_code="az",
    enrolled_at=NOON,
)
LEFT = ParticipantLeft(
    participant_id=an_id("participant"),
    cohort_id=COHORT_ID,
    subject_id=an_id("person"),
    country_code="AZ",
    reason_code="work",
    left_at=NOON + timedelta(days=7),
)
ERASURE = SubjectErasureRequested(subject_id=an_id("person"), country_code="AZ", requested_at=NOON)


def test_an_announced_cohort_is_kept_and_a_repeat_changes_nothing():
    world = World()
    world.hear(ANNOUNCED)
    world.hear(ANNOUNCED)

    assert world.shelf("cohorts").where() == [a_cohort()]
    assert world.shelf("cohorts").stored[COHORT_ID].version == 1


def test_a_cohort_of_several_countries_meets_in_working_hours():
    world = World()
    world.hear(replace(ANNOUNCED, country_code="*", country_codes=("AZ", "GE")))

    assert world.shelf("cohorts").stored[COHORT_ID].terms == REGIONAL_TERMS
    assert REGIONAL_TERMS != SCHOOL_TERMS


def test_changed_dates_are_taken_over_twice_alike():
    world = World()
    world.hear(ANNOUNCED)
    changed = CohortChanged(
        cohort_id=COHORT_ID,
        country_code="AZ",
        starts_on=date(2021, 2, 1),
        ends_on=date(2021, 7, 3),
        zone="Asia/Baku",
        delivery="online",
        changed_at=NOON,
    )
    world.hear(changed)
    world.hear(changed)

    assert world.shelf("cohorts").where() == [
        a_cohort(starts_on=date(2021, 2, 1), delivery="online")
    ]


def test_a_change_of_a_cohort_nobody_announced_is_refused():
    with pytest.raises(NotFound):
        World().hear(CohortCompleted(cohort_id=COHORT_ID, country_code="AZ", completed_at=NOON))


def test_enrolment_and_leaving_make_one_line_of_the_roster():
    world = World()
    for event in (ENROLLED, ENROLLED, LEFT, replace(LEFT, left_at=NOON)):
        world.hear(event)

    assert world.shelf("members").where() == [
        Member(
            participant_id=an_id("participant"),
            cohort_id=COHORT_ID,
            country_code="AZ",
            subject_id=an_id("person"),
            enrolled_at=NOON,
            left_at=NOON + timedelta(days=7),
        )
    ]


def test_a_person_is_forgotten_once_with_every_link():
    world = World()
    world.keep(trainers=a_trainer(subject_id=an_id("person")))
    world.hear(ENROLLED)
    world.hear(ERASURE)
    world.hear(ERASURE)

    assert world.outbox == [
        ErasureConfirmed(
            erasure_id=erasure_id_of(an_id("person")),
            subject_id=an_id("person"),
            country_code="AZ",
            removed_count=2,
            confirmed_at=NOON,
        )
    ]
    assert [each.subject_id for each in world.shelf("members").where()] == [None]
    assert [each.subject_id for each in world.shelf("trainers").where()] == [None]


def test_an_enrolment_that_comes_after_the_erasure_makes_no_link():
    world = World()
    world.hear(ERASURE)
    world.hear(ENROLLED)

    assert [each.subject_id for each in world.shelf("members").where()] == [None]


COUNTED = {
    "timetable.released": TimetableReleased(
        timetable_id=an_id("timetable"),
        cohort_id=COHORT_ID,
        country_code="AZ",
        release_version=1,
        sessions=(),
        released_at=NOON,
    ),
    "attendance.recorded": AttendanceRecorded(
        register_id=an_id("register"),
        session_id=an_id("session"),
        cohort_id=COHORT_ID,
        country_code="AZ",
        training_code="int-01",
        part_code="introduction",
        planned_minutes=120,
        entries=(),
        recorded_at=NOON,
    ),
    "placement.completed": PlacementCompleted(
        placement_id=an_id("placement"),
        participant_id=an_id("participant"),
        cohort_id=COHORT_ID,
        subject_id=an_id("person"),
        country_code="AZ",
        unit_code="asylum",
        minutes=600,
        completed_at=NOON,
    ),
    "cohort.completed": CohortCompleted(cohort_id=COHORT_ID, country_code="AZ", completed_at=NOON),
    "participant.enrolled": ENROLLED,
}


@pytest.mark.parametrize("counts", sorted(COUNTED_EVENTS))
def test_what_happens_moves_the_rows_tied_to_it_once(counts):
    world = World()
    plan = a_work_plan(a_row("1.1"), a_row("1.2"))
    plan.tie("1.1", ProgressRule(counts=counts, target_count=2))
    world.keep(cohorts=a_cohort(), work_plans=plan)

    world.hear(COUNTED[counts])
    world.hear(COUNTED[counts])

    [found] = world.shelf("work_plans").where()
    assert [item.progress_percent for item in found.items] == [50, 0]
    assert COUNTED_EVENTS[counts] == COUNTED[counts].event_type
    assert [event.cause_event_type for event in world.outbox] == [COUNTED[counts].event_type]
