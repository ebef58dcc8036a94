"""What a hard rule is: a name, how a plan breaks it, how a model keeps it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import ClassVar, Protocol

from services.scheduling.domain.solver.choices import Model
from services.scheduling.domain.solver.problem import Plan, Problem
from services.scheduling.domain.solver.rules import Rule


class Limit(Protocol):
    """One hard rule, whole."""

    rule: ClassVar[Rule]

    def breaches(self, problem: Problem, plan: Plan) -> Iterator[tuple[str, ...]]:
        """Ids of the sessions of each breach; computed from the plan alone."""
        ...

    def bind(self, model: Model) -> None:
        """Keep the rule in ``model``, whose choices are all there."""
        ...


def week_of(day: date) -> tuple[int, int]:
    """The ISO year and week in which a day lies."""
    year, week, _ = day.isocalendar()
    return year, week
