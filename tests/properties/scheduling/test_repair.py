"""Repair moves the fewest; explanations name a minimal set; both tried on made problems."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from services.scheduling.domain.timetabling.annealer import Annealer
from services.scheduling.domain.timetabling.changes import changed
from services.scheduling.domain.timetabling.check import check
from services.scheduling.domain.timetabling.explain import explain, holds
from services.scheduling.domain.timetabling.repair import (
    NotRepaired,
    _Search,
    broken,
    repair,
    with_more_moves,
)
from services.scheduling.domain.timetabling.tables import tables_of
from tests.builders.timetabling import an_instance

WORK = 20.0


def a_case(seed, **size):
    instance = an_instance(seed, courses=6, rooms=2, curricula=3, **size)
    annealer = Annealer(tables_of(instance), seed=seed)
    for _ in range(10):
        annealer.run(0.5, 1_000)
    assume(annealer.violations == 0)
    return instance, annealer.best()


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 10_000), day=st.integers(0, 2), load=st.sampled_from((0.4, 0.8)))
def test_a_repaired_timetable_holds_and_says_how_many_moved(seed, day, load):
    instance, before = a_case(seed, load=load)
    events = [
        {"kind": "room_closed", "room": "r0", "day": day, "periods": [0, 1]},
        {"kind": "course_unavailable", "course": "c1", "day": day},
    ]
    after = changed(instance, events)

    repaired = repair(after, before, seed=1, work=WORK)

    if isinstance(repaired, NotRepaired):
        assert repaired.proved
        assert explain(after, seed=1, work=WORK).feasible is False
        return
    assert check(after, repaired.timetable).violations == 0
    assert check(after, repaired.timetable).cost == repaired.cost
    assert repaired.moves == len(set(repaired.timetable) - set(before))
    assert repaired.fewest
    assert repaired.moves >= len(broken(after, before))
    anywhere = _Search(after, before, frozenset(before), seed=2, work=WORK)
    assert (anywhere.fewest_moves(), anywhere.decided) == (repaired.moves, True)
    more = with_more_moves(after, before, repaired, more=2, seed=1, work=WORK)
    assert more.cost <= repaired.cost
    assert more.moves <= repaired.moves + 2


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), open_count=st.integers(1, 3))
def test_a_core_cannot_hold_and_every_smaller_one_can(seed, open_count):
    instance = an_instance(seed, courses=6, rooms=2, curricula=3, load=0.7)
    closed = {
        (course, period)
        for course in range(3)
        for period in range(open_count, instance.period_count)
    }
    tight = replace(instance, unavailable=instance.unavailable | closed)

    explained = explain(tight, seed=1, work=WORK)

    if explained.feasible:
        assert explained.core == ()
        return
    assert explained.feasible is False
    assert explained.minimal
    assert holds(tight, explained.core, seed=2, work=WORK) is False
    for rest in combinations(explained.core, len(explained.core) - 1):
        assert holds(tight, rest, seed=2, work=WORK) is True
