from dataclasses import replace
from datetime import timedelta

import pytest

from chassis.errors import RuleViolation
from contracts.scheduling import AttendanceCorrected, AttendanceEntry, AttendanceRecorded
from services.scheduling.domain.presence import Evidence, Mode, Source
from services.scheduling.domain.register import Attendance, AttendanceStatus, Conflict, Correction
from tests.builders.scheduling import COHORT_ID, NOON, a_register, an_id

ONE, TWO, THREE = an_id("p1"), an_id("p2"), an_id("p3")
ROSTER = {ONE, TWO, THREE}
AFTER = NOON + timedelta(hours=3)


def seen(who, first, last, *, source=Source.QR, mode=Mode.ONSITE):
    return Evidence(
        participant_id=who,
        source=source,
        mode=mode,
        joined_at=NOON + timedelta(minutes=first),
        left_at=NOON + timedelta(minutes=last),
    )


def recorded(*evidence, excused=()):
    register = a_register()
    register.note(evidence, roster=ROSTER)
    for who in excused:
        register.excuse(who, roster=ROSTER)
    register.record_attendance(roster=ROSTER, now=AFTER)
    return register


def entry(register, who):
    return next(each for each in register.attendances if each.participant_id == who)


def test_sources_add_up_without_counting_a_minute_twice():  # R2
    register = recorded(
        seen(ONE, -15, 50), seen(ONE, 40, 70, source=Source.TRAINER), seen(ONE, 100, 500)
    )

    assert entry(register, ONE) == Attendance(
        participant_id=ONE, status=AttendanceStatus.PRESENT, minutes_present=90, mode=Mode.ONSITE
    )


def test_recording_announces_an_entry_for_everybody_on_the_roster():
    register = recorded(seen(ONE, 0, 120), excused=[TWO])

    expected = {
        ONE: ("present", 120),
        TWO: ("excused", 0),
        THREE: ("absent", 0),
    }
    assert register.recorded == [
        AttendanceRecorded(
            register_id=register.register_id,
            session_id=register.session_id,
            cohort_id=COHORT_ID,
            country_code="AZ",
            training_code="int-01",
            part_code="introduction",
            planned_minutes=120,
            entries=tuple(
                AttendanceEntry(
                    participant_id=who,
                    status_code=expected[who][0],
                    minutes_present=expected[who][1],
                    mode_code="onsite",
                )
                for who in sorted(ROSTER)
            ),
            recorded_at=AFTER,
        )
    ]


@pytest.mark.parametrize(
    ("first", "last", "status"),
    [
        (10, 120, AttendanceStatus.PRESENT),
        (11, 120, AttendanceStatus.LATE),
        (0, 110, AttendanceStatus.PRESENT),
        (0, 109, AttendanceStatus.LEFT_EARLY),
        (30, 60, AttendanceStatus.LATE),
        (-60, 0, AttendanceStatus.ABSENT),
    ],
)
def test_status_follows_from_the_first_and_last_moment(first, last, status):
    assert entry(recorded(seen(ONE, first, last)), ONE).status is status


def test_who_was_excused_and_came_is_counted_as_there():
    assert entry(recorded(seen(ONE, 0, 120), excused=[ONE]), ONE).minutes_present == 120


def test_mode_is_the_one_with_more_minutes():
    register = recorded(
        seen(ONE, 0, 40), seen(ONE, 50, 120, source=Source.ONLINE_LOG, mode=Mode.ONLINE)
    )

    assert entry(register, ONE).mode is Mode.ONLINE


def test_being_in_the_room_and_online_at_once_is_named():
    register = a_register()
    register.note(
        (seen(ONE, 0, 40), seen(ONE, 30, 60, source=Source.ONLINE_LOG, mode=Mode.ONLINE)),
        roster=ROSTER,
    )

    assert register.conflicts() == (
        Conflict(
            participant_id=ONE,
            starts_at=NOON + timedelta(minutes=30),
            ends_at=NOON + timedelta(minutes=40),
        ),
    )


def test_the_same_word_said_twice_counts_once():
    register = a_register()
    register.note((seen(ONE, 0, 40), seen(ONE, 0, 40)), roster=ROSTER)
    register.note((seen(ONE, 0, 40),), roster=ROSTER)

    assert register.evidence == (seen(ONE, 0, 40),)


def test_who_is_not_on_the_roster_is_refused():  # R1
    with pytest.raises(RuleViolation) as refused:
        a_register().note((seen(an_id("stranger"), 0, 40),), roster=ROSTER)

    assert refused.value.code == "attendance.not_on_roster"


