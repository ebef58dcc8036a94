import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from rtcm.cli import cli
from services.selection.domain.canonical import sha256_of

EXAMPLES = Path(__file__).parents[4] / "docs" / "examples" / "allocation"
MARKET = EXAMPLES / "market.json"
SEATS = "group cap of baku-spring, online: 4"


def _run(*arguments):
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


@pytest.fixture
def result(tmp_path):
    path = tmp_path / "result.json"
    assert _run("allocate", MARKET, "--out", path).exit_code == 0
    return path


def _altered(result, **changes):
    answer = json.loads(result.read_text())
    answer["assignment"] |= changes
    answer["result_sha256"] = sha256_of(answer["assignment"])
    result.write_text(json.dumps(answer))


def test_everybody_is_told_what_closed_each_preference(result, tmp_path):
    out = tmp_path / "why.json"
    ended = _run("explain-allocation", MARKET, result, "--out", out)
    assert (ended.exit_code, ended.output.split()[:3]) == (0, ["6", "people", "explained,"])
    why = json.loads(out.read_text())
    assert why["result_sha256"] == json.loads(result.read_text())["result_sha256"]
    assert why["people"]["a3"] == {
        "placed_at": "online",
        "steps": [
            {
                "cohort_id": "baku-spring",
                "standing": {"band": 0, "score_milli": 88500, "lottery": "23"},
                "closed_by": SEATS,
                "cut_off": {"band": 0, "score_milli": 91000, "lottery": "17"},
            },
            {
                "cohort_id": "online",
                "standing": {"band": 1, "score_milli": 88500, "lottery": "23"},
                "closed_by": None,
                "cut_off": None,
            },
        ],
    }
    assert why["people"]["u1"] == {"placed_at": None, "steps": []}


def test_one_person_is_told_in_words(result):
    ended = _run("explain-allocation", MARKET, result, "--applicant", "a2")
    person, step = ended.output.splitlines()
    assert person == "a2: no place"
    assert step == (
        f"  1. baku-spring: closed by {SEATS}; the cut-off is band 0, score 91000, lottery 17, "
        "theirs band 0, score 88500, lottery 4"
    )


def test_result_of_another_market_is_not_explained(result):
    _altered(result, a1=None)
    ended = _run("explain-allocation", MARKET, result)
    assert (ended.exit_code, ended.stdout) == (1, "")
    assert ended.stderr.startswith("different: ")
    _altered(result, stranger=None)
    assert (
        "stranger is not in both market and result"
        in _run("explain-allocation", MARKET, result).stderr
    )


def test_other_quotas_name_everybody_they_move_and_why(tmp_path):
    out = tmp_path / "moved.json"
    ended = _run("what-if", MARKET, EXAMPLES / "change.json", "--out", out)
    assert ended.exit_code == 0, ended.output
    moved = {one["applicant_id"]: one for one in json.loads(out.read_text())["moved"]}
    assert ended.output.splitlines()[-1] == "2 people moved: 1 better, 1 worse"
    assert (moved["a2"]["before"], moved["a2"]["after"]) == (None, "baku-spring")
    assert (moved["a3"]["before"], moved["a3"]["after"]) == ("online", None)
    assert moved["a3"]["cause"]["closed_by"] == "seats of online: 1"
    assert moved["a3"]["cause"]["cut_off"] == {"band": 0, "score_milli": 79000, "lottery": "11"}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ([], "must be an object"),
        ({"seats": 1}, "unknown field 'seats'"),
        ({"cohorts": {}}, "cohorts: must be a list"),
        ({"cohorts": [{"seats": 1}]}, "cohorts[0]: has no field 'id'"),
        ({"cohorts": [{"id": "nowhere"}]}, "cohorts[0].id: 'nowhere' is no cohort"),
        ({"cohorts": [{"id": "online"}, {"id": "online"}]}, "cohorts[1].id: 'online' is the id"),
        ({"cohorts": [{"id": "online", "seats": True}]}, "cohorts[0].seats: must be a whole"),
        ({"cohorts": [{"id": "online", "seats": -1}]}, "cohorts[0].seats: must be at least 0"),
        ({"cohorts": [{"id": "online", "country_ceilings": {"AZ": 0.5}}]}, "country_ceilings.AZ"),
        ({"cohorts": [{"id": "baku-spring", "country_reserves": {"GE": 4}}]}, "promise 4 places"),
        ({"group_caps": [{"cells": [["nowhere", "*"]], "cap": 1}]}, "group_caps[0].cells[0][0]"),
        ({"group_caps": [{"cells": [["online", "AZ"], ["baku-spring", "AZ"]], "cap": 1}]},
         "crosses the seats of cohort"),
    ],
)  # fmt: skip
def test_malformed_change_names_the_field(change, sentence, tmp_path):
    path = tmp_path / "change.json"
    path.write_text(json.dumps(change))
    ended = _run("what-if", MARKET, path)
    assert (ended.exit_code, len(ended.stderr.splitlines())) == (2, 1)
    assert sentence in ended.stderr


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b"", "not JSON"),
        (b"\xff\xfe", "not UTF-8"),
        (b"{}", "'engine' is a required property"),
        (b'{"assignment": NaN}', "NaN is no JSON number"),
    ],
)
def test_malformed_result_is_a_sentence(text, sentence, result):
    result.write_bytes(text)
    ended = _run("explain-allocation", MARKET, result)
    assert (ended.exit_code, len(ended.stderr.splitlines())) == (2, 1)
    assert sentence in ended.stderr


def test_unknown_person_and_wrong_hash_are_refused(result):
    ended = _run("explain-allocation", MARKET, result, "--applicant", "nobody")
    assert (ended.exit_code, "'nobody' is nobody in" in ended.stderr) == (2, True)
    answer = json.loads(result.read_text())
    result.write_text(json.dumps(answer | {"result_sha256": "0" * 64}))
    assert "result_sha256: it is not the hash" in _run("explain-allocation", MARKET, result).stderr


def test_empty_market_is_explained_and_a_place_that_cannot_be_written_is_said(tmp_path):
    market, result = tmp_path / "market.json", tmp_path / "result.json"
    market.write_text('{"cohorts": [], "applicants": []}')
    assert _run("allocate", market, "--out", result).exit_code == 0
    assert _run("explain-allocation", market, result, "--out", tmp_path / "o").exit_code == 0
    assert json.loads((tmp_path / "o").read_text())["people"] == {}
    ended = _run("explain-allocation", market, result, "--out", tmp_path / "no" / "o")
    assert (ended.exit_code, "No such file" in ended.stderr) == (2, True)
