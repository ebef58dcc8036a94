"""The annealer's own sums, kept move by move, against the checker, with and without numba."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from services.scheduling.domain.timetabling.annealer import Annealer
from services.scheduling.domain.timetabling.check import check
from services.scheduling.domain.timetabling.tables import tables_of
from tests.architecture.tree import ROOT
from tests.builders.timetabling import an_instance

TEMPERATURES = (5.0, 1.0, 0.2)

ALONE = """
from services.scheduling.domain.timetabling.annealer import Annealer
from services.scheduling.domain.timetabling.tables import tables_of
from tests.builders.timetabling import an_instance
annealer = Annealer(tables_of(an_instance(11)), seed=3)
annealer.run(2.0, 20_000)
print([tuple(each) for each in annealer.best()])
"""


@pytest.mark.parametrize("seed", range(12))
def test_breaches_and_points_are_those_that_the_checker_counts(seed):
    instance = an_instance(seed, courses=10 + seed, rooms=3 + seed % 4, load=0.5 + seed / 30)
    annealer = Annealer(tables_of(instance), seed=seed)

    for temperature in TEMPERATURES:
        for _ in range(20):
            annealer.run(temperature, steps=500)
            checked = check(instance, annealer.best())
            assert annealer.violations == checked.violations
            if annealer.violations == 0:  # what breaks rules has no price that means anything
                assert annealer.cost == checked.cost


def test_one_that_goes_on_from_a_timetable_knows_its_points():
    instance = an_instance(5)
    one, other = (Annealer(tables_of(instance), seed=seed) for seed in (1, 2))
    one.run(1.0)

    other.go_on_from(one.best())

    checked = check(instance, other.best())
    assert (other.violations, other.cost) == (checked.violations, checked.cost)
    assert other.cost <= one.cost


def test_without_numba_the_same_seed_gives_the_same_timetable():
    plain = {**os.environ, "NUMBA_DISABLE_JIT": "1"}
    said = [
        subprocess.run([sys.executable, "-c", ALONE], cwd=ROOT, env=environ, text=True,
                       check=True, capture_output=True).stdout
        for environ in (dict(os.environ), plain)
    ]  # fmt: skip

    assert said[0] == said[1]
