"""Getting rid of breaches alone, and looking at what moves cost: what comes before annealing."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from services.scheduling.domain.timetabling.annealing import clashing_lecture, move, pick_room
from services.scheduling.domain.timetabling.compiled import compiled, inlined
from services.scheduling.domain.timetabling.moves import (
    State,
    draw,
    price_breaches,
    price_day,
    price_groups,
)
from services.scheduling.domain.timetabling.tables import Numbers, Tables


@compiled
def settle(
    t: Tables,
    s: State,
    best_period: Numbers,
    best_room: Numbers,
    best: NDArray[np.int64],
    logs: NDArray[np.float64],
    rates: Numbers,
    steps: int,
    temperature: float,
) -> int:
    """Try moves that count by their breaches alone, until there are none; how many were tried.

    Args:
        best: breaches and points of the best; kept with fewer breaches.
        temperature: in breaches.
    """
    for tried in range(steps):
        if s.totals[0] == 0:
            return tried
        allowed = temperature * logs[draw(s.totals, len(logs))]
        if settling_step(t, s, allowed, rates) and s.totals[0] < best[0]:
            best[0], best[1] = s.totals[0], s.totals[1]
            best_period[:] = s.period
            best_room[:] = s.room
    return steps


@inlined
def settling_step(t: Tables, s: State, allowed: float, rates: Numbers) -> bool:
    """Try one move; whether it was made."""
    lecture = draw(s.totals, t.size[0])
    if draw(s.totals, 100) < rates[5]:
        lecture = in_breach(t, s, lecture)
    course = t.course_of[lecture]
    choices = t.open_from[course + 1] - t.open_from[course]
    if choices == 0:
        return False
    period = t.open_periods[t.open_from[course] + draw(s.totals, choices)]
    if period == s.period[lecture]:
        return False
    if s.near[course, period] == 1 and draw(s.totals, 2) == 0:
        # The one that is in the way has to go; so it takes the place that gets free.
        room = s.room[clashing_lecture(t, s, course, period)]
    else:
        room = pick_room(t, s, course, s.room[lecture], rates)
    other, other_course = s.grid[period, room], -1
    if other >= 0:
        other_course = t.course_of[other]
        if other_course == course:
            return False
    hard = price_breaches(t, s, course, other_course, s.period[lecture], period)
    if hard > allowed:
        return False
    s.totals[0] += hard
    move(t, s, lecture, period, room)
    return True


@compiled
def in_breach(t: Tables, s: State, lecture: int) -> int:
    """The next lecture, from one on, that clashes or is where it cannot be taught."""
    for _ in range(t.size[0]):
        course, period = t.course_of[lecture], s.period[lecture]
        if s.near[course, period] > 1 or t.closed[course, period]:
            return lecture
        lecture = lecture + 1 if lecture + 1 < t.size[0] else 0
    return lecture


@compiled
def usual_change(t: Tables, s: State, count: int) -> float:
    """Points by which days and curricula change when a lecture changes its period, on average.

    Sampled over ``count`` pairs of a lecture and a period in which it can be taught.
    """
    points, changes = 0, 0
    for _ in range(count):
        lecture = draw(s.totals, t.size[0])
        course, old = t.course_of[lecture], s.period[lecture]
        choices = t.open_from[course + 1] - t.open_from[course]
        if choices == 0:
            continue
        period = t.open_periods[t.open_from[course] + draw(s.totals, choices)]
        if period == old:
            continue
        change = price_day(t, s, course, old // t.size[5], period // t.size[5])
        points += abs(change + price_groups(t, s, course, -1, old, period))
        changes += 1
    return points / max(1, changes)
