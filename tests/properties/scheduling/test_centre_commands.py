"""``rtcm timetable`` searching on the centre's own example."""

from __future__ import annotations

import json

from tests.unit.rtcm.commands.test_timetable_centre import CHANGE, PLAN, PROBLEM, run


def test_the_example_is_solved_and_holds(tmp_path):
    out = tmp_path / "plan.json"

    status, said = run("solve", PROBLEM, "--iterations", "8000", "--out", out)

    assert (status, "every hard rule kept" in said) == (0, True)
    assert run("check", PROBLEM, out)[0] == 0


def test_the_examples_change_is_mended(tmp_path):
    out = tmp_path / "mended.json"

    status, said = run(
        "repair", PROBLEM, PLAN, "--change", CHANGE, "--iterations", "20000", "--out", out, "--json"
    )

    told = json.loads(said)
    assert status == 0
    assert told["moves"] >= 1
    assert told["frontier"][0] == {"moves": told["moves"], "cost": told["cost"]}
    costs = [option["cost"] for option in told["frontier"]]
    assert costs == sorted(costs, reverse=True)
