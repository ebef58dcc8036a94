"""What people ask about a timetable of courses: repair it, explain, why not then, what differs."""

from __future__ import annotations

from pathlib import Path

from rtcm.commands.files import Unreadable, write_bytes
from rtcm.timetabling.course_files import after_change, instance_of, timetable_of, value_of
from rtcm.timetabling.family import Answer, Effort
from services.scheduling.domain.timetabling.check import check
from services.scheduling.domain.timetabling.explain import explain, sentence_of
from services.scheduling.domain.timetabling.instance import Instance
from services.scheduling.domain.timetabling.reading import Malformed
from services.scheduling.domain.timetabling.repair import (
    NotRepaired,
    Repaired,
    repair,
    with_more_moves,
)
from services.scheduling.domain.timetabling.search import MOVES_PER_WORK
from services.scheduling.domain.timetabling.solution import (
    Timetable,
    line_of,
    period_of,
    write_solution,
)
from services.scheduling.domain.timetabling.why import why_not

_UNIT_SECONDS = 4.0  # CPU, that one unit of CP-SAT's deterministic time takes these models
_MORE_MOVES = (2, 5)
_SEARCHES = 5  # that a repair makes at most: one for the fewest, two for the cheapest, two more


def told_repair(
    instance: Path, solution: Path, *, change: Path, effort: Effort, out: Path
) -> Answer:
    """Repair, write the timetable with the fewest moves, tell the frontier."""
    before = instance_of(instance)
    timetable = timetable_of(solution, before)
    if check(before, timetable).violations:
        raise Unreadable(f"{solution}: it breaks hard rules already before the change")
    problem = after_change(before, change)
    work = _work(effort) / _SEARCHES
    least = repair(problem, timetable, seed=effort.seed, work=work)
    if isinstance(least, NotRepaired):
        reason = "there is none" if least.proved else "none was found in that time"
        return Answer(
            lines=(f"no timetable after the change: {reason}",),
            value={"proved": least.proved},
            holds=False,
        )
    write_bytes(out, write_solution(problem, least.timetable))
    options = [least] + [
        with_more_moves(problem, timetable, least, more=more, seed=effort.seed, work=work)
        for more in _MORE_MOVES
    ]
    moved = sorted(set(timetable) - set(least.timetable))
    came = sorted(set(least.timetable) - set(timetable))
    return Answer(
        lines=(
            f"{least.moves} lectures move ({'proved' if least.fewest else 'not proved'} fewest)",
            *(f"- {line_of(problem, each)}" for each in moved),
            *(f"+ {line_of(problem, each)}" for each in came),
            f"cost before the change {check(before, timetable).cost}; what moves buy:",
            *(_frontier_line(each) for each in options),
        ),
        value={
            **value_of(check(problem, least.timetable)),
            "moves": least.moves,
            "fewest_proved": least.fewest,
            "frontier": [
                {"moves": each.moves, "cost": each.cost, "cheapest_proved": each.cheapest}
                for each in options
            ],
        },
    )


def _frontier_line(option: Repaired) -> str:
    proof = "proved cheapest" if option.cheapest else "not proved cheapest"
    return f"  {option.moves} moves: cost {option.cost} ({proof})"


def told_explanation(instance: Path, *, change: Path | None, effort: Effort) -> Answer:
    """Name demands that cannot hold together."""
    problem = instance_of(instance)
    if change is not None:
        problem = after_change(problem, change)
    explained = explain(problem, seed=effort.seed, work=_work(effort))
    if explained.feasible is None:
        return Answer(
            lines=("it was not decided in that time whether there is a timetable",),
            value={"feasible": None},
            holds=False,
        )
    if explained.feasible:
        return Answer(
            lines=("there is a timetable that keeps every hard rule",), value={"feasible": True}
        )
    sentences = [sentence_of(problem, demand) for demand in explained.core]
    note = "none of them can be spared" if explained.minimal else "perhaps not all are needed"
    return Answer(
        lines=(
            f"there is no timetable; these cannot hold together ({note}):",
            *(f"  {each['en']}" for each in sentences),
        ),
        value={
            "feasible": False,
            "minimal": explained.minimal,
            "core": [{"kind": kind, "whose": _name(problem, kind, whose), "sentence": sentence}
                     for (kind, whose), sentence in zip(explained.core, sentences, strict=True)],
        },
        holds=False,
    )  # fmt: skip


def _name(problem: Instance, kind: str, whose: int | str) -> str:
    if isinstance(whose, str):
        return whose
    if kind == "curriculum":
        return problem.curricula[whose].curriculum_id
    return problem.courses[whose].course_id


def told_why(instance: Path, solution: Path, *, course_id: str, day: str, period: str) -> Answer:
    """Name what keeps a course from a period."""
    problem = instance_of(instance)
    timetable = timetable_of(solution, problem)
    if course_id not in problem.course_numbers:
        raise Unreadable(f"unknown course {course_id[:40]}")
    try:
        at = period_of(problem, day, period)
    except Malformed as error:
        raise Unreadable(str(error)) from error
    course = problem.course_numbers[course_id]
    why = why_not(problem, timetable, course=course, period=at)
    if why.held:
        return Answer(lines=(f"{course_id} meets then.",), value={"held": True})
    lines = [each["en"] for each in why.obstacles]
    value: dict[str, object] = {"held": False, "obstacles": list(why.obstacles)}
    if why.best is not None:
        clashes, points = why.best.clashes, why.best.points
        move = f"{line_of(problem, why.best.gone)} -> {line_of(problem, why.best.come)}"
        value |= {"move": move, "clashes": clashes, "points": points}
        told = ", ".join(f"{code} {count:+}" for code, count in (*clashes.items(), *points.items()))
        total = sum(points.values())
        lines.append(
            f"the least bad move, {move}, breaks hard rules: {told}"
            if clashes
            else f"it can: {move} changes the cost by {total:+} ({told or 'nothing changes'})"
        )
    return Answer(lines=tuple(lines), value=value)


def told_difference(one: Path, other: Path, *, instance: Path | None) -> Answer:
    """Tell two timetables apart, by lecture and by rule."""
    if instance is None:
        raise Unreadable("timetables of courses are compared with --instance FILE")
    problem = instance_of(instance)
    first, second = timetable_of(one, problem), timetable_of(other, problem)
    gone, come = sorted(set(first) - set(second)), sorted(set(second) - set(first))
    lines = [f"{max(len(gone), len(come))} lectures differ"]
    lines += [f"- {line_of(problem, each)}" for each in gone]
    lines += [f"+ {line_of(problem, each)}" for each in come]
    return Answer(
        lines=(*lines, *_costs_side_by_side(problem, first, second)),
        value={
            "only_first": [line_of(problem, each) for each in gone],
            "only_second": [line_of(problem, each) for each in come],
            "first": value_of(check(problem, first)),
            "second": value_of(check(problem, second)),
        },
    )


def _costs_side_by_side(problem: Instance, first: Timetable, second: Timetable) -> list[str]:
    was, now = check(problem, first), check(problem, second)
    rows = [*((code, was.hard[code], now.hard[code]) for code in was.hard),
            *((code, was.soft[code], now.soft[code]) for code in was.soft),
            ("cost", was.cost, now.cost)]  # fmt: skip
    return [f"{name:<24}{old:>8}{new:>8}{new - old:>+8}" for name, old, new in rows]


def _work(effort: Effort) -> float:
    """An effort as CP-SAT's deterministic time."""
    seconds = effort.cpu_seconds or effort.seconds
    return (effort.iterations or 0) / MOVES_PER_WORK if seconds is None else seconds / _UNIT_SECONDS
