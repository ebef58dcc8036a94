from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from chassis.access import Actor, Role, Scope
from chassis.errors import AlreadyExists, NotFound, RuleViolation, StaleVersion
from contracts.scheduling import SessionCancelled, SessionMoved, TimetableReleased
from services.scheduling.domain.calendar import zone_of
from services.scheduling.domain.cohort import REGIONAL_TERMS
from services.scheduling.domain.commands import (
    CancelRepair,
    CancelSession,
    DraftTimetable,
    GiveUpSolving,
    MoveSession,
    PinSession,
    ReleaseTimetable,
    RepairTimetable,
    SolveTimetable,
    UnpinSession,
    WithdrawTrainer,
)
from services.scheduling.domain.delivery import Delivery
from services.scheduling.domain.member import Member
from services.scheduling.domain.room import Room
from services.scheduling.domain.timetable import TimetableStatus
from services.scheduling.handlers.identities import session_id_of
from tests.builders.scheduling import (
    COHORT_ID,
    NOON,
    PARTS,
    a_cohort,
    a_curriculum,
    a_trainer,
    a_training,
    an_id,
)
from tests.builders.scheduling_world import OPERATOR, World

TIMETABLE_ID = an_id("timetable")


def a_member(name: str, **changes: Any) -> Member:
    wanted: dict[str, Any] = {
        "participant_id": an_id(name),
        "cohort_id": COHORT_ID,
        "country_code": "AZ",
        "subject_id": an_id("subject", name),
        "enrolled_at": NOON - timedelta(days=30),
    }
    return Member(**{**wanted, **changes})


def a_room() -> Room:
    return Room(
        room_id=an_id("room"),
        room_code="hall",
        country_code="AZ",
        titles={"en": "Hall"},
        kind_code="hall",
        seat_count=30,
    )


def a_world() -> World:
    world = World()
    world.keep(
        cohorts=a_cohort(ends_on=date(2021, 2, 28)),
        curricula=a_curriculum(published=True),
        trainers=a_trainer(),
        rooms=a_room(),
    )
    world.handle(
        DraftTimetable(
            actor=OPERATOR,
            timetable_id=TIMETABLE_ID,
            cohort_id=COHORT_ID,
            curriculum_id=an_id("curriculum"),
        )
    )
    return world


def the_timetable(world: World) -> Any:
    return world.shelf("timetables").stored[TIMETABLE_ID]


def solved(world: World) -> None:
    world.handle(SolveTimetable(actor=OPERATOR, timetable_id=TIMETABLE_ID, seed=1, work=5.0))
    world.run_jobs()


def a_released_world() -> World:
    world = a_world()
    solved(world)
    world.handle(ReleaseTimetable(actor=OPERATOR, timetable_id=TIMETABLE_ID))
    return world


def first_session(world: World) -> str:
    return session_id_of(TIMETABLE_ID, "int-01")


def test_a_draft_has_a_session_for_every_training():
    timetable = the_timetable(a_world())

    codes = [session.training_code for session in timetable.sessions]
    assert codes == ["int-01", "int-02", "the-01", "pra-01"]
    assert timetable.curriculum_version == 1


def test_a_cohort_gets_one_timetable():
    world = a_world()

    with pytest.raises(AlreadyExists):
        world.handle(
            DraftTimetable(
                actor=OPERATOR,
                timetable_id=TIMETABLE_ID,
                cohort_id=COHORT_ID,
                curriculum_id=an_id("curriculum"),
            )
        )


def test_solving_waits_as_a_job_and_leaves_a_proposal():
    world = a_world()
    world.handle(SolveTimetable(actor=OPERATOR, timetable_id=TIMETABLE_ID))
    assert the_timetable(world).status is TimetableStatus.SOLVING

    world.run_jobs()

    timetable = the_timetable(world)
    assert timetable.status is TimetableStatus.SOLVED
    assert len(timetable.proposal) == 4
    assert timetable.solution.cost == timetable.solution.bound
    assert world.reports[-1]["cost"] == timetable.solution.cost
    assert world.outbox == []


def test_a_job_done_twice_changes_nothing_more():
    world = a_world()
    world.handle(SolveTimetable(actor=OPERATOR, timetable_id=TIMETABLE_ID))
    again = dict(world.jobs.waiting)
    world.run_jobs()
    before = the_timetable(world)
    world.jobs.waiting.update(again)
    world.run_jobs()

    assert the_timetable(world) == before
    assert the_timetable(world).version == before.version


