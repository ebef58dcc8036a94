"""Every published type: its golden sample is read and written the same, for ever."""

from __future__ import annotations

import copy
import json
import re
from typing import Any

import jsonschema
import pytest

from chassis.codec import decode, encode
from chassis.envelope import MalformedEvent
from contracts.event import REGISTRY
from contracts.publish import Places
from contracts.validity import misfits

PLACES = Places()
TYPES = sorted(REGISTRY)


def sample_of(event_type: str) -> dict[str, Any]:
    sample: dict[str, Any] = json.loads((PLACES.samples / f"{event_type}.json").read_text())
    return sample


def schema_of(event_type: str) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads((PLACES.schemas / f"{event_type}.json").read_text())
    return schema


FORMATS = jsonschema.FormatChecker(formats=["date"])


@FORMATS.checks("date-time")
def is_instant(value: object) -> bool:
    """RFC 3339, written here anew: jsonschema checks it only with a further package."""
    shape = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"
    return not isinstance(value, str) or re.fullmatch(shape, value) is not None


def validator_of(event_type: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(schema_of(event_type), format_checker=FORMATS)


def test_there_are_events():
    assert len(TYPES) >= 60


@pytest.mark.parametrize("event_type", TYPES)
def test_published_sample_still_reads_and_writes_the_same(event_type):
    sample = sample_of(event_type)

    assert encode(decode(event_type, sample)) == sample


@pytest.mark.parametrize("event_type", TYPES)
def test_sample_names_every_field_that_is_required_and_its_key(event_type):
    sample, read = sample_of(event_type), decode(event_type, sample_of(event_type))

    assert set(schema_of(event_type)["required"]) <= sample.keys()
    assert read.key == sample[REGISTRY[event_type].key_field]


@pytest.mark.parametrize("event_type", TYPES)
def test_schema_is_sound_and_takes_the_sample(event_type):
    jsonschema.Draft202012Validator.check_schema(schema_of(event_type))

    assert list(validator_of(event_type).iter_errors(sample_of(event_type))) == []


@pytest.mark.parametrize("event_type", TYPES)
def test_members_nobody_knows_are_ignored(event_type):
    sample = sample_of(event_type)

    assert encode(decode(event_type, {**sample, "of_a_later_release": [1, {}]})) == sample


def spoilt(sample: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """The sample with one member missing, null, of another type, or of a wrong form."""
    bodies = []
    for name, value in sample.items():
        bodies.append((f"{name} missing", {k: v for k, v in sample.items() if k != name}))
        for label, wrong in (
            ("null", None),
            ("number as text", str(value) if isinstance(value, int) else 7),
            ("boolean", True),
            ("below range", -1),
            ("empty text", ""),
            ("prose", "Anna Example, 12 Sample Street"),
            ("another final sign", f"{value}\t" if isinstance(value, str) else "\t"),
            ("object", {"a": 1}),
            ("list in list", [[value]]),
        ):
            body = copy.deepcopy(sample)
            body[name] = wrong
            bodies.append((f"{name} {label}", body))
    return bodies


@pytest.mark.parametrize("event_type", TYPES)
def test_schema_codec_and_publisher_agree_on_spoilt_bodies(event_type):
    validator, schema = validator_of(event_type), schema_of(event_type)
    verdicts = {}
    for label, body in spoilt(sample_of(event_type)):
        try:
            decode(event_type, body)
            decoded = True
        except MalformedEvent:
            decoded = False
        fits = not list(misfits(body, schema, where="body"))
        verdicts[label] = (validator.is_valid(body), fits, decoded)

    assert {label: each for label, each in verdicts.items() if len(set(each)) > 1} == {}
    assert not all(valid for valid, _, _ in verdicts.values())


@pytest.mark.parametrize("event_type", TYPES)
def test_final_newline_is_no_part_of_any_form(event_type):
    # Apart from the others: in Python, but not in JSON Schema, "$" matches before it.
    sample = sample_of(event_type)
    for name in [each for each, value in sample.items() if isinstance(value, str)]:
        body = {**sample, name: f"{sample[name]}\n"}

        with pytest.raises(MalformedEvent):
            decode(event_type, body)
        assert list(misfits(body, schema_of(event_type), where="body")) != []
