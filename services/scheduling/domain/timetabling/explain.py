"""Why there is no timetable: a minimal set of demands that cannot hold together.

Rooms are only counted: seats are no hard rule, so any open room will do.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from ortools.sat.python import cp_model

from chassis.language_map import LanguageMap
from services.scheduling.domain.timetabling.encoding import Encoding
from services.scheduling.domain.timetabling.instance import Instance
from services.scheduling.domain.timetabling.proving import solver_of
from services.scheduling.domain.timetabling.rules import HARD
from services.scheduling.domain.timetabling.rules.hard import (
    AVAILABILITY,
    LECTURES,
    ROOM_OCCUPANCY,
)

_TRIES = 8  # the solver's own core comes soon or never: so much less work for it

Demand = tuple[str, int | str]
"""Kind and whose: ``("lectures", 3)``, ``("teacher", "t1")``; the name that rules give a guard."""


@dataclass(frozen=True, kw_only=True)
class Explained:
    """What was found.

    Attributes:
        feasible: there is a timetable; ``None`` if the work was too little to tell.
        core: demands that cannot hold together; empty if there is a timetable.
        minimal: without any one of them the others can hold, each tried.
    """

    feasible: bool | None
    core: tuple[Demand, ...] = ()
    minimal: bool = False


def explain(instance: Instance, *, seed: int, work: float) -> Explained:
    """Find a minimal core.

    Args:
        work: CP-SAT's deterministic time for each of its searches.
    """
    first = _first_core(instance, seed=seed, work=work / _TRIES)
    if first is None:
        first = _in_one_group(instance, seed=seed, work=work)
    if first is True:
        return Explained(feasible=True)
    # A core that was found is only a proposal: it is tried again, and every part of it.
    if not isinstance(first, list) or holds(instance, first, seed=seed, work=work) is not False:
        first = all_demands(instance)
        if (answer := holds(instance, first, seed=seed, work=work)) is not False:
            return Explained(feasible=answer)
    core, minimal = _without_the_needless(instance, first, seed=seed, work=work)
    return Explained(feasible=False, core=tuple(sorted(core, key=_order)), minimal=minimal)


def holds(
    instance: Instance, demands: Collection[Demand], *, seed: int, work: float
) -> bool | None:
    """Whether the demands can hold together; ``None`` if the work was too little to tell."""
    kept = set(demands)
    encoding = _encoding(instance, kept)
    solver = solver_of(seed=seed, work=work)
    return _answer(solver.solve(encoding.model))


def all_demands(instance: Instance) -> list[Demand]:
    """Everything that an instance demands."""
    named: dict[Demand, None] = {}

    def note(kind: str, whose: int | str) -> None:
        named[kind, whose] = None

    _state(Encoding(instance, _roomless(instance, range(len(instance.courses))), note))
    return list(named)


def sentence_of(instance: Instance, demand: Demand) -> LanguageMap:
    """A demand for people."""
    kind, whose = demand
    if kind == LECTURES.code:
        course = instance.courses[int(whose)]
        return {
            "en": f"{course.course_id} has {course.lecture_count} lectures in different periods.",
            "az": f"{course.course_id}: ayrı saatlarda {course.lecture_count} dərs keçirilir.",
        }
    if kind == AVAILABILITY.code:
        course = instance.courses[int(whose)]
        closed = sum(number == int(whose) for number, _ in instance.unavailable)
        return {
            "en": f"{course.course_id} cannot be taught in {closed} of"
            f" {instance.period_count} periods.",
            "az": f"{course.course_id}: {instance.period_count} saatdan {closed} saatda"
            " tədris oluna bilməz.",
        }
    if kind == ROOM_OCCUPANCY.code:
        return {
            "en": f"There are {len(instance.rooms)} rooms, each for one lecture at a time.",
            "az": f"{len(instance.rooms)} otaq var, hər birində eyni vaxtda bir dərs olur.",
        }
    if kind == "teacher":
        return {
            "en": f"Teacher {whose} teaches one lecture at a time.",
            "az": f"{whose} müəllimi eyni vaxtda bir dərs keçir.",
        }
    name = instance.curricula[int(whose)].curriculum_id
    return {
        "en": f"The courses of curriculum {name} meet at different times.",
        "az": f"{name} kurikulumunun fənləri müxtəlif vaxtlarda keçirilir.",
    }


def _first_core(instance: Instance, *, seed: int, work: float) -> list[Demand] | bool | None:
    literals: dict[Demand, Any] = {}

    def guard(kind: str, whose: int | str) -> Any:
        if (kind, whose) not in literals:
            literals[kind, whose] = encoding.model.new_bool_var(f"{kind} {whose}")
        return literals[kind, whose]

    encoding = Encoding(instance, _roomless(instance, range(len(instance.courses))), guard)
    _state(encoding)
    encoding.model.add_assumptions(list(literals.values()))
    solver = solver_of(seed=seed, work=work)
    answer = _answer(solver.solve(encoding.model))
    if answer is not False:
        return answer
    named = {literal.index: demand for demand, literal in literals.items()}
    found = solver.sufficient_assumptions_for_infeasibility()
    return [named[index] for index in found if index in named] or all_demands(instance)


def _in_one_group(instance: Instance, *, seed: int, work: float) -> list[Demand] | None:
    """The demands around one curriculum or teacher, where they alone cannot hold together."""
    groups: list[tuple[Demand, tuple[int, ...]]] = [
        (("curriculum", number), each.courses) for number, each in enumerate(instance.curricula)
    ]
    groups += [(("teacher", teacher), own) for teacher, own in instance.taught_by.items()]
    for group, courses in groups:
        of_courses = [(kind, each) for kind in (LECTURES.code, AVAILABILITY.code)
                      for each in courses]  # fmt: skip
        demands: list[Demand] = [group, *of_courses]
        if holds(instance, demands, seed=seed, work=work) is False:
            return demands
    return None


def _without_the_needless(
    instance: Instance, core: list[Demand], *, seed: int, work: float
) -> tuple[list[Demand], bool]:
    """Leave out what can be left out: large pieces first, then one by one."""
    piece = len(core) // 2
    while piece > 1:
        at = 0
        while at < len(core):
            rest = core[:at] + core[at + piece :]
            if holds(instance, rest, seed=seed, work=work) is False:
                core = rest
            else:
                at += piece
        piece //= 2
    minimal = True
    for demand in tuple(core):
        rest = [each for each in core if each != demand]
        without = holds(instance, rest, seed=seed, work=work)
        if without is False:
            core = rest
        elif without is None:
            minimal = False
    return core, minimal


def _encoding(instance: Instance, kept: set[Demand]) -> Encoding:
    """Only what the kept demands speak of; any other demand is stated and never asked for."""
    courses = [int(whose) for kind, whose in kept if kind == LECTURES.code]
    off: list[Any] = []

    def guard(kind: str, whose: int | str) -> Any:
        if (kind, whose) in kept:
            return None
        if not off:
            off.append(encoding.model.new_constant(0))
        return off[0]

    encoding = Encoding(instance, _roomless(instance, courses), guard)
    _state(encoding)
    return encoding


def _roomless(instance: Instance, courses: Iterable[int]) -> list[dict[int, list[int]]]:
    asked = set(courses)
    return [
        {period: [] for period in range(instance.period_count)} if course in asked else {}
        for course in range(len(instance.courses))
    ]


def _state(encoding: Encoding) -> None:
    for rule in HARD:
        rule.encode(encoding)


def _answer(status: Any) -> bool | None:
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return True
    return False if status == cp_model.INFEASIBLE else None


def _order(demand: Demand) -> tuple[str, str]:
    return demand[0], str(demand[1])
