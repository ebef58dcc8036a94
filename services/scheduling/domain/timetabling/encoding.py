"""An instance as a CP-SAT model under construction; the rules add themselves to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ortools.sat.python import cp_model

from services.scheduling.domain.timetabling.instance import Instance

Terms = list[Any]
"""Linear expressions, each with a whole number as its value."""

Guard = Callable[[str, int | str], Any]
"""(kind of demand, whose) -> the literal under which it holds; ``None`` for always."""


def always(_kind: str, _whose: int | str) -> Any:
    """Every demand holds."""
    return None


class Encoding:
    """The choices, and what rules share of them.

    Args:
        choices: course -> period -> rooms among which the model chooses; none where it does
            not choose rooms at all. A course that may not meet in a period lacks it.
        guard: gives the literals of demands, where a model has to tell them apart.

    Attributes:
        places: (course, period, room) -> whether a lecture is held there.
        meets: (course, period) -> whether the course meets then.
    """

    def __init__(
        self,
        instance: Instance,
        choices: Sequence[Mapping[int, Sequence[int]]],
        guard: Guard = always,
    ) -> None:
        self.instance = instance
        self.choices = choices
        self.guard = guard
        self.model = cp_model.CpModel()
        self.places: dict[tuple[int, int, int], Any] = {}
        self.meets: dict[tuple[int, int], Any] = {}
        for course, periods in enumerate(choices):
            for period, rooms in periods.items():
                self.meets[course, period] = self.model.new_bool_var(f"m{course},{period}")
                for room in rooms:
                    on = self.model.new_bool_var(f"p{course},{period},{room}")
                    self.places[course, period, room] = on
                if rooms:
                    here = [self.places[course, period, room] for room in rooms]
                    self.model.add(sum(here) == self.meets[course, period])

    def at_most_one(self, literals: Sequence[Any], under: Any = None) -> None:
        """No two of the literals, if ``under`` holds."""
        if len(literals) > 1 and under is None:
            self.model.add_at_most_one(literals)
        elif len(literals) > 1:
            self.model.add(sum(literals) <= 1).only_enforce_if(under)

    def demand(self, bounded: Any, under: Any = None) -> None:
        """A linear demand, if ``under`` holds."""
        constraint = self.model.add(bounded)
        if under is not None:
            constraint.only_enforce_if(under)
