"""A timetable: one place per lecture, and its file (``CourseID RoomID Day Period``)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from services.scheduling.domain.timetabling.instance import Instance
from services.scheduling.domain.timetabling.reading import Malformed, lines_of


class Placed(NamedTuple):
    """One lecture of a course in a room and a period of the week, all by number."""

    course: int
    room: int
    period: int


Timetable = tuple[Placed, ...]


def read_solution(raw: bytes, instance: Instance) -> Timetable:
    """Read a solution file.

    Raises:
        Malformed: a line names nothing that the instance knows, or is no line of a solution.
    """
    placed = []
    for number, each in enumerate(lines_of(raw), 1):
        words = each.split()
        if not words:
            continue
        if len(words) != 4:
            raise Malformed(number, "not 'CourseID RoomID Day Period'")
        course, room = words[:2]
        if course not in instance.course_numbers:
            raise Malformed(number, f"unknown course {course[:40]}")
        if room not in instance.room_numbers:
            raise Malformed(number, f"unknown room {room[:40]}")
        placed.append(
            Placed(
                instance.course_numbers[course],
                instance.room_numbers[room],
                period_of(instance, words[2], words[3], line=number),
            )
        )
    return tuple(placed)


def period_of(instance: Instance, day: str, period: str, *, line: int = 0) -> int:
    """The number of a period of the week from its day and its period of the day, both from 0.

    Raises:
        Malformed: there is no such period.
    """
    whole = all(word.isdecimal() and len(word) < 9 for word in (day, period))
    if whole and int(day) < instance.day_count and int(period) < instance.periods_per_day:
        return int(day) * instance.periods_per_day + int(period)
    last = f"{instance.day_count - 1} {instance.periods_per_day - 1}"
    raise Malformed(line, f"no such day and period: {day[:20]} {period[:20]} (0 0 to {last})")


def write_solution(instance: Instance, timetable: Iterable[Placed]) -> bytes:
    """The file: lectures in the order of the courses, then of the week; names as they were read."""
    ordered = sorted(timetable, key=lambda each: (each.course, each.period, each.room))
    return "".join(f"{line_of(instance, each)}\n" for each in ordered).encode("latin-1")


def line_of(instance: Instance, placed: Placed) -> str:
    """One lecture as the file has it."""
    day, period = divmod(placed.period, instance.periods_per_day)
    course, room = instance.courses[placed.course], instance.rooms[placed.room]
    return f"{course.course_id} {room.room_id} {day} {period}"
