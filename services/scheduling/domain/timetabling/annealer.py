"""A search by simulated annealing, in pieces: whoever runs it decides how long and how warm."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from services.scheduling.domain.timetabling.annealing import CHAIN, LOGS, anneal
from services.scheduling.domain.timetabling.compiled import compiled
from services.scheduling.domain.timetabling.moves import MASK, State, draw, put, shift_near
from services.scheduling.domain.timetabling.settling import settle, usual_change
from services.scheduling.domain.timetabling.solution import Placed, Timetable
from services.scheduling.domain.timetabling.tables import Numbers, Tables

Sequence64 = NDArray[np.int64]

PIECE = 50_000
"""Moves between two looks at the budget; some twentieths of a second."""

WARM, REHEATED, COLD = 1.5, 0.15, 0.03
"""Temperatures at which a search begins, later rounds begin, and both end: in usual changes of the
problem (``Annealer.usual_change``)."""

UNSETTLED, SETTLED = 0.35, 0.15
"""Temperatures, in breaches, between which breaches alone are got rid of."""

_SAMPLES = 4_000
_LEAST_HARD_WEIGHT = 60  # points for a breach, while there is any
_GAINS = 3  # lectures of a curriculum that one move may take out of loneliness, about
_RATES = (30, 45, 90, 10, 20, 50)
"""Of 100 rooms tried: below the first a sibling's, the second the same, the third a fitting one.
Of 100 moves into a clash: how many become chains. Points of slack in pricing. While settling, of
100 lectures: how many are some that are in breach."""


def compile_kernels(tables: Tables) -> None:
    """Have the kernels compiled, once per machine: half a minute that no search should lose."""
    annealer = Annealer(tables, seed=0)
    annealer.settle(1.0, steps=1)
    annealer.run(annealer.usual_change(), steps=1)


class Annealer:
    """One search: a timetable that changes, and the best that it has been.

    Args:
        seed: of the random sequence; the same seed and pieces give the same timetables.
        start: where to begin; ``None`` places the lectures one by one.
    """

    def __init__(self, tables: Tables, *, seed: int, start: Timetable | None = None) -> None:
        self._tables = tables
        self._sequence = np.array(
            [(seed * 2654435761 + 88172645) & MASK or 1, (seed * 40503 + 977) & MASK], np.int64
        )
        self._logs = -np.log((np.arange(LOGS) + 0.5) / LOGS)
        self._rates = np.array(_RATES, np.int32)
        # A breach has to cost more than a move can gain, in however many curricula a course is.
        in_curricula = tables.grouped.T.astype(np.int64) @ tables.group_points
        most = int(in_curricula.max(initial=0))
        self._hard_weight = max(_LEAST_HARD_WEIGHT, _GAINS * most)
        self._chain = np.zeros(CHAIN, np.int32)
        self._marks = np.zeros(int(tables.size[0]), np.int32)
        if start is None:
            period, room = _one_by_one(tables, self._sequence)
        else:
            period, room = places_of(start)
        self._state = _state(tables, period, room, self._sequence)
        self._best = self._state.totals[:2].copy()
        self._best_period, self._best_room = period.copy(), room.copy()

    @property
    def violations(self) -> int:
        """Breaches of hard rules in the best timetable so far."""
        return int(self._best[0])

    @property
    def cost(self) -> int:
        """Its points."""
        return int(self._best[1])

    def best(self) -> Timetable:
        """The best timetable so far."""
        return tuple(
            Placed(int(course), int(room), int(period))
            for course, room, period in zip(
                self._tables.course_of, self._best_room, self._best_period, strict=True
            )
        )

    def run(self, temperature: float, steps: int = PIECE) -> int:
        """Try ``steps`` moves at one temperature (points); how many were made."""
        if not len(self._best_period):
            return 0  # nothing to move
        return int(
            anneal(
                self._tables,
                self._state,
                self._best_period,
                self._best_room,
                self._best,
                self._logs,
                self._rates,
                self._chain,
                self._marks,
                steps,
                temperature,
                self._hard_weight,
            )
        )

    def settle(self, temperature: float, steps: int = PIECE) -> int:
        """Try moves that look at breaches alone (temperature in breaches); how many were tried."""
        if not len(self._best_period):
            return 0  # nothing to move
        return int(
            settle(
                self._tables,
                self._state,
                self._best_period,
                self._best_room,
                self._best,
                self._logs,
                self._rates,
                steps,
                temperature,
            )
        )

    def usual_change(self) -> float:
        """Points by which a lecture's change of period changes the cost, about; more than 0."""
        if not len(self._best_period):
            return 1.0
        return max(1.0, float(usual_change(self._tables, self._state, _SAMPLES)))

    def draw(self, below: int) -> int:
        """A whole number of 0 to ``below - 1`` from the search's own sequence."""
        return int(draw(self._state.totals, below))

    def go_on_from(self, timetable: Timetable) -> None:
        """Continue from another timetable; the best so far is kept if it is better."""
        period, room = places_of(timetable)
        self._state = _state(self._tables, period, room, self._state.totals[2:])
        if tuple(self._state.totals[:2]) < tuple(self._best):
            self._best[:] = self._state.totals[:2]
            self._best_period[:], self._best_room[:] = period, room


