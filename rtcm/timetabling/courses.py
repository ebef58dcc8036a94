"""Course timetabling files: ``.ctt`` and ``.ectt`` of the ITC-2007 competition, track 3."""

from __future__ import annotations

from pathlib import Path

from chassis.clock import monotonic
from rtcm.commands.files import Unreadable, read_bytes, write_bytes
from rtcm.ending import word_to_end
from rtcm.timetabling.family import Answer, Effort, Progress
from rtcm.timetabling.portfolio import Improvement, run
from services.scheduling.domain.timetabling.bounds import hopeless, lower_bound
from services.scheduling.domain.timetabling.check import Checked, breaches, check
from services.scheduling.domain.timetabling.instance import Instance
from services.scheduling.domain.timetabling.reading import Malformed, read_instance
from services.scheduling.domain.timetabling.rules.hard import LECTURES, ROOM_OCCUPANCY
from services.scheduling.domain.timetabling.search import Found
from services.scheduling.domain.timetabling.solution import (
    Timetable,
    line_of,
    read_solution,
    write_solution,
)

_SHOWN = 20  # breaches told one by one


class Courses:
    """The family of course timetabling files."""

    def solve(
        self,
        instance: Path,
        *,
        effort: Effort,
        out: Path,
        checkpoint: Path | None,
        progress: Progress,
    ) -> Answer:
        """Search with several processes; the best so far is in the file whatever happens."""
        began = monotonic()
        problem = instance_of(instance)
        obstacles = hopeless(problem)
        if obstacles:
            return Answer(
                lines=("there is no timetable:", *(f"  {each['en']}" for each in obstacles)),
                value={"obstacles": obstacles},
                holds=False,
            )
        start = _resumed(checkpoint, problem)

        def improved(better: Improvement) -> None:
            solution = write_solution(problem, better.found.timetable)
            write_bytes(out, solution)
            if checkpoint is not None:
                write_bytes(checkpoint, solution)
            progress(
                {
                    "seconds": round(better.seconds, 3),
                    "cpu_seconds": round(better.cpu_seconds, 3),
                    "cost": better.found.cost,
                    "violations": better.found.violations,
                }
            )

        best = run(
            problem,
            effort=effort,
            start=start,
            improved=improved,
            ended=word_to_end(),
            began=began,
        )
        if best is None:
            raise Unreadable("no search came to any timetable in that time; give it more")
        checked = check(problem, best.found.timetable)
        bound = lower_bound(problem)
        lines = [
            *lines_of(checked),
            f"bound {bound}",
            f"best found after {best.seconds:.1f} s ({best.cpu_seconds:.1f} CPU seconds)",
        ]
        if checked.violations:
            lines.append("no timetable that keeps every hard rule was found: try `explain`")
        return Answer(
            lines=tuple(lines),
            value={
                **value_of(checked),
                "bound": bound,
                "seconds_to_best": round(best.seconds, 3),
                "cpu_seconds_to_best": round(best.cpu_seconds, 3),
            },
            holds=checked.violations == 0,
        )

    def check(self, instance: Path, solution: Path) -> Answer:
        """Count every rule of a timetable."""
        problem = instance_of(instance)
        timetable = timetable_of(solution, problem)
        checked = check(problem, timetable)
        hard = [breach for rule, breach in breaches(problem, timetable) if rule.hard]
        told = [f"  {breach.sentence['en']}" for breach in hard[:_SHOWN]]
        if len(hard) > _SHOWN:
            told.append(f"  and {len(hard) - _SHOWN} more")
        return Answer(
            lines=(*lines_of(checked), *told),
            value={**value_of(checked), "breaches": [breach.sentence for breach in hard]},
            holds=checked.violations == 0,
        )

    def compare(self, one: Path, other: Path, *, instance: Path | None) -> Answer:
        """Which lectures differ, and by rule what each timetable costs."""
        if instance is None:
            raise Unreadable("timetables of courses are compared with --instance FILE")
        problem = instance_of(instance)
        first, second = timetable_of(one, problem), timetable_of(other, problem)
        gone = sorted(set(first) - set(second))
        come = sorted(set(second) - set(first))
        costs = [check(problem, each) for each in (first, second)]
        lines = [f"{len(gone)} lectures differ"]
        lines += [f"- {line_of(problem, each)}" for each in gone]
        lines += [f"+ {line_of(problem, each)}" for each in come]
        for code in (*costs[0].hard, *costs[0].soft):
            was, now = ({**each.hard, **each.soft}[code] for each in costs)
            lines.append(f"{code:<24}{was:>8}{now:>8}{now - was:>+8}")
        lines.append(f"{'cost':<24}{costs[0].cost:>8}{costs[1].cost:>8}"
                     f"{costs[1].cost - costs[0].cost:>+8}")  # fmt: skip
        return Answer(
            lines=tuple(lines),
            value={
                "only_first": [line_of(problem, each) for each in gone],
                "only_second": [line_of(problem, each) for each in come],
                "first": value_of(costs[0]),
                "second": value_of(costs[1]),
            },
        )


def _resumed(checkpoint: Path | None, problem: Instance) -> Found | None:
    """The best of a search that was cut short."""
    if checkpoint is None or not checkpoint.exists():
        return None
    timetable = timetable_of(checkpoint, problem)
    checked = check(problem, timetable)
    if checked.hard[LECTURES.code] or checked.hard[ROOM_OCCUPANCY.code]:
        raise Unreadable(f"{checkpoint}: no timetable that a search could go on from")
    return Found(timetable=timetable, violations=checked.violations, cost=checked.cost)


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
