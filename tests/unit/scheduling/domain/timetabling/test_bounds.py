"""What counting shows: never more than a timetable costs, and no obstacle where there is one."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

from services.scheduling.domain.timetabling.bounds import fewest_alone, hopeless, lower_bound
from services.scheduling.domain.timetabling.check import check
from services.scheduling.domain.timetabling.instance import Course, Curriculum, Instance, Room
from services.scheduling.domain.timetabling.solution import Placed

DAYS = ((True, True, False, True), (True, False, True, False), (True, True, True, True))


def alone_in(chosen):
    return sum((day, hour - 1) not in chosen and (day, hour + 1) not in chosen
               for day, hour in chosen)  # fmt: skip


def test_the_fewest_alone_are_what_trying_every_choice_finds():
    places = [(day, hour) for day, row in enumerate(DAYS) for hour, usable in enumerate(row)
              if usable]  # fmt: skip

    for count in range(len(places) + 1):
        best = min(alone_in(set(chosen)) for chosen in combinations(places, count))
        assert fewest_alone(DAYS, count) == best


def test_too_few_periods_are_no_bound():
    assert fewest_alone(DAYS, 99) == 0


def a_problem(**changes):
    """One course of two lectures for 50 students, seats for 30 and 40, two days of two periods."""
    course = Course(course_id="a", teacher_id="t", lecture_count=2, min_days=2, student_count=50)
    instance = Instance(
        name="",
        day_count=2,
        periods_per_day=2,
        courses=(course,),
        rooms=(Room(room_id="r", seat_count=30), Room(room_id="s", seat_count=40)),
        curricula=(Curriculum(curriculum_id="q", courses=(0,)),),
        unavailable=frozenset(),
    )
    return replace(instance, **changes)


def test_seats_that_no_room_has_are_counted():
    assert lower_bound(a_problem()) == 20


def test_a_room_serves_only_while_it_is_open():
    closed = frozenset({(1, 0), (1, 1), (1, 2)})

    assert lower_bound(a_problem(rooms_closed=closed)) == 30  # one lecture in each room


def test_days_and_neighbours_that_are_not_there_are_counted():
    shut = frozenset({(0, 1), (0, 2), (0, 3)})
    once = Course(course_id="a", teacher_id="t", lecture_count=1, min_days=2, student_count=1)
    problem = a_problem(courses=(once,), unavailable=shut)

    assert lower_bound(problem) == 5 + 2
    assert check(problem, [Placed(0, 0, 0)]).cost == 7
    assert hopeless(problem) == []
