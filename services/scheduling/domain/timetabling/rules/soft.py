"""The soft rules: what a timetable is asked for, in points."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from chassis.language_map import LanguageMap
from services.scheduling.domain.timetabling.board import Board
from services.scheduling.domain.timetabling.encoding import Encoding, Terms
from services.scheduling.domain.timetabling.rules.rule import Breach, Rule, when, when_az
from services.scheduling.domain.timetabling.solution import Placed


class RoomCapacity(Rule):
    """Everybody finds a seat: one point for each student who does not, lecture by lecture."""

    code = "room_capacity"
    weight = 1
    sentence: ClassVar[LanguageMap] = {
        "en": "Every student of a lecture finds a seat.",
        "az": "Dərsdə hər tələbəyə yer çatır.",
    }

    def breaches(self, board: Board) -> Iterator[Breach]:
        instance = board.instance
        for number, course in enumerate(instance.courses):
            for room, held in sorted(board.rooms[number].items()):
                if missing := instance.overflow(number, room):
                    name = instance.rooms[room].room_id
                    yield Breach(
                        count=missing * held,
                        courses=(number,),
                        sentence={
                            "en": f"{course.course_id}: {missing} seats too few in room {name}"
                            f" ({held} lectures).",
                            "az": f"{course.course_id}: {name} otağında {missing} yer çatmır"
                            f" ({held} dərs).",
                        },
                    )

    def around(self, board: Board, touched: Sequence[Placed]) -> int:
        places = {(each.course, each.room) for each in touched}
        return sum(
            board.rooms[course][room] * board.instance.overflow(course, room)
            for course, room in places
            if room in board.rooms[course]
        )

    def encode(self, encoding: Encoding) -> Terms:
        return [
            missing * on
            for (course, _, room), on in encoding.places.items()
            if (missing := encoding.instance.overflow(course, room))
        ]


class MinWorkingDays(Rule):
    """A course is spread over its least number of days."""

    code = "min_working_days"
    weight = 5
    sentence: ClassVar[LanguageMap] = {
        "en": "The lectures of a course are spread over its least number of days.",
        "az": "Fənnin dərsləri tələb olunan ən az günlər üzrə bölünür.",
    }

    def breaches(self, board: Board) -> Iterator[Breach]:
        for number, course in enumerate(board.instance.courses):
            if missing := self._of(board, number):
                name, asked, held = course.course_id, course.min_days, len(board.days[number])
                yield Breach(
                    count=missing,
                    courses=(number,),
                    sentence={
                        "en": f"{name}: meets on {held} days, {asked} are asked for.",
                        "az": f"{name}: {held} gündə keçirilir, {asked} gün tələb olunur.",
                    },
                )

    def around(self, board: Board, touched: Sequence[Placed]) -> int:
        return sum(self._of(board, course) for course in {each.course for each in touched})

    def _of(self, board: Board, course: int) -> int:
        return max(0, board.instance.courses[course].min_days - len(board.days[course]))

    def encode(self, encoding: Encoding) -> Terms:
        instance, model, terms = encoding.instance, encoding.model, []
        for number, course in enumerate(instance.courses):
            days: dict[int, list[Any]] = {}
            for period in encoding.choices[number]:
                held = encoding.meets[number, period]
                days.setdefault(instance.day_of(period), []).append(held)
            used = []
            for day, held_then in days.items():
                on = model.new_bool_var(f"d{number},{day}")
                model.add_bool_or([*held_then, ~on])
                used.append(on)
            if course.min_days > 0:
                missing = model.new_int_var(0, course.min_days, f"days{number}")
                model.add(missing >= course.min_days - sum(used))
                terms.append(missing)
        return terms


class CurriculumCompactness(Rule):
    """No lecture of a curriculum stands alone: another of it is next to it on the same day."""

    code = "curriculum_compactness"
    weight = 2
    sentence: ClassVar[LanguageMap] = {
        "en": "The lectures of a curriculum on a day lie side by side.",
        "az": "Kurikulumun bir gündəki dərsləri ardıcıl gəlir.",
    }

    def breaches(self, board: Board) -> Iterator[Breach]:
        instance = board.instance
        for number, curriculum in enumerate(instance.curricula):
            for period in sorted(board.busy[number]):
                if alone := self._alone(board, number, period):
                    name = curriculum.curriculum_id
                    yield Breach(
                        count=alone,
                        courses=tuple(
                            course for course in curriculum.courses if board.meets[course][period]
                        ),
                        sentence={
                            "en": f"Curriculum {name}: a lecture alone on"
                            f" {when(instance, period)}.",
                            "az": f"Kurikulum {name}: tək qalan dərs: {when_az(instance, period)}.",
                        },
                    )

    def around(self, board: Board, touched: Sequence[Placed]) -> int:
        instance = board.instance
        near = {
            (curriculum, period)
            for each in touched
            for curriculum in instance.curricula_of[each.course]
            for period in (each.period - 1, each.period, each.period + 1)
            if 0 <= period < instance.period_count
        }
        return sum(self._alone(board, curriculum, period) for curriculum, period in near)

    def _alone(self, board: Board, curriculum: int, period: int) -> int:
        """Lectures of the curriculum in the period, if there is none before and after it."""
        busy, per_day = board.busy[curriculum], board.instance.periods_per_day
        before = busy[period - 1] if period % per_day else 0
        after = busy[period + 1] if (period + 1) % per_day else 0
        return 0 if before or after else busy[period]

    def encode(self, encoding: Encoding) -> Terms:
        instance, model, terms = encoding.instance, encoding.model, []
        per_day = instance.periods_per_day
        for number, curriculum in enumerate(instance.curricula):
            held = {
                period: [
                    encoding.meets[course, period]
                    for course in curriculum.courses
                    if (course, period) in encoding.meets
                ]
                for period in range(instance.period_count)
            }
            for period, here in held.items():
                if here:
                    near = list(held[period - 1]) if period % per_day else []
                    near += held[period + 1] if (period + 1) % per_day else []
                    alone = model.new_bool_var(f"a{number},{period}")
                    model.add(sum(here) - sum(near) <= alone)
                    terms.append(alone)
        return terms


class RoomStability(Rule):
    """All lectures of a course are held in one room: one point for each further room."""

    code = "room_stability"
    weight = 1
    sentence: ClassVar[LanguageMap] = {
        "en": "All lectures of a course are held in the same room.",
        "az": "Fənnin bütün dərsləri eyni otaqda keçirilir.",
    }

    def breaches(self, board: Board) -> Iterator[Breach]:
        for number, course in enumerate(board.instance.courses):
            if further := self._of(board, number):
                name = course.course_id
                yield Breach(
                    count=further,
                    courses=(number,),
                    sentence={
                        "en": f"{name}: meets in {further + 1} rooms.",
                        "az": f"{name}: {further + 1} otaqda keçirilir.",
                    },
                )

    def around(self, board: Board, touched: Sequence[Placed]) -> int:
        return sum(self._of(board, course) for course in {each.course for each in touched})

    def _of(self, board: Board, course: int) -> int:
        return max(0, len(board.rooms[course]) - 1)

    def encode(self, encoding: Encoding) -> Terms:
        model, terms = encoding.model, []
        held: dict[int, dict[int, list[Any]]] = {}
        for (course, _, room), on in encoding.places.items():
            held.setdefault(course, {}).setdefault(room, []).append(on)
        for course, rooms in held.items():
            used = []
            for room, literals in rooms.items():
                uses = model.new_bool_var(f"u{course},{room}")
                for literal in literals:
                    model.add_implication(literal, uses)
                used.append(uses)
            further = model.new_int_var(0, len(used), f"rooms{course}")
            model.add(further >= sum(used) - 1)
            terms.append(further)
        return terms


ROOM_CAPACITY = RoomCapacity()
MIN_WORKING_DAYS = MinWorkingDays()
CURRICULUM_COMPACTNESS = CurriculumCompactness()
ROOM_STABILITY = RoomStability()