def test_a_log_gives_the_minutes_within_the_session():  # R6
    register = a_register()
    log = (
        seen(ONE, -30, 20, source=Source.ONLINE_LOG, mode=Mode.ONLINE),
        seen(ONE, 30, 40, source=Source.ONLINE_LOG, mode=Mode.ONLINE),
        seen(TWO, 300, 400, source=Source.ONLINE_LOG, mode=Mode.ONLINE),
    )

    assert register.note_log(log, roster=ROSTER) == {ONE: 30, TWO: 0}
    assert register.note_log(log, roster=ROSTER) == {ONE: 30, TWO: 0}
    assert register.evidence == log


def test_a_log_of_another_time_is_refused():  # R6
    register = a_register()
    for log in ((seen(ONE, -60, 0),), (seen(ONE, 120, 240), seen(TWO, 200, 300))):
        with pytest.raises(RuleViolation) as refused:
            register.note_log(log, roster=ROSTER)
        assert refused.value.code == "attendance.other_time"
    assert register.note_log((), roster=ROSTER) == {}


def test_a_log_with_a_stranger_is_refused():  # R1
    with pytest.raises(RuleViolation) as refused:
        a_register().note_log((seen(an_id("stranger"), 0, 40),), roster=ROSTER)

    assert refused.value.code == "attendance.not_on_roster"


def test_presence_that_ends_before_it_starts_is_refused():
    with pytest.raises(RuleViolation) as refused:
        seen(ONE, 10, 10)

    assert refused.value.code == "evidence.ends_before_start"


def test_a_register_is_not_closed_before_the_session():  # R3
    with pytest.raises(RuleViolation) as refused:
        a_register().record_attendance(roster=ROSTER, now=NOON - timedelta(seconds=1))

    assert refused.value.code == "attendance.too_early"


def test_a_closed_register_takes_no_more_evidence():  # R3, R4
    register = recorded()

    for change in (
        lambda: register.note((seen(ONE, 0, 9),), roster=ROSTER),
        lambda: register.excuse(ONE, roster=ROSTER),
        lambda: register.record_attendance(roster=ROSTER, now=AFTER),
    ):
        with pytest.raises(RuleViolation) as refused:
            change()
        assert refused.value.code == "attendance.recorded"


def test_a_register_follows_its_session_until_it_is_closed():
    register = a_register()
    register.follow(starts_at=NOON, ends_at=NOON + timedelta(minutes=90))
    register.record_attendance(roster=ROSTER, now=AFTER)
    register.follow(starts_at=AFTER, ends_at=AFTER + timedelta(minutes=30))

    assert (register.starts_at, register.planned_minutes) == (NOON, 90)


def test_a_register_without_roster_is_not_closed():  # R3
    with pytest.raises(RuleViolation) as refused:
        a_register().record_attendance(roster=set(), now=AFTER)

    assert refused.value.code == "attendance.nobody"


def corrected(register, attendance, **changes):
    register.correct(
        attendance,
        **{
            "reason_code": "trainer.sheet",
            "actor_id": "operator-1",
            "roster": ROSTER,
            "now": AFTER + timedelta(days=1),
            **changes,
        },
    )


def test_a_correction_is_announced_and_kept_with_its_reason():  # R4
    register = recorded(seen(ONE, 30, 120))
    before = entry(register, ONE)
    register.recorded = []
    after = replace(before, status=AttendanceStatus.PRESENT, minutes_present=120)

    corrected(register, after)

    assert entry(register, ONE) == after
    assert register.corrections == (
        Correction(
            participant_id=ONE,
            previous=before,
            corrected=after,
            reason_code="trainer.sheet",
            actor_id="operator-1",
            corrected_at=AFTER + timedelta(days=1),
        ),
    )
    assert register.recorded == [
        AttendanceCorrected(
            register_id=register.register_id,
            session_id=register.session_id,
            cohort_id=COHORT_ID,
            country_code="AZ",
            training_code="int-01",
            part_code="introduction",
            planned_minutes=120,
            entry=after.as_entry(),
            previous_minutes_present=90,
            reason_code="trainer.sheet",
            corrected_at=AFTER + timedelta(days=1),
        )
    ]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, "attendance.unchanged"),
        ({"minutes_present": 121}, "attendance.too_long"),
        ({"minutes_present": 0}, "attendance.contradicts_itself"),
        ({"status": AttendanceStatus.ABSENT}, "attendance.contradicts_itself"),
        ({"participant_id": an_id("stranger")}, "attendance.not_on_roster"),
    ],
)
def test_a_correction_must_change_something_that_can_be(changes, code):  # R5
    register = recorded(seen(ONE, 0, 120))
    register.recorded = []

    with pytest.raises(RuleViolation) as refused:
        corrected(register, replace(entry(register, ONE), **changes))

    assert refused.value.code == code
    assert (register.recorded, register.corrections) == ([], ())


def test_an_open_register_is_not_corrected():  # R4
    attendance = entry(recorded(seen(ONE, 0, 120)), ONE)

    with pytest.raises(RuleViolation) as refused:
        corrected(a_register(), attendance)

    assert refused.value.code == "attendance.not_recorded"
