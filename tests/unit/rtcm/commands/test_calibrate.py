"""``rtcm calibrate``: what it prints, and that no file makes it fall over."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from rtcm.commands.reviewing import calibrate_scores

EXAMPLE = Path(__file__).parents[4] / "docs/examples/selection/scores.csv"
HEADER = b"applicant,reviewer,score\n"


def _run(path, *options):
    return CliRunner().invoke(calibrate_scores, [str(path), *options])


def _of(tmp_path, content, *options):
    path = tmp_path / "scores.csv"
    path.write_bytes(content)
    return _run(path, *options)


def test_the_example_is_adjusted(tmp_path):
    out = tmp_path / "result.json"
    answer = _run(EXAMPLE, "--json", "--out", str(out), "--third-reader-above", "12")
    assert answer.exit_code == 0
    result = json.loads(answer.stdout)
    assert result == json.loads(out.read_text("utf-8"))
    assert (result["connected"], result["refused"]) == (True, None)
    assert result["third_reader"] == ["A-02"]
    severity = {r["reviewer"]: r["severity"] for r in result["reviewers"]}
    assert severity["R-2"] > severity["R-1"] > severity["R-3"]
    first = result["applicants"][0]
    assert first["raw_mean"] == 58.5
    assert first["adjusted_mean"] == pytest.approx(
        58.5 + (severity["R-1"] + severity["R-2"]) / 2, abs=1e-5
    )
    assert _run(EXAMPLE).output.startswith("connected")


def test_reviewers_without_a_common_applicant_are_refused_with_their_groups(tmp_path):
    answer = _of(tmp_path, HEADER + b"a,x,1\na,y,2\nb,z,3\n", "--json")
    assert answer.exit_code == 1
    result = json.loads(answer.stdout)
    assert (result["connected"], result["reviewer_groups"]) == (False, [["x", "y"], ["z"]])
    assert [a["raw_mean"] for a in result["applicants"]] == [1.5, 3.0]
    assert "2 groups" in _of(tmp_path, HEADER + b"a,x,1\na,y,2\nb,z,3\n").output


def test_a_byte_order_mark_windows_lines_and_empty_lines_at_the_end_are_taken(tmp_path):
    lines = b"\xef\xbb\xbf" + HEADER + b"a,x,1\na, y ,2\nb,x,1\n\n\n"
    answer = _of(tmp_path, lines.replace(b"\n", b"\r\n"), "--json")
    assert answer.exit_code == 0
    assert [r["reviewer"] for r in json.loads(answer.stdout)["reviewers"]] == ["x", "y"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "line 1: needs a header"),
        (b"\n\n", "line 1: needs a header"),
        (HEADER, "line 2: there are no scores"),
        (b"applicant;reviewer;score\na;x;1\n", "line 1: cells must be separated by commas"),
        (b"applicant,reviewer\na,x\n", "line 1: column score is missing"),
        (b"applicant,reviewer,score,score\n", "line 1: column score is there twice"),
        (b"applicant,reviewer,score,mood\n", "line 1: unknown column 'mood'"),
        (HEADER + b"a,x,1\na,y\n", "line 3: has 2 cells"),
        (HEADER + b"a,x,1\n\na,y,2\n", "line 3: is empty"),
        (HEADER + b"a,x,1\n,y,2\n", "line 3: applicant is empty"),
        (HEADER + b"a,x,good\n", "line 2: score 'good' is no number"),
        (HEADER + b'a,x,"7,5"\n', "line 2: score '7,5' is no number"),
        (HEADER + b"a,x,nan\n", "line 2: score 'nan' is no number"),
        (HEADER + b"a,x,inf\n", "line 2: score 'inf' is no number"),
        (HEADER + b"a,x,1_0\n", "line 2: score '1_0' is no number"),
        (HEADER + b"a,x,1e999\n", "line 2: score '1e999' is beyond"),
        (HEADER + b"a,x,\n", "line 2: score is empty"),
        (HEADER + b"a,x,1\na,y,2\na,x,1\n", "line 4: x scored a already on line 2"),
        (HEADER + b"a,x,1\nb,x,2\n", "line 3: x is the only reviewer"),
        (HEADER + b'a,x,"1\n', "line 2: not CSV"),
        (HEADER + b"a,x,\xff\n", "not UTF-8 text"),
        (b"\x00\x01\x02PK", "line 1"),
        (HEADER + b"a" * 200_000 + b",x,1\n", "line 2: not CSV"),
        (b"applicant,reviewer,score,given_at\na,x,1,soon\n", "line 2: given_at 'soon'"),
    ],
)
def test_what_cannot_be_taken_ends_with_two_and_one_sentence(tmp_path, content, sentence):
    answer = _of(tmp_path, content)
    assert answer.exit_code == 2
    assert sentence in answer.output
    assert answer.output.count("\n") == 1
    assert "Traceback" not in answer.output


def test_a_file_that_is_not_there_and_a_place_that_cannot_be_written(tmp_path):
    assert _run(tmp_path / "none.csv").exit_code == 2
    assert _run(tmp_path).exit_code == 2
    assert _run(EXAMPLE, "--out", str(tmp_path / "no" / "out.json")).exit_code == 2
