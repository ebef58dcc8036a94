"""Why there is no plan: which needs cannot be met, or which rules cannot hold together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ortools.sat.python import cp_model

from chassis.language_map import LanguageMap
from services.scheduling.domain.solver.candidates import (
    open_days,
    rooms_of,
    starts_of,
    trainers_of,
)
from services.scheduling.domain.solver.model import build
from services.scheduling.domain.solver.problem import Problem
from services.scheduling.domain.solver.rules import SENTENCES, Rule
from services.scheduling.domain.solver.search import Effort, search

_RELAXABLE = tuple(rule for rule in reversed(Rule) if rule not in (Rule.COMPLETE, Rule.SPAN))
"""In the order of trial: those that people find most telling are spared last."""


@dataclass(frozen=True, kw_only=True)
class Reason:
    """One thing that cannot hold: the rules that meet in it and a sentence for people."""

    code: str
    rules: tuple[Rule, ...]
    session_ids: tuple[str, ...]
    sentence: LanguageMap


def counted_reasons(problem: Problem) -> tuple[Reason, ...]:
    """What is wrong with single sessions and whole cohorts, found by counting alone."""
    return (*_lonely(problem), *_too_many(problem))


def _lonely(problem: Problem) -> Iterator[Reason]:
    """Sessions with no day, no trainer or no room at all."""
    days = {terms.cohort_id: open_days(terms) for terms in problem.cohorts}
    for need in problem.sessions:
        code, who = need.training_code, (need.session_id,)
        if not starts_of(problem, need, days=days[need.cohort_id]):
            yield Reason(
                code="session.no_start",
                rules=(Rule.WEEKDAY, Rule.HOLIDAY, Rule.HOURS, Rule.PIN),
                session_ids=who,
                sentence={
                    "en": f"{code}: no allowed starting time on any open day.",
                    "az": f"{code}: heç bir açıq gündə icazəli başlama vaxtı yoxdur.",
                },
            )
        if not trainers_of(problem, need):
            kind = need.trainer_kind_code
            yield Reason(
                code="session.no_trainer",
                rules=(Rule.TRAINER_KIND, Rule.PIN),
                session_ids=who,
                sentence={
                    "en": f"{code}: no trainer of the kind {kind}.",
                    "az": f"{code}: {kind} növündən təlimçi yoxdur.",
                },
            )
        if need.delivery.needs_room and not rooms_of(problem, need):
            seats = problem.terms[need.cohort_id].seat_count
            yield Reason(
                code="session.no_room",
                rules=(Rule.ROOM_FIT, Rule.PIN),
                session_ids=who,
                sentence={
                    "en": f"{code}: no fitting room with {seats} seats.",
                    "az": f"{code}: {seats} yerlik uyğun otaq yoxdur.",
                },
            )


def _too_many(problem: Problem) -> Iterator[Reason]:
    """Cohorts with more sessions than their open days can take."""
    for terms in problem.cohorts:
        needs = problem.of_cohort[terms.cohort_id]
        days = len(open_days(terms))
        # A pin may lie off the starting times, so with pins only the day's limit counts.
        starts = terms.sessions_per_day if problem.pins else len(terms.start_minutes)
        room_for = days * min(terms.sessions_per_day, starts)
        if len(needs) > room_for:
            yield Reason(
                code="cohort.too_many_sessions",
                rules=(Rule.DAY_LIMIT, Rule.WEEKDAY, Rule.HOLIDAY),
                session_ids=tuple(each.session_id for each in needs),
                sentence={
                    "en": f"{len(needs)} sessions on {days} open days, which hold {room_for}.",
                    "az": f"{len(needs)} sessiya var, {days} açıq gündə isə {room_for} yer.",
                },
            )


def conflict(problem: Problem, effort: Effort) -> Reason:
    """Rules that cannot hold together, for a problem known to be infeasible.

    Each rule is tried without, and spared where the rest is infeasible still: none of those that
    stay can be spared (as far as ``effort`` could decide each trial).
    """
    spared: set[Rule] = set()
    for rule in _RELAXABLE:
        without = spared | {rule}
        _, status = search(build(problem, without=without).cp, replace(effort, seed=0))
        if status == cp_model.INFEASIBLE:
            spared = without
    kept = tuple(rule for rule in Rule if rule in _RELAXABLE and rule not in spared)
    return Reason(
        code="rules.conflict",
        rules=kept,
        session_ids=(),
        sentence={
            "en": "These cannot hold together: " + " ".join(SENTENCES[r]["en"] for r in kept),
            "az": "Bunlar birlikdə mümkün deyil: " + " ".join(SENTENCES[r]["az"] for r in kept),
        },
    )
