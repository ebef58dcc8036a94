"""Several searches in processes of their own, which exchange the best they find.

The parent only listens: it keeps the best timetable, so that it survives whatever happens to a
worker, and leaves it in its file when time is up or SIGTERM comes.
"""

from __future__ import annotations

import multiprocessing
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

from chassis.clock import cpu_seconds, monotonic
from rtcm.timetabling.family import Effort
from services.scheduling.domain.timetabling.instance import Instance
from services.scheduling.domain.timetabling.search import PLANS, Found, search
from services.scheduling.domain.timetabling.solution import Timetable

_ASK, _END = "best?", "end"
_GRACE_SECONDS = 0.5  # within which a worker hands in its last when it is told to end
_FIRST_SECONDS = 60.0  # the same while there is no timetable at all

# A forked worker has the compiled kernels at once; elsewhere forking is not to be relied on.
_CONTEXT = (
    multiprocessing.get_context("fork")
    if sys.platform == "linux"
    else multiprocessing.get_context("spawn")
)


@dataclass(frozen=True, kw_only=True)
class Improvement:
    """A better timetable, and when it was found.

    Attributes:
        seconds: since the search began.
        cpu_seconds: of all workers together.
    """

    found: Found
    seconds: float
    cpu_seconds: float


class _Line:
    """A worker's end: hands in what it finds and asks for what others found; also its meter."""

    def __init__(self, pipe: Connection, effort: Effort, began: float) -> None:
        self._pipe = pipe
        self._effort = effort
        self._began = began
        self._moves = 0
        self._ended = False

    def found(self, found: Found) -> None:
        """Hand in."""
        self._send(found)

    def best(self) -> Found | None:
        """Ask for the best of all."""
        self._send(_ASK)
        while not self._ended:
            heard: Found | str | None = self._hear()
            if not isinstance(heard, str):
                return heard
        return None

    def spend(self, moves: int) -> float:
        """The share that is spent of whatever comes first."""
        self._moves += moves
        if self._pipe.poll():
            self._hear()
        if self._ended:
            return 1.0
        effort, shares = self._effort, [0.0]
        if effort.iterations is not None:
            shares.append(self._moves / max(1, effort.iterations))
        if effort.seconds is not None:
            shares.append((monotonic() - self._began) / max(0.001, effort.seconds))
        if effort.cpu_seconds is not None:
            shares.append(cpu_seconds() * effort.workers / max(0.001, effort.cpu_seconds))
        return max(shares)

    def close(self) -> None:
        """Say how much time it took in all."""
        self._send(None)

    def _send(self, message: Found | str | None) -> None:
        try:
            self._pipe.send((message, cpu_seconds()))
        except OSError:
            self._ended = True  # nobody listens any more

    def _hear(self) -> Any:
        try:
            heard = self._pipe.recv()
        except (EOFError, OSError):
            heard = _END
        self._ended = self._ended or heard == _END
        return heard


def _work(
    pipe: Connection,
    others: Sequence[Connection],
    instance: Instance,
    effort: Effort,
    number: int,
    start: Timetable | None,
    began: float,
) -> None:
    """What a worker process does."""
    # Ctrl-C reaches the whole group; the parent alone decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    # Held open here, they would hide from the other workers that the parent was killed.
    for end in others:
        end.close()
    line = _Line(pipe, effort, began)
    search(
        instance,
        seed=effort.seed * 1_000 + number,
        plan=PLANS[number % len(PLANS)],
        meter=line,
        exchange=line,
        # One goes on from what there is, the others look elsewhere.
        start=start if number == effort.workers - 1 else None,
    )
    line.close()


def run(
    instance: Instance,
    *,
    effort: Effort,
    start: Found | None,
    improved: Callable[[Improvement], None],
    ended: threading.Event,
    began: float,
) -> Improvement | None:
    """Search with ``effort.workers`` processes; the best that was found.

    Args:
        start: the best of a search that was cut short.
        improved: told of every better timetable, in this process.
        ended: set from outside to stop early.
        began: when the time began to run (``monotonic``).
    """
    spent: dict[Connection, float] = {}
    best: Improvement | None = None
    pipes = [_CONTEXT.Pipe() for _ in range(effort.workers)]
    first = start.timetable if start is not None else None
    ends = {
        ours: _started(pipes, number, instance, effort, first, began)
        for number, (ours, _) in enumerate(pipes)
    }
    for _, theirs in pipes:
        theirs.close()
    asked_at: float | None = None
    while ends:
        late = effort.seconds is not None and monotonic() - began > effort.seconds
        if (ended.is_set() or late) and asked_at is None:
            asked_at = _all_told_to_end(ends)
        grace = _GRACE_SECONDS if best is not None else _FIRST_SECONDS
        if asked_at is not None and monotonic() - asked_at > grace:
            break
        for end in [end for end in wait(list(ends), timeout=0.1) if isinstance(end, Connection)]:
            try:
                message, spent[end] = end.recv()
            except (EOFError, OSError):
                del ends[end]  # it has ended, or was killed: what it handed in is here
                continue
            if message == _ASK:
                # A worker that asks is listening: the answer cannot get stuck in the pipe.
                _tell(end, best.found if best is not None else None)
            elif message is not None and (best is None or message.rank < best.found.rank):
                best = Improvement(
                    found=message, seconds=monotonic() - began, cpu_seconds=sum(spent.values())
                )
                improved(best)
            if isinstance(message, Found) and message.proved:
                assert best is not None
                best = replace(best, found=message)
                asked_at = asked_at or _all_told_to_end(ends)
    for process in ends.values():
        process.kill()
    return best


def _started(
    pipes: Sequence[tuple[Connection, Connection]],
    number: int,
    instance: Instance,
    effort: Effort,
    start: Timetable | None,
    began: float,
) -> BaseProcess:
    own = pipes[number][1]
    others = [end for pipe in pipes for end in pipe if end is not own]
    process = _CONTEXT.Process(
        target=_work, args=(own, others, instance, effort, number, start, began), daemon=True
    )
    process.start()
    return process


def _all_told_to_end(ends: Iterable[Connection]) -> float:
    """Tell all; when that was."""
    for end in ends:
        _tell(end, _END)
    return monotonic()


def _tell(end: Connection, message: Found | str | None) -> None:
    try:
        end.send(message)
    except OSError:
        return  # it has ended by itself
