"""A course timetabling problem as it was read: frozen, with everything numbered from 0."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True, kw_only=True)
class Course:
    """Lectures of one subject by one teacher.

    Attributes:
        lecture_count: lectures a week, each one period long.
        min_days: days over which they should be spread.
        student_count: who has to find a seat.
    """

    course_id: str
    teacher_id: str
    lecture_count: int
    min_days: int
    student_count: int


@dataclass(frozen=True, kw_only=True)
class Room:
    """A room and its seats."""

    room_id: str
    seat_count: int


@dataclass(frozen=True, kw_only=True)
class Curriculum:
    """Courses that the same students attend, so that no two may meet at the same time."""

    curriculum_id: str
    courses: tuple[int, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class Instance:
    """One problem.

    Periods are numbered through the week: ``day * periods_per_day + period of the day``.

    Attributes:
        unavailable: pairs (course, period) in which the course cannot be taught.
        rooms_closed: pairs (room, period); no file has any, a change of plans may.
    """

    name: str
    day_count: int
    periods_per_day: int
    courses: tuple[Course, ...]
    rooms: tuple[Room, ...]
    curricula: tuple[Curriculum, ...]
    unavailable: frozenset[tuple[int, int]]
    rooms_closed: frozenset[tuple[int, int]] = frozenset()

    @property
    def period_count(self) -> int:
        """Periods of the week."""
        return self.day_count * self.periods_per_day

    @cached_property
    def lecture_count(self) -> int:
        """Lectures to be placed."""
        return sum(course.lecture_count for course in self.courses)

    @cached_property
    def course_numbers(self) -> Mapping[str, int]:
        """Course id -> number."""
        return {course.course_id: number for number, course in enumerate(self.courses)}

    @cached_property
    def room_numbers(self) -> Mapping[str, int]:
        """Room id -> number."""
        return {room.room_id: number for number, room in enumerate(self.rooms)}

    @cached_property
    def curricula_of(self) -> tuple[tuple[int, ...], ...]:
        """Course -> the curricula it belongs to."""
        found: list[list[int]] = [[] for _ in self.courses]
        for number, curriculum in enumerate(self.curricula):
            for course in curriculum.courses:
                found[course].append(number)
        return tuple(map(tuple, found))

    @cached_property
    def taught_by(self) -> Mapping[str, tuple[int, ...]]:
        """Teacher id -> courses, in order."""
        found: dict[str, list[int]] = {}
        for number, course in enumerate(self.courses):
            found.setdefault(course.teacher_id, []).append(number)
        return {teacher: tuple(courses) for teacher, courses in found.items()}

    @cached_property
    def conflicts(self) -> tuple[frozenset[int], ...]:
        """Course -> the other courses that may not meet in its periods."""
        found: list[set[int]] = [set() for _ in self.courses]
        groups = [curriculum.courses for curriculum in self.curricula]
        for group in (*groups, *self.taught_by.values()):
            for course in group:
                found[course].update(group)
        return tuple(frozenset(others - {course}) for course, others in enumerate(found))

    def overflow(self, course: int, room: int) -> int:
        """Students of the course who find no seat in the room."""
        return max(0, self.courses[course].student_count - self.rooms[room].seat_count)

    def day_of(self, period: int) -> int:
        """The day that a period of the week lies on."""
        return period // self.periods_per_day
