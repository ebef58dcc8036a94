from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chassis.errors import RuleViolation
from contracts.scheduling import TimetableReleased
from services.scheduling.domain.planning import problem_for
from services.scheduling.domain.room import Room
from services.scheduling.domain.solver.problem import Pin, Placed, Plan
from services.scheduling.domain.timetable import ChangeKind, Solution, TimetableStatus
from tests.builders.scheduling import (
    COHORT_ID,
    NOON,
    a_cohort,
    a_session,
    a_timetable,
    a_trainer,
    an_id,
)

SOLUTION = Solution(problem_sha256="0" * 64, seed=0, cost=1, bound=1)
TRAINER_ID = an_id("trainer", "one")


def the_problem(timetable, *, now=NOON, **changes):
    return problem_for(
        timetable,
        cohort=a_cohort(),
        trainers=[a_trainer()],
        rooms=[
            Room(
                room_id=an_id("room"),
                room_code="hall",
                country_code="AZ",
                titles={"en": "Hall"},
                kind_code="hall",
                seat_count=30,
            )
        ],
        engagements=(),
        now=now,
        **changes,
    )


def a_place(timetable, number, *, weeks):
    session = timetable.sessions[number]
    start = datetime(2021, 1, 16, 6, tzinfo=UTC) + timedelta(weeks=weeks)
    return Placed(
        session_id=session.session_id,
        starts_at=start,
        ends_at=start + timedelta(minutes=session.minutes),
        trainer_id=TRAINER_ID,
        room_code="hall" if session.delivery.needs_room else None,
    )


def a_plan(timetable):
    places = [a_place(timetable, n, weeks=n) for n in range(len(timetable.sessions))]
    return Plan(placed=tuple(sorted(places, key=lambda place: place.session_id)))


def a_solved_timetable():
    timetable = a_timetable()
    number = timetable.ask_for_plan()
    assert timetable.propose(a_plan(timetable), SOLUTION, solving_number=number)
    return timetable


def a_released_timetable():
    timetable = a_solved_timetable()
    timetable.accept(the_problem(timetable), actor_id="operator-1", now=NOON)
    return timetable


def test_a_sound_proposal_is_released_and_logged():  # R4, R6
    timetable = a_released_timetable()

    assert (timetable.status, timetable.release_version) == (TimetableStatus.RELEASED, 1)
    assert timetable.placed == a_plan(timetable).placed
    assert [change.kind for change in timetable.changes] == [ChangeKind.RELEASED]


def test_the_release_names_its_sessions_in_order_of_time():
    timetable = a_released_timetable()
    late, early = a_session(starts_at=NOON + timedelta(days=1)).announced(), a_session().announced()

    timetable.announce([late, early], now=NOON)

    assert timetable.recorded == [
        TimetableReleased(
            timetable_id=timetable.timetable_id,
            cohort_id=COHORT_ID,
            country_code="AZ",
            release_version=1,
            sessions=(early, late),
            released_at=NOON,
        )
    ]


def test_a_proposal_that_breaks_a_rule_is_not_released():  # R4
    timetable = a_solved_timetable()
    swapped = {
        place.session_id: place
        for place in (a_place(timetable, 0, weeks=3), a_place(timetable, 3, weeks=0))
    }
    timetable.proposal = tuple(swapped.get(p.session_id, p) for p in timetable.proposal)

    with pytest.raises(RuleViolation) as refused:
        timetable.accept(the_problem(timetable), actor_id="operator-1", now=NOON)

    assert refused.value.code == "timetable.breaks_rules"
    assert {problem.code for problem in refused.value.problems} == {"session.parts_in_order"}
    assert timetable.release_version == 0


def test_a_draft_is_not_released():  # R4
    timetable = a_timetable()

    with pytest.raises(RuleViolation) as refused:
        timetable.accept(the_problem(timetable), actor_id="operator-1", now=NOON)

    assert refused.value.code == "timetable.not_solved"


def test_a_result_nobody_asks_for_any_more_is_dropped():  # R3
    timetable = a_timetable()
    number = timetable.ask_for_plan()
    timetable.give_up_solving()

    assert not timetable.propose(a_plan(timetable), SOLUTION, solving_number=number)
    assert not timetable.report_obstacles([{"en": "no"}], solving_number=number)
    assert (timetable.status, timetable.proposal) == (TimetableStatus.DRAFT, ())


def test_one_solving_at_a_time():  # R3
    timetable = a_timetable()
    timetable.ask_for_plan()

    with pytest.raises(RuleViolation) as refused:
        timetable.ask_for_plan()

    assert refused.value.code == "timetable.solving"


