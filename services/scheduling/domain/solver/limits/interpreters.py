"""Interpreters as a scarce resource."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, ClassVar

from services.scheduling.domain.solver.choices import Model
from services.scheduling.domain.solver.problem import Plan, Problem
from services.scheduling.domain.solver.rules import Rule
from services.scheduling.domain.solver.wishes import speaks


class Interpreters:
    """No more sessions need an interpreter at one moment than there are interpreters."""

    rule: ClassVar[Rule] = Rule.INTERPRETERS

    def breaches(self, problem: Problem, plan: Plan) -> Iterator[tuple[str, ...]]:
        """Sessions at whose start too many need an interpreter."""
        if problem.interpreter_count is None:
            return
        busy: list[tuple[datetime, datetime, str]] = [
            (place.starts_at, place.ends_at, place.session_id)
            for place in plan.placed
            if problem.interprets(place)
        ]
        elsewhere = [(e.starts_at, e.ends_at, "") for e in problem.engagements if e.interpreted]
        told = set()
        for moment, _, _ in sorted(busy + elsewhere):
            at_once = [each for each in busy if each[0] <= moment < each[1]]
            others = sum(1 for start, end, _ in elsewhere if start <= moment < end)
            ids = tuple(sorted(session_id for _, _, session_id in at_once))
            if ids and ids not in told and len(ids) + others > problem.interpreter_count:
                told.add(ids)
                yield ids

    def bind(self, model: Model) -> None:
        """A cumulative over the sessions whose trainer does not speak the cohort's language."""
        problem = model.problem
        if problem.interpreter_count is None:
            return
        intervals: list[Any] = []
        for choice in model.choices.values():
            terms = problem.terms[choice.need.cohort_id]
            foreign = [
                chosen
                for trainer_id, chosen in choice.trainers.items()
                if not speaks(terms, problem.offers[trainer_id].language_codes)
            ]
            if foreign:
                needed = model.cp.new_bool_var("")
                model.cp.add(sum(foreign) == needed)
                intervals.append(
                    model.cp.new_optional_fixed_size_interval_var(
                        choice.begin, choice.need.minutes, needed, ""
                    )
                )
        if not intervals:
            return
        intervals += [
            model.cp.new_fixed_size_interval_var(
                model.since_origin(each.starts_at),
                int((each.ends_at - each.starts_at).total_seconds()) // 60,
                "",
            )
            for each in problem.engagements
            if each.interpreted
        ]
        model.cp.add_cumulative(intervals, [1] * len(intervals), problem.interpreter_count)