def test_a_solving_that_was_given_up_leaves_no_proposal():
    world = a_world()
    number = world.handle(SolveTimetable(actor=OPERATOR, timetable_id=TIMETABLE_ID))
    world.handle(GiveUpSolving(actor=OPERATOR, timetable_id=TIMETABLE_ID))
    world.run_jobs()

    assert world.jobs.cancelled == {("solve", f"{TIMETABLE_ID}:{number}")}
    assert the_timetable(world).proposal == ()
    assert the_timetable(world).status is TimetableStatus.DRAFT


def test_a_solving_that_was_given_up_leaves_the_best_so_far():
    world = a_world()
    number = world.handle(SolveTimetable(actor=OPERATOR, timetable_id=TIMETABLE_ID))
    [payload] = world.jobs.waiting.values()
    world.run_jobs()
    found = the_timetable(world)
    world.handle(SolveTimetable(actor=OPERATOR, timetable_id=TIMETABLE_ID))
    key = ("solve", f"{TIMETABLE_ID}:{number + 1}")
    world.jobs.reported[key] = world.reports[-1]
    world.handle(GiveUpSolving(actor=OPERATOR, timetable_id=TIMETABLE_ID))

    assert payload["work"] == world.jobs.waiting[key]["work"]
    assert the_timetable(world).proposal == found.proposal
    assert the_timetable(world).status is TimetableStatus.SOLVED


def test_a_solving_goes_on_from_what_the_try_before_reported():
    world = a_world()
    number = world.handle(SolveTimetable(actor=OPERATOR, timetable_id=TIMETABLE_ID))
    [key] = world.jobs.waiting
    payload = world.jobs.waiting[key]
    world.run_jobs()
    found = the_timetable(world)
    world.handle(SolveTimetable(actor=OPERATOR, timetable_id=TIMETABLE_ID))
    again = ("solve", f"{TIMETABLE_ID}:{number + 1}")
    world.jobs.waiting[again] = {**payload, "solving_number": number + 1, "work": 0.0}
    world.jobs.reported[again] = world.reports[-1]
    world.run_jobs()

    assert the_timetable(world).proposal == found.proposal
    assert the_timetable(world).solution.cost == found.solution.cost


def test_an_impossible_plan_is_told_in_sentences():
    world = a_world()
    world.handle(WithdrawTrainer(actor=OPERATOR, trainer_id=an_id("trainer", "one")))
    solved(world)

    timetable = the_timetable(world)
    assert timetable.status is TimetableStatus.IMPOSSIBLE
    assert timetable.obstacles[0]["en"] == "int-01: no trainer of the kind sms."


def test_a_pin_is_kept_by_the_engine_and_can_be_taken_out():
    world = a_world()
    pinned = datetime(2021, 2, 2, 8, tzinfo=UTC)
    pin = PinSession(
        actor=OPERATOR,
        timetable_id=TIMETABLE_ID,
        session_id=session_id_of(TIMETABLE_ID, "the-01"),
        starts_at=pinned,
    )
    world.handle(pin)
    solved(world)

    places = {place.session_id: place for place in the_timetable(world).proposal}
    assert places[pin.session_id].starts_at == pinned
    world.handle(UnpinSession(actor=OPERATOR, timetable_id=TIMETABLE_ID, session_id=pin.session_id))
    assert the_timetable(world).pins == ()


def test_a_release_opens_the_sessions_and_announces_them():
    world = a_released_world()

    [released] = world.outbox
    assert isinstance(released, TimetableReleased)
    sessions = world.shelf("sessions").where()
    assert {each.session_id: each.starts_at for each in sessions} == {
        each.session_id: each.starts_at for each in released.sessions
    }
    assert {each.calendar_sequence for each in released.sessions} == {0}
    assert released.sessions[-1].delivery == "onsite"  # the visit


