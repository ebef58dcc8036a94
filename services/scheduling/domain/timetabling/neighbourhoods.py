"""Large-neighbourhood search: a part of a timetable is set free and CP-SAT places it anew."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from ortools.sat.python import cp_model

from services.scheduling.domain.timetabling.check import check
from services.scheduling.domain.timetabling.encoding import Encoding
from services.scheduling.domain.timetabling.instance import Instance
from services.scheduling.domain.timetabling.proving import solver_of, timetable_in
from services.scheduling.domain.timetabling.rules import RULES
from services.scheduling.domain.timetabling.solution import Placed, Timetable

Draw = Callable[[int], int]
"""A whole number of 0 to below the argument, at random."""

ROOMS_TRIED = 8
"""Rooms per course and period that a part placed anew may choose from; more take too long."""


@dataclass(frozen=True, kw_only=True)
class Freed:
    """A part to be placed anew.

    Attributes:
        lectures: which ones.
        periods: where they may go.
    """

    lectures: frozenset[Placed]
    periods: frozenset[int]


def some_curricula(instance: Instance, timetable: Timetable, draw: Draw, count: int) -> Freed:
    """All lectures of a curriculum and of those near to it, to be placed anywhere."""
    first = draw(len(instance.curricula))
    courses = set(instance.curricula[first].courses)
    while len(courses) < len(instance.courses) and _held(instance, courses) < count:
        known = sorted(courses)
        near = instance.curricula_of[known[draw(len(known))]]
        if near and draw(4):
            courses.update(instance.curricula[near[draw(len(near))]].courses)
        else:
            courses.update(instance.curricula[draw(len(instance.curricula))].courses)
    return Freed(
        lectures=frozenset(each for each in timetable if each.course in courses),
        periods=frozenset(range(instance.period_count)),
    )


def _held(instance: Instance, courses: Collection[int]) -> int:
    return sum(instance.courses[course].lecture_count for course in courses)


@dataclass(frozen=True, kw_only=True)
class Anew:
    """What CP-SAT made of a freed part.

    Attributes:
        timetable: a cheaper one, if any was found.
        decided: whether it is known that none is cheaper still.
        work: deterministic time that was used.
    """

    timetable: Timetable | None
    decided: bool
    work: float


def place_anew(
    instance: Instance,
    timetable: Timetable,
    freed: Freed,
    *,
    seed: int,
    work: float,
    rooms_tried: int = ROOMS_TRIED,
) -> Anew:
    """Look for the cheapest timetable that differs in the freed part only.

    Args:
        work: CP-SAT's deterministic time at most.
        rooms_tried: rooms per course and period; with all of them, *decided* is a proof.
    """
    fixed = [each for each in timetable if each not in freed.lectures]
    encoding = Encoding(instance, choices_around(instance, fixed, freed, rooms_tried=rooms_tried))
    terms = [rule.weight * term for rule in RULES for term in rule.encode(encoding) if rule.weight]
    for course, room, period in fixed:
        encoding.model.add(encoding.places[course, period, room] == 1)
    for (course, period, room), on in encoding.places.items():
        encoding.model.add_hint(on, Placed(course, room, period) in freed.lectures)
    cost = check(instance, timetable).cost
    encoding.model.add(sum(terms) <= cost - 1)
    encoding.model.minimize(sum(terms))
    solver = solver_of(seed=seed, work=work)
    status = solver.solve(encoding.model)
    return Anew(
        timetable=timetable_in(encoding, solver),
        decided=status in (cp_model.OPTIMAL, cp_model.INFEASIBLE),
        work=solver.response_proto.deterministic_time,
    )


def choices_around(
    instance: Instance, fixed: Sequence[Placed], freed: Freed, *, rooms_tried: int
) -> list[dict[int, list[int]]]:
    """Where lectures may go when the fixed ones stay: the ``choices`` of an ``Encoding``.

    Args:
        rooms_tried: rooms per course and period at most; its own and the fitting ones come first.
    """
    choices: list[dict[int, list[int]]] = [{} for _ in instance.courses]
    taken = {(each.room, each.period) for each in fixed} | instance.rooms_closed
    held = {(each.course, each.period) for each in fixed} | instance.unavailable
    used: dict[int, set[int]] = {each.course: set() for each in freed.lectures}
    for each in (*fixed, *freed.lectures):
        if each.course in used:
            used[each.course].add(each.room)
    for course, own in used.items():
        ranked = sorted(
            range(len(instance.rooms)),
            key=lambda room: (room not in own, instance.overflow(course, room), room),
        )
        clashing = {each.period for each in fixed if each.course in instance.conflicts[course]}
        for period in sorted(freed.periods - clashing):
            free = [room for room in ranked if (room, period) not in taken]
            if free and (course, period) not in held:
                choices[course][period] = free[:rooms_tried]
    for course, room, period in fixed:
        choices[course][period] = [room]
    return choices
