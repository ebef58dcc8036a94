"""The annealer's own sums, kept move by move, against the checker, with and without numba."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from services.scheduling.domain.timetabling import compiled
from services.scheduling.domain.timetabling.annealer import SETTLED, Annealer
from services.scheduling.domain.timetabling.check import check
from services.scheduling.domain.timetabling.compiled import KERNELS
from services.scheduling.domain.timetabling.tables import tables_of
from tests.architecture.tree import ROOT
from tests.builders.timetabling import an_instance

TEMPERATURES = (5.0, 1.0, 0.2)

ALONE = """
from services.scheduling.domain.timetabling.annealer import Annealer
from services.scheduling.domain.timetabling.tables import tables_of
from tests.builders.timetabling import an_instance
annealer = Annealer(tables_of(an_instance(11, courses=20, load=0.8)), seed=3)
annealer.settle(0.3, 20_000)
annealer.run(annealer.usual_change(), 20_000)
print(annealer.usual_change(), [tuple(each) for each in annealer.best()])
"""

OUTER = """
from compiled import compiled
from moves import inner

@compiled
def outer(count: int) -> int:
    return count * inner()
"""

INNER = """
from compiled import inlined

@inlined
def inner() -> int:
    return {points}
"""

TRIED = """
from annealing import outer
print(outer(1), "kept" if outer.stats.cache_hits else "made")
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


@pytest.mark.parametrize("seed", range(6))
def test_settling_counts_breaches_as_the_checker_does_and_gets_rid_of_them(seed):
    instance = an_instance(
        seed, courses=40, rooms=8, days=4, curricula=60, teachers=20, load=0.7, unavailable=0.3
    )
    annealer = Annealer(tables_of(instance), seed=seed)
    broken = {annealer.violations}

    for _ in range(400):
        annealer.settle(SETTLED, steps=250)
        broken.add(annealer.violations)
        assert annealer.violations == check(instance, annealer.best()).violations

    assert min(broken) == 0
    before = annealer.best()
    assert annealer.settle(SETTLED) == 0
    assert annealer.best() == before


def test_a_usual_change_grows_with_the_curricula_of_a_course():
    few = an_instance(3, courses=30, rooms=6, curricula=20)
    many = replace(
        few,
        curricula=tuple(
            replace(each, curriculum_id=f"{each.curriculum_id}-{number}")
            for each in few.curricula
            for number in range(12)
        ),
    )
    usual = [Annealer(tables_of(each), seed=1).usual_change() for each in (few, many)]

    assert usual[0] >= 1.0
    assert usual[1] == pytest.approx(12 * usual[0], rel=0.2)


def test_code_that_was_kept_goes_when_a_kernel_that_it_calls_changes(tmp_path):
    for name in KERNELS:
        (tmp_path / f"{name}.py").touch()
    shutil.copy(Path(compiled.__file__), tmp_path / "compiled.py")
    (tmp_path / "annealing.py").write_text(OUTER, "utf-8")
    said = []

    for points in (3, 3, 4):
        (tmp_path / "moves.py").write_text(INNER.format(points=points), "utf-8")
        ran = subprocess.run([sys.executable, "-c", TRIED], cwd=tmp_path, text=True, check=True,
                             capture_output=True)  # fmt: skip
        said.append(ran.stdout.split())

    assert said == [["3", "made"], ["3", "kept"], ["4", "made"]]


def test_all_modules_of_kernels_are_looked_at():
    folder = ROOT / "services/scheduling/domain/timetabling"
    made = {
        path.stem
        for path in folder.glob("*.py")
        if "timetabling.compiled import compiled" in path.read_text("utf-8")
    }

    assert made | {"tables"} == set(KERNELS)