def test_obstacles_are_kept_for_people_to_read():
    timetable = a_timetable()
    number = timetable.ask_for_plan()

    assert timetable.report_obstacles([{"en": "no hall"}], solving_number=number)
    assert (timetable.status, timetable.obstacles) == (
        TimetableStatus.IMPOSSIBLE,
        ({"en": "no hall"},),
    )


def test_a_pin_replaces_the_one_before_and_can_be_taken_out():  # R2
    timetable = a_timetable()
    session_id = timetable.sessions[0].session_id
    timetable.pin(Pin(session_id=session_id, starts_at=NOON))
    timetable.pin(Pin(session_id=session_id, starts_at=NOON + timedelta(days=7)))

    assert timetable.pins == (Pin(session_id=session_id, starts_at=NOON + timedelta(days=7)),)
    timetable.unpin(session_id)
    assert timetable.pins == ()
    with pytest.raises(RuleViolation) as refused:
        timetable.unpin(session_id)
    assert refused.value.code == "timetable.not_pinned"


def test_a_pin_names_a_session_that_takes_place():  # R2
    with pytest.raises(RuleViolation) as refused:
        a_timetable().pin(Pin(session_id=an_id("other"), starts_at=NOON))

    assert refused.value.code == "timetable.no_such_session"


def moved(timetable, place, now=NOON):
    timetable.move(
        [place],
        the_problem(timetable, now=now),
        reason_code="trainer.ill",
        actor_id="operator-1",
        now=now,
    )


def test_a_move_to_a_free_day_changes_that_session_alone():  # R5, R6
    timetable = a_released_timetable()
    place = a_place(timetable, 3, weeks=4)
    before = timetable.place_of

    moved(timetable, place)

    assert timetable.place_of == {**before, place.session_id: place}
    line = timetable.changes[-1]
    assert (line.kind, line.session_id, line.previous_starts_at, line.starts_at) == (
        ChangeKind.MOVED,
        place.session_id,
        before[place.session_id].starts_at,
        place.starts_at,
    )


def test_a_move_onto_a_holiday_is_refused():  # R5
    timetable = a_released_timetable()
    novruz = a_place(timetable, 3, weeks=9)  # 20 March

    with pytest.raises(RuleViolation) as refused:
        moved(timetable, novruz)

    assert {problem.code for problem in refused.value.problems} == {"session.no_holiday"}
    assert novruz.session_id in timetable.place_of
    assert timetable.place_of[novruz.session_id] != novruz


def test_a_session_that_was_held_cannot_be_moved():  # R5
    timetable = a_released_timetable()

    with pytest.raises(RuleViolation) as refused:
        moved(timetable, a_place(timetable, 0, weeks=0.5), now=NOON + timedelta(days=8))

    assert "session.pinned" in {problem.code for problem in refused.value.problems}


def test_a_cancelled_session_leaves_the_plan_and_the_log_tells_it():  # R6
    timetable = a_released_timetable()
    gone = timetable.sessions[1].session_id

    timetable.cancel_session(gone, reason_code="no.need", actor_id="operator-1", now=NOON)

    assert gone not in timetable.place_of
    assert gone not in the_problem(timetable).needs
    assert timetable.changes[-1].kind is ChangeKind.CANCELLED
    with pytest.raises(RuleViolation) as refused:
        timetable.cancel_session(gone, reason_code="no.need", actor_id="operator-1", now=NOON)
    assert refused.value.code == "timetable.no_such_session"


def test_nothing_moves_before_the_first_release():
    timetable = a_solved_timetable()

    with pytest.raises(RuleViolation) as refused:
        moved(timetable, a_place(timetable, 3, weeks=4))

    assert refused.value.code == "timetable.not_released"


def test_the_snapshot_pins_what_was_held_and_keeps_its_trainer():
    timetable = a_released_timetable()
    trainer = a_trainer()
    trainer.withdraw()
    first = timetable.place_of[timetable.sessions[0].session_id]

    problem = problem_for(
        timetable,
        cohort=a_cohort(),
        trainers=[trainer],
        rooms=(),
        engagements=(),
        now=first.starts_at,
    )

    assert problem.pins == (
        Pin(
            session_id=first.session_id,
            starts_at=first.starts_at,
            trainer_id=TRAINER_ID,
            room_code="hall",
        ),
    )
    assert [offer.trainer_id for offer in problem.trainers] == [TRAINER_ID]


def test_the_snapshot_of_a_regional_cohort_has_the_hours_of_every_country():
    region = a_cohort(country_code="*", country_codes=("AZ", "KG"))
    problem = problem_for(
        a_timetable(), cohort=region, trainers=(), rooms=(), engagements=(), now=NOON
    )

    assert [(hours.country_code, hours.zone) for hours in problem.cohorts[0].hours] == [
        ("AZ", "Asia/Baku"),
        ("KG", "Asia/Bishkek"),
    ]
    assert replace(problem).digest() == problem.digest()