def places_of(timetable: Timetable) -> tuple[Numbers, Numbers]:
    """Lecture -> period and room, of a timetable that holds every lecture once."""
    ordered = sorted(timetable)
    period = np.array([each.period for each in ordered], np.int32)
    room = np.array([each.room for each in ordered], np.int32)
    return period, room


def _state(tables: Tables, period: Numbers, room: Numbers, sequence: Sequence64) -> State:
    lectures, courses, periods, rooms, days, _ = (int(each) for each in tables.size)
    groups = len(tables.group_points)
    state = State(
        period=np.zeros(lectures, np.int32),
        room=np.zeros(lectures, np.int32),
        grid=np.full((periods, rooms), -1, np.int32),
        near=np.zeros((courses, periods), np.int32),
        day_count=np.zeros((courses, days), np.int32),
        days=np.zeros(courses, np.int32),
        room_count=np.zeros((courses, rooms), np.int32),
        rooms=np.zeros(courses, np.int32),
        busy=np.zeros((groups, periods), np.int32),
        bits=np.zeros((groups, days), np.int64),
        totals=np.array([0, 0, *sequence], np.int64),
    )
    _fill(tables, state, period, room)
    return state


@compiled
def _fill(t: Tables, s: State, period: Numbers, room: Numbers) -> None:
    """Put every lecture in its place and count what that breaks and costs."""
    points = 0
    for course in range(t.size[1]):
        points += t.points[0] * t.min_days[course]
    for lecture in range(t.size[0]):
        course = t.course_of[lecture]
        s.totals[0] += s.near[course, period[lecture]] + t.closed[course, period[lecture]]
        points += put(t, s, lecture, period[lecture], room[lecture])
        shift_near(t, s, course, period[lecture], 1)
    s.totals[1] = points


def _one_by_one(t: Tables, sequence: Sequence64) -> tuple[Numbers, Numbers]:
    """Place the most constrained courses first, each lecture where least clashes with it."""
    lectures, courses, periods, rooms, _, _ = (int(each) for each in t.size)
    totals = np.array([0, 0, *sequence], np.int64)
    period, room = np.zeros(lectures, np.int32), np.zeros(lectures, np.int32)
    free = np.ones((periods, rooms), bool)
    near = np.zeros((courses, periods), np.int32)
    tightness = np.diff(t.clashing_from) * 2 - np.diff(t.open_from)
    for course in np.argsort(-tightness, kind="stable"):
        for lecture in range(t.lecture_from[course], t.lecture_from[course + 1]):
            left = free.sum(axis=1)
            bad = (near[course] + 5 * t.closed[course]) * 1000 - left
            bad[left == 0] = 1_000_000
            least = np.flatnonzero(bad <= bad.min() + 2)
            at = int(least[draw(totals, len(least))])
            choices = np.flatnonzero(free[at])
            there = int(choices[np.argmin(t.seats_missing[course, choices])])
            period[lecture], room[lecture] = at, there
            free[at, there] = False
            near[t.clashing[t.clashing_from[course] : t.clashing_from[course + 1]], at] += 1
    sequence[:] = totals[2:]
    return period, room
