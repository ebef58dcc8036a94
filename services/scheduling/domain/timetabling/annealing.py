"""Simulated annealing: the loop, and the search that runs it in pieces."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from services.scheduling.domain.timetabling.compiled import compiled, inlined
from services.scheduling.domain.timetabling.moves import (
    State,
    draw,
    lift,
    price_breaches,
    price_day,
    price_groups,
    price_room,
    put,
    shift_near,
)
from services.scheduling.domain.timetabling.tables import Numbers, Tables

LOGS = 4096
CHAIN = 24
"""Lectures that one chain may move at most."""


@inlined
def pick_room(t: Tables, s: State, course: int, room: int, rates: Numbers) -> int:
    """A room to try: one that another lecture of the course is in, the same, a fitting one, any."""
    roll = draw(s.totals, 100)
    if roll < rates[0]:
        first = t.lecture_from[course]
        return int(s.room[first + draw(s.totals, t.lecture_from[course + 1] - first)])
    if roll < rates[1]:
        return room
    if roll < rates[2]:
        first = t.fitting_from[course]
        return int(t.fitting[first + draw(s.totals, t.fitting_from[course + 1] - first)])
    return draw(s.totals, int(t.size[3]))


@compiled
def move(t: Tables, s: State, lecture: int, period: int, room: int) -> None:
    """Carry a lecture over, and the one that is there to where it was."""
    other = s.grid[period, room]
    old_period, old_room = s.period[lecture], s.room[lecture]
    points = lift(t, s, lecture)
    if other >= 0:
        points += lift(t, s, other)
        points += put(t, s, other, old_period, old_room)
        if period != old_period:
            shift_near(t, s, t.course_of[other], period, -1)
            shift_near(t, s, t.course_of[other], old_period, 1)
    points += put(t, s, lecture, period, room)
    if period != old_period:
        shift_near(t, s, t.course_of[lecture], old_period, -1)
        shift_near(t, s, t.course_of[lecture], period, 1)
    s.totals[1] += points


@compiled
def chain(
    t: Tables, s: State, lecture: int, period: int, allowed: float, found: Numbers, marks: Numbers
) -> bool:
    """Exchange two periods for a lecture and all that clashes with it, in turn; rooms stay.

    Whether it was done: its points have to be within ``allowed``, and nothing may break.
    """
    both = s.period[lecture] + period
    count = linked(t, s, lecture, period, found, marks)
    for k in range(abs(count)):
        marks[found[k]] = 0
    if count <= 0:
        return False
    points = exchanged(t, s, both, found, count)
    if points > allowed:
        exchanged(t, s, both, found, count)
        return False
    s.totals[1] += points
    for k in range(count):
        course, now = t.course_of[found[k]], s.period[found[k]]
        shift_near(t, s, course, both - now, -1)
        shift_near(t, s, course, now, 1)
    return True


@compiled
def linked(t: Tables, s: State, lecture: int, period: int, found: Numbers, marks: Numbers) -> int:
    """Find what has to change sides with a lecture: clashing with one that does, or in its room.

    How many are in ``found`` and marked; negative if one of them cannot be taught on the other
    side, or there are too many.
    """
    both = s.period[lecture] + period
    found[0] = lecture
    marks[lecture] = 1
    count, at = 1, 0
    while at < count:
        one = found[at]
        at += 1
        course = t.course_of[one]
        target = both - s.period[one]
        if t.closed[course, target]:
            return -count
        left = s.near[course, target]
        for room in range(t.size[3]):
            other = s.grid[target, room]
            if other < 0 or (left == 0 and room != s.room[one]):
                continue
            clashes = t.clash[course, t.course_of[other]]
            left -= clashes
            if (clashes or room == s.room[one]) and marks[other] == 0:
                if count == CHAIN:
                    return -count
                marks[other] = 1
                found[count] = other
                count += 1
    return count


@compiled
def exchanged(t: Tables, s: State, both: int, found: Numbers, count: int) -> int:
    """Carry lectures from each of two periods to the other (their numbers sum to ``both``)."""
    points = 0
    for k in range(count):
        points += lift(t, s, found[k])
    for k in range(count):
        one = found[k]
        points += put(t, s, one, both - s.period[one], s.room[one])
    return points


@compiled
def clashing_lecture(t: Tables, s: State, course: int, period: int) -> int:
    """The first lecture of a period that clashes with a course."""
    for room in range(t.size[3]):
        other = s.grid[period, room]
        if other >= 0 and t.clash[course, t.course_of[other]]:
            return int(other)
    return -1


@inlined
def step(
    t: Tables,
    s: State,
    allowed: float,
    hard_weight: int,
    rates: Numbers,
    found: Numbers,
    marks: Numbers,
) -> bool:
    """Try one move; whether it was made."""
    lecture = draw(s.totals, t.size[0])
    course = t.course_of[lecture]
    choices = t.open_from[course + 1] - t.open_from[course]
    if choices == 0:
        return False
    period = t.open_periods[t.open_from[course] + draw(s.totals, choices)]
    if period == s.period[lecture]:
        room = pick_room(t, s, course, s.room[lecture], rates)
        return other_room(t, s, lecture, room, allowed)
    near = s.near[course, period]
    broken = s.totals[0] > 0
    if near > 0 and not broken and draw(s.totals, 100) < rates[3]:
        return chain(t, s, lecture, period, allowed, found, marks)
    if near > 1 and not broken:
        return False
    if near == 1 and (not broken or draw(s.totals, 2) == 0):
        # The one that is in the way has to go; so it takes the place that gets free.
        room = s.room[clashing_lecture(t, s, course, period)]
    else:
        room = pick_room(t, s, course, s.room[lecture], rates)
    return other_period(t, s, lecture, period, room, allowed, hard_weight, rates[4])


@inlined
def other_room(t: Tables, s: State, lecture: int, room: int, allowed: float) -> bool:
    """Change rooms within the period, with whoever is there; whether it was done."""
    old = s.room[lecture]
    if room == old:
        return False
    points = price_room(t, s, t.course_of[lecture], old, room)
    other = s.grid[s.period[lecture], room]
    if other >= 0:
        points += price_room(t, s, t.course_of[other], room, old)
    if points > allowed:
        return False
    move(t, s, lecture, s.period[lecture], room)
    return True


@inlined
def other_period(
    t: Tables,
    s: State,
    lecture: int,
    period: int,
    room: int,
    allowed: float,
    hard_weight: int,
    slack: int,
) -> bool:
    """Go to another period, and whoever is there comes instead; whether it was done.

    What is cheap to price comes first; beyond ``slack`` over ``allowed`` the rest is not looked at.
    """
    course, old = t.course_of[lecture], s.period[lecture]
    other, other_course = s.grid[period, room], -1
    points = price_room(t, s, course, s.room[lecture], room)
    if other >= 0:
        other_course = t.course_of[other]
        if other_course == course:
            return False
        points += price_room(t, s, other_course, room, s.room[lecture])
    hard = price_breaches(t, s, course, other_course, old, period)
    if hard > 0 and s.totals[0] == 0:
        return False
    per_day = t.size[5]
    points += hard * hard_weight + price_day(t, s, course, old // per_day, period // per_day)
    if other >= 0:
        points += price_day(t, s, other_course, period // per_day, old // per_day)
    if points > allowed + slack:
        return False
    points += price_groups(t, s, course, other_course, old, period)
    if other >= 0:
        points += price_groups(t, s, other_course, course, period, old)
    if points > allowed:
        return False
    s.totals[0] += hard
    move(t, s, lecture, period, room)
    return True


@compiled
def anneal(
    t: Tables,
    s: State,
    best_period: Numbers,
    best_room: Numbers,
    best: NDArray[np.int64],
    logs: NDArray[np.float64],
    rates: Numbers,
    found: Numbers,
    marks: Numbers,
    steps: int,
    temperature: float,
    hard_weight: int,
) -> int:
    """Try ``steps`` moves at one temperature and keep the best; how many were made.

    ``best`` holds breaches and points of the best; fewer breaches are better, then fewer points.
    """
    made = 0
    for _ in range(steps):
        allowed = temperature * logs[draw(s.totals, len(logs))]
        if step(t, s, allowed, hard_weight, rates, found, marks):
            made += 1
            if s.totals[0] < best[0] or (s.totals[0] == best[0] and s.totals[1] < best[1]):
                best[0], best[1] = s.totals[0], s.totals[1]
                best_period[:] = s.period
                best_room[:] = s.room
    return made
