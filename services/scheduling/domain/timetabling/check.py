"""A timetable looked at rule by rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from services.scheduling.domain.timetabling.board import Board
from services.scheduling.domain.timetabling.instance import Instance
from services.scheduling.domain.timetabling.rules import HARD, RULES, SOFT, Breach, Rule
from services.scheduling.domain.timetabling.solution import Placed


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What a timetable breaks and costs.

    Attributes:
        hard: code of a hard rule -> how often it is broken.
        soft: code of a soft rule -> its points.
    """

    hard: Mapping[str, int]
    soft: Mapping[str, int]

    @property
    def violations(self) -> int:
        """Breaches of hard rules."""
        return sum(self.hard.values())

    @property
    def cost(self) -> int:
        """Points of the soft rules; fewer are better."""
        return sum(self.soft.values())


def check(instance: Instance, timetable: Iterable[Placed]) -> Checked:
    """Count every rule, from nothing but the timetable."""
    board = Board(instance, timetable)
    return Checked(
        hard={rule.code: rule.count(board) for rule in HARD},
        soft={rule.code: rule.weight * rule.count(board) for rule in SOFT},
    )


def breaches(instance: Instance, timetable: Iterable[Placed]) -> list[tuple[Rule, Breach]]:
    """Every single breach, hard rules first."""
    board = Board(instance, timetable)
    return [(rule, breach) for rule in RULES for breach in rule.breaches(board)]
