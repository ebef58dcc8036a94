"""Why a course does not meet in a certain period: what is in the way, or what it would cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from chassis.language_map import LanguageMap
from services.scheduling.domain.timetabling.board import Board
from services.scheduling.domain.timetabling.instance import Instance
from services.scheduling.domain.timetabling.rules import HARD, SOFT
from services.scheduling.domain.timetabling.solution import Placed, Timetable


@dataclass(frozen=True, kw_only=True)
class Option:
    """One lecture of the course moved into the period, all others left where they are.

    Attributes:
        clashes: code of a hard rule -> breaches that the move adds.
        points: code of a soft rule -> points that it adds (negative: saves).
    """

    gone: Placed
    come: Placed
    clashes: Mapping[str, int]
    points: Mapping[str, int]

    @property
    def rank(self) -> tuple[int, int, Placed, Placed]:
        """Fewer clashes, then fewer points, are better."""
        clashes, points = sum(self.clashes.values()), sum(self.points.values())
        return clashes, points, self.gone, self.come


@dataclass(frozen=True, kw_only=True)
class Why:
    """What speaks against a course in a period.

    Attributes:
        held: the course meets then already.
        obstacles: what no choice of the lecture and the room avoids, in sentences.
        best: the option with the fewest clashes, then the fewest points.
    """

    held: bool
    obstacles: tuple[LanguageMap, ...]
    best: Option | None


def why_not(instance: Instance, timetable: Timetable, *, course: int, period: int) -> Why:
    """Try every lecture of the course in every room of the period."""
    board = Board(instance, timetable)
    if period in board.meets[course]:
        return Why(held=True, obstacles=(), best=None)
    own = [each for each in timetable if each.course == course]
    options = [
        _option(board, gone, Placed(course, room, period))
        for gone in own
        for room in range(len(instance.rooms))
    ]
    best = min(options, key=lambda each: each.rank, default=None)
    return Why(held=False, obstacles=_obstacles(board, course, period), best=best)


def _option(board: Board, gone: Placed, come: Placed) -> Option:
    changes = {rule.code: rule.weight * rule.delta(board, [gone], [come]) for rule in SOFT}
    clashes = {rule.code: rule.delta(board, [gone], [come]) for rule in HARD}
    return Option(
        gone=gone,
        come=come,
        clashes={code: count for code, count in clashes.items() if count > 0},
        points={code: points for code, points in changes.items() if points},
    )


def _obstacles(board: Board, course: int, period: int) -> tuple[LanguageMap, ...]:
    instance = board.instance
    found: list[LanguageMap] = []
    name = instance.courses[course].course_id
    if (course, period) in instance.unavailable:
        found.append(
            {
                "en": f"{name} cannot be taught then.",
                "az": f"{name} həmin vaxt tədris oluna bilməz.",
            }
        )
    clashing = sorted(set(board.here[period]) & instance.conflicts[course])
    found.extend(_clash(instance, course, other) for other in clashing)
    rooms = range(len(instance.rooms))
    if all(board.taken[r, period] or (r, period) in instance.rooms_closed for r in rooms):
        found.append(
            {
                "en": "Every room is taken or closed then.",
                "az": "Bütün otaqlar tutulub və ya bağlıdır.",
            }
        )
    return tuple(found)


def _clash(instance: Instance, course: int, other: int) -> LanguageMap:
    there = instance.courses[other]
    if there.teacher_id == instance.courses[course].teacher_id:
        return {
            "en": f"Teacher {there.teacher_id} teaches {there.course_id} then.",
            "az": f"{there.teacher_id} müəllimi həmin vaxt {there.course_id} fənnini keçir.",
        }
    shared = [
        each.curriculum_id
        for each in instance.curricula
        if course in each.courses and other in each.courses
    ]
    return {
        "en": f"Curriculum {', '.join(shared)} has {there.course_id} then.",
        "az": f"{', '.join(shared)} kurikulumunda həmin vaxt {there.course_id} var.",
    }
