"""The codec: our values and JSON, both ways, and strict on the way in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.codec import UnknownEventType, decode, encode, structure, unstructure
from chassis.envelope import MalformedEvent
from contracts.registration import ApplicationSubmitted, CodedAnswer, ProgrammePublished
from contracts.selection import ScreeningRejected
from contracts.types import Code, Id

NOON = datetime(2021, 1, 9, 12, tzinfo=UTC)
ID = "01900000-0000-7000-8000-00000000000a"


class Colour(StrEnum):
    RED = "red"


class Level(IntEnum):
    LOW = 1


@dataclass(frozen=True, kw_only=True)
class Leaf:
    code: Code
    at: datetime
    on: date | None = None


@dataclass(kw_only=True)
class Tree:
    tree_id: Id
    colour: Colour
    level: Level
    side: Literal["left", "right"]
    size: float
    is_tall: bool
    leaves: tuple[Leaf, ...]
    tags: frozenset[str]
    counts: Mapping[str, int]
    words: list[str]
    best: Leaf | None = None


TREE = Tree(
    tree_id=ID,
    colour=Colour.RED,
    level=Level.LOW,
    side="left",
    size=1.5,
    is_tall=True,
    leaves=(Leaf(code="a", at=NOON), Leaf(code="b", at=NOON, on=date(2021, 1, 9))),
    tags=frozenset({"z", "a"}),
    counts={"x": 1},
    words=["w"],
)

JSON = {
    "tree_id": ID,
    "colour": "red",
    "level": 1,
    "side": "left",
    "size": 1.5,
    "is_tall": True,
    "leaves": [
        {"code": "a", "at": "2021-01-09T12:00:00Z", "on": None},
        {"code": "b", "at": "2021-01-09T12:00:00Z", "on": "2021-01-09"},
    ],
    "tags": ["a", "z"],
    "counts": {"x": 1},
    "words": ["w"],
    "best": None,
}


def test_dataclass_is_written_as_json():
    assert unstructure(TREE) == JSON
    assert json.loads(json.dumps(unstructure(TREE))) == JSON


def test_json_is_read_as_dataclass():
    read = structure(JSON, Tree)

    assert read == TREE
    assert (type(read.colour), type(read.level)) == (Colour, Level)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        (Colour.RED, "red"),
        (NOON, "2021-01-09T12:00:00Z"),
        (NOON.date(), "2021-01-09"),
        ((1, (2,)), [1, [2]]),
        ({3, 1, 2}, [1, 2, 3]),
        (frozenset({"b", "a"}), ["a", "b"]),
        ({"at": NOON, "parts": (Leaf(code="a", at=NOON),)}, None),
        (MappingProxyType({"at": NOON}), {"at": "2021-01-09T12:00:00Z"}),
    ],
)
def test_loose_values_are_written_by_what_they_are(value, expected):
    if isinstance(value, dict):
        expected = {
            "at": "2021-01-09T12:00:00Z",
            "parts": [{"code": "a", "at": "2021-01-09T12:00:00Z", "on": None}],
        }

    assert unstructure(value) == expected


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "an id of another form": ({"tree_id": "x"}, "tree_id"),
    "a number as a text": ({"level": "1"}, "level"),
    "a flag as a number": ({"is_tall": 1}, "is_tall"),
    "a number as a flag": ({"size": True}, "size"),
    "no such member": ({"colour": "blue"}, "colour"),
    "no such choice": ({"side": "up"}, "side"),
    "a text for a list": ({"words": "w"}, "words"),
    "an object for a list": ({"leaves": {}}, "leaves"),
    "a list for an object": ({"counts": [1]}, "counts"),
    "a wrong value in a map": ({"counts": {"x": "1"}}, "counts"),
    "a wrong item": ({"words": ["a", 2]}, "words[1]"),
    "a wrong field of an item": ({"leaves": [{"code": "A", "at": "x"}]}, "leaves[0].code"),
    "a list for an item": ({"leaves": [[]]}, "leaves[0]"),
    "null": ({"words": None}, "words"),
    "a naive instant": ({"leaves": [{"code": "a", "at": "2021-01-09T12:00:00"}]}, "leaves[0].at"),
    "an instant that is none": (
        {"leaves": [{"code": "a", "at": "2021-13-09T12:00:00Z"}]},
        "leaves[0].at",
    ),
    "a date that is none": (
        {"best": {"code": "a", "at": "2021-01-09T12:00:00Z", "on": "2021-W01-1"}},
        "best",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_value_is_refused_by_the_path_of_its_field(case):
    changes, path = WRONG[case]

    with pytest.raises(ValueError, match="is ") as refused:
        structure({**JSON, **changes}, Tree)

    assert str(refused.value).startswith(path)


@pytest.mark.parametrize("body", [None, 1, "tree", [], [JSON], True])
def test_what_is_no_object_is_refused(body):
    with pytest.raises(ValueError, match="is not an object"):
        structure(body, Tree)


def test_all_wrong_fields_are_named_at_once():
    spoilt = {**JSON, "tree_id": 7, "words": [1], "size": None, "side": "up"}
    del spoilt["tags"]

    with pytest.raises(ValueError, match="tags is missing") as refused:
        structure(spoilt, Tree)

    for field in ("tree_id", "words[0]", "size", "side"):
        assert f"{field} is not" in str(refused.value)


def test_refusal_never_repeats_what_was_read():
    spoilt = {**JSON, "tree_id": "Anna", "colour": "Anna", "side": "Anna", "counts": {"x": "Anna"}}

    with pytest.raises(ValueError, match="tree_id") as refused:
        structure(spoilt, Tree)

    assert "Anna" not in str(refused.value)


def test_unknown_members_are_ignored():
    assert structure({**JSON, "later": 1}, Tree) == TREE


def test_unknown_type_is_told_apart_from_a_malformed_body():
    with pytest.raises(UnknownEventType):
        decode("rtcm.registration.application.submitted.v99", {})
    with pytest.raises(MalformedEvent, match="application_id is missing") as refused:
        decode("rtcm.registration.application.submitted.v1", {})

    assert not isinstance(refused.value, UnknownEventType)


def test_optional_fields_at_their_default_are_left_out_of_events():
    rejected = ScreeningRejected(
        screening_id=ID,
        application_id=ID,
        cohort_id=ID,
        subject_id=ID,
        country_code="AZ",
        reason_code="not_eligible",
        rejected_at=NOON,
    )
    body = encode(rejected)

    assert "clause_code" not in body
    assert decode(rejected.event_type, body) == rejected
    assert decode(rejected.event_type, {**body, "clause_code": None}) == rejected


def test_enumerations_of_a_service_travel_as_their_values():
    class Country(StrEnum):
        AZ = "AZ"

    rejected = ScreeningRejected(
        screening_id=ID,
        application_id=ID,
        cohort_id=ID,
        subject_id=ID,
        country_code=Country.AZ,
        reason_code="not_eligible",
        rejected_at=NOON.astimezone(timezone(timedelta(hours=4))),
    )

    body = encode(rejected)

    assert type(body["country_code"]) is str
    assert decode(rejected.event_type, body) == rejected


instants = st.datetimes(
    min_value=datetime(1900, 1, 2), max_value=datetime(2200, 1, 1), timezones=st.just(UTC)
)
ids = st.uuids().map(str)
codes = st.from_regex(r"[a-z0-9][a-z0-9_.-]{0,30}", fullmatch=True)
answers = st.builds(CodedAnswer, question_code=codes, option_codes=st.lists(codes).map(tuple))


@given(
    st.builds(
        ApplicationSubmitted,
        application_id=ids,
        call_id=ids,
        cohort_id=ids,
        subject_id=ids,
        country_code=st.sampled_from(["AZ", "GE", "*"]),
        preferences=st.lists(ids, max_size=3).map(tuple),
        answers=st.lists(answers, max_size=3).map(tuple),
        language_code=st.sampled_from(["az", "en", "az-Latn"]),
        submitted_at=instants,
    )
)
def test_any_event_survives_the_journey(event):
    travelled = json.loads(json.dumps(encode(event)))

    assert decode(event.event_type, travelled) == event


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists, max_leaves=5))
def test_no_value_in_a_field_makes_the_reader_fail_otherwise(value):
    body = {"programme_id": ID, "code": value, "titles": value, "gcm_objectives": value}

    with pytest.raises(MalformedEvent):
        decode("rtcm.registration.programme.published.v1", body)


def test_titles_may_come_in_any_mapping():
    published = ProgrammePublished(
        programme_id=ID,
        code="ms",
        titles=MappingProxyType({"az": "Miqrasiya Məktəbi"}),
        gcm_objectives=(),
        sdgs=(),
        published_at=NOON,
    )

    assert encode(published)["titles"] == {"az": "Miqrasiya Məktəbi"}
    assert decode(published.event_type, encode(published)) == published
