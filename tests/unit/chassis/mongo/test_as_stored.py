"""``as_stored`` writes what mongoengine would, and refuses what it would."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from mongoengine import (
    BooleanField,
    DateTimeField,
    DictField,
    FieldDoesNotExist,
    IntField,
    ListField,
    StringField,
    ValidationError,
)

from chassis.mongo.documents import PLATFORM_DOCUMENTS, AggregateDocument, as_stored
from services.certification.storage import documents as certification
from services.registration.storage import documents as registration
from services.scheduling.storage import documents as scheduling
from services.selection.storage import documents as selection

NOON = datetime(2021, 1, 9, 12, tzinfo=UTC)
KINDS = (
    *PLATFORM_DOCUMENTS,
    *certification.DOCUMENTS,
    *registration.DOCUMENTS,
    *scheduling.DOCUMENTS,
    *selection.DOCUMENTS,
)


class Thing(AggregateDocument):
    """One field of each kind, with and without defaults."""

    meta = {"collection": "thing", "auto_create_index": False}
    word = StringField(required=True)
    forgotten = StringField(null=True)
    size = IntField(min_value=1)
    mood = StringField(default="calm")
    found_at = DateTimeField()
    parts = ListField(DictField())
    flag = BooleanField()


def a_thing(**changes: Any) -> dict[str, Any]:
    marks = {"version": 1, "event_count": 0, "last_event_ms": 5, "command_id": "c"}
    return {"id": "t1", "country_code": "AZ", "word": "w", **marks, **changes}


def by_mongoengine(kind: Any, values: dict[str, Any]) -> dict[str, Any]:
    document = kind(**values)
    document.validate()
    raw: dict[str, Any] = document.to_mongo().to_dict()
    return raw


def filled(kind: Any) -> dict[str, Any]:
    """A value for every field."""
    samples = {
        "StringField": "text",
        "IntField": 3,
        "LongField": 2**40,
        "FloatField": 1.5,
        "BooleanField": True,
        "DateTimeField": NOON,
        "DictField": {"az": "ə", "deep": [{"at": NOON, "none": None}]},
    }

    def sample(field: Any) -> Any:
        if isinstance(field, ListField):
            return [sample(field.field)]
        return samples[type(field).__name__]

    return {name: sample(field) for name, field in kind._fields.items()}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_document_is_written_as_mongoengine_writes_it(kind: Any):
    whole = filled(kind)
    needed = {name: value for name, value in whole.items() if kind._fields[name].required}
    assert as_stored(kind, whole) == by_mongoengine(kind, whole)
    assert as_stored(kind, {"id": "x", **needed}) == by_mongoengine(kind, {"id": "x", **needed})


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"forgotten": "f", "size": 2, "mood": "wild", "found_at": NOON, "flag": False},
        {"mood": None, "parts": None, "forgotten": None},
        {"parts": [{"a": {"b": [1, NOON]}}, {}]},
        {"size": "7"},
    ],
)
def test_fields_and_defaults(changes: dict[str, Any]):
    assert as_stored(Thing, a_thing(**changes)) == by_mongoengine(Thing, a_thing(**changes))


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"word": None}, ValidationError),
        ({"word": 5}, ValidationError),
        ({"size": 0}, ValidationError),
        ({"parts": "no list"}, ValidationError),
        ({"parts": [1]}, ValidationError),
        ({"version": 0}, ValidationError),
        ({"unheard_of": 1}, FieldDoesNotExist),
    ],
)
def test_what_mongoengine_refuses_is_refused(changes: dict[str, Any], error: type[Exception]):
    with pytest.raises(error):
        by_mongoengine(Thing, a_thing(**changes))
    with pytest.raises(error):
        as_stored(Thing, a_thing(**changes))
