"""Seeded course timetabling instances of any size, for tests and benchmarks."""

from __future__ import annotations

import random

from services.scheduling.domain.timetabling.instance import Course, Curriculum, Instance, Room
from services.scheduling.domain.timetabling.solution import Placed, Timetable


def an_instance(
    seed: int,
    *,
    courses: int = 8,
    rooms: int = 3,
    days: int = 3,
    periods_per_day: int = 4,
    curricula: int = 4,
    teachers: int = 5,
    unavailable: float = 0.1,
    load: float = 0.6,
) -> Instance:
    """A problem that a timetable solves: one is drawn first, and the demands around it.

    Args:
        unavailable: share of a course's periods in which it cannot be taught.
        load: share of all places (room, period) that is used, about.
    """
    chance = random.Random(seed)
    periods = days * periods_per_day
    places = [(period, room) for period in range(periods) for room in range(rooms)]
    chance.shuffle(places)
    # The hidden timetable: every course has places in periods of its own.
    each = max(1, round(load * len(places) / courses))
    hidden: list[list[int]] = []
    for _ in range(courses):
        own: dict[int, None] = {}
        for place in list(places):
            if len(own) < min(each, periods) and place[0] not in own:
                own[place[0]] = None
                places.remove(place)
        hidden.append(list(own))
    apart = [
        {other for other in range(courses) if not set(hidden[other]) & set(hidden[course])}
        for course in range(courses)
    ]

    def together(first: int, most: int) -> tuple[int, ...]:
        members = [first]
        for other in chance.sample(range(courses), courses):
            if len(members) < most and all(other in apart[member] for member in members):
                members.append(other)
        return tuple(members)

    teacher_of = {course: f"t{course}" for course in range(courses)}
    for number in range(teachers):
        for course in together(chance.randrange(courses), 2):
            teacher_of[course] = f"shared{number}"
    seats = sorted(chance.choices((20, 40, 60, 90, 150), k=rooms))
    return Instance(
        name=f"made-{seed}",
        day_count=days,
        periods_per_day=periods_per_day,
        courses=tuple(
            Course(
                course_id=f"c{course}",
                teacher_id=teacher_of[course],
                lecture_count=len(own),
                min_days=chance.randint(1, max(1, min(days, len(own)))),
                student_count=chance.randint(5, seats[-1]),
            )
            for course, own in enumerate(hidden)
        ),
        rooms=tuple(Room(room_id=f"r{n}", seat_count=seat) for n, seat in enumerate(seats)),
        curricula=tuple(
            Curriculum(curriculum_id=f"q{number}", courses=together(chance.randrange(courses), 4))
            for number in range(curricula)
        ),
        unavailable=frozenset(
            (course, period)
            for course, own in enumerate(hidden)
            for period in range(periods)
            if period not in own and chance.random() < unavailable
        ),
    )


def any_timetable(instance: Instance, seed: int) -> Timetable:
    """Every lecture somewhere, whatever that breaks."""
    chance = random.Random(seed)
    return tuple(
        Placed(
            number,
            chance.randrange(len(instance.rooms)),
            chance.randrange(instance.period_count),
        )
        for number, course in enumerate(instance.courses)
        for _ in range(course.lecture_count)
    )
