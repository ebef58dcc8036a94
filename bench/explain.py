"""Explanations of seeded infeasible problems: is every core infeasible, and can nothing be spared.

Each core is tried again with another seed, whole and without each of its demands in turn. The
baseline is the number of problems: ours are those whose core stood every trial.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from bisect import bisect_left
from dataclasses import replace
from pathlib import Path

from bench.instances import instance_paths, read
from bench.result import percentile, report
from chassis.clock import cpu_seconds
from services.scheduling.domain.timetabling.explain import all_demands, explain, holds
from services.scheduling.domain.timetabling.instance import Instance

_WORK = 4.0


def tightened(instance: Instance, seed: int) -> Instance | None:
    """Close periods to the courses of a curriculum or teacher, the fewest after which nothing goes.

    Every course keeps as many periods as it has lectures: what cannot hold together is found in
    several courses, not in one.
    """
    chance = random.Random(seed)
    groups = [list(each.courses) for each in instance.curricula if len(each.courses) > 1]
    groups += [list(own) for own in instance.taught_by.values() if len(own) > 1]
    courses = chance.choice(groups)
    order = chance.sample(range(instance.period_count), instance.period_count)
    steps = [[course for course in courses if chance.random() < 0.8] for _ in order]

    def after(count: int) -> Instance:
        closed = set(instance.unavailable)
        left = {course: instance.period_count - sum(number == course for number, _ in closed)
                for course in courses}  # fmt: skip
        for period, members in zip(order[:count], steps, strict=False):
            for course in members:
                asked = instance.courses[course].lecture_count
                if (course, period) not in closed and left[course] > asked:
                    closed.add((course, period))
                    left[course] -= 1
        return replace(instance, unavailable=frozenset(closed))

    def impossible(count: int) -> bool:
        tight = after(count)
        return holds(tight, all_demands(tight), seed=0, work=_WORK) is False

    if not impossible(len(order)):
        return None
    return after(bisect_left(range(len(order)), True, key=impossible))


def stands(instance: Instance, core: tuple[tuple[str, int | str], ...]) -> bool:
    """Whether a core is infeasible, and feasible without any one of its demands."""
    if holds(instance, core, seed=99, work=_WORK) is not False:
        return False
    rests = ([each for each in core if each != demand] for demand in core)
    return all(holds(instance, rest, seed=99, work=_WORK) is True for rest in rests)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="*", type=Path)
    parser.add_argument("--count", type=int, default=100, help="problems in all")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        instances = [read(path) for path in instance_paths(asked.paths, Path(name))]
    taken: list[float] = []
    sizes: list[int] = []
    lines: list[str] = []
    good = number = 0
    while len(taken) < asked.count:
        tight = tightened(instances[number % len(instances)], number)
        number += 1
        if tight is None:
            continue
        began = cpu_seconds()
        found = explain(tight, seed=1, work=_WORK)
        taken.append(cpu_seconds() - began)
        sizes.append(len(found.core))
        stood = found.feasible is False and found.minimal and stands(tight, found.core)
        good += stood
        if not stood:
            lines.append(f"problem {number - 1}: {found.feasible}, {len(found.core)} demands")
    report(
        "explain",
        ours=good,
        baseline=asked.count,
        unit="cores infeasible and minimal, tried again",
        lines=lines,
        demands={"median": sorted(sizes)[len(sizes) // 2], "max": max(sizes)},
        cpu_seconds={
            "p50": round(percentile(taken, 0.5), 2),
            "p90": round(percentile(taken, 0.9), 2),
            "max": round(max(taken), 2),
        },
    )


if __name__ == "__main__":
    main()
