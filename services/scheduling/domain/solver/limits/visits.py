"""Study visits: days of their own, and time to travel."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import combinations, pairwise
from typing import Any, ClassVar

from services.scheduling.domain.solver.choices import Choice, Model
from services.scheduling.domain.solver.problem import Placed, Plan, Problem, SessionNeed
from services.scheduling.domain.solver.rules import Rule


def blocks_of(needs: Iterable[SessionNeed]) -> dict[tuple[str, str], list[SessionNeed]]:
    """Cohort and block code -> the sessions of that visit in their order."""
    found: dict[tuple[str, str], list[SessionNeed]] = defaultdict(list)
    for need in needs:
        if need.block_code is not None:
            found[need.cohort_id, need.block_code].append(need)
    for block in found.values():
        block.sort(key=lambda each: (each.rank, each.session_id))
    return found


class Block:
    """The sessions of a visit lie on consecutive days, on which the cohort has nothing else."""

    rule: ClassVar[Rule] = Rule.BLOCK

    def breaches(self, problem: Problem, plan: Plan) -> Iterator[tuple[str, ...]]:
        """Neighbours in a visit that do not follow day on day, and whatever lies between."""
        for (cohort_id, code), block in blocks_of(problem.sessions).items():
            days = [problem.day_of(plan.by_session[each.session_id]) for each in block]
            for (one, two), (day, next_day) in zip(pairwise(block), pairwise(days), strict=True):
                if (next_day - day).days != 1:
                    yield (one.session_id, two.session_id)
            for other in problem.of_cohort[cohort_id]:
                day = problem.day_of(plan.by_session[other.session_id])
                if other.block_code != code and day in days:
                    yield (block[days.index(day)].session_id, other.session_id)

    def bind(self, model: Model) -> None:
        """Each day one later than the one before; no other session on any of them."""
        for (cohort_id, code), block in blocks_of(model.problem.sessions).items():
            visit = [model.choices[each.session_id] for each in block]
            for one, two in pairwise(visit):
                model.cp.add(two.day() == one.day() + 1)
            for other in model.of_cohort[cohort_id]:
                if other.need.block_code != code:
                    for day, on in other.days.items():
                        taken = [each.days[day] for each in visit if day in each.days]
                        if taken:
                            # A visit has one session a day, so at most one of them is true.
                            model.cp.add_at_most_one([on, *taken])


class Travel:
    """Cohort and trainer are free for the way there and the way back."""

    rule: ClassVar[Rule] = Rule.TRAVEL

    def breaches(self, problem: Problem, plan: Plan) -> Iterator[tuple[str, ...]]:
        """Sessions that leave no time to travel."""
        holders: dict[str, list[Placed]] = defaultdict(list)
        for place in plan.placed:
            holders[problem.needs[place.session_id].cohort_id].append(place)
            holders[place.trainer_id].append(place)
        seen = set()
        for places in holders.values():
            for pair in combinations(places, 2):
                ids = tuple(each.session_id for each in pair)
                if ids not in seen and self._too_near(problem, *pair):
                    seen.add(ids)
                    yield ids
        for place in plan.placed:
            need = problem.needs[place.session_id]
            away = _away(problem, place)
            for holder in (need.cohort_id, place.trainer_id):
                for each in problem.taken.get(holder, ()):
                    if each.overlaps(*away) and not each.overlaps(place.starts_at, place.ends_at):
                        yield (place.session_id,)

    def _too_near(self, problem: Problem, first: Placed, second: Placed) -> bool:
        """Apart by themselves, but not with their travel."""
        (start, end), (other_start, other_end) = (_away(problem, each) for each in (first, second))
        together = first.starts_at < second.ends_at and second.starts_at < first.ends_at
        return not together and start < other_end and other_start < end

    def bind(self, model: Model) -> None:
        """Nothing of a cohort or trainer overlaps a session with its travel."""
        for choices in model.of_cohort.values():
            if any(choice.need.travel_minutes for choice in choices):
                model.cp.add_no_overlap(
                    _interval(model, choice, choice.need.travel_minutes) for choice in choices
                )
        for users in model.of_trainer.values():
            if any(choice.need.travel_minutes for choice, _ in users):
                model.cp.add_no_overlap(
                    model.cp.new_optional_fixed_size_interval_var(
                        choice.begin - choice.need.travel_minutes,
                        choice.need.minutes + 2 * choice.need.travel_minutes,
                        chosen,
                        "",
                    )
                    for choice, chosen in users
                )
        for choice in model.choices.values():
            if choice.need.travel_minutes:
                self._bind_engagements(model, choice)

    def _bind_engagements(self, model: Model, choice: Choice) -> None:
        taken = model.problem.taken
        buffer = timedelta(minutes=choice.need.travel_minutes)
        length = timedelta(minutes=choice.need.minutes)
        holders = {choice.need.cohort_id: None, **choice.trainers}
        for holder, chosen in holders.items():
            for each in taken.get(holder, ()):
                for start, (day, minute) in choice.starts.items():
                    if each.overlaps(start - buffer, start + length + buffer):
                        here = [~choice.days[day], ~choice.minutes[minute]]
                        model.cp.add_bool_or([*here, ~chosen] if chosen is not None else here)


def _away(problem: Problem, place: Placed) -> tuple[datetime, datetime]:
    buffer = timedelta(minutes=problem.needs[place.session_id].travel_minutes)
    return place.starts_at - buffer, place.ends_at + buffer


def _interval(model: Model, choice: Choice, buffer: int) -> Any:
    return model.cp.new_fixed_size_interval_var(
        choice.begin - buffer, choice.need.minutes + 2 * buffer, ""
    )
