"""Each hard rule of the checker is shown broken once, by the smallest change of a sound plan."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from services.scheduling.domain.availability import Availability
from services.scheduling.domain.solver.check import check
from services.scheduling.domain.solver.problem import Engagement, Pin, Placed, Plan
from services.scheduling.domain.solver.rules import SENTENCES, Rule
from tests.builders.scheduling import a_problem, some_terms

SATURDAY = datetime(2021, 3, 6, 6, tzinfo=UTC)  # 10:00 in Baku
WEEK = timedelta(weeks=1)
AFTERNOON = timedelta(hours=3)


def a_place(session_id, start, **changes):
    place = Placed(
        session_id=session_id,
        starts_at=start,
        ends_at=start + timedelta(hours=2),
        trainer_id="t1",
        room_code=None if session_id == "d" else "hall",
    )
    return replace(place, **changes)


SOUND = {
    "a": a_place("a", SATURDAY),
    "b": a_place("b", SATURDAY + AFTERNOON),
    "c": a_place("c", SATURDAY + WEEK),
    "d": a_place("d", SATURDAY + WEEK + AFTERNOON),
}


def broken(problem, **places):
    merged = {**SOUND, **places}
    plan = Plan(placed=tuple(merged[key] for key in sorted(merged)))
    return {(violation.rule, violation.session_ids) for violation in check(problem, plan)}


def on_terms(**changes):
    return a_problem(cohorts=(some_terms(**changes),))


def test_the_sound_plan_breaks_nothing():
    assert broken(a_problem()) == set()


@pytest.mark.parametrize(
    ("problem", "rule", "session_ids"),
    [
        (on_terms(ends_on=date(2021, 3, 12)), Rule.SPAN, {("c",), ("d",)}),
        (on_terms(weekdays=(5,)), Rule.WEEKDAY, {("a",), ("b",), ("c",), ("d",)}),
        (on_terms(closed_on=(date(2021, 3, 6),)), Rule.HOLIDAY, {("a",), ("b",)}),
        (on_terms(sessions_per_day=1), Rule.DAY_LIMIT, {("a", "b"), ("c", "d")}),
        (
            on_terms(hours=(replace(some_terms().hours[0], latest_minute=13 * 60),)),
            Rule.HOURS,
            {("b",), ("d",)},
        ),
        (on_terms(seat_count=31), Rule.ROOM_FIT, {("a",), ("b",), ("c",)}),
        (a_problem(rooms=()), Rule.ROOM_FIT, {("a",), ("b",), ("c",)}),
        (a_problem(trainers=()), Rule.TRAINER_KIND, {("a",), ("b",), ("c",), ("d",)}),
        (
            a_problem(
                trainers=(
                    replace(
                        a_problem().trainers[0],
                        availability=Availability(unavailable_on=(date(2021, 3, 13),)),
                    ),
                )
            ),
            Rule.TRAINER_AVAILABLE,
            {("c",), ("d",)},
        ),
        (
            a_problem(
                rooms=(replace(a_problem().rooms[0], availability=Availability(weekdays=(7,))),)
            ),
            Rule.ROOM_AVAILABLE,
            {("a",), ("b",), ("c",)},
        ),
        (
            a_problem(
                engagements=(
                    Engagement(
                        starts_at=SATURDAY, ends_at=SATURDAY + timedelta(minutes=1), trainer_id="t1"
                    ),
                )
            ),
            Rule.TRAINER_AVAILABLE,
            {("a",)},
        ),
        (
            a_problem(
                engagements=(
                    Engagement(
                        starts_at=SATURDAY + timedelta(minutes=119),
                        ends_at=SATURDAY + timedelta(minutes=120),
                        room_code="hall",
                    ),
                )
            ),
            Rule.ROOM_AVAILABLE,
            {("a",)},
        ),
        (a_problem(pins=(Pin(session_id="b", starts_at=SATURDAY),)), Rule.PIN, {("b",)}),
        (
            a_problem(pins=(Pin(session_id="a", starts_at=SATURDAY, trainer_id="t2"),)),
            Rule.PIN,
            {("a",)},
        ),
        (
            replace(
                a_problem(),
                sessions=tuple(
                    replace(need, after=("b",)) if need.session_id == "a" else need
                    for need in a_problem().sessions
                ),
            ),
            Rule.AFTER,
            {("b", "a")},
        ),
    ],
)
def test_a_rule_is_seen_broken_alone(problem, rule, session_ids):
    assert broken(problem) == {(rule, each) for each in session_ids}


def test_a_later_part_may_not_begin_before_the_earlier_has_ended():
    late = a_place("b", SATURDAY + WEEK + timedelta(hours=6))

    assert broken(a_problem(), b=late) == {
        (Rule.PART_ORDER, ("b", "c")),
        (Rule.PART_ORDER, ("b", "d")),
        (Rule.DAY_LIMIT, ("b", "c", "d")),
    }


def test_two_sessions_at_once_break_cohort_trainer_and_room():
    overlapping = a_place("b", SATURDAY + timedelta(minutes=119))

    assert broken(a_problem(), b=overlapping) == {
        (Rule.COHORT_ONCE, ("a", "b")),
        (Rule.TRAINER_ONCE, ("a", "b")),
        (Rule.ROOM_ONCE, ("a", "b")),
    }


def test_sessions_that_only_touch_are_sound():
    assert broken(a_problem(), b=a_place("b", SATURDAY + timedelta(minutes=120))) == set()


def test_an_online_session_in_a_room_is_a_breach():
    assert broken(a_problem(), d=replace(SOUND["d"], room_code="hall")) == {(Rule.ROOM_FIT, ("d",))}


@pytest.mark.parametrize(
    "placed",
    [
        (SOUND["a"], SOUND["b"], SOUND["c"]),
        (*SOUND.values(), SOUND["a"]),
        (*SOUND.values(), a_place("x", SATURDAY)),
        (*list(SOUND.values())[:3], replace(SOUND["d"], ends_at=SOUND["d"].starts_at)),
    ],
)
def test_missing_doubled_unknown_or_shortened_sessions_are_told_alone(placed):
    assert {violation.rule for violation in check(a_problem(), Plan(placed=placed))} == {
        Rule.COMPLETE
    }


def test_every_rule_has_a_sentence_in_both_languages():
    assert set(SENTENCES) == set(Rule)
    assert all(set(texts) == {"az", "en"} for texts in SENTENCES.values())


def test_the_sentence_names_the_trainings():
    [violation] = check(
        on_terms(closed_on=(date(2021, 3, 13),)),
        Plan(placed=tuple(replace(p, session_id=p.session_id) for p in SOUND.values())),
    )[:1]

    assert violation.sentence["en"].endswith("(c)")
    assert violation.sentence["az"].endswith("(c)")