def test_a_second_release_raises_the_sequence_of_what_changed_alone():
    world = a_released_world()
    changed = first_session(world)
    there = world.shelf("sessions").stored[changed].starts_at
    elsewhere = there + timedelta(minutes=150)
    world.handle(
        PinSession(
            actor=OPERATOR, timetable_id=TIMETABLE_ID, session_id=changed, starts_at=elsewhere
        )
    )
    solved(world)
    world.handle(ReleaseTimetable(actor=OPERATOR, timetable_id=TIMETABLE_ID))

    first, second = world.outbox
    assert (first.release_version, second.release_version) == (1, 2)
    old = {each.session_id: each for each in first.sessions}
    for session in second.sessions:
        if session.starts_at != old[session.session_id].starts_at:
            assert session.calendar_sequence == 1
    assert {each.session_id for each in second.sessions if each.calendar_sequence} >= {changed}


def test_a_release_that_met_a_change_is_refused():
    world = a_world()
    solved(world)
    version = the_timetable(world).version

    with pytest.raises(StaleVersion):
        world.handle(
            ReleaseTimetable(
                actor=OPERATOR, timetable_id=TIMETABLE_ID, expected_version=version - 1
            )
        )


def test_a_proposal_that_facts_have_overtaken_is_not_released():
    world = a_world()
    solved(world)
    world.shelf("rooms").stored[an_id("room")].seat_count = 2

    with pytest.raises(RuleViolation) as refused:
        world.handle(ReleaseTimetable(actor=OPERATOR, timetable_id=TIMETABLE_ID))

    assert refused.value.code == "timetable.breaks_rules"
    assert world.outbox == []


def test_a_move_tells_those_who_are_still_there():
    world = a_released_world()
    world.keep(members=a_member("stays"))
    world.keep(members=a_member("gone", left_at=NOON - timedelta(days=1)))
    session = world.shelf("sessions").stored[session_id_of(TIMETABLE_ID, "pra-01")]
    to = session.starts_at - timedelta(days=1)

    world.handle(
        MoveSession(
            actor=OPERATOR,
            timetable_id=TIMETABLE_ID,
            session_id=session.session_id,
            starts_at=to,
            reason_code="trainer.ill",
        )
    )

    moved = world.outbox[-1]
    assert isinstance(moved, SessionMoved)
    assert (moved.previous_starts_at, moved.starts_at) == (session.starts_at, to)
    assert moved.participant_ids == (an_id("stays"),)
    assert the_timetable(world).place_of[session.session_id].starts_at == to


def test_a_move_onto_a_holiday_changes_nothing():
    world = a_released_world()
    before = world.shelf("sessions").where()

    with pytest.raises(RuleViolation) as refused:
        world.handle(
            MoveSession(
                actor=OPERATOR,
                timetable_id=TIMETABLE_ID,
                session_id=first_session(world),
                starts_at=datetime(2021, 1, 20, 8, tzinfo=UTC),  # Martyrs' Day
                reason_code="trainer.ill",
            )
        )

    assert refused.value.problems[0].code == "session.no_holiday"
    assert world.shelf("sessions").where() == before


def a_repair(session_id: str, **changes: Any) -> RepairTimetable:
    wanted: dict[str, Any] = {
        "actor": OPERATOR,
        "timetable_id": TIMETABLE_ID,
        "session_id": session_id,
        "reason_code": "trainer.ill",
        "repair_id": an_id("repair"),
        "work": 5.0,
    }
    return RepairTimetable(**{**wanted, **changes})


def test_a_repair_moves_the_session_and_no_other_in_the_name_of_who_asked():
    world = a_released_world()

    world.handle(a_repair(first_session(world)))
    world.run_jobs()

    moves = [event for event in world.outbox if isinstance(event, SessionMoved)]
    assert [event.session_id for event in moves] == [first_session(world)]
    assert the_timetable(world).changes[-1].actor_id == "operator-1"


def test_a_repair_tells_how_many_it_moves_and_how_far_it_is():
    world = a_released_world()

    world.handle(a_repair(first_session(world)))
    world.run_jobs()

    assert world.reports[-1]["moves"] == 1
    assert 0 <= world.reports[-1]["percent"] <= 100


def test_a_repair_that_is_given_up_stops_and_only_within_its_own_timetable():
    world = a_released_world()
    world.handle(a_repair(first_session(world)))
    [asked] = world.jobs.waiting
    repair_id = an_id("repair")
    give_up = CancelRepair(actor=OPERATOR, timetable_id=TIMETABLE_ID, repair_id=repair_id)

    with pytest.raises(NotFound):
        world.handle(replace(give_up, timetable_id=an_id("another")))
    world.handle(give_up)

    assert world.jobs.cancelled == {asked}


