"""What a cohort can take: sessions in a week, and days between two parts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations, pairwise
from typing import Any, ClassVar

from services.scheduling.domain.solver.choices import Choice, Model
from services.scheduling.domain.solver.limits.limit import week_of
from services.scheduling.domain.solver.problem import Placed, Plan, Problem
from services.scheduling.domain.solver.rules import Rule


class WeekLimit:
    """A cohort has no more sessions in one ISO week than its limit."""

    rule: ClassVar[Rule] = Rule.WEEK_LIMIT

    def breaches(self, problem: Problem, plan: Plan) -> Iterator[tuple[str, ...]]:
        """Weeks of a cohort with too many sessions."""
        weeks: dict[tuple[str, tuple[int, int]], list[str]] = defaultdict(list)
        for place in plan.placed:
            cohort_id = problem.needs[place.session_id].cohort_id
            weeks[cohort_id, week_of(problem.day_of(place))].append(place.session_id)
        for (cohort_id, _), session_ids in weeks.items():
            limit = problem.terms[cohort_id].sessions_per_week
            if limit is not None and len(session_ids) > limit:
                yield tuple(session_ids)

    def bind(self, model: Model) -> None:
        """At most so many true days in each week."""
        for terms in model.problem.cohorts:
            if terms.sessions_per_week is None:
                continue
            weeks: dict[tuple[int, int], list[Any]] = defaultdict(list)
            for choice in model.of_cohort[terms.cohort_id]:
                for day, on in choice.days.items():
                    weeks[week_of(day)].append(on)
            for chosen_in in weeks.values():
                model.cp.add(sum(chosen_in) <= terms.sessions_per_week)


class PartGap:
    """Between the last day of a part and the first of the next lie so many free days."""

    rule: ClassVar[Rule] = Rule.PART_GAP

    def breaches(self, problem: Problem, plan: Plan) -> Iterator[tuple[str, ...]]:
        """Pairs of sessions of two parts that lie too near each other."""
        places: dict[str, list[Placed]] = defaultdict(list)
        for place in plan.placed:
            places[problem.needs[place.session_id].cohort_id].append(place)
        for terms in problem.cohorts:
            if not terms.part_gap_days:
                continue
            for first, second in combinations(places[terms.cohort_id], 2):
                ranks = [problem.needs[each.session_id].part_rank for each in (first, second)]
                early, late = (first, second) if ranks[0] < ranks[1] else (second, first)
                days = (problem.day_of(late) - problem.day_of(early)).days
                # In the wrong order they break the order of parts, not this rule.
                if ranks[0] != ranks[1] and 0 <= days <= terms.part_gap_days:
                    yield (early.session_id, late.session_id)

    def bind(self, model: Model) -> None:
        """A last day of each part; the next begins more than the gap later."""
        for terms in model.problem.cohorts:
            if not terms.part_gap_days:
                continue
            parts: dict[int, list[Choice]] = defaultdict(list)
            for choice in model.of_cohort[terms.cohort_id]:
                parts[choice.need.part_rank].append(choice)
            for earlier, later in pairwise(sorted(parts)):
                last = model.cp.new_int_var(
                    terms.starts_on.toordinal(), terms.ends_on.toordinal(), ""
                )
                for choice in parts[earlier]:
                    model.cp.add(choice.day() <= last)
                for choice in parts[later]:
                    model.cp.add(choice.day() > last + terms.part_gap_days)
