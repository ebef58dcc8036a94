"""A timetable as counters that follow it lecture by lecture; the rules read them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from services.scheduling.domain.timetabling.instance import Instance
from services.scheduling.domain.timetabling.solution import Placed


class Board:
    """Any collection of placed lectures, broken rules and missing lectures included.

    Attributes:
        meets: course -> period -> its lectures there.
        days: course -> day -> its lectures there.
        rooms: course -> room -> its lectures there.
        here: period -> course -> its lectures there.
        taken: (room, period) -> lectures there.
        busy: curriculum -> period -> lectures of its courses there.
    """

    def __init__(self, instance: Instance, timetable: Iterable[Placed] = ()) -> None:
        self.instance = instance
        self.meets: list[Counter[int]] = [Counter() for _ in instance.courses]
        self.days: list[Counter[int]] = [Counter() for _ in instance.courses]
        self.rooms: list[Counter[int]] = [Counter() for _ in instance.courses]
        self.here: list[Counter[int]] = [Counter() for _ in range(instance.period_count)]
        self.taken: Counter[tuple[int, int]] = Counter()
        self.busy: list[Counter[int]] = [Counter() for _ in instance.curricula]
        for placed in timetable:
            self.put(placed)

    def put(self, placed: Placed) -> None:
        """Add one lecture."""
        self._count(placed, 1)

    def take(self, placed: Placed) -> None:
        """Take one lecture away."""
        self._count(placed, -1)

    def _count(self, placed: Placed, step: int) -> None:
        course, room, period = placed
        _add(self.meets[course], period, step)
        _add(self.days[course], self.instance.day_of(period), step)
        _add(self.rooms[course], room, step)
        _add(self.here[period], course, step)
        self.taken[room, period] += step
        for curriculum in self.instance.curricula_of[course]:
            self.busy[curriculum][period] += step


def _add(counter: Counter[int], key: int, step: int) -> None:
    """Count, and forget what is none: the keys of a counter are what there is."""
    counter[key] += step
    if not counter[key]:
        del counter[key]
