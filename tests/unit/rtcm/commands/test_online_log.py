"""``rtcm online-log``: evidence from a meeting's log, and what is left to people."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from rtcm.commands.attending import read_online_log
from services.scheduling.api.sessions import EvidenceList
from tests.architecture.tree import ROOT

EXAMPLES = ROOT / "docs/examples/attendance"
ONE, TWO, THREE = (f"00000000-0000-4000-8000-00000000000{number}" for number in (1, 2, 3))


@pytest.fixture
def run(tmp_path):
    """Status, all it said, and the evidence it wrote."""

    def run(log=None, names=None, zone="Asia/Baku", *more):
        paths = []
        for name, content in (("online-log.csv", log), ("names.json", names)):
            path = EXAMPLES / name
            if content is not None:
                path = tmp_path / name
                path.write_bytes(content if isinstance(content, bytes) else content.encode())
            paths.append(str(path))
        out = tmp_path / "evidence.json"
        words = [paths[0], "--names", paths[1], "--zone", zone, "--out", str(out), *more]
        result = CliRunner().invoke(read_online_log, words)
        assert result.exception is None or isinstance(result.exception, SystemExit)
        written = json.loads(out.read_text("utf-8")) if out.exists() else None
        return result.exit_code, result.output, written

    return run


def test_the_example_becomes_evidence_that_the_service_takes(run):
    status, said, written = run(None, None, "Asia/Baku", "--json")

    told = json.loads(said)
    assert (status, told["participants"], told["intervals"]) == (1, 2, 3)
    assert told["repeated"] == [5]
    assert [(each["doubt"], each["lines"]) for each in told["conflicts"]] == [
        ("unknown_name", [6]),
        ("no_end", [7]),
    ]
    assert "iPad: nobody on the list" in told["conflicts"][0]["sentence"]["en"]
    assert EvidenceList().validate(written) == {}
    assert [each["participant_id"] for each in written["items"]] == [ONE, ONE, TWO]
    assert written["items"][0]["joined_at"] == "2027-03-13T06:02:00+00:00"


def test_two_devices_at_once_are_one_presence_and_an_offset_is_believed(run):
    log = (
        "name,joined_at,left_at\n"
        "P. Two,2027-03-13T10:00+04:00,2027-03-13T11:00+04:00\n"
        "PARTICIPANT TWO,2027-03-13T06:30Z,2027-03-13T08:00Z\n"
    )

    status, _, written = run(log)

    assert status == 0
    assert [(each["joined_at"], each["left_at"]) for each in written["items"]] == [
        ("2027-03-13T06:00:00+00:00", "2027-03-13T08:00:00+00:00")
    ]


def test_a_name_of_two_people_is_left_to_people(run):
    names = json.dumps({ONE: ["Sam"], THREE: ["sam "]})

    status, said, written = run(
        "name,joined_at,left_at\nSam,2027-03-13T10:00,2027-03-13T11:00\n", names
    )

    assert (status, written) == (1, {"items": []})
    assert "several people on the list have this name (lines 2)" in said


@pytest.mark.parametrize(
    ("log", "names", "zone", "part"),
    [
        (b"\xff\xfe\0", None, "UTC", "not UTF-8"),
        ("", None, "UTC", "line 1: needs a header"),
        ("name,joined_at\n", None, "UTC", "column left_at is missing"),
        ("name,joined_at,left_at\nA,soon,\n", None, "UTC", "line 2: joined_at is no time"),
        ("name,joined_at,left_at\n,2027-03-13T10:00,\n", None, "UTC", "line 2: name is empty"),
        (
            "name,joined_at,left_at\nA,0001-01-01T00:00,\n",
            None,
            "Asia/Baku",
            "joined_at is no time",
        ),
        (None, "{", "UTC", "not JSON"),
        (None, '{"x": ["A"]}', "UTC", "'x'"),
        (None, json.dumps({ONE: "A"}), "UTC", "is not of type 'array'"),
        (None, None, "Mars/Olympus", "no time zone"),
        (None, None, "../etc/passwd", "no time zone"),
    ],
)
def test_what_cannot_be_taken_ends_with_2_and_a_sentence(run, log, names, zone, part):
    status, said, written = run(log, names, zone)

    assert (status, written) == (2, None)
    assert part in said
