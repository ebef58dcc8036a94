"""What every rule can do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from chassis.language_map import LanguageMap
from services.scheduling.domain.timetabling.board import Board
from services.scheduling.domain.timetabling.encoding import Encoding, Terms
from services.scheduling.domain.timetabling.instance import Instance
from services.scheduling.domain.timetabling.solution import Placed


@dataclass(frozen=True, kw_only=True)
class Breach:
    """One place where a rule is broken.

    Attributes:
        count: how often, in the rule's own unit.
        courses: whose lectures break it.
        sentence: for people.
    """

    count: int
    courses: tuple[int, ...]
    sentence: LanguageMap


class Rule(ABC):
    """One rule of the formulation.

    Attributes:
        code: as the competition's validator names it.
        weight: points for each breach; 0 for a hard rule, which admits none.
        sentence: what it asks for, for people.
    """

    code: ClassVar[str]
    weight: ClassVar[int] = 0
    sentence: ClassVar[LanguageMap]

    @property
    def hard(self) -> bool:
        """Whether a timetable that breaks it is none."""
        return self.weight == 0

    @abstractmethod
    def breaches(self, board: Board) -> Iterator[Breach]:
        """Every place where the rule is broken."""

    @abstractmethod
    def around(self, board: Board, touched: Sequence[Placed]) -> int:
        """That part of ``count`` on which the presence of the touched lectures can bear."""

    @abstractmethod
    def encode(self, encoding: Encoding) -> Terms:
        """State the rule to CP-SAT: constraints if hard, else terms whose sum is ``count``."""

    def count(self, board: Board) -> int:
        """How often the rule is broken."""
        return sum(breach.count for breach in self.breaches(board))

    def delta(self, board: Board, gone: Sequence[Placed], come: Sequence[Placed]) -> int:
        """How ``count`` changes when some lectures are taken away and others put.

        The board is left as it was.
        """
        touched = (*gone, *come)
        before = self.around(board, touched)
        for placed in gone:
            board.take(placed)
        for placed in come:
            board.put(placed)
        after = self.around(board, touched)
        for placed in come:
            board.take(placed)
        for placed in gone:
            board.put(placed)
        return after - before


def when(instance: Instance, period: int) -> str:
    """A period for people, as files have it: ``day 2 period 0``."""
    day, rest = divmod(period, instance.periods_per_day)
    return f"day {day} period {rest}"


def when_az(instance: Instance, period: int) -> str:
    """The same in Azerbaijani."""
    day, rest = divmod(period, instance.periods_per_day)
    return f"{day}-ci gün, {rest}-ci saat"
