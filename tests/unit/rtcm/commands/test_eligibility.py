"""``rtcm eligibility`` and ``rtcm dry-run``: verdicts, exit codes, and files that are no rules."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

import rtcm.commands
from rtcm.commands.eligibility import eligibility, try_rules
from tests.builders.selection import COHORT, a_document

EXAMPLES = Path(__file__).parents[4] / "docs/examples/selection"
RULES, PERSON = EXAMPLES / "eligibility-rules.json", EXAMPLES / "person.json"
SCHEMAS = Path(rtcm.commands.__file__).parent / "schemas"
GOOD = {"degree_level": "master", "field_of_study": ["law"], "birth_year": 1996}


def _run(command, *arguments):
    return CliRunner().invoke(command, [str(a) for a in arguments])


def _file(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return path


def _judged(tmp_path, answers, *options, rules=RULES):
    return _run(eligibility, rules, _file(tmp_path, "person.json", answers), *options)


def test_the_example_names_the_failing_clause_in_three_languages():
    answer = _run(eligibility, RULES, PERSON, "--json")
    assert answer.exit_code == 0
    assert json.loads(answer.stdout) == {
        "verdict": "false",
        "clause": "new",
        "texts": {
            "az": "Əvvəllər iştirak etməyib",
            "en": "did not take part before",
            "ru": "ранее не участвовал(а)",
        },
        "missing": [],
    }
    assert _run(eligibility, RULES, PERSON).output.splitlines()[:2] == ["false", "clause: new"]


@pytest.mark.parametrize(
    ("answers", "exit_code", "first_lines"),
    [
        ({**GOOD, "took_part_before": "no"}, 0, ["true"]),
        ({**GOOD, "took_part_before": False, "shoe_size": 44}, 0, ["true"]),
        ({"answers": {**GOOD, "took_part_before": "no"}, "id": "A"}, 0, ["true"]),
        ({**GOOD, "degree_level": "secondary-school"}, 1, ["false", "clause: level"]),
        (GOOD, 3, ["unknown", "clause: new"]),
        ({**GOOD, "took_part_before": None, "birth_year": []}, 3, ["unknown", "clause: age"]),
        ({}, 3, ["unknown", "clause: level"]),
    ],
)
def test_verdicts_and_their_exit_codes(tmp_path, answers, exit_code, first_lines):
    answer = _judged(tmp_path, answers, "--exit-code")
    assert answer.exit_code == exit_code
    assert answer.output.splitlines()[: len(first_lines)] == first_lines
    assert _judged(tmp_path, answers).exit_code == 0


def test_missing_answers_are_named(tmp_path):
    answer = _judged(tmp_path, {"degree_level": "master"}, "--json")
    assert json.loads(answer.stdout)["missing"] == [
        "birth_year", "field_of_study", "took_part_before",
    ]  # fmt: skip


def test_a_whole_rule_set_is_taken(tmp_path):
    rules = _file(tmp_path, "rules.json", a_document())
    answers = {"degree_level": "school", "field_of_study": ["law"]}
    assert _judged(tmp_path, answers, rules=rules).output.startswith("false\nclause: degree\n")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"mechanism": "first_preference_first"}, "rewards lying"),
        ({"mechanism": "min_cost_flow"}, "justified envy"),
        ({"tie_rule": "submission_time"}, "poor connections"),
        ({"quotas": {"seats": 1, "country_totals": {"AZ": 4}}}, "the total of AZ"),
        (
            {"quotas": {"seats": 9, "reserve_mode": "open_seats_first",
                        "country_ceilings": {"AZ": 5}, "country_reserves": {"GE": 2}}},
            "the reserve of GE and the ceiling of AZ",
        ),
        (
            {"quotas": {"seats": 9, "group_caps": [
                {"cells": [[COHORT, "AZ"], [COHORT, "GE"]], "cap": 4},
                {"cells": [[COHORT, "GE"], [COHORT, "TR"]], "cap": 4}]}},
            "crosses the group cap 4 on",
        ),
    ],
)  # fmt: skip
def test_rule_sets_that_break_fairness_are_refused_with_the_reason(tmp_path, change, sentence):
    rules = _file(tmp_path, "rules.json", a_document(**change))
    answer = _judged(tmp_path, GOOD, "--cohort", COHORT, rules=rules)
    assert answer.exit_code == 2
    assert sentence in answer.output


def _rules_with(**clause):
    document = json.loads(RULES.read_text("utf-8"))
    document["eligibility"].update(clause)
    return document


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        (b"", "not JSON"),
        (b"\x00\xff\x00", "not UTF-8"),
        (b"[" * 100_000, "rules.json"),
        ([], "must be an object"),
        (None, "must be an object"),
        ({}, "has no field 'questions'"),
        ({"questions": [], "eligibility": 3}, "eligibility: must be an object"),
        ({"questions": {}, "eligibility": {}}, "questions: must be a list"),
        (_rules_with(all=[]), "eligibility.all: must not be empty"),
        (_rules_with(any=[]), "needs exactly one of all, any, not, question"),
        (_rules_with(all={"code": "x"}), "eligibility.all: must be a list"),
        (_rules_with(code=7), "eligibility.code: must be a text"),
        (_rules_with(texts={"en": "only"}), "eligibility.texts: has no text in 'az'"),
    ],
)
def test_rules_that_cannot_be_read_end_with_two_and_a_sentence(tmp_path, rules, sentence):
    answer = _judged(tmp_path, GOOD, rules=_file(tmp_path, "rules.json", rules))
    assert answer.exit_code == 2
    assert sentence in answer.output
    assert answer.output.count("\n") == 1


@pytest.mark.parametrize(
    ("person", "sentence"),
    [
        (b"{", "not JSON"),
        ([], "is not of type 'object'"),
        ({"birth_year": 1e400}, "person.json"),
        (b'{"birth_year": NaN}', "NaN is no JSON number"),
        ({"birth_year": 1990.5}, "birth_year"),
        ({"birth_year": "soon"}, "birth_year: is no answer to a question of kind number"),
        ({"birth_year": 10**30}, "birth_year: is no answer to a question of kind number"),
        ({"degree_level": "doctor"}, "degree_level: is no answer"),
        ({"degree_level": ["master", "bachelor"]}, "degree_level: is no answer"),
        ({"field_of_study": [1]}, "field_of_study[0]"),
        ({"degree_level": {"code": "master"}}, "degree_level"),
        ({"answers": {}, "name": "x"}, "'name' was unexpected"),
    ],
)
def test_a_person_that_cannot_be_read_ends_with_two_and_a_sentence(tmp_path, person, sentence):
    answer = _judged(tmp_path, person)
    assert answer.exit_code == 2
    assert sentence in answer.output
    assert answer.output.count("\n") == 1


def test_schemas_describe_what_is_taken():
    def admits(name, value):
        schema = json.loads((SCHEMAS / f"{name}.json").read_text("utf-8"))
        Draft202012Validator.check_schema(schema)
        return Draft202012Validator(schema).is_valid(value)

    assert admits("eligibility-rules", json.loads(RULES.read_text("utf-8")))
    assert admits("eligibility-rules", a_document())
    assert admits("person", json.loads(PERSON.read_text("utf-8")))
    assert not admits("eligibility-rules", _rules_with(any=[]))
    assert not admits("eligibility-rules", {"questions": []})


def _people():
    sheet = {"motivation": 80, "ideas": 40}
    talk = {"world_view": 50, "logical_thinking": 50, "foreign_languages": 100}
    return {
        "people": [
            {"id": "B", "answers": {"degree_level": "school", "field_of_study": ["law"]}},
            {"id": "A", "answers": {"degree_level": "master", "field_of_study": ["law"]},
             "reviews": [sheet, sheet], "interview": [talk]},
        ]
    }  # fmt: skip


def test_a_new_rule_set_is_tried_on_old_applicants(tmp_path):
    new = a_document()
    new["eligibility"]["all"][0]["includes"] = ["school", "bachelor", "master"]
    new["review"]["criteria"][0]["weight_permille"] = 500
    new["review"]["criteria"][1]["weight_permille"] = 500
    files = [
        _file(tmp_path, name, content)
        for name, content in (("old", a_document()), ("new", new), ("people", _people()))
    ]
    answer = _run(try_rules, *files, "--json", "--out", tmp_path / "out.json")
    assert answer.exit_code == 0
    result = json.loads(answer.stdout)
    assert [line["id"] for line in result["changed"]] == ["A", "B"]
    a, b = result["changed"]
    # (60 % of 80 + 40 % of 40) by 0.4 and 70 by 0.6; then half and half.
    assert (a["before"]["final_milli"], a["after"]["final_milli"]) == (67_600, 66_000)
    assert (b["before"]["verdict"], b["before"]["clause"]) == ("false", "degree")
    assert (b["after"]["verdict"], b["after"]["final_milli"]) == ("true", None)
    assert _run(try_rules, files[0], files[0], files[2]).output == "0 of 2 fare differently\n"


@pytest.mark.parametrize(
    ("people", "sentence"),
    [
        ({}, "'people' is a required property"),
        ({"people": [{"id": "A"}]}, "people[0]: 'answers' is a required property"),
        ({"people": [{"id": "A", "answers": {}}] * 2}, "people[1].id: 'A' is there twice"),
        ({"people": [{"id": "A", "answers": {}, "reviews": [{"x": 101}]}]}, "reviews[0].x"),
    ],
)
def test_people_that_cannot_be_read_end_with_two(tmp_path, people, sentence):
    rules = _file(tmp_path, "rules", a_document())
    answer = _run(try_rules, rules, rules, _file(tmp_path, "people", people))
    assert answer.exit_code == 2
    assert sentence in answer.output
