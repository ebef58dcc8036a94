import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from rtcm.commands.award import award

EXAMPLES = Path(__file__).parents[4] / "docs" / "examples" / "award"
RULES = json.loads((EXAMPLES / "rules.json").read_text("utf-8"))
FACTS = json.loads((EXAMPLES / "facts.json").read_text("utf-8"))


def run(tmp_path, rules, facts, *options):
    paths = []
    for name, value in (("rules", rules), ("facts", facts)):
        raw = value if isinstance(value, bytes) else json.dumps(value).encode()
        (tmp_path / f"{name}.json").write_bytes(raw)
        paths.append(str(tmp_path / f"{name}.json"))
    return CliRunner().invoke(award, [*paths, *options])


def judged(tmp_path, rules, facts):
    done = run(tmp_path, rules, facts, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.output)


def with_(value, **changes):
    return value | changes


def test_the_example_is_held_for_participation_and_not_yet_met_for_completion(tmp_path):
    answer = judged(tmp_path, RULES, FACTS)
    assert (answer["verdict"], answer["kind_code"], answer["is_reachable"]) == (
        "not",
        "completion",
        True,
    )
    assert [(item["code"], item["minutes"]) for item in answer["missing"]] == [
        ("hours.overall", 66),
        ("hours.part.practice", 108),
        ("placement", 180),
        ("record", 0),
    ]
    assert [grade["verdict"] for grade in answer["grades"]] == ["not", "held"]
    assert answer["participant_id"] == "p-17"


def test_people_read_sentences():
    done = CliRunner().invoke(award, [str(EXAMPLES / "rules.json"), str(EXAMPLES / "facts.json")])
    assert done.exit_code == 0
    assert "participation: held: all is met, but a session has no register yet" in done.output
    assert "completion: missing hours.part.practice: 108 minutes" in done.output


def test_the_order_of_the_lists_and_repeats_of_entries_mean_nothing(tmp_path):
    backwards = {
        name: value[::-1] if isinstance(value, list) else value for name, value in FACTS.items()
    }
    backwards["attendance"] += backwards["attendance"]
    assert judged(tmp_path, RULES, backwards) == judged(tmp_path, RULES, FACTS)


def test_fixing_what_is_missing_meets_the_award(tmp_path):
    sessions = [
        {name: value for name, value in session.items() if name != "is_recorded"}
        for session in FACTS["sessions"]
    ]
    fixed = with_(
        FACTS,
        sessions=sessions,
        attendance=[*FACTS["attendance"], {"session_id": "s4", "status_code": "present"}],
        placements=[*FACTS["placements"], {"placement_id": "visit-2", "minutes": 180}],
    )
    answer = judged(tmp_path, RULES, fixed)
    assert (answer["verdict"], answer["missing"]) == ("met", [])


def test_what_can_no_longer_be_earned_is_out_of_reach(tmp_path):
    answer = judged(tmp_path, {"grades": RULES["grades"][:1]}, with_(FACTS, is_closed=True))
    assert (answer["verdict"], answer["is_reachable"]) == ("not", False)


ENTRY = FACTS["attendance"][0]
SESSION = FACTS["sessions"][0]


@pytest.mark.parametrize(
    ("rules", "facts", "said"),
    [
        (b"", FACTS, "not JSON"),
        (b"\x00\xff\xfe", FACTS, "not UTF-8"),
        (RULES, b"\xff\xfe{\x00}\x00", "not UTF-8"),
        (RULES, b'{"sessions": [NaN]}', "NaN"),
        (RULES, b'{"sessions": ' + b"[" * 100_000, "nested too deeply"),
        ([], FACTS, "not of type 'object'"),
        ({"grades": []}, FACTS, "grades"),
        ({"grades": [{"kind_code": "completion"}]}, FACTS, "asks for nothing"),
        ({"grades": [RULES["grades"][1]] * 2}, FACTS, "each kind may be named once"),
        (with_(RULES, excused="maybe"), FACTS, "excused"),
        (with_(RULES, hold_minutes=10**30), FACTS, "hold_minutes"),
        (with_(RULES, hold_minutes=60.0), FACTS, "hold_minutes"),
        (with_(RULES, colour="red"), FACTS, "colour"),
        (RULES, {}, "sessions"),
        (RULES, with_(FACTS, sessions=[SESSION, SESSION]), "sessions[1].session_id: s1 is there"),
        (RULES, with_(FACTS, attendance=[with_(ENTRY, session_id="s9")]), "there is no session s9"),
        (RULES, with_(FACTS, attendance=[with_(ENTRY, as_of="yesterday")]), "is no instant"),
        (RULES, with_(FACTS, attendance=[with_(ENTRY, as_of="2027-01-09")]), "no offset"),
        (RULES, with_(FACTS, attendance=[with_(ENTRY, as_of="0001-01-01T00:00+14")]), "no instant"),
        (RULES, with_(FACTS, attendance=[with_(ENTRY, minutes_present=-1)]), "minutes_present"),
        (
            RULES,
            with_(FACTS, attendance=[ENTRY, with_(ENTRY, status_code="absent")]),
            "attendance[1].as_of: two entries about s1",
        ),
        (
            RULES,
            with_(FACTS, sessions=[with_(SESSION, is_recorded=False)], attendance=[ENTRY]),
            "sessions[0].is_recorded",
        ),
        (
            RULES,
            with_(FACTS, sessions=[with_(SESSION, is_cancelled=True)], attendance=[ENTRY]),
            "sessions[0].is_cancelled",
        ),
        (RULES, with_(FACTS, placements=[FACTS["placements"][0]] * 2), "visit-1 is there twice"),
    ],
)
def test_what_cannot_be_taken_ends_with_2_and_a_sentence(tmp_path, rules, facts, said):
    done = run(tmp_path, rules, facts)
    assert (done.exit_code, isinstance(done.exception, SystemExit)) == (2, True), done.output
    assert said in done.output
    assert "Traceback" not in done.output


def test_a_file_that_is_not_there_ends_with_2():
    done = CliRunner().invoke(award, ["nowhere.json", "nowhere.json"])
    assert done.exit_code == 2
    assert "nowhere.json" in done.output
