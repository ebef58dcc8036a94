import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from rtcm.cli import cli
from rtcm.commands.allocation import schema
from services.selection.domain.canonical import sha256_of

EXAMPLES = Path(__file__).parents[4] / "docs" / "examples" / "allocation"


def _run(*arguments):
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


def _refused(place, content, *command):
    path = place / "given.json"
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    ended = _run(*command, path, "--out", place / "out.json")
    assert ended.exit_code == 2, ended.output
    assert not (place / "out.json").exists()
    assert len(ended.stderr.splitlines()) == 1
    return ended.stderr


@pytest.mark.parametrize("engine", ["fast", "plain"])
def test_example_is_allocated_alike_by_both_engines(engine, tmp_path):
    out = tmp_path / "result.json"
    ended = _run("allocate", EXAMPLES / "market.json", "--engine", engine, "--out", out)
    answer = json.loads(out.read_text())
    assert ended.exit_code == 0, ended.output
    assert Draft202012Validator(schema("allocation")).is_valid(answer)
    assert Draft202012Validator(schema("market")).is_valid(
        json.loads((EXAMPLES / "market.json").read_text())
    )
    assert answer == {
        "engine": engine,
        "verified": True,
        "result_sha256": sha256_of(answer["assignment"]),
        "placed_count": 4,
        "unplaced_count": 2,
        "cohorts": {
            "baku-spring": {"seats": 3, "placed": 2, "by_country": {"AZ": 1, "GE": 1}},
            "online": {"seats": 2, "placed": 2, "by_country": {"AZ": 1, "TR": 1}},
        },
        "assignment": {
            "a1": "baku-spring",
            "a2": None,
            "a3": "online",
            "g1": "baku-spring",
            "t1": "online",
            "u1": None,
        },
    }


ONE = {"id": "c", "seats": 3}
OTHER = {"id": "d", "seats": 3}


@pytest.mark.parametrize(
    ("cohorts", "group_caps", "sentence"),
    [
        ([ONE | {"country_reserves": {"AZ": 4}}], [], "promise 4 places, its seats are 3"),
        (
            [ONE | {"country_reserves": {"AZ": 2}, "country_ceilings": {"AZ": 1}}],
            [],
            "AZ has a reserve of 2 above its ceiling of 1",
        ),
        (
            [ONE, OTHER],
            [{"cells": [["c", "AZ"], ["d", "*"]], "cap": 2}],
            "group cap 2 on [c/AZ, d/*] crosses the seats of cohort c",
        ),
        (
            [ONE],
            [
                {"cells": [["c", "AZ"], ["c", "GE"]], "cap": 2},
                {"cells": [["c", "GE"], ["c", "TR"]], "cap": 1},
            ],
            "group cap 2 on [c/AZ, c/GE] crosses the group cap 1 on [c/GE, c/TR]",
        ),
    ],
)
def test_quotas_that_cannot_hold_are_refused_naming_the_pair(
    cohorts, group_caps, sentence, tmp_path
):
    market = {"cohorts": cohorts, "group_caps": group_caps, "applicants": []}
    for engine in ("fast", "plain"):
        assert sentence in _refused(tmp_path, market, "allocate", "--engine", engine)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "not JSON"),
        (b"\xff\xfe\x00junk", "not UTF-8"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"cohorts": NaN}', "NaN is no JSON number"),
        (b'{"cohorts": [{"id": "c", "seats": ' + b"9" * 5000 + b"}]}", "not JSON"),
        (b'{"cohorts": [], "cohorts": [], "applicants": []}', "the field 'cohorts' twice"),
        (
            rb'{"cohorts": [{"id": "\ud800", "seats": 1}], "applicants": []}',
            "half a character",
        ),
        (b"7", "the document: must be an object"),
    ],
)
def test_junk_is_refused_with_a_sentence(content, sentence, tmp_path):
    assert sentence in _refused(tmp_path, content, "allocate")


def test_missing_file_and_place_are_refused(tmp_path):
    ended = _run("allocate", tmp_path / "none.json", "--out", tmp_path / "out.json")
    assert (ended.exit_code, "No such file" in ended.stderr) == (2, True)
    ended = _run("allocate", EXAMPLES / "market.json", "--out", tmp_path / "no" / "out.json")
    assert (ended.exit_code, "No such file" in ended.stderr) == (2, True)


def test_example_waiting_list_is_ordered(tmp_path):
    out = tmp_path / "order.json"
    assert _run("call-order", EXAMPLES / "waiting-list.json", "--out", out).exit_code == 0
    assert json.loads(out.read_text()) == {"order": ["p5", "p1", "p2", "p3", "p6", "p4"]}


@pytest.mark.parametrize(
    ("stated", "sentence"),
    [
        ({"groups": []}, "'merit' is a required property"),
        ({"merit": ["a", "a"]}, "merit"),
        (
            {"merit": ["a"], "groups": [{"name": "g", "rate_percent": 5, "members": ["b"]}]},
            "b of g",
        ),
        ({"merit": [], "groups": [{"name": "g", "rate_percent": 101, "members": []}]}, "101"),
        ({"merit": [], "groups": [{"name": "g", "rate_percent": 0.5, "members": []}]}, "0.5"),
        ({"merit": "a"}, "merit"),
    ],
)
def test_waiting_list_that_contradicts_itself_is_refused(stated, sentence, tmp_path):
    assert sentence in _refused(tmp_path, stated, "call-order")


def test_rfc_3797_picks_one_a_line():
    key = "9319./2.5.8.10.12./9.18.26.34.41.45./"
    ended = _run("lottery", "rfc3797", "--key", key, "--pool", 25, "--pick", 10)
    assert ended.output.split() == list(map(str, (17, 7, 2, 16, 25, 23, 8, 24, 19, 13)))


@pytest.mark.parametrize(("pool", "pick"), [(0, 1), (70000, 1), (3, 4), (3, -1), ("x", 1)])
def test_impossible_draw_is_refused(pool, pick):
    ended = _run("lottery", "rfc3797", "--key", "k/", "--pool", pool, "--pick", pick)
    assert (ended.exit_code, ended.stdout) == (2, "")
