"""Options that say how much work a search may do."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from typing import Any

import click

from rtcm.timetabling.family import Effort

_SECONDS = 60.0  # where nothing is said


def with_effort(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options, and hand it one ``effort``."""

    @click.option("--seconds", type=click.FloatRange(0.1, 1e7), default=None,
                  help=f"Of the wall clock; {_SECONDS:.0f} if no budget is given.")  # fmt: skip
    @click.option("--cpu-seconds", type=click.FloatRange(0.1, 1e7), default=None,
                  help="Of all processes together, for measuring on a shared machine.")  # fmt: skip
    @click.option("--iterations", type=click.IntRange(1, 10**13), default=None,
                  help="Steps of one worker: the same seed gives the same timetable.")  # fmt: skip
    @click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=1, show_default=True)
    @click.option("--workers", type=click.IntRange(1, 64), default=None,
                  help="Processes; 2, or 1 with --iterations.")  # fmt: skip
    @functools.wraps(command)
    def taking(
        *,
        seconds: float | None,
        cpu_seconds: float | None,
        iterations: int | None,
        seed: int,
        workers: int | None,
        **others: Any,
    ) -> None:
        if any(math.isnan(given) for given in (seconds, cpu_seconds) if given is not None):
            raise click.UsageError("a budget is a number of seconds")
        if iterations is not None and (workers or 1) > 1:
            raise click.UsageError("--iterations is for one worker: several race")
        if seconds is None and cpu_seconds is None and iterations is None:
            seconds = _SECONDS
        effort = Effort(
            seed=seed,
            workers=workers or (1 if iterations is not None else 2),
            seconds=seconds,
            cpu_seconds=cpu_seconds,
            iterations=iterations,
        )
        command(effort=effort, **others)

    return taking
