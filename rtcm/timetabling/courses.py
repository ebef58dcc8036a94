"""Course timetabling files: ``.ctt`` and ``.ectt`` of the ITC-2007 competition, track 3."""

from __future__ import annotations

from pathlib import Path

from chassis.clock import monotonic
from rtcm.commands.files import Unreadable, write_bytes
from rtcm.ending import word_to_end
from rtcm.timetabling.course_files import instance_of, lines_of, timetable_of, value_of
from rtcm.timetabling.course_questions import (
    told_difference,
    told_explanation,
    told_repair,
    told_why,
)
from rtcm.timetabling.family import Answer, Effort, Progress
from rtcm.timetabling.portfolio import Improvement, run
from services.scheduling.domain.timetabling.annealer import compile_kernels
from services.scheduling.domain.timetabling.bounds import hopeless, lower_bound
from services.scheduling.domain.timetabling.check import breaches, check
from services.scheduling.domain.timetabling.instance import Instance
from services.scheduling.domain.timetabling.rules.hard import LECTURES, ROOM_OCCUPANCY
from services.scheduling.domain.timetabling.search import Found
from services.scheduling.domain.timetabling.solution import write_solution
from services.scheduling.domain.timetabling.tables import tables_of

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
        problem = instance_of(instance)
        obstacles = hopeless(problem)
        if obstacles:
            return Answer(
                lines=("there is no timetable:", *(f"  {each['en']}" for each in obstacles)),
                value={"obstacles": obstacles},
                holds=False,
            )
        start = _resumed(checkpoint, problem)
        ended = word_to_end()
        compile_kernels(tables_of(problem))
        began = monotonic()  # the time that was asked for is time to search

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
            ended=ended,
            began=began,
        )
        if best is None:
            raise Unreadable("no search came to any timetable in that time; give it more")
        checked = check(problem, best.found.timetable)
        bound = best.found.cost if best.found.proved else lower_bound(problem)
        lines = [
            *lines_of(checked),
            f"bound {bound}" + (": proved best" if best.found.proved else ""),
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

    def repair(
        self, instance: Path, solution: Path, *, change: Path, effort: Effort, out: Path
    ) -> Answer:
        """The timetable with the fewest moves after a change, and what more moves would buy."""
        return told_repair(instance, solution, change=change, effort=effort, out=out)

    def explain(self, instance: Path, *, change: Path | None, effort: Effort) -> Answer:
        """A minimal set of demands that cannot hold together."""
        return told_explanation(instance, change=change, effort=effort)

    def why(self, instance: Path, solution: Path, *, subject: str, day: str, period: str) -> Answer:
        """What keeps a course from a period, or what meeting then would cost."""
        return told_why(instance, solution, course_id=subject, day=day, period=period)

    def draw(self, solution: Path, *, instance: Path | None, by: str, out: Path) -> Answer:  # noqa: ARG002 -- of the family
        """Course timetables have no calendar to draw.

        Raises:
            Unreadable: always.
        """
        raise Unreadable(f"{solution}: pictures are drawn of the centre's own plans (JSON)")

    def compare(self, one: Path, other: Path, *, instance: Path | None) -> Answer:
        """Which lectures differ, and by rule what each timetable costs."""
        return told_difference(one, other, instance=instance)


def _resumed(checkpoint: Path | None, problem: Instance) -> Found | None:
    """The best of a search that was cut short."""
    if checkpoint is None or not checkpoint.exists():
        return None
    timetable = timetable_of(checkpoint, problem)
    checked = check(problem, timetable)
    if checked.hard[LECTURES.code] or checked.hard[ROOM_OCCUPANCY.code]:
        raise Unreadable(f"{checkpoint}: no timetable that a search could go on from")
    return Found(timetable=timetable, violations=checked.violations, cost=checked.cost)
