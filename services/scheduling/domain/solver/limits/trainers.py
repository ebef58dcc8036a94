"""What a trainer can take: sessions in a day and in a week."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterator
from datetime import date
from typing import Any, ClassVar

from services.scheduling.domain.solver.choices import Choice, Model
from services.scheduling.domain.solver.limits.limit import week_of
from services.scheduling.domain.solver.problem import Plan, Problem, TrainerOffer
from services.scheduling.domain.solver.rules import Rule

Period = Callable[[date], Hashable]
"""A day -> the day or the week to which it counts."""


def _limits_of(offer: TrainerOffer) -> Iterator[tuple[Period, int]]:
    if offer.sessions_per_day is not None:
        yield date.toordinal, offer.sessions_per_day
    if offer.sessions_per_week is not None:
        yield week_of, offer.sessions_per_week


def _held_elsewhere(problem: Problem, offer: TrainerOffer, period: Period) -> Counter[Hashable]:
    return Counter(period(each.day) for each in problem.taken.get(offer.trainer_id, ()))


class TrainerLoad:
    """A trainer gives no more sessions a day and a week than agreed; engagements count."""

    rule: ClassVar[Rule] = Rule.TRAINER_LOAD

    def breaches(self, problem: Problem, plan: Plan) -> Iterator[tuple[str, ...]]:
        """Days and weeks of a trainer with too many sessions."""
        given: dict[str, list[tuple[date, str]]] = defaultdict(list)
        for place in plan.placed:
            given[place.trainer_id].append((problem.day_of(place), place.session_id))
        for offer in problem.trainers:
            for period, limit in _limits_of(offer):
                elsewhere = _held_elsewhere(problem, offer, period)
                periods: dict[Hashable, list[str]] = defaultdict(list)
                for day, session_id in given[offer.trainer_id]:
                    periods[period(day)].append(session_id)
                for when, session_ids in periods.items():
                    if len(session_ids) + elsewhere[when] > limit:
                        yield tuple(session_ids)

    def bind(self, model: Model) -> None:
        """Count, for each period, the sessions that lie in it and have this trainer."""
        for offer in model.problem.trainers:
            for period, limit in _limits_of(offer):
                elsewhere = _held_elsewhere(model.problem, offer, period)
                counted: dict[Hashable, list[Any]] = defaultdict(list)
                for choice, chosen in model.of_trainer[offer.trainer_id]:
                    for when, given in self._given(model, choice, chosen, period):
                        counted[when].append(given)
                for when, given_then in counted.items():
                    model.cp.add(sum(given_then) <= max(0, limit - elsewhere[when]))

    def _given(
        self, model: Model, choice: Choice, chosen: Any, period: Period
    ) -> Iterator[tuple[Hashable, Any]]:
        """For each period: a literal that is true if the session lies there with the trainer."""
        days: dict[Hashable, list[Any]] = defaultdict(list)
        for day, on in choice.days.items():
            days[period(day)].append(on)
        for when, chosen_in in days.items():
            if len(days) == 1:
                yield when, chosen
                continue
            given = model.cp.new_bool_var("")
            model.cp.add(given >= sum(chosen_in) + chosen - 1)
            yield when, given
