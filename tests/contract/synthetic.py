"""Event classes made in a test, as a release before and a release after a change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contracts.event import REGISTRY, Event, event
from contracts.publish import Places

TYPE = "rtcm.testing.thing.happened.v1"

ABOUT = """A thing happened.

    Heard by: nobody; it is made up for a test.
    Personal data: none.
    """

Fields = Mapping[str, Any]
"""Field name -> type, or (type, default)."""


def an_event(
    fields: Fields,
    *,
    type_: str = TYPE,
    key: str = "thing_id",
    private: bool = False,
    named: str = "ThingHappened",
    about: str = ABOUT,
) -> type[Event]:
    """Declare an event as ``@event`` does, without leaving it in the register."""
    made = type(named, (Event,), {"__doc__": about, **_members(fields)})
    before = dict(REGISTRY)
    REGISTRY.pop(type_, None)
    try:
        return event(type_, key=key, private=private)(made)
    finally:
        REGISTRY.clear()
        REGISTRY.update(before)


def a_part(fields: Fields, *, named: str = "Part", about: str = "A part of it.") -> type[Any]:
    """Declare a dataclass to be nested in an event."""
    made = type(named, (), {"__doc__": about, **_members(fields)})
    return dataclass(frozen=True, kw_only=True)(made)


def registry_of(*classes: type[Event]) -> dict[str, type[Event]]:
    return {each.event_type: each for each in classes}


def places_in(directory: Path) -> Places:
    return Places(
        schemas=directory / "schemas",
        samples=directory / "samples",
        asyncapi=directory / "asyncapi.json",
        catalogue=directory / "events.md",
    )


def _members(fields: Fields) -> dict[str, Any]:
    types = {name: kind[0] if isinstance(kind, tuple) else kind for name, kind in fields.items()}
    defaults = {name: kind[1] for name, kind in fields.items() if isinstance(kind, tuple)}
    return {"__annotations__": types, "__module__": __name__, **defaults}
