"""What counting alone shows: demands that cannot be met, and points that cannot be saved."""

from __future__ import annotations

from collections.abc import Iterator

from chassis.language_map import LanguageMap
from services.scheduling.domain.timetabling.instance import Instance
from services.scheduling.domain.timetabling.rules.soft import MIN_WORKING_DAYS, ROOM_CAPACITY


def hopeless(instance: Instance) -> list[LanguageMap]:
    """Why there is no timetable at all; empty where counting does not show it."""
    return list(_obstacles(instance))


def _obstacles(instance: Instance) -> Iterator[LanguageMap]:
    places = instance.period_count * len(instance.rooms)
    if instance.lecture_count > places:
        yield {
            "en": f"{instance.lecture_count} lectures for {places} places in rooms.",
            "az": f"{places} otaq-saata {instance.lecture_count} dərs düşür.",
        }
    opened = open_periods(instance)
    groups: list[tuple[str, str, tuple[int, ...]]] = []
    for number, course in enumerate(instance.courses):
        groups.append((f"course {course.course_id}", f"{course.course_id} fənni", (number,)))
    for teacher, own in instance.taught_by.items():
        if len(own) > 1:
            groups.append((f"teacher {teacher}", f"{teacher} müəllimi", own))
    for each in instance.curricula:
        name = each.curriculum_id
        groups.append((f"curriculum {name}", f"{name} kurikulumu", each.courses))
    for name, name_az, courses in groups:
        asked = sum(instance.courses[course].lecture_count for course in courses)
        left = len(frozenset[int]().union(*(opened[course] for course in courses)))
        if asked > left:
            yield {
                "en": f"{name}: {asked} lectures, {left} periods in which they can be held.",
                "az": f"{name_az}: {asked} dərs, onlar üçün {left} mümkün saat.",
            }


def open_periods(instance: Instance) -> list[frozenset[int]]:
    """Course -> periods in which it can be taught."""
    every = range(instance.period_count)
    return [
        frozenset(period for period in every if (course, period) not in instance.unavailable)
        for course in range(len(instance.courses))
    ]


def lower_bound(instance: Instance) -> int:
    """Points that every timetable costs, course by course: seats and days that are not there."""
    points = 0
    opened = open_periods(instance)
    for number, course in enumerate(instance.courses):
        if course.lecture_count:
            least = min(instance.overflow(number, room) for room in range(len(instance.rooms)))
            points += ROOM_CAPACITY.weight * least * course.lecture_count
        days = len({instance.day_of(period) for period in opened[number]})
        missing = course.min_days - min(days, course.lecture_count)
        points += MIN_WORKING_DAYS.weight * max(0, missing)
    return points
