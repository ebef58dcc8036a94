"""Commands to their handlers, each in a transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar

from chassis.aggregate import Command
from chassis.ids import new_id

T = TypeVar("T")


class RunsWork(Protocol):
    """A unit of work (``chassis.mongo.unit_of_work.UnitOfWork``)."""

    def run(self, work: Callable[[], T], *, command_id: str) -> T:
        """All of ``work`` is stored, or nothing."""
        ...


class CommandBus:
    """Runs one command; inside a transaction it joins it, else it opens one.

    Args:
        handlers: command class -> function of one command, its dependencies bound in ``wiring``.
    """

    def __init__(
        self, unit_of_work: RunsWork, handlers: Mapping[type[Command], Callable[[Any], Any]]
    ) -> None:
        self._unit_of_work = unit_of_work
        self._handlers = dict(handlers)

    def __call__(self, command: Command) -> Any:
        handler = self._handlers[type(command)]
        return self._unit_of_work.run(lambda: handler(command), command_id=new_id())
