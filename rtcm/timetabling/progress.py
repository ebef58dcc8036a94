"""How a search gets on: a line on a terminal, a file for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console

from rtcm.commands.files import Unreadable
from rtcm.timetabling.family import Progress


@contextmanager
def progress_of(trace: Path | None) -> Iterator[Progress]:
    """Tell of every better timetable on a terminal, and as a line of JSON in ``trace``.

    Raises:
        Unreadable: the file cannot be written.
    """
    screen = Console(stderr=True)
    with ExitStack() as open_things:
        try:
            file = open_things.enter_context(trace.open("w", encoding="utf-8")) if trace else None
        except OSError as error:
            raise Unreadable(f"{trace}: {error.strerror or error}") from error
        status = open_things.enter_context(screen.status("searching")) if _shown(screen) else None

        def progress(step: dict[str, Any]) -> None:
            if file is not None:
                file.write(json.dumps(step) + "\n")
                file.flush()
            if status is not None:
                told = ", ".join(f"{name} {value}" for name, value in step.items())
                status.update(f"best so far: {told}")

        yield progress


def _shown(screen: Console) -> bool:
    return screen.is_terminal
