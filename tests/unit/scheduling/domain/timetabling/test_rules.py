"""Rules with rooms closed, lectures missing or too many; what a model of a hard rule admits."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from ortools.sat.python import cp_model

from services.scheduling.domain.timetabling.board import Board
from services.scheduling.domain.timetabling.check import check
from services.scheduling.domain.timetabling.encoding import Encoding
from services.scheduling.domain.timetabling.proving import solver_of
from services.scheduling.domain.timetabling.rules import HARD, RULES
from services.scheduling.domain.timetabling.solution import Placed
from tests.builders.timetabling import an_instance, any_timetable

SEEDS = range(20)


def an_instance_after_a_change(seed):
    """As files have them, with some rooms closed besides."""
    chance = random.Random(seed)
    instance = an_instance(seed, courses=7, periods_per_day=3)
    closed = {(chance.randrange(3), chance.randrange(instance.period_count)) for _ in range(4)}
    return replace(instance, rooms_closed=frozenset(closed))


def somewhere(instance, chance):
    return Placed(
        chance.randrange(len(instance.courses)),
        chance.randrange(len(instance.rooms)),
        chance.randrange(instance.period_count),
    )


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_the_change_is_the_difference_of_two_full_counts(rule):
    for seed in SEEDS:
        instance, chance = an_instance_after_a_change(seed), random.Random(seed)
        before = list(any_timetable(instance, seed))
        gone = chance.sample(before, chance.randint(0, 4))
        come = [somewhere(instance, chance) for _ in range(chance.randint(0, 4))]
        after = list(before)
        for each in gone:
            after.remove(each)
        board = Board(instance, before)

        change = rule.delta(board, gone, come)

        assert change == rule.count(Board(instance, after + come)) - rule.count(board)
        assert rule.count(board) == rule.count(Board(instance, before))


def apart(instance, seed):
    """Every lecture in a place and, within its course, a period of its own."""
    chance = random.Random(seed)
    places = [
        (period, room)
        for period in range(instance.period_count)
        for room in range(len(instance.rooms))
    ]
    chance.shuffle(places)
    timetable = []
    for course, each in enumerate(instance.courses):
        held = set()
        for period, room in list(places):
            if len(held) < each.lecture_count and period not in held:
                held.add(period)
                places.remove((period, room))
                timetable.append(Placed(course, room, period))
    return tuple(timetable)


def admitted(rule, instance, timetable):
    """Whether a model with this rule alone can hold the timetable."""
    rooms = list(range(len(instance.rooms)))
    anywhere = [dict.fromkeys(range(instance.period_count), rooms)] * len(instance.courses)
    encoding = Encoding(instance, anywhere)
    held = set(timetable)
    for (course, period, room), on in encoding.places.items():
        encoding.model.add(on == (Placed(course, room, period) in held))
    rule.encode(encoding)
    return solver_of(seed=1, work=1.0).solve(encoding.model) == cp_model.OPTIMAL


@pytest.mark.parametrize("rule", HARD, ids=lambda rule: rule.code)
def test_a_model_admits_what_breaks_no_hard_rule_and_nothing_else(rule):
    for seed in SEEDS[:6]:
        instance = an_instance_after_a_change(seed)
        timetable = apart(instance, seed)[seed % 2 :]  # sometimes a lecture is missing

        assert admitted(rule, instance, timetable) == (rule.count(Board(instance, timetable)) == 0)


def test_every_breach_has_a_sentence_in_both_languages_and_counts_once():
    instance = an_instance_after_a_change(3)
    timetable = any_timetable(instance, 3)
    checked = check(instance, timetable)

    for rule in RULES:
        breaches = list(rule.breaches(Board(instance, timetable)))
        counted = sum(breach.count for breach in breaches)
        assert counted == (checked.hard | checked.soft)[rule.code] // (rule.weight or 1)
        assert all(breach.sentence["en"] and breach.sentence["az"] for breach in breaches)
