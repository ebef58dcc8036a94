"""The centre's own planning as a family of the command group: JSON problems, plans and changes."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from time import process_time
from typing import Any
from zoneinfo import ZoneInfo

from chassis.clock import monotonic
from rtcm.commands.files import Unreadable, read_json, write_bytes
from rtcm.ending import word_to_end
from rtcm.timetabling.centre_change import read_change
from rtcm.timetabling.centre_drawing import drawn, picture
from rtcm.timetabling.centre_files import plan_document, read_plan, read_problem, schema_of
from rtcm.timetabling.family import Answer, Progress
from rtcm.timetabling.family import Effort as Asked
from services.scheduling.domain.solver.check import Violation, check
from services.scheduling.domain.solver.explain import Reason
from services.scheduling.domain.solver.problem import Placed, Plan, Problem
from services.scheduling.domain.solver.repair import Repaired, RepairOutcome, repair
from services.scheduling.domain.solver.rules import Rule
from services.scheduling.domain.solver.search import Effort
from services.scheduling.domain.solver.solve import Impossible, Solved, solve
from services.scheduling.domain.solver.wishes import cost_of, costs_by_wish

_SHOWN = 20  # breaches told one by one
_ITERATIONS_OF_WORK = 1_000
_MORE_MOVES = (2, 5)


class Centre:
    """The family of the centre's planning problems."""

    def solve(
        self,
        instance: Path,
        *,
        effort: Asked,
        out: Path,
        checkpoint: Path | None,
        progress: Progress,
    ) -> Answer:
        """Search; the best plan so far is in the file whatever happens."""
        problem = read_problem(instance)
        watch = _Keeping(problem, effort, out, checkpoint, progress)
        start = None
        if checkpoint is not None and checkpoint.exists():
            start = read_plan(checkpoint)
            if check(problem, start):
                raise Unreadable(f"{checkpoint}: no plan of this problem to go on from")
        outcome = solve(problem, effort=_work_of(effort), watch=watch, start=start)
        if isinstance(outcome, Impossible):
            return _impossible(outcome.reasons)
        if not isinstance(outcome, Solved):
            line = "no plan was found in that time, and no reason why there is none"
            return Answer(lines=(line,), value={"reasons": []}, holds=False)
        watch.found(outcome.plan, outcome.cost, outcome.bound, 1.0)
        wishes = costs_by_wish(problem, outcome.plan)
        return Answer(
            lines=(
                f"{len(outcome.plan.placed)} sessions placed, every hard rule kept",
                *(f"  {name:<16}{cost:>8}" for name, cost in wishes.items()),
                f"cost {outcome.cost}, bound {outcome.bound}"
                + (": proved best" if outcome.proved else ""),
                f"best found after {watch.best_at:.1f} s",
            ),
            value={
                "cost": outcome.cost,
                "bound": outcome.bound,
                "by_wish": wishes,
                "seconds_to_best": round(watch.best_at, 3),
            },
        )

    def check(self, instance: Path, solution: Path) -> Answer:
        """Every breach of a hard rule, and the cost of every wish."""
        problem, plan = read_problem(instance), read_plan(solution)
        breaches = check(problem, plan)
        value: dict[str, Any] = {
            "violations": len(breaches),
            "breaches": [
                {"rule": b.rule.value, "session_ids": list(b.session_ids), "sentence": b.sentence}
                for b in breaches
            ],
        }
        if any(breach.rule in (Rule.COMPLETE, Rule.TRAINER_KIND) for breach in breaches):
            return Answer(lines=_told(breaches), value=value, holds=False)
        wishes = costs_by_wish(problem, plan)
        lines = (
            *(f"  {name:<16}{cost:>8}" for name, cost in wishes.items()),
            f"cost {sum(wishes.values())}, {len(breaches)} violations",
            *_told(breaches),
        )
        value |= {"cost": sum(wishes.values()), "by_wish": wishes}
        return Answer(lines=lines, value=value, holds=not breaches)

    def repair(
        self, instance: Path, solution: Path, *, change: Path, effort: Asked, out: Path
    ) -> Answer:
        """Fewest sessions at another time, then the cheapest such plan."""
        problem, plan = read_problem(instance), read_plan(solution)
        changed = read_change(change, problem)
        if changed.leaving is not None and changed.leaving not in plan.by_session:
            raise Unreadable(f"{solution}: sessions: {changed.leaving!r} has no place")
        ended, until = word_to_end(), _deadline(effort)
        work = _work_of(effort)
        each = replace(work, work=work.work / (1 + len(_MORE_MOVES)))

        def repaired(more: int) -> RepairOutcome:
            return repair(
                changed.problem,
                plan,
                effort=each,
                session_id=changed.leaving,
                spare=changed.spare + more,
                stopped=lambda: ended.is_set() or monotonic() > until,
            )

        outcome = repaired(0)
        if isinstance(outcome, Impossible):
            return _impossible(outcome.reasons)
        if not isinstance(outcome, Repaired):
            line = "no repair was found in that time"
            return Answer(lines=(line,), value={"reasons": []}, holds=False)
        _write(out, plan_document(changed.problem, outcome.plan, cost=outcome.cost))
        proved = "proved fewest" if outcome.fewest else "fewer not ruled out"
        frontier = [outcome]
        for further in map(repaired, _MORE_MOVES):
            if isinstance(further, Repaired) and further.cost < frontier[-1].cost:
                frontier.append(further)
        return Answer(
            lines=(
                (
                    f"{len(outcome.restarted)} sessions at another time ({proved}), "
                    f"{len(outcome.moved)} changed in all, cost {outcome.cost}"
                ),
                *_differences(plan, outcome.plan, changed.problem),
                *(f"  {len(one.restarted)} moves: cost {one.cost}" for one in frontier),
            ),
            value={
                "frontier": [{"moves": len(one.restarted), "cost": one.cost} for one in frontier],
                "moves": len(outcome.restarted),
                "fewest": outcome.fewest,
                "changed": list(outcome.moved),
                "cost": outcome.cost,
            },
        )

    def explain(self, instance: Path, *, change: Path | None, effort: Asked) -> Answer:
        """Rules that cannot hold together, none of which can be spared."""
        problem = read_problem(instance)
        if change is not None:
            problem = read_change(change, problem).problem
        watch = _Keeping(problem, effort, None, None, lambda _: None)
        outcome = solve(problem, effort=_work_of(effort), watch=_First(watch))
        if isinstance(outcome, Impossible):
            return _impossible(outcome.reasons)
        if isinstance(outcome, Solved):
            line = "there is a plan: nothing to explain"
            return Answer(lines=(line,), value={"reasons": [], "plan": True})
        line = "neither a plan nor a reason was found in that time"
        return Answer(lines=(line,), value={"reasons": [], "plan": None}, holds=False)

    def why(self, instance: Path, solution: Path, *, subject: str, day: str, period: str) -> Answer:
        """What keeps a session from a local day and time, or what holding it then would cost."""
        problem, plan = read_problem(instance), read_plan(solution)
        if subject not in problem.needs or subject not in plan.by_session:
            raise Unreadable(f"{solution}: sessions: there is no {subject!r}")
        start = _local(problem, subject, day, period)
        held = plan.by_session[subject]
        length = timedelta(minutes=problem.needs[subject].minutes)
        there = replace(held, starts_at=start, ends_at=start + length)
        before = {(b.rule, b.session_ids) for b in check(problem, plan)}
        breaches = _breaches(problem, plan, there, before)
        if breaches:
            other = _with_others(problem, plan, there, before)
            lines = _told(breaches)
            value = {"possible": False, "breaches": [breach.sentence for breach in breaches]}
            if other is not None:
                lines = (*lines, f"it could be held with {other.trainer_id}, {other.room_code}")
                value["with"] = {"trainer_id": other.trainer_id, "room_code": other.room_code}
            return Answer(lines=lines, value=value, holds=False)
        more = cost_of(problem, _put(plan, there)) - cost_of(problem, plan)
        return Answer(
            lines=(f"it can be held then; the plan would cost {more:+}",),
            value={"possible": True, "more_cost": more},
        )

    def compare(self, one: Path, other: Path, *, instance: Path | None) -> Answer:
        """Which sessions differ; with the problem, what each wish costs in both."""
        first, second = read_plan(one), read_plan(other)
        problem = read_problem(instance) if instance is not None else None
        lines = list(_differences(first, second, problem))
        value: dict[str, Any] = {"differences": len(lines)}
        if problem is not None:
            for path, plan in ((one, first), (other, second)):
                if any(b.rule in (Rule.COMPLETE, Rule.TRAINER_KIND) for b in check(problem, plan)):
                    raise Unreadable(f"{path}: no complete plan of this problem")
            costs = [costs_by_wish(problem, plan) for plan in (first, second)]
            for name, cost in costs[0].items():
                lines.append(f"{name:<16}{cost:>8}{costs[1][name]:>8}{costs[1][name] - cost:>+8}")
            value |= {"first": costs[0], "second": costs[1]}
        return Answer(lines=(f"{value['differences']} sessions differ", *lines), value=value)

    def draw(self, solution: Path, *, instance: Path | None, by: str, out: Path) -> Answer:
        """A row for each cohort, trainer or room, a column for each week."""
        plan = read_plan(solution)
        if instance is not None:
            sessions = plan_document(read_problem(instance), plan)["sessions"]
        else:
            sessions = read_json(solution, schema_of("plan"))["sessions"]
        boxes = drawn(sessions, by=by)
        if not boxes:
            raise Unreadable(f"{solution}: sessions: none of them has a {by}")
        write_bytes(out, picture(boxes, title=f"{solution.stem}, by {by}").encode())
        return Answer(lines=(f"{len(boxes)} sessions drawn",), value={"sessions": len(boxes)})


