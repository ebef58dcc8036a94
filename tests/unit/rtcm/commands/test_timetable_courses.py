"""``rtcm timetable`` on course files: what it prints, and how it refuses."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from rtcm.commands.timetable import timetable
from tests.architecture.tree import ROOT
from tests.unit.scheduling.domain.timetabling.test_reading import TEXT

GOOD = "Law A 0 0\nLaw A 1 0\nAid A 0 1\n"


@pytest.fixture
def run(tmp_path):
    """Write files, run a command on them; its exit status and all it said."""

    def run(*arguments, **files):
        for name, content in files.items():
            raw = content if isinstance(content, bytes) else content.encode()
            (tmp_path / name).write_bytes(raw)
        words = [str(tmp_path / a[1:]) if a.startswith("@") else a for a in arguments]
        result = CliRunner().invoke(timetable, words)
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result.exit_code, result.output

    return run


def test_a_timetable_that_holds_is_counted_by_rule(run):
    status, said = run("check", "@i", "@s", "--json", i=TEXT, s=GOOD)

    assert status == 0
    assert json.loads(said) == {
        "hard": {
            "lectures": 0,
            "conflicts": 0,
            "availability": 0,
            "room_occupancy": 0,
            "room_availability": 0,
        },
        "soft": {
            "room_capacity": 10,
            "min_working_days": 0,
            "curriculum_compactness": 2,
            "room_stability": 0,
        },
        "violations": 0,
        "cost": 12,
        "breaches": [],
    }


def test_a_timetable_that_does_not_hold_ends_with_1_and_names_what_breaks(run):
    status, said = run("check", "@i", "@s", i=TEXT, s="Law A 0 0\nLaw A 1 2\nAid A 0 0\n")

    assert status == 1
    assert "Law, Aid: both meet on day 0 period 0." in said
    assert "Law: cannot be taught on day 1 period 2." in said
    assert "Room A: 2 lectures on day 0 period 0." in said


@pytest.mark.parametrize(
    ("instance", "solution", "part"),
    [
        (TEXT.replace("Days: 2", "Days: two"), GOOD, "line 4: the number of days"),
        (b"", GOOD, "the header has no Days"),
        (b"\x89PNG\r\n\x1a\n\0\0", GOOD, "not a text file"),
        (TEXT, "Law A 0 0 0", "line 1: not 'CourseID RoomID Day Period'"),
        (TEXT, b"\xff\xfe\0\x01", "line 1: not 'CourseID RoomID Day Period'"),
        (TEXT, "Law A NaN 0", "line 1: no such day and period"),
    ],
)
def test_what_cannot_be_read_ends_with_2_and_a_sentence(run, instance, solution, part):
    status, said = run("check", "@i", "@s", i=instance, s=solution)

    assert status == 2
    assert part in said
    assert "Traceback" not in said


def test_a_file_that_is_not_there_ends_with_2(run):
    assert run("check", "@nowhere", "@s", s=GOOD)[0] == 2
    assert run("check", "@i", "@nowhere", i=TEXT)[0] == 2


def test_two_timetables_are_compared(run):
    other = GOOD.replace("Law A 1 0", "Law A 1 1")

    status, said = run("compare", "@s", "@o", "--instance", "@i", i=TEXT, s=GOOD, o=other)

    assert status == 0
    assert said.splitlines()[:3] == ["1 lectures differ", "- Law A 1 0", "+ Law A 1 1"]
    assert "cost" in said


def test_a_problem_that_counting_shows_to_be_hopeless_is_not_searched(run, tmp_path):
    text = TEXT.replace("Law Ocra 2 2 30", "Law Ocra 6 2 30")

    status, said = run("solve", "@i", "--out", "@o", i=text)

    assert status == 1
    assert "course Law: 6 lectures, 5 periods in which they can be held." in said
    assert not (tmp_path / "o").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("--seconds", "0"),
        ("--seconds", "nan"),
        ("--seed", "-1"),
        ("--seed", "1e3"),
        ("--workers", "0"),
        ("--iterations", "100", "--workers", "2"),
        ("--iterations", "9" * 30),
    ],
)
def test_an_effort_that_cannot_be_ends_with_2(run, words):
    assert run("solve", "@i", "--out", "@o", *words, i=TEXT)[0] == 2


EXAMPLE = (ROOT / "docs/examples/timetable-change.json").read_text("utf-8")
REPAIR = ("repair", "@i", "@s", "--change", "@c", "--out", "@o", "--seconds", "20", "--json")


def test_the_example_of_a_change_is_repaired_with_the_fewest_moves(run, tmp_path):
    status, said = run(*REPAIR, i=TEXT, s=GOOD, c=EXAMPLE)

    assert status == 0
    told = json.loads(said)
    assert (told["moves"], told["fewest_proved"], told["violations"]) == (2, True, 0)
    assert len((tmp_path / "o").read_text().splitlines()) == 3


def test_a_change_that_leaves_no_timetable_is_said_to(run):
    events = [
        {"kind": "room_closed", "room": "A", "day": 0},
        {"kind": "teacher_unavailable", "teacher": "Ocra", "day": 1},
    ]

    status, said = run(*REPAIR, i=TEXT, s=GOOD, c=json.dumps({"events": events}))

    assert (status, json.loads(said)) == (1, {"proved": True})


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ("", "not JSON"),
        ("[]", "the whole"),
        ('{"events": [{"kind": "strike"}]}', "events[0]"),
        ('{"events": [{"kind": "room_closed", "room": "A", "day": NaN}]}', "NaN"),
        ('{"events": [{"kind": "room_closed", "room": "A", "day": 7}]}', "there is no day 7"),
        ('{"events": [{"kind": "room_closed", "room": "B"}]}', "events[0]: unknown room B"),
        ('{"events": [{"kind": "room_closed"}]}', "events[0]"),
        ('{"events": [{"kind": "room_capacity", "room": "A", "seats": 1e30}]}', "events[0]"),
    ],
)
def test_a_change_that_cannot_be_ends_with_2(run, change, part):
    status, said = run(*REPAIR, i=TEXT, s=GOOD, c=change)

    assert status == 2
    assert part in said


def test_a_problem_without_a_timetable_is_explained(run):
    closed = "".join(f"Aid {period // 3} {period % 3}\n" for period in range(6))
    text = TEXT.replace("Constraints: 1\n", "").replace("Law   1  2\n", closed)

    status, said = run("explain", "@i", "--json", i=text)

    told = json.loads(said)
    assert (status, told["feasible"], told["minimal"]) == (1, False, True)
    assert [(each["kind"], each["whose"]) for each in told["core"]] == [
        ("availability", "Aid"),
        ("lectures", "Aid"),
    ]


def test_a_problem_with_a_timetable_needs_no_explanation(run):
    assert run("explain", "@i", i=TEXT)[0] == 0


def test_why_not_then_names_what_is_in_the_way_or_the_price(run):
    files = {"i": TEXT, "s": GOOD}

    taken = run("why", "@i", "@s", "Aid", "0", "0", **files)
    free = run("why", "@i", "@s", "Aid", "1", "1", **files)
    held = run("why", "@i", "@s", "Law", "0", "0", **files)

    assert "Curriculum Cur1 has Law then." in taken[1]
    assert "Every room is taken or closed then." in taken[1]
    assert "it can: Aid A 0 1 -> Aid A 1 1 changes the cost by +0" in free[1]
    assert held == (0, "Law meets then.\n")
    assert run("why", "@i", "@s", "Art", "0", "0", **files)[0] == 2
    assert run("why", "@i", "@s", "Law", "9", "0", **files)[0] == 2
