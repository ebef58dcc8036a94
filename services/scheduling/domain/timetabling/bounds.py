"""What counting alone shows: demands that cannot be met, and points that cannot be saved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import product

from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from chassis.language_map import LanguageMap
from services.scheduling.domain.timetabling.instance import Instance
from services.scheduling.domain.timetabling.rules.soft import (
    CURRICULUM_COMPACTNESS,
    MIN_WORKING_DAYS,
    ROOM_CAPACITY,
)


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
    """Points that every timetable that keeps the hard rules costs, rule by rule."""
    return _seats(instance) + _days(instance) + _alone(instance)


def _seats(instance: Instance) -> int:
    """The cheapest way to give lectures rooms, each room as often as it is open: a flow."""
    flow = SimpleMinCostFlow()
    courses = len(instance.courses)
    sink = courses + len(instance.rooms)
    for number, course in enumerate(instance.courses):
        flow.set_node_supply(number, course.lecture_count)
        for room in range(len(instance.rooms)):
            flow.add_arc_with_capacity_and_unit_cost(
                number, courses + room, course.lecture_count, instance.overflow(number, room)
            )
    closed = Counter(room for room, _ in instance.rooms_closed)
    for room in range(len(instance.rooms)):
        left = instance.period_count - closed[room]
        flow.add_arc_with_capacity_and_unit_cost(courses + room, sink, left, 0)
    flow.set_node_supply(sink, -instance.lecture_count)
    solved = flow.solve() == flow.OPTIMAL
    return ROOM_CAPACITY.weight * flow.optimal_cost() if solved else 0


def _days(instance: Instance) -> int:
    """Days that a course lacks because it has too few lectures or too few open days."""
    missing = 0
    for course, opened in zip(instance.courses, open_periods(instance), strict=True):
        days = len({instance.day_of(period) for period in opened})
        missing += max(0, course.min_days - min(days, course.lecture_count))
    return MIN_WORKING_DAYS.weight * missing


def _alone(instance: Instance) -> int:
    """Lectures of curricula that stand alone wherever its lectures are put, each by itself."""
    opened = open_periods(instance)
    lonely = 0
    for curriculum in instance.curricula:
        count = sum(instance.courses[course].lecture_count for course in curriculum.courses)
        usable = frozenset[int]().union(*(opened[course] for course in curriculum.courses))
        days = [
            [day * instance.periods_per_day + hour in usable
             for hour in range(instance.periods_per_day)]
            for day in range(instance.day_count)
        ]  # fmt: skip
        lonely += fewest_alone(days, count)
    return CURRICULUM_COMPACTNESS.weight * lonely


def fewest_alone(days: Sequence[Sequence[bool]], count: int) -> int:
    """How many of ``count`` lectures stand alone at best, in usable periods of some days.

    Two and more lectures side by side never stand alone, so a day is a row of runs: one alone
    costs 1, a longer one nothing. 0 where there are too few periods.
    """
    best = {0: 0}  # lectures placed -> fewest alone, over the days so far
    for day in days:
        best = _joined(best, _in_a_day(tuple(day)), count)
    return best.get(count, 0)


def _joined(one: Mapping[int, int], other: Mapping[int, int], most: int) -> dict[int, int]:
    sums: dict[int, int] = {}
    for (held, lonely), (more, further) in product(one.items(), other.items()):
        if held + more <= most:
            sums[held + more] = min(lonely + further, sums.get(held + more, most))
    return sums


@cache
def _in_a_day(usable: tuple[bool, ...]) -> dict[int, int]:
    """Lectures in a day -> fewest alone, for each number that fits."""
    free: dict[int, int] = {0: 0}  # the period before is empty
    single: dict[int, int] = {}  # it holds a lecture that is alone so far, and counted
    paired: dict[int, int] = {}  # it holds one of several side by side
    for is_open in usable:
        ended = _least(free, _least(single, paired))
        if is_open:
            alone = {held + 1: lonely + 1 for held, lonely in free.items()}
            after_one = {held + 1: lonely - 1 for held, lonely in single.items()}
            after_more = {held + 1: lonely for held, lonely in paired.items()}
            free, single, paired = ended, alone, _least(after_one, after_more)
        else:
            free, single, paired = ended, {}, {}
    return _least(free, _least(single, paired))


def _least(one: Mapping[int, int], other: Mapping[int, int]) -> dict[int, int]:
    least = dict(one)
    for held, lonely in other.items():
        least[held] = min(lonely, least.get(held, lonely))
    return least