def test_a_repair_without_a_way_out_says_why_and_moves_nothing():
    world = a_released_world()
    holiday = datetime(2021, 1, 20, 8, tzinfo=UTC)

    world.handle(a_repair(first_session(world), starts_at=holiday))
    world.run_jobs()

    assert the_timetable(world).status is TimetableStatus.RELEASED
    assert "no allowed starting time" in the_timetable(world).obstacles[0]["en"]
    assert [type(event) for event in world.outbox] == [TimetableReleased]


def test_a_cancelled_session_is_announced_and_frees_its_place():
    world = a_released_world()
    cancel = CancelSession(
        actor=OPERATOR,
        timetable_id=TIMETABLE_ID,
        session_id=first_session(world),
        reason_code="venue.closed",
    )

    world.handle(cancel)

    assert isinstance(world.outbox[-1], SessionCancelled)
    assert first_session(world) not in the_timetable(world).place_of
    with pytest.raises(RuleViolation):
        world.handle(cancel)


def test_other_cohorts_sessions_keep_trainer_and_hall_busy():
    world = a_released_world()
    other = an_id("other-cohort")
    world.keep(cohorts=a_cohort(cohort_id=other, ends_on=date(2021, 2, 28)))
    curriculum = a_curriculum()
    curriculum.curriculum_id, curriculum.cohort_id = an_id("other-curriculum"), other
    curriculum.publish(now=NOON)
    world.keep(curricula=curriculum)
    world.handle(
        DraftTimetable(
            actor=OPERATOR,
            timetable_id=an_id("other-timetable"),
            cohort_id=other,
            curriculum_id=an_id("other-curriculum"),
        )
    )
    world.handle(SolveTimetable(actor=OPERATOR, timetable_id=an_id("other-timetable")))
    world.run_jobs()

    mine = [(p.starts_at, p.ends_at) for p in the_timetable(world).placed]
    theirs = [
        (place.starts_at, place.ends_at)
        for place in world.shelf("timetables").stored[an_id("other-timetable")].proposal
    ]
    assert len(theirs) == 4
    assert not [(one, two) for one in mine for two in theirs if one[0] < two[1] and two[0] < one[1]]


def test_a_regional_course_lies_in_the_working_hours_of_all_ten_countries():
    region = ("AZ", "GE", "TR", "KZ", "KG", "UZ", "TJ", "UA", "MD", "BY")
    world = World()
    curriculum = a_curriculum()
    curriculum.revise(
        parts=PARTS[:1],
        trainings=tuple(
            a_training(f"rc-{number:02}", delivery=Delivery.ONLINE, minutes=90)
            for number in range(1, 7)
        ),
    )
    curriculum.publish(now=NOON)
    world.keep(
        cohorts=a_cohort(
            country_code="*",
            country_codes=region,
            starts_on=date(2021, 5, 25),
            ends_on=date(2021, 5, 27),
            terms=REGIONAL_TERMS,
        ),
        curricula=curriculum,
        trainers=a_trainer(country_code="*"),
    )
    world.handle(
        DraftTimetable(
            actor=OPERATOR,
            timetable_id=TIMETABLE_ID,
            cohort_id=COHORT_ID,
            curriculum_id=an_id("curriculum"),
        )
    )
    solved(world)

    proposal = the_timetable(world).proposal
    assert {place.starts_at.date().day for place in proposal} == {25, 26, 27}
    for place in proposal:
        for country_code in region:
            zone = ZoneInfo(zone_of(country_code))
            assert place.starts_at.astimezone(zone).hour >= 9
            assert place.ends_at.astimezone(zone) <= place.ends_at.astimezone(zone).replace(
                hour=18, minute=0
            )


def test_another_country_finds_no_timetable():
    stranger = Actor(
        actor_id="coordinator-ge",
        roles=frozenset({Role.COORDINATOR}),
        scope=Scope(countries=frozenset({"GE"})),
    )

    with pytest.raises(NotFound):
        a_world().handle(SolveTimetable(actor=stranger, timetable_id=TIMETABLE_ID))
