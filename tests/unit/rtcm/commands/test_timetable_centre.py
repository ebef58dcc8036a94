"""``rtcm timetable`` on the centre's own files: what it says, and how it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from rtcm.commands.timetable import timetable

EXAMPLES = Path(__file__).parents[4] / "docs" / "examples" / "timetabling"
PROBLEM, PLAN, CHANGE = (EXAMPLES / f"{name}.json" for name in ("problem", "plan", "change"))


def run(*words):
    """Status and all it said; never a traceback."""
    result = CliRunner().invoke(timetable, [str(word) for word in words])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.output


@pytest.fixture
def spoilt(tmp_path):
    """A copy of the example with one thing changed."""

    def spoil(change, path=PROBLEM):
        value = json.loads(path.read_text("utf-8"))
        change(value)
        copy = tmp_path / path.name
        copy.write_text(json.dumps(value), "utf-8")
        return copy

    return spoil


def test_the_examples_plan_is_checked_compared_and_drawn(tmp_path):
    picture = tmp_path / "plan.svg"

    assert run("check", PROBLEM, PLAN)[0] == 0
    assert run("compare", PLAN, PLAN, "--instance", PROBLEM)[1].startswith("0 sessions differ")
    for by in ("cohort", "trainer", "room"):
        assert run("draw", PLAN, "--by", by, "--out", picture)[0] == 0
        assert picture.read_text("utf-8").startswith("<svg ")


def test_why_a_session_cannot_be_held_on_a_holiday():
    session_id = json.loads(PLAN.read_text("utf-8"))["sessions"][0]["session_id"]

    status, said = run("why", PROBLEM, PLAN, session_id, "2027-03-20", "10:00")

    assert status == 1
    assert "No session is held on a public holiday" in said


def test_what_cannot_be_planned_is_explained(spoilt):
    path = spoilt(lambda p: p.update(trainers=p["trainers"][:1]))

    status, said = run("explain", path, "--iterations", "1000")

    assert status == 1
    assert "no trainer of the kind" in said


def test_a_made_up_problem_is_the_same_for_the_same_seed(tmp_path):
    words = ("--countries", "2", "--cohorts", "3", "--trainings", "8", "--seed", "7", "--out")
    for name in ("one", "two"):
        assert run("generate", *words, tmp_path / name)[0] == 0

    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


@pytest.mark.parametrize(
    ("change", "part"),
    [
        (lambda p: p.pop("sessions"), "'sessions' is a required property"),
        (lambda p: p["sessions"][0].update(minutes="long"), "sessions[0].minutes"),
        (lambda p: p["sessions"][0].update(minutes=10**30), "sessions[0].minutes"),
        (lambda p: p["sessions"].append(p["sessions"][0]), "is there twice"),
        (lambda p: p["sessions"][0].update(cohort_id="none"), "no cohort 'none'"),
        (lambda p: p["sessions"][0].update(after=["x"]), "no session 'x'"),
        (
            lambda p: p["sessions"][0].update(after=[p["sessions"][0]["session_id"]]),
            "waits for itself",
        ),
        (lambda p: p["cohorts"][0].update(zone="Mars/Base"), "no IANA zone"),
        (lambda p: p["cohorts"][0].update(starts_on="2027-02-30"), "cohorts[0].starts_on"),
        (lambda p: p["cohorts"][0].update(ends_on="2020-01-01"), "lies before starts_on"),
        (lambda p: p["cohorts"][0].update(ends_on="2999-01-01"), "three years at most"),
        (
            lambda p: p["trainers"][0].update(trainer_id=p["rooms"][0]["room_code"]),
            "names one of",
        ),
        (
            lambda p: p.update(pins=[{"session_id": "x", "starts_at": "2027-01-09T10:00:00Z"}]),
            "no session 'x'",
        ),
        (lambda p: p.update(surprise=1), "surprise"),
    ],
)
def test_a_problem_that_contradicts_itself_is_refused_by_its_field(spoilt, tmp_path, change, part):
    status, said = run("solve", spoilt(change), "--iterations", "1", "--out", tmp_path / "o")

    assert status == 2
    assert part in said


@pytest.mark.parametrize("raw", [b"{", b"[]", b"{}", b'{"format": NaN}', b"[" * 100_000])
def test_what_is_no_problem_is_refused(tmp_path, raw):
    path = tmp_path / "problem.json"
    path.write_bytes(raw)

    status, said = run("check", path, PLAN)

    assert status == 2
    assert said.startswith(f"rtcm: {path}")


def test_a_change_of_what_is_not_there_is_refused(spoilt, tmp_path):
    change = spoilt(
        lambda c: c.update(changes=[{"kind": "trainer-gone", "trainer_id": "x"}]), CHANGE
    )

    status, said = run("repair", PROBLEM, PLAN, "--change", change, "--out", tmp_path / "o")

    assert (status, "changes[0].trainer_id" in said) == (2, True)


def test_a_plan_that_places_a_session_twice_is_refused(spoilt):
    path = spoilt(lambda p: p["sessions"].append(p["sessions"][0]), PLAN)

    status, said = run("check", PROBLEM, path)

    assert (status, "is placed twice" in said) == (2, True)
