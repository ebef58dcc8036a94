"""Repair after seeded disruptions: moves, whether they are proved to be the fewest, CPU seconds.

The baseline is the number of lectures that cannot stay where they are: fewer moves are impossible.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from pathlib import Path
from typing import Any

from bench.instances import instance_paths, read
from bench.result import percentile, report
from chassis.clock import cpu_seconds
from services.scheduling.domain.timetabling.annealer import COLD, SETTLED, WARM, Annealer
from services.scheduling.domain.timetabling.changes import changed
from services.scheduling.domain.timetabling.check import check
from services.scheduling.domain.timetabling.instance import Instance
from services.scheduling.domain.timetabling.repair import Repaired, broken, repair
from services.scheduling.domain.timetabling.solution import Timetable
from services.scheduling.domain.timetabling.tables import tables_of

_PIECES = 100  # of the annealer, for the timetable that is disrupted
_WORK = 4.0  # of CP-SAT for each search of a repair


def a_timetable(instance: Instance) -> Timetable:
    """A fair timetable, soon."""
    annealer = Annealer(tables_of(instance), seed=1)
    while annealer.violations:
        annealer.settle(SETTLED)
    usual = annealer.usual_change()
    for piece in range(_PIECES):
        annealer.run(usual * WARM * (COLD / WARM) ** (piece / _PIECES))
    assert annealer.violations == 0
    return annealer.best()


def disruption(instance: Instance, chance: random.Random) -> list[dict[str, Any]]:
    """One to five events: people are away, rooms are closed."""
    return [_event(instance, chance) for _ in range(chance.randint(1, 5))]


def _event(instance: Instance, chance: random.Random) -> dict[str, Any]:
    day = chance.randrange(instance.day_count)
    hours = sorted(chance.sample(range(instance.periods_per_day), instance.periods_per_day // 2))
    kind = chance.choice(["teacher_unavailable", "course_unavailable", "room_closed"])
    if kind == "teacher_unavailable":
        return {"kind": kind, "teacher": chance.choice(list(instance.taught_by)), "day": day}
    if kind == "course_unavailable":
        course = chance.choice(instance.courses).course_id
        return {"kind": kind, "course": course, "day": day, "periods": hours or [0]}
    room = chance.choice(instance.rooms).room_id
    return {"kind": kind, "room": room, "day": day, "periods": hours or [0]}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="*", type=Path)
    parser.add_argument("--count", type=int, default=100, help="disruptions in all")
    asked = parser.parse_args()
    taken, moves, least, proved, lines, impossible, undecided = [], 0, 0, 0, [], 0, 0
    with tempfile.TemporaryDirectory() as name:
        instances = [read(path) for path in instance_paths(asked.paths, Path(name))]
    timetables = [a_timetable(instance) for instance in instances]
    for number in range(asked.count):
        which = number % len(instances)
        before = timetables[which]
        after = changed(instances[which], disruption(instances[which], random.Random(number)))
        began = cpu_seconds()
        repaired = repair(after, before, seed=number, work=_WORK)
        taken.append(cpu_seconds() - began)
        forced = len(broken(after, before))
        if not isinstance(repaired, Repaired):
            impossible += repaired.proved
            undecided += not repaired.proved
            lines.append(f"{number}: none, {'proved' if repaired.proved else 'undecided'}")
            continue
        assert check(after, repaired.timetable).violations == 0
        moves += repaired.moves
        least += forced
        proved += repaired.fewest
        if repaired.moves > forced or not repaired.fewest:
            lines.append(f"{number}: {repaired.moves} moves for {forced} forced, {repaired.fewest}")
    report(
        "repair",
        ours=moves,
        baseline=least,
        unit="lectures moved",
        lines=lines,
        disruptions=asked.count,
        proved_fewest=proved,
        proved_impossible=impossible,
        undecided=undecided,
        cpu_seconds={
            "p50": round(percentile(taken, 0.5), 2),
            "p90": round(percentile(taken, 0.9), 2),
            "max": round(max(taken), 2),
        },
    )


if __name__ == "__main__":
    main()
