"""An instance as arrays of numbers, for the inner loops."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.scheduling.domain.timetabling.instance import Instance
from services.scheduling.domain.timetabling.rules.soft import (
    CURRICULUM_COMPACTNESS,
    MIN_WORKING_DAYS,
    ROOM_CAPACITY,
    ROOM_STABILITY,
)

Numbers = NDArray[np.int32]


class Tables(NamedTuple):
    """What does not change while a timetable is searched for.

    Lists of lists lie in one array with the place where each begins (``.._from``).

    Attributes:
        size: lectures, courses, periods, rooms, days, periods a day.
        course_of: lecture -> course; lectures of a course lie side by side.
        lecture_from: course -> its first lecture; one more than courses.
        seats_missing: (course, room) -> points of a lecture there.
        closed: (course, period) -> 1 where the course cannot be taught.
        open_periods: per course, the periods in which it can.
        clash: (course, course) -> 1 where they may not meet in one period; so with itself.
        clashing: per course, the courses with a ``clash``, itself among them.
        groups: per course, its curricula; those with the same courses are one.
        group_points: curriculum -> points for a lecture alone.
        grouped: (curriculum, course) -> 1 where the course belongs to it.
        fitting: per course, the rooms with the fewest seats missing.
        min_days: course -> least days.
        points: of a missing day, of a further room.
    """

    size: Numbers
    course_of: Numbers
    lecture_from: Numbers
    seats_missing: Numbers
    closed: NDArray[np.int8]
    open_periods: Numbers
    open_from: Numbers
    clash: NDArray[np.int8]
    clashing: Numbers
    clashing_from: Numbers
    groups: Numbers
    groups_from: Numbers
    group_points: Numbers
    grouped: NDArray[np.int8]
    fitting: Numbers
    fitting_from: Numbers
    min_days: Numbers
    points: Numbers


def tables_of(instance: Instance) -> Tables:
    """Lay an instance out."""
    courses, rooms = instance.courses, instance.rooms
    every = range(len(courses))
    lectures = [course.lecture_count for course in courses]
    closed = np.zeros((len(courses), instance.period_count), np.int8)
    for course, period in instance.unavailable:
        closed[course, period] = 1
    clash = np.eye(len(courses), dtype=np.int8)
    for course, others in enumerate(instance.conflicts):
        clash[course, list(others)] = 1
    merged = Counter(tuple(sorted(each.courses)) for each in instance.curricula if each.courses)
    grouped = np.zeros((len(merged), len(courses)), np.int8)
    for number, members in enumerate(merged):
        grouped[number, list(members)] = 1
    seats_missing = [[instance.overflow(c, r) for r in range(len(rooms))] for c in every]
    open_periods, open_from = _joined([np.flatnonzero(closed[c] == 0) for c in every])
    clashing, clashing_from = _joined([np.flatnonzero(clash[c]) for c in every])
    groups, groups_from = _joined([np.flatnonzero(grouped[:, c]) for c in every])
    fitting, fitting_from = _joined(
        [[r for r, missing in enumerate(row) if missing == min(row)] for row in seats_missing]
    )
    return Tables(
        size=_whole([sum(lectures), len(courses), *_week(instance)]),
        course_of=_whole(np.repeat(np.arange(len(courses)), lectures)),
        lecture_from=_whole(np.concatenate(([0], np.cumsum(lectures)))),
        seats_missing=_whole(seats_missing) * ROOM_CAPACITY.weight,
        closed=closed,
        open_periods=open_periods,
        open_from=open_from,
        clash=clash,
        clashing=clashing,
        clashing_from=clashing_from,
        groups=groups,
        groups_from=groups_from,
        group_points=_whole(list(merged.values())) * CURRICULUM_COMPACTNESS.weight,
        grouped=grouped,
        fitting=fitting,
        fitting_from=fitting_from,
        min_days=_whole([course.min_days for course in courses]),
        points=_whole([MIN_WORKING_DAYS.weight, ROOM_STABILITY.weight]),
    )


def _week(instance: Instance) -> tuple[int, int, int, int]:
    rooms, days = len(instance.rooms), instance.day_count
    return instance.period_count, rooms, days, instance.periods_per_day


def _joined(lists: Sequence[Iterable[Any]]) -> tuple[Numbers, Numbers]:
    parts = [np.asarray(list(each), np.int32) for each in lists]
    ends = np.cumsum([0, *map(len, parts)])
    return np.concatenate(parts), _whole(ends)


def _whole(values: Any) -> Numbers:
    return np.ascontiguousarray(values, dtype=np.int32)
