"""Markets as outsiders write them: taken, or refused naming the field."""

import copy
import json

import pytest
from jsonschema import Draft202012Validator

from chassis.errors import InvalidBody
from rtcm.commands.allocation import schema
from services.selection.domain.allocation.market import (
    Applicant,
    CohortQuota,
    GroupCap,
    Market,
    Priority,
)
from services.selection.domain.allocation.reading import market_from

GOOD = {
    "cohorts": [
        {
            "id": "c1",
            "seats": 2,
            "country_ceilings": {"AZ": 2},
            "country_reserves": {"AZ": 1},
        },
        {"id": "c2", "seats": 0},
    ],
    "group_caps": [{"cells": [["c1", "AZ"], ["c1", "*"]], "cap": 2}],
    "applicants": [
        {"id": "a1", "country": "AZ", "preferences": ["c1"], "priority": {"c1": [0, 5, 10**30]}},
        {"id": "a2", "country": "GE", "preferences": []},
    ],
}
LACKING = object()

SHAPES = [
    ("cohorts", LACKING, "has no field 'cohorts'"),
    ("applicants", {}, "applicants: must be a list"),
    ("surprise", 1, "unknown field 'surprise'"),
    ("cohorts.0.seats", -1, "cohorts[0].seats: must be at least 0"),
    ("cohorts.0.seats", 1.5, "cohorts[0].seats: must be a whole number"),
    ("cohorts.0.seats", True, "cohorts[0].seats: must be a whole number"),
    ("cohorts.0.seats", "2", "cohorts[0].seats: must be a whole number"),
    ("cohorts.0.seats", LACKING, "cohorts[0]: has no field 'seats'"),
    ("cohorts.0.id", "", "cohorts[0].id: must be a text"),
    ("cohorts.0.country_ceiling", {}, "unknown field 'country_ceiling'"),
    ("cohorts.0.country_ceilings.AZ", -2, "cohorts[0].country_ceilings.AZ: must be at least 0"),
    ("cohorts.0.country_reserves", [], "cohorts[0].country_reserves: must be an object"),
    ("cohorts.0.country_reserves.*", 1, "'*' is no country"),
    ("group_caps.0.cap", LACKING, "group_caps[0]: has no field 'cap'"),
    ("group_caps.0.cells", [], "group_caps[0].cells: must name at least one cell"),
    ("group_caps.0.cells.0", ["c1"], "group_caps[0].cells[0]: must be a pair"),
    ("group_caps.0.cells.0", "c1", "group_caps[0].cells[0]: must be a pair"),
    ("applicants.0", 7, "applicants[0]: must be an object"),
    ("applicants.0.name", "x", "applicants[0]: has an unknown field 'name'"),
    ("applicants.0.id", LACKING, "applicants[0]: has no field 'id'"),
    ("applicants.0.id", 1, "applicants[0].id: must be a text"),
    ("applicants.0.country", LACKING, "applicants[0]: has no field 'country'"),
    ("applicants.0.country", "*", "applicants[0].country: '*' is no country"),
    ("applicants.0.preferences", LACKING, "applicants[0].preferences: must be a list"),
    ("applicants.0.preferences", "c1", "applicants[0].preferences: must be a list"),
    ("applicants.0.preferences.0", ["c1"], "applicants[0].preferences[0]: ['c1'] is no cohort"),
    ("applicants.0.preferences", ["c1", "c1"], "applicants[0].preferences: 'c1' is listed twice"),
    ("applicants.0.priority", None, "applicants[0].priority: must be an object"),
    ("applicants.0.priority.c1", [0, 1], "applicants[0].priority.c1: must be [band, "),
    ("applicants.0.priority.c1.1", 1.5, "priority.c1[1] (score_milli): must be a whole number"),
    ("applicants.0.priority.c1.0", -1, "priority.c1[0] (band): must be at least 0"),
    ("applicants.0.priority.c1.2", None, "priority.c1[2] (lottery): must be a whole number"),
]
MEANINGS = [
    ("cohorts.1.id", "c1", "cohorts[1].id: 'c1' is the id of two cohorts"),
    ("applicants.1.id", "a1", "applicants[1].id: 'a1' is the id of two applicants"),
    ("applicants.0.preferences.0", "c9", "applicants[0].preferences[0]: 'c9' is no cohort"),
    ("applicants.0.priority", {}, "applicants[0].priority: 'c1' is preferred, but there is no"),
    ("applicants.0.priority.c9", [0, 0, 0], "applicants[0].priority: 'c9' is no cohort"),
    ("group_caps.0.cells.0.0", "c9", "group_caps[0].cells[0][0]: 'c9' is no cohort"),
]


def _with(path, value):
    document = copy.deepcopy(GOOD)
    *way, last = path.split(".")
    at = document
    for step in way:
        at = at[int(step)] if isinstance(at, list) else at[step]
    if value is LACKING:
        del at[last]
    elif isinstance(at, list):
        at[int(last)] = value
    else:
        at[last] = value
    return document


def test_market_is_read_whole():
    assert market_from(json.loads(json.dumps(GOOD))) == Market(
        (CohortQuota("c1", 2, {"AZ": 2}, {"AZ": 1}), CohortQuota("c2", 0)),
        (
            Applicant("a1", "AZ", ("c1",), {"c1": Priority(0, 5, 10**30)}),
            Applicant("a2", "GE", (), {}),
        ),
        (GroupCap((("c1", "AZ"), ("c1", "*")), 2),),
    )


@pytest.mark.parametrize(("path", "value", "sentence"), SHAPES + MEANINGS)
def test_wrong_field_is_named(path, value, sentence):
    with pytest.raises(InvalidBody) as refused:
        market_from(_with(path, value))
    assert sentence in refused.value.detail


@pytest.mark.parametrize("document", [None, [], 3, "x"])
def test_what_is_no_object_is_refused(document):
    with pytest.raises(InvalidBody):
        market_from(document)


def test_schema_and_reader_agree_on_shapes():
    validator = Draft202012Validator(schema("market"))
    assert validator.is_valid(GOOD)
    taken = [path for path, value, _ in SHAPES if validator.is_valid(_with(path, value))]
    assert taken == []
