"""Stored attributes back into an aggregate."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from cattrs.errors import ClassValidationError

from chassis.aggregate import Aggregate
from chassis.mongo.mapping import from_fields


@dataclass(kw_only=True)
class Note(Aggregate):
    """An aggregate with every kind of absence."""

    note_id: str
    cohort_id: str | None
    colour: str | None = "red"
    lines: tuple[str, ...] = ()


def test_attribute_that_was_none_is_none_again_though_nothing_was_stored() -> None:
    assert from_fields(Note, {"note_id": "n1"}) == Note(note_id="n1", cohort_id=None)


def test_attribute_that_may_not_be_none_must_be_stored() -> None:
    with pytest.raises(ClassValidationError):
        from_fields(Note, {"cohort_id": "c1"})
