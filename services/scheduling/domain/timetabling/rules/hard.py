"""The hard rules: a timetable that breaks one is none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any, ClassVar

from chassis.language_map import LanguageMap
from services.scheduling.domain.timetabling.board import Board
from services.scheduling.domain.timetabling.encoding import Encoding, Terms
from services.scheduling.domain.timetabling.rules.rule import Breach, Rule, when, when_az
from services.scheduling.domain.timetabling.solution import Placed


class Lectures(Rule):
    """Every lecture once, and no two of a course at the same time."""

    code = "lectures"
    sentence: ClassVar[LanguageMap] = {
        "en": "Every lecture of a course is held, each in a period of its own.",
        "az": "Fənnin bütün dərsləri keçirilir, hər biri ayrı saatda.",
    }

    def breaches(self, board: Board) -> Iterator[Breach]:
        for number, course in enumerate(board.instance.courses):
            held = board.meets[number].total()
            if broken := self._of(board, number):
                name, asked = course.course_id, course.lecture_count
                yield Breach(
                    count=broken,
                    courses=(number,),
                    sentence={
                        "en": f"{name}: {asked} lectures are asked for, {held} are held"
                        f" in {len(board.meets[number])} periods.",
                        "az": f"{name}: {asked} dərs tələb olunur, {held} dərs"
                        f" {len(board.meets[number])} saatda keçirilir.",
                    },
                )

    def around(self, board: Board, touched: Sequence[Placed]) -> int:
        return sum(self._of(board, course) for course in {each.course for each in touched})

    def _of(self, board: Board, course: int) -> int:
        held, asked = board.meets[course], board.instance.courses[course].lecture_count
        return abs(held.total() - asked) + held.total() - len(held)

    def encode(self, encoding: Encoding) -> Terms:
        for number, course in enumerate(encoding.instance.courses):
            held = [encoding.meets[number, period] for period in encoding.choices[number]]
            under = encoding.guard(self.code, number)
            encoding.demand(sum(held) == course.lecture_count, under)
        return []


class Conflicts(Rule):
    """Courses of one curriculum or one teacher never meet at the same time."""

    code = "conflicts"
    sentence: ClassVar[LanguageMap] = {
        "en": "Courses of one curriculum or one teacher never meet in the same period.",
        "az": "Eyni kurikulumun və ya eyni müəllimin fənləri eyni saata düşmür.",
    }

    def breaches(self, board: Board) -> Iterator[Breach]:
        instance = board.instance
        for period in range(instance.period_count):
            for one, two in self._pairs(board, period):
                names = f"{instance.courses[one].course_id}, {instance.courses[two].course_id}"
                yield Breach(
                    count=1,
                    courses=(one, two),
                    sentence={
                        "en": f"{names}: both meet on {when(instance, period)}.",
                        "az": f"{names}: hər ikisi eyni vaxtda: {when_az(instance, period)}.",
                    },
                )

    def around(self, board: Board, touched: Sequence[Placed]) -> int:
        periods = {each.period for each in touched}
        return sum(len(list(self._pairs(board, period))) for period in periods)

    def _pairs(self, board: Board, period: int) -> Iterator[tuple[int, int]]:
        conflicts = board.instance.conflicts
        for one, two in combinations(sorted(board.here[period]), 2):
            if two in conflicts[one]:
                yield one, two

    def encode(self, encoding: Encoding) -> Terms:
        instance = encoding.instance
        groups: list[tuple[str, int | str, tuple[int, ...]]] = [
            ("curriculum", number, curriculum.courses)
            for number, curriculum in enumerate(instance.curricula)
        ]
        groups += [("teacher", teacher, own) for teacher, own in instance.taught_by.items()]
        for kind, whose, courses in groups:
            if len(courses) > 1:
                under = encoding.guard(kind, whose)
                for period in range(instance.period_count):
                    here = [encoding.meets[course, period] for course in courses
                            if (course, period) in encoding.meets]  # fmt: skip
                    encoding.at_most_one(here, under)
        return []


class Availability(Rule):
    """No lecture in a period in which its course cannot be taught."""

    code = "availability"
    sentence: ClassVar[LanguageMap] = {
        "en": "No course meets in a period in which it cannot be taught.",
        "az": "Fənn tədris oluna bilməyən saatlara salınmır.",
    }

    def breaches(self, board: Board) -> Iterator[Breach]:
        instance = board.instance
        for course, period in sorted(instance.unavailable):
            if held := board.meets[course].get(period, 0):
                name = instance.courses[course].course_id
                yield Breach(
                    count=held,
                    courses=(course,),
                    sentence={
                        "en": f"{name}: cannot be taught on {when(instance, period)}.",
                        "az": f"{name}: bu vaxt tədris oluna bilməz: {when_az(instance, period)}.",
                    },
                )

    def around(self, board: Board, touched: Sequence[Placed]) -> int:
        places = {(each.course, each.period) for each in touched}
        closed = places & board.instance.unavailable
        return sum(board.meets[course].get(period, 0) for course, period in closed)

    def encode(self, encoding: Encoding) -> Terms:
        for (course, period), meets in encoding.meets.items():
            if (course, period) in encoding.instance.unavailable:
                encoding.demand(meets == 0, encoding.guard(self.code, course))
        return []


class RoomOccupancy(Rule):
    """A room holds one lecture at a time."""

    code = "room_occupancy"
    sentence: ClassVar[LanguageMap] = {
        "en": "A room holds one lecture at a time.",
        "az": "Otaqda eyni vaxtda yalnız bir dərs keçirilir.",
    }

    def breaches(self, board: Board) -> Iterator[Breach]:
        instance = board.instance
        for (room, period), held in sorted(board.taken.items()):
            if held > 1:
                name = instance.rooms[room].room_id
                yield Breach(
                    count=held - 1,
                    courses=tuple(
                        course for course in sorted(board.here[period]) if board.rooms[course][room]
                    ),
                    sentence={
                        "en": f"Room {name}: {held} lectures on {when(instance, period)}.",
                        "az": f"Otaq {name}: {held} dərs eyni vaxtda: {when_az(instance, period)}.",
                    },
                )

    def around(self, board: Board, touched: Sequence[Placed]) -> int:
        places = {(each.room, each.period) for each in touched}
        return sum(max(0, board.taken[place] - 1) for place in places)

    def encode(self, encoding: Encoding) -> Terms:
        instance = encoding.instance
        by_place: dict[tuple[int, int], list[Any]] = {}
        roomless: dict[int, list[Any]] = {}
        for (_, period, room), on in encoding.places.items():
            by_place.setdefault((room, period), []).append(on)
        for (course, period), meets in encoding.meets.items():
            if not encoding.choices[course][period]:
                roomless.setdefault(period, []).append(meets)
        for literals in by_place.values():
            encoding.at_most_one(literals)
        # Where no room is chosen, any open one will do: they only have to be enough.
        under = encoding.guard(self.code, "")
        for period, here in roomless.items():
            rooms = range(len(instance.rooms))
            left = sum((room, period) not in instance.rooms_closed for room in rooms)
            if len(here) > left:
                encoding.demand(sum(here) <= left, under)
        return []


class RoomAvailability(Rule):
    """No lecture in a room while it is closed."""

    code = "room_availability"
    sentence: ClassVar[LanguageMap] = {
        "en": "No lecture is held in a room while it is closed.",
        "az": "Otaq bağlı olanda orada dərs keçirilmir.",
    }

    def breaches(self, board: Board) -> Iterator[Breach]:
        instance = board.instance
        for room, period in sorted(instance.rooms_closed):
            if held := board.taken[room, period]:
                name = instance.rooms[room].room_id
                yield Breach(
                    count=held,
                    courses=tuple(
                        course for course in sorted(board.here[period]) if board.rooms[course][room]
                    ),
                    sentence={
                        "en": f"Room {name}: closed on {when(instance, period)}.",
                        "az": f"Otaq {name}: bu vaxt bağlıdır: {when_az(instance, period)}.",
                    },
                )

    def around(self, board: Board, touched: Sequence[Placed]) -> int:
        places = {(each.room, each.period) for each in touched}
        return sum(board.taken[place] for place in places & board.instance.rooms_closed)

    def encode(self, encoding: Encoding) -> Terms:
        for (_, period, room), on in encoding.places.items():
            if (room, period) in encoding.instance.rooms_closed:
                encoding.demand(on == 0)
        return []


LECTURES = Lectures()
CONFLICTS = Conflicts()
AVAILABILITY = Availability()
ROOM_OCCUPANCY = RoomOccupancy()
ROOM_AVAILABILITY = RoomAvailability()
