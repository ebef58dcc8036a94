"""Course files as the commands meet them: read or refused, counts told by rule."""

from __future__ import annotations

from pathlib import Path

from rtcm.commands.files import Unreadable, read_bytes, read_json
from services.scheduling.domain.timetabling.changes import CHANGE_SCHEMA, UnknownName, changed
from services.scheduling.domain.timetabling.check import Checked
from services.scheduling.domain.timetabling.instance import Instance
from services.scheduling.domain.timetabling.reading import Malformed, read_instance
from services.scheduling.domain.timetabling.solution import Timetable, read_solution


def instance_of(path: Path) -> Instance:
    """Read a problem, or refuse the file with line and reason."""
    try:
        return read_instance(read_bytes(path))
    except Malformed as error:
        raise Unreadable(f"{path}: {error}") from error


def timetable_of(path: Path, problem: Instance) -> Timetable:
    """Read a timetable of a problem, or refuse the file with line and reason."""
    try:
        return read_solution(read_bytes(path), problem)
    except Malformed as error:
        raise Unreadable(f"{path}: {error}") from error


def lines_of(checked: Checked) -> list[str]:
    """What each rule counts, for people."""
    lines = [f"hard {code:<24}{count:>6}" for code, count in checked.hard.items()]
    lines += [f"soft {code:<24}{points:>6}" for code, points in checked.soft.items()]
    return [*lines, f"violations {checked.violations}, cost {checked.cost}"]


def value_of(checked: Checked) -> dict[str, object]:
    """The same for programs."""
    return {
        "hard": dict(checked.hard),
        "soft": dict(checked.soft),
        "violations": checked.violations,
        "cost": checked.cost,
    }


def after_change(problem: Instance, change: Path) -> Instance:
    """The problem after what a change file tells, or refuse the file."""
    events = read_json(change, CHANGE_SCHEMA)["events"]
    try:
        return changed(problem, events)
    except UnknownName as error:
        raise Unreadable(f"{change}: {error}") from error
