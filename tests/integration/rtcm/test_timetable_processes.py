"""``rtcm timetable solve`` as processes: the same twice, cut short, killed, gone on with."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from services.scheduling.domain.timetabling.check import check
from services.scheduling.domain.timetabling.reading import read_instance
from services.scheduling.domain.timetabling.solution import read_solution
from services.scheduling.domain.timetabling.writing import write_instance
from tests.builders.timetabling import an_instance

_WAIT_SECONDS = 240.0  # a first run compiles, and others may be at work


@pytest.fixture
def instance(tmp_path):
    path = tmp_path / "made.ctt"
    made = an_instance(
        7, courses=50, rooms=8, days=5, periods_per_day=5, curricula=30, teachers=20, load=0.7
    )
    path.write_bytes(write_instance(made))
    return path


@pytest.fixture
def solving():
    """Start ``solve``; none outlives the test."""
    started = []

    def solving(instance, out, *words):
        command = [sys.executable, "-m", "rtcm.cli", "timetable", "solve", str(instance)]
        process = subprocess.Popen(
            [*command, "--out", str(out), *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        started.append(process)
        return process

    yield solving
    for process in started:
        if process.poll() is None:
            process.kill()
        process.wait()
        process.stdout.close()


def ended(process):
    said, _ = process.communicate(timeout=_WAIT_SECONDS)
    return process.returncode, said


def cost_of(instance, solution):
    problem = read_instance(instance.read_bytes())
    checked = check(problem, read_solution(solution.read_bytes(), problem))
    assert checked.violations == 0
    return checked.cost


def wait_until(holds):
    until = time.monotonic() + _WAIT_SECONDS
    while not holds():
        assert time.monotonic() < until, "it did not come to pass"
        time.sleep(0.1)


def children_of(pid):
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def runs(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_the_same_seed_and_iterations_give_the_same_file(instance, solving, tmp_path):
    words = ("--iterations", "200000", "--seed", "4")

    for name in ("a", "b"):
        assert ended(solving(instance, tmp_path / name, *words))[0] == 0

    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_search_that_is_told_to_end_leaves_its_best(instance, solving, tmp_path, number):
    out = tmp_path / "out"
    process = solving(instance, out, "--seconds", "3000")
    wait_until(out.exists)

    os.kill(process.pid, number)
    status, said = ended(process)

    assert status in (0, 1), said
    problem = read_instance(instance.read_bytes())
    assert len(read_solution(out.read_bytes(), problem)) == problem.lecture_count


@pytest.mark.skipif(sys.platform != "linux", reason="looks at processes as Linux shows them")
def test_workers_end_when_the_command_is_killed(instance, solving, tmp_path):
    out = tmp_path / "out"
    process = solving(instance, out, "--seconds", "3000")
    wait_until(out.exists)
    workers = children_of(process.pid)
    assert len(workers) == 2

    process.kill()

    wait_until(lambda: not any(map(runs, workers)))
    assert read_solution(out.read_bytes(), read_instance(instance.read_bytes()))


@pytest.mark.skipif(sys.platform != "linux", reason="looks at processes as Linux shows them")
def test_a_search_goes_on_when_a_worker_is_killed(instance, solving, tmp_path):
    out = tmp_path / "out"
    process = solving(instance, out, "--iterations", "2000000", "--workers", "1")
    wait_until(out.exists)

    os.kill(children_of(process.pid)[0], signal.SIGKILL)
    status, said = ended(process)

    assert status in (0, 1), said
    assert "best found after" in said


def test_a_search_goes_on_from_what_a_killed_one_left(instance, solving, tmp_path):
    kept, problem = tmp_path / "kept", read_instance(instance.read_bytes())

    def holds():
        return (
            kept.exists()
            and not check(problem, read_solution(kept.read_bytes(), problem)).violations
        )

    first = solving(instance, tmp_path / "a", "--seconds", "3000", "--checkpoint", str(kept))
    wait_until(holds)
    first.kill()
    first.communicate()
    before = cost_of(instance, kept)

    words = ("--iterations", "1", "--checkpoint", str(kept))
    assert ended(solving(instance, tmp_path / "b", *words))[0] == 0

    assert cost_of(instance, tmp_path / "b") <= before