class _Keeping:
    """Writes every better plan, tells of it, and says when the time is over."""

    def __init__(
        self,
        problem: Problem,
        effort: Asked,
        out: Path | None,
        checkpoint: Path | None,
        progress: Progress,
    ) -> None:
        self._problem = problem
        self._paths = [path for path in (out, checkpoint) if path is not None]
        self._progress = progress
        self._began, self._cpu = monotonic(), process_time()
        self._until = _deadline(effort)
        self._cpu_limit = effort.cpu_seconds
        self._ended = word_to_end()
        self._best: int | None = None
        self.best_at = 0.0

    def found(self, plan: Plan, cost: int, bound: int, share: float) -> None:
        """Keep a better plan."""
        if self._best is not None and cost >= self._best:
            return
        self._best, self.best_at = cost, monotonic() - self._began
        for path in self._paths:
            _write(path, plan_document(self._problem, plan, cost=cost, bound=bound))
        self._progress(
            {
                "seconds": round(self.best_at, 3),
                "cpu_seconds": round(process_time() - self._cpu, 3),
                "cost": cost,
                "violations": 0,
                "bound": bound,
                "share": round(share, 3),
            }
        )

    def stopped(self) -> bool:
        """Whether the time is over or somebody said so."""
        spent = process_time() - self._cpu
        over = self._cpu_limit is not None and spent > self._cpu_limit
        return over or self._ended.is_set() or monotonic() > self._until


