"""Every rule says the same in full, as a change and to CP-SAT."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.scheduling.domain.timetabling.annealer import Annealer
from services.scheduling.domain.timetabling.board import Board
from services.scheduling.domain.timetabling.check import check
from services.scheduling.domain.timetabling.encoding import Encoding
from services.scheduling.domain.timetabling.proving import solver_of
from services.scheduling.domain.timetabling.rules import HARD, RULES, SOFT
from services.scheduling.domain.timetabling.solution import Placed
from services.scheduling.domain.timetabling.tables import tables_of
from tests.builders.timetabling import an_instance, any_timetable

SEEDS = st.integers(0, 10_000)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
@settings(max_examples=40, deadline=None)
@given(seed=SEEDS, picks=st.lists(st.integers(0, 10_000), min_size=1, max_size=4))
def test_a_change_is_the_difference_of_two_counts(rule, seed, picks):
    instance = an_instance(seed)
    before = any_timetable(instance, seed)
    other = any_timetable(instance, seed + 1)
    moved = sorted({pick % len(before) for pick in picks})
    after = tuple(other[n] if n in moved else placed for n, placed in enumerate(before))

    change = rule.delta(
        Board(instance, before), [before[n] for n in moved], [other[n] for n in moved]
    )

    assert change == rule.count(Board(instance, after)) - rule.count(Board(instance, before))


@settings(max_examples=25, deadline=None)
@given(seed=SEEDS)
def test_cp_sat_prices_a_timetable_as_the_checker_does(seed):
    instance = an_instance(seed, courses=5, curricula=3)
    annealer = Annealer(tables_of(instance), seed=seed)
    for _ in range(20):
        annealer.run(2.0, 500)
    if annealer.violations:
        return  # CP-SAT has no price for what breaks a hard rule
    timetable = annealer.best()
    everywhere = {p: list(range(len(instance.rooms))) for p in range(instance.period_count)}
    encoding = Encoding(instance, [everywhere for _ in instance.courses])
    terms = {rule.code: rule.encode(encoding) for rule in RULES}
    assert not any(terms[rule.code] for rule in HARD)
    for (course, period, room), on in encoding.places.items():
        encoding.model.add(on == (Placed(course, room, period) in timetable))
    points = {rule.code: rule.weight * sum(terms[rule.code]) for rule in SOFT}
    encoding.model.minimize(sum(points.values()))
    solver = solver_of(seed=1, work=20)

    solver.solve(encoding.model)

    priced = {code: round(solver.value(term)) for code, term in points.items()}
    assert priced == dict(check(instance, timetable).soft)


def test_the_same_seed_gives_the_same_timetable():
    tables = tables_of(an_instance(3))
    runs = []
    for seed in (5, 5, 6):
        annealer = Annealer(tables, seed=seed)
        made = [annealer.run(1.0, 3_000) for _ in range(3)]
        runs.append((made, annealer.best()))

    assert runs[0] == runs[1]
    assert runs[0] != runs[2]
    assert np.array_equal(tables.course_of, np.sort(tables.course_of))
