"""The model under construction: one choice of start, trainer and room per session."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import cached_property, lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from services.scheduling.domain.solver.candidates import Without
from services.scheduling.domain.solver.problem import Problem, SessionNeed
from services.scheduling.domain.solver.rules import Rule

NOON = 12 * 60


def minute_of(instant: datetime) -> int:
    """Whole minutes since 1970."""
    return int(instant.timestamp()) // 60


@dataclass(kw_only=True)
class Choice:
    """The variables of one session: exactly one of each kind is true.

    A start is a day and a minute of that day, chosen apart: far fewer variables than one per
    instant. On the two days a year when the clocks change, a start before noon may not be noon
    minus so many minutes; such starts are left out.
    """

    need: SessionNeed
    begin: Any
    latest: int
    starts: dict[datetime, tuple[date, int]]
    days: dict[date, Any]
    minutes: dict[int, Any]
    trainers: dict[str, Any]
    rooms: dict[str, Any]

    def day(self) -> Any:
        """The chosen day as an expression, counted as ``date.toordinal`` does."""
        return sum(day.toordinal() * on for day, on in self.days.items())


def _empty() -> Any:
    """CP-SAT's own model; the library is loaded by who solves, not by who checks a plan."""
    from ortools.sat.python import cp_model

    return cp_model.CpModel()


@dataclass(kw_only=True)
class Model:
    """The model under construction; ``build`` fills it."""

    problem: Problem
    without: Without = ()
    also: Mapping[str, Collection[datetime]] = field(default_factory=dict)
    cp: Any = field(default_factory=_empty)
    choices: dict[str, Choice] = field(default_factory=dict)
    wishes: list[Any] = field(default_factory=list)

    def keeps(self, rule: Rule) -> bool:
        """Whether ``rule`` is in this model."""
        return rule not in self.without

    @cached_property
    def of_cohort(self) -> dict[str, list[Choice]]:
        """Cohort id -> the choices of its sessions, once all are there."""
        found: dict[str, list[Choice]] = {each.cohort_id: [] for each in self.problem.cohorts}
        for choice in self.choices.values():
            found[choice.need.cohort_id].append(choice)
        return found

    @cached_property
    def of_trainer(self) -> dict[str, list[tuple[Choice, Any]]]:
        """Trainer id -> the sessions the trainer may give, each with the variable that says so."""
        found: dict[str, list[tuple[Choice, Any]]] = defaultdict(list)
        for choice in self.choices.values():
            for trainer_id, chosen in choice.trainers.items():
                found[trainer_id].append((choice, chosen))
        return found

    def since_origin(self, instant: datetime) -> int:
        """Minutes as the model counts them."""
        return minute_of(instant) - self.origin

    @cached_property
    def origin(self) -> int:
        """Minute since 1970 from which the model counts, before every start."""
        first = min(terms.starts_on for terms in self.problem.cohorts)
        return minute_of(datetime.combine(first, time(), UTC)) - 2 * 24 * 60


@lru_cache(maxsize=4096)
def noon_of(day: date, zone: ZoneInfo) -> int:
    """Minute since 1970 of noon by the clocks of ``zone``."""
    return minute_of(datetime.combine(day, time(12), zone))