class _First:
    """Is content with the first plan."""

    def __init__(self, watch: _Keeping) -> None:
        self._watch = watch
        self._found = False

    def found(self, plan: Plan, cost: int, bound: int, share: float) -> None:  # noqa: ARG002 -- of the watch
        """There is a plan: enough."""
        self._found = True

    def stopped(self) -> bool:
        """Once there is a plan, or the time is over."""
        return self._found or self._watch.stopped()


def _work_of(effort: Asked) -> Effort:
    """The same effort as work: a unit is near a CPU second."""
    if effort.iterations is not None:
        return Effort(seed=effort.seed, work=effort.iterations / _ITERATIONS_OF_WORK)
    seconds = [each for each in (effort.seconds, effort.cpu_seconds) if each is not None]
    return Effort(seed=effort.seed, work=min(seconds))


def _deadline(effort: Asked) -> float:
    return monotonic() + effort.seconds if effort.seconds is not None else float("inf")


def _write(path: Path, document: dict[str, Any]) -> None:
    write_bytes(path, (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode())


def _impossible(reasons: Iterable[Reason]) -> Answer:
    told = [reason.sentence for reason in reasons]
    return Answer(
        lines=("there is no plan:", *(f"  {sentence['en']}" for sentence in told)),
        value={"reasons": told},
        holds=False,
    )


def _told(breaches: Iterable[Violation]) -> tuple[str, ...]:
    lines = [f"  {breach.sentence['en']}" for breach in breaches]
    more = [f"  and {len(lines) - _SHOWN} more"] if len(lines) > _SHOWN else []
    return (*lines[:_SHOWN], *more)


def _differences(one: Plan, other: Plan, problem: Problem | None) -> tuple[str, ...]:
    lines = []
    for session_id in sorted(one.by_session.keys() | other.by_session.keys()):
        was, now = one.by_session.get(session_id), other.by_session.get(session_id)
        if was != now:
            zone = _zone(problem, session_id)
            lines.append(f"{session_id}: {_shown(was, zone)} -> {_shown(now, zone)}")
    return tuple(lines)


def _zone(problem: Problem | None, session_id: str) -> ZoneInfo:
    if problem is None or session_id not in problem.needs:
        return ZoneInfo("UTC")
    return ZoneInfo(problem.terms[problem.needs[session_id].cohort_id].zone)


def _shown(place: Placed | None, zone: ZoneInfo) -> str:
    if place is None:
        return "none"
    room = f", {place.room_code}" if place.room_code else ""
    return f"{place.starts_at.astimezone(zone):%a %F %R} {place.trainer_id}{room}"


def _local(problem: Problem, session_id: str, day: str, period: str) -> datetime:
    try:
        at = datetime.combine(date.fromisoformat(day), time.fromisoformat(period))
    except ValueError as error:
        raise Unreadable(f"a day is as 2027-03-21, a time as 10:30: {error}") from error
    return at.replace(tzinfo=_zone(problem, session_id)).astimezone(ZoneInfo("UTC"))


def _put(plan: Plan, place: Placed) -> Plan:
    places = {**plan.by_session, place.session_id: place}
    return Plan(placed=tuple(places[key] for key in sorted(places)))


def _breaches(
    problem: Problem, plan: Plan, there: Placed, before: set[tuple[Rule, tuple[str, ...]]]
) -> list[Violation]:
    """What is broken there that was not before."""
    found = check(problem, _put(plan, there))
    return [each for each in found if (each.rule, each.session_ids) not in before]


def _with_others(
    problem: Problem, plan: Plan, there: Placed, before: set[tuple[Rule, tuple[str, ...]]]
) -> Placed | None:
    """The same time with another trainer or room, if that breaks nothing."""
    kind = problem.needs[there.session_id].trainer_kind_code
    trainers = [each.trainer_id for each in problem.trainers if each.kind_code == kind]
    rooms = [room.room_code for room in problem.rooms] if there.room_code else [None]
    nearest = [(there.trainer_id, room) for room in rooms]
    nearest += [(trainer_id, there.room_code) for trainer_id in trainers]
    for trainer_id, room_code in nearest:
        other = replace(there, trainer_id=trainer_id, room_code=room_code)
        if not _breaches(problem, plan, other, before):
            return other
    return None
