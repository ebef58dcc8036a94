"""The inner loops of the annealer: a timetable as arrays, and what a move changes.

Room occupancy holds by construction: every lecture has a place of its own in ``grid``, and moves
exchange places. A timetable that still breaks other hard rules pays for each breach.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.scheduling.domain.timetabling.compiled import compiled, inlined
from services.scheduling.domain.timetabling.tables import Numbers, Tables

HARD, SOFT, SEED, STEP = 0, 1, 2, 3
MASK = 0xFFFFFFFF


class State(NamedTuple):
    """A timetable with everything that makes a change cheap to price.

    Attributes:
        period, room: lecture -> where it is.
        grid: (period, room) -> lecture, or -1.
        near: (course, period) -> lectures there that clash with the course, its own included.
        day_count: (course, day) -> its lectures. ``days``: course -> days with any.
        room_count: (course, room) -> its lectures. ``rooms``: course -> rooms with any.
        busy: (curriculum, period) -> lectures. ``bits``: (curriculum, day) -> one bit a period.
        totals: breaches of hard rules, points, two numbers of the random sequence.
    """

    period: Numbers
    room: Numbers
    grid: Numbers
    near: Numbers
    day_count: Numbers
    days: Numbers
    room_count: Numbers
    rooms: Numbers
    busy: Numbers
    bits: NDArray[np.int64]
    totals: NDArray[np.int64]


@inlined
def draw(totals: NDArray[np.int64], below: int) -> int:
    """The next number of the sequence, 0 to ``below - 1``: xorshift and a congruence, summed."""
    x = totals[2]
    x ^= (x << 13) & MASK
    x ^= x >> 17
    x ^= (x << 5) & MASK
    totals[2] = x
    y = (totals[3] * 69069 + 12345) & MASK
    totals[3] = y
    return int((((x + y) & MASK) * below) >> 32)


@inlined
def alone(bits: int) -> int:
    """How many periods of a day stand alone."""
    left = bits & ~(bits << 1) & ~(bits >> 1)
    count = 0
    while left:
        left &= left - 1
        count += 1
    return count


@compiled
def lift(t: Tables, s: State, lecture: int) -> int:
    """Take a lecture out of everything but ``near``; the change in points."""
    course, period, room = t.course_of[lecture], s.period[lecture], s.room[lecture]
    per_day = t.size[5]
    day = period // per_day
    bit = np.int64(1) << (period - day * per_day)
    points = -t.seats_missing[course, room]
    s.grid[period, room] = -1
    s.room_count[course, room] -= 1
    if s.room_count[course, room] == 0:
        s.rooms[course] -= 1
        if s.rooms[course] > 0:
            points -= t.points[1]
    s.day_count[course, day] -= 1
    if s.day_count[course, day] == 0:
        s.days[course] -= 1
        if s.days[course] < t.min_days[course]:
            points += t.points[0]
    for k in range(t.groups_from[course], t.groups_from[course + 1]):
        group = t.groups[k]
        s.busy[group, period] -= 1
        if s.busy[group, period] == 0:
            old = s.bits[group, day]
            new = old ^ bit
            s.bits[group, day] = new
            points += t.group_points[group] * (alone(new) - alone(old))
    return int(points)


@compiled
def put(t: Tables, s: State, lecture: int, period: int, room: int) -> int:
    """Put a lifted lecture somewhere; the change in points."""
    course = t.course_of[lecture]
    per_day = t.size[5]
    day = period // per_day
    bit = np.int64(1) << (period - day * per_day)
    points = t.seats_missing[course, room]
    s.period[lecture] = period
    s.room[lecture] = room
    s.grid[period, room] = lecture
    if s.room_count[course, room] == 0:
        if s.rooms[course] > 0:
            points += t.points[1]
        s.rooms[course] += 1
    s.room_count[course, room] += 1
    if s.day_count[course, day] == 0:
        if s.days[course] < t.min_days[course]:
            points -= t.points[0]
        s.days[course] += 1
    s.day_count[course, day] += 1
    for k in range(t.groups_from[course], t.groups_from[course + 1]):
        group = t.groups[k]
        if s.busy[group, period] == 0:
            old = s.bits[group, day]
            new = old | bit
            s.bits[group, day] = new
            points += t.group_points[group] * (alone(new) - alone(old))
        s.busy[group, period] += 1
    return int(points)


@compiled
def shift_near(t: Tables, s: State, course: int, period: int, step: int) -> None:
    """Count a lecture of a course into, or out of, what clashes in a period."""
    for k in range(t.clashing_from[course], t.clashing_from[course + 1]):
        s.near[t.clashing[k], period] += step


@inlined
def price_breaches(t: Tables, s: State, course: int, other: int, old: int, new: int) -> int:
    """Breaches of a lecture that changes its period, with one of ``other`` (or -1) coming back."""
    hard = s.near[course, new] - s.near[course, old] + 1
    hard += t.closed[course, new] - t.closed[course, old]
    if other >= 0:
        hard += s.near[other, old] - s.near[other, new] + 1
        hard += t.closed[other, old] - t.closed[other, new]
        hard -= 2 * t.clash[course, other]
    return int(hard)


@inlined
def price_room(t: Tables, s: State, course: int, old: int, new: int) -> int:
    """Points of a lecture that changes its room."""
    if old == new:
        return 0
    points = t.seats_missing[course, new] - t.seats_missing[course, old]
    if s.room_count[course, old] == 1:
        points -= t.points[1]
    if s.room_count[course, new] == 0:
        points += t.points[1]
    return int(points)


@inlined
def price_day(t: Tables, s: State, course: int, old: int, new: int) -> int:
    """Points of a lecture that changes its day."""
    if old == new:
        return 0
    change = 0
    if s.day_count[course, old] == 1:
        change -= 1
    if s.day_count[course, new] == 0:
        change += 1
    if change == 0:
        return 0
    days, least = s.days[course], t.min_days[course]
    return int(t.points[0] * (max(0, least - days - change) - max(0, least - days)))


@inlined
def price_groups(t: Tables, s: State, course: int, other: int, old: int, new: int) -> int:
    """Points of a lecture that changes its period, for curricula that do not hold ``other``."""
    per_day = t.size[5]
    old_day, new_day = old // per_day, new // per_day
    old_bit = np.int64(1) << (old - old_day * per_day)
    new_bit = np.int64(1) << (new - new_day * per_day)
    points = 0
    for k in range(t.groups_from[course], t.groups_from[course + 1]):
        group = t.groups[k]
        if other >= 0 and t.grouped[group, other]:
            continue
        bits = s.bits[group, old_day]
        left = bits ^ old_bit if s.busy[group, old] == 1 else bits
        if old_day == new_day:
            points += t.group_points[group] * (alone(left | new_bit) - alone(bits))
        else:
            there = s.bits[group, new_day]
            points += t.group_points[group] * (
                alone(left) - alone(bits) + alone(there | new_bit) - alone(there)
            )
    return int(points)
