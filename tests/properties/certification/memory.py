"""A memory that two workers share: transactions that end well or leave nothing, and bad luck.

At every look at an aggregate, and before every write and commit, a worker may die, or the other one
may come first: it takes the next piece of work and commits it, so that what was read is stale.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from chassis.access import EVERYTHING
from tests.shelf import Shelf

_Undo = Callable[[], Any]


class Died(Exception):
    """A worker's process ended here."""


class Journal(dict[Any, Any]):
    """A table whose changes are taken back when the transaction ends badly."""

    def __init__(self, memory: Memory) -> None:
        super().__init__()
        self._memory = memory

    def __setitem__(self, key: Any, value: Any) -> None:
        self._note(key)
        super().__setitem__(key, value)

    def __delitem__(self, key: Any) -> None:
        self._note(key)
        super().__delitem__(key)

    def setdefault(self, key: Any, value: Any = None) -> Any:
        if key not in self:
            self[key] = value
        return self[key]

    def pop(self, key: Any, *default: Any) -> Any:
        if key in self:
            self._note(key)
        return super().pop(key, *default)

    def _note(self, key: Any) -> None:
        there, before = key in self, self.get(key)
        put, drop = super().__setitem__, super().__delitem__
        self._memory.written(lambda: put(key, before) if there else drop(key))


class Memory:
    """What both workers share, and the luck they have."""

    def __init__(self, chance: Random, *, deaths: float, races: float) -> None:
        self._chance, self._deaths, self._races = chance, deaths, races
        self._open: list[list[_Undo]] = []
        self.other: Callable[[], None] = lambda: None
        self.died = self.raced = 0

    def step(self) -> None:
        """A worker may die here; while it has written nothing, the other may come first."""
        if len(self._open) > 1:
            return  # the one that came first is through before anything else happens
        if self._chance.random() < self._deaths:
            self.died += 1
            raise Died
        if self._open and not self._open[-1] and self._chance.random() < self._races:
            self.raced += 1
            self.other()

    def written(self, undo: _Undo) -> None:
        """Something was written in the transaction around us."""
        assert self._open, "written outside a transaction"
        self._open[-1].append(undo)

    def transaction(self, work: Callable[[], Any]) -> Any:
        """All that ``work`` writes, or nothing."""
        journal: list[_Undo] = []
        self._open.append(journal)
        try:
            done = work()
            self.step()
        except BaseException:
            for undo in reversed(journal):
                undo()
            raise
        finally:
            self._open.pop()
        return done


class Shared(Shelf[Any]):
    """A shelf in the memory."""

    def __init__(self, memory: Memory, *, key: str) -> None:
        super().__init__(key=key)
        self._memory = memory
        self._rows = Journal(memory)

    def find(self, id_: str, *, scope: Any) -> Any:
        self._memory.step()
        return super().find(id_, scope=scope)

    def save(self, aggregate: Any, *, scope: Any) -> None:
        self._memory.step()
        length = len(self.outbox)
        super().save(aggregate, scope=scope)
        self._memory.written(lambda: self.outbox.__delitem__(slice(length, None)))

    def rows(self) -> list[Any]:
        """Everything, when nobody works any more."""
        return [super(Shared, self).find(id_, scope=EVERYTHING) for id_ in self._rows]

    def holds(self, id_: str) -> bool:
        """Whether it is there."""
        return id_ in self._rows
