from datetime import timedelta

import pytest

from chassis.errors import RuleViolation
from contracts.scheduling import AttendanceCorrected, AttendanceRecorded
from services.scheduling.domain.commands import (
    CorrectAttendance,
    ExcuseParticipant,
    NoteEvidence,
    RecordAttendance,
    TieWorkPlanItem,
)
from services.scheduling.domain.member import Member
from services.scheduling.domain.presence import Evidence, Mode, Source
from services.scheduling.domain.register import Attendance, AttendanceStatus
from services.scheduling.domain.work_plan import ProgressRule
from services.scheduling.handlers.identities import register_id_of
from tests.builders.scheduling import COHORT_ID, NOON, a_row, a_session, a_work_plan, an_id
from tests.builders.scheduling_world import OPERATOR, World

SESSION_ID = an_id("session", "int-01")


def a_world() -> World:
    """One session, one participant who stays, one who had left, one who came later."""
    world = World()
    world.keep(sessions=a_session())
    for name, enrolled_at, left_at in (
        ("stays", NOON - timedelta(days=9), None),
        ("left", NOON - timedelta(days=9), NOON - timedelta(days=1)),
        ("later", NOON + timedelta(days=1), None),
    ):
        world.keep(
            members=Member(
                participant_id=an_id(name),
                cohort_id=COHORT_ID,
                country_code="AZ",
                subject_id=an_id("subject", name),
                enrolled_at=enrolled_at,
                left_at=left_at,
            )
        )
    return world


def seen(name: str) -> NoteEvidence:
    return NoteEvidence(
        actor=OPERATOR,
        session_id=SESSION_ID,
        evidence=(
            Evidence(
                participant_id=an_id(name),
                source=Source.QR,
                mode=Mode.ONSITE,
                joined_at=NOON,
                left_at=NOON + timedelta(hours=1),
            ),
        ),
    )


def recorded(world: World) -> None:
    world.now = NOON + timedelta(hours=3)
    world.handle(RecordAttendance(actor=OPERATOR, session_id=SESSION_ID))


def test_the_register_has_the_roster_of_its_day():
    world = a_world()
    world.handle(seen("stays"))
    recorded(world)

    [event] = world.outbox
    assert isinstance(event, AttendanceRecorded)
    assert event.register_id == register_id_of(SESSION_ID)
    assert [(each.participant_id, each.minutes_present) for each in event.entries] == [
        (an_id("stays"), 60)
    ]


@pytest.mark.parametrize("name", ["left", "later", "stranger"])
def test_who_is_not_on_the_roster_of_that_day_is_refused(name):
    with pytest.raises(RuleViolation) as refused:
        a_world().handle(seen(name))

    assert refused.value.code == "attendance.not_on_roster"


def test_an_open_register_follows_its_session():
    world = a_world()
    world.handle(seen("stays"))
    session = world.shelf("sessions").stored[SESSION_ID]
    session.starts_at = NOON + timedelta(minutes=30)
    recorded(world)

    assert world.outbox[0].planned_minutes == 90
    assert world.outbox[0].entries[0].minutes_present == 30


def test_a_cancelled_session_has_no_register():
    world = a_world()
    session = a_session(session_id=an_id("cancelled"))
    session.cancel(reason_code="venue.closed", now=NOON)
    world.keep(sessions=session)

    with pytest.raises(RuleViolation) as refused:
        world.handle(RecordAttendance(actor=OPERATOR, session_id=an_id("cancelled")))

    assert refused.value.code == "session.cancelled"


def test_a_correction_carries_who_made_it():
    world = a_world()
    world.handle(
        ExcuseParticipant(actor=OPERATOR, session_id=SESSION_ID, participant_id=an_id("stays"))
    )
    recorded(world)
    world.handle(
        CorrectAttendance(
            actor=OPERATOR,
            session_id=SESSION_ID,
            corrected=Attendance(
                participant_id=an_id("stays"),
                status=AttendanceStatus.PRESENT,
                minutes_present=120,
                mode=Mode.ONLINE,
            ),
            reason_code="paper.list",
        )
    )

    assert isinstance(world.outbox[-1], AttendanceCorrected)
    [register] = world.shelf("registers").where()
    assert register.corrections[0].actor_id == "operator-1"
    assert register.corrections[0].previous.status is AttendanceStatus.EXCUSED


def test_a_row_tied_late_counts_what_has_happened():
    world = a_world()
    recorded(world)
    world.keep(work_plans=a_work_plan(a_row("1.1")))

    world.handle(
        TieWorkPlanItem(
            actor=OPERATOR,
            workplan_id=an_id("plan"),
            item_no="1.1",
            rule=ProgressRule(counts="attendance.recorded", target_count=4),
        )
    )

    assert world.shelf("work_plans").where()[0].items[0].progress_percent == 25
