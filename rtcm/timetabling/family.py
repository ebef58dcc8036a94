"""What the command group asks of a kind of timetabling problem.

A *family* knows one kind of file. Paths come in, an ``Answer`` goes out; how it is shown is the
command's business. What a family cannot read it refuses with ``Unreadable``.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from rtcm.commands.files import read_bytes


@dataclass(frozen=True, kw_only=True)
class Effort:
    """How much work a search may do; it ends with whatever comes first.

    Attributes:
        seconds: of the wall clock.
        cpu_seconds: of all processes together; for measuring on a shared machine.
        iterations: steps of the engine, with one worker; two runs of the same seed and
            iterations give the same timetable, byte for byte.
    """

    seed: int
    workers: int = 2
    seconds: float | None = None
    cpu_seconds: float | None = None
    iterations: int | None = None


Progress = Callable[[dict[str, Any]], None]
"""Told of every better timetable: ``{"seconds", "cpu_seconds", "cost", "violations"}``."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a family has to say.

    Attributes:
        lines: for people.
        value: the same for programs.
        holds: whether there is a timetable and it keeps every hard rule (exit status 0, else 1).
    """

    lines: tuple[str, ...]
    value: dict[str, Any] = field(default_factory=dict)
    holds: bool = True


class Family(Protocol):
    """One kind of problem: its files and its engine."""

    def solve(
        self,
        instance: Path,
        *,
        effort: Effort,
        out: Path,
        checkpoint: Path | None,
        progress: Progress,
    ) -> Answer:
        """Search, and leave the best timetable in ``out``, also when stopped by SIGTERM.

        With a ``checkpoint`` the best so far is kept there, and a new run goes on from it.
        """
        ...

    def check(self, instance: Path, solution: Path) -> Answer:
        """Count every rule."""
        ...

    def repair(
        self, instance: Path, solution: Path, *, change: Path, effort: Effort, out: Path
    ) -> Answer:
        """The timetable with the fewest moves that keeps all rules after a change."""
        ...

    def explain(self, instance: Path, *, change: Path | None, effort: Effort) -> Answer:
        """Why there is no timetable: a minimal set of demands that cannot hold together."""
        ...

    def why(self, instance: Path, solution: Path, *, subject: str, day: str, period: str) -> Answer:
        """What keeps a course or session from a time, or what holding it then would cost."""
        ...

    def compare(self, one: Path, other: Path, *, instance: Path | None) -> Answer:
        """What differs between two timetables, and by rule what each costs."""
        ...

    def draw(self, solution: Path, *, instance: Path | None, by: str, out: Path) -> Answer:
        """Weeks as a picture (SVG), one row for each cohort, trainer or room."""
        ...


FAMILIES = {
    "courses": "rtcm.timetabling.courses:Courses",
    "centre": "rtcm.timetabling.centre:Centre",
}
"""Name -> module : class. Modules are loaded when a file of their kind is met."""


def family_of(path: Path) -> Family:
    """The family of a file: JSON is the centre's own kind, anything else a course file.

    Raises:
        Unreadable: the file cannot be read.
    """
    opening = read_bytes(path)[:64].removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    name = "centre" if opening in (b"{", b"[") else "courses"
    module, kind = FAMILIES[name].split(":")
    family: Family = getattr(importlib.import_module(module), kind)()
    return family
