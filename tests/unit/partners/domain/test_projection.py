"""What partners may see is written down, and is true of the contracts."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, get_args, get_type_hints
from uuid import UUID

import pytest

from contracts.event import REGISTRY
from contracts.sample import sample_of
from services.partners.domain.person_ids import person_id
from services.partners.domain.projection import (
    IDS_ABOUT_PEOPLE,
    IDS_OF_THINGS,
    PUBLIC_FIELDS,
    SUBJECT_ERASED,
    project,
)

KEY = b"k" * 32
PUBLIC = sorted(PUBLIC_FIELDS)


@pytest.mark.parametrize("event_type", PUBLIC)
def test_every_field_that_is_shown_exists(event_type: str) -> None:
    assert set(PUBLIC_FIELDS[event_type]) <= _paths(REGISTRY[event_type])


def test_events_that_partners_hear_are_those_that_are_shown() -> None:
    heard = {
        event_type
        for event_type, event in REGISTRY.items()
        if "partners" in (event.__doc__ or "").partition("Heard by:")[2].partition("Personal")[0]
    }

    # Asked to forget somebody: answered, not shown.
    assert heard - {"rtcm.registration.subject.erasure_requested.v1"} == set(PUBLIC)


def test_no_private_event_is_shown() -> None:
    assert [event_type for event_type in PUBLIC if REGISTRY[event_type].private] == []


@pytest.mark.parametrize("event_type", PUBLIC)
def test_every_id_that_is_shown_is_known_to_be_a_persons_or_a_things(event_type: str) -> None:
    ids = {
        name.rpartition(".")[2]
        for name in PUBLIC_FIELDS[event_type]
        if name.endswith(("_id", "_ids"))
    }

    assert ids <= IDS_ABOUT_PEOPLE | IDS_OF_THINGS
    assert not IDS_ABOUT_PEOPLE & IDS_OF_THINGS


@pytest.mark.parametrize("event_type", PUBLIC)
def test_no_id_about_people_goes_out_as_it_is(event_type: str) -> None:
    body = sample_of(REGISTRY[event_type])

    seen = project(event_type, body, person_key=KEY)

    for name in IDS_ABOUT_PEOPLE & seen.keys():
        assert seen[name] == person_id(KEY, body[name])
        assert seen[name] != body[name]
    assert seen.keys() <= body.keys()


def test_field_that_an_event_grows_stays_inside() -> None:
    body = {"subject_id": "s", "country_code": "AZ", "erased_at": "t", "shoe_size": 43}

    assert "shoe_size" not in project(SUBJECT_ERASED, body, person_key=KEY)


def test_timetable_shows_when_and_where_without_titles_and_rooms() -> None:
    event_type = "rtcm.scheduling.timetable.released.v1"
    body = sample_of(REGISTRY[event_type])

    seen = project(event_type, body, person_key=KEY)

    assert len(seen["sessions"]) == len(body["sessions"]) > 0
    assert seen["sessions"][0].keys() == {
        "session_id",
        "training_code",
        "part_code",
        "starts_at",
        "ends_at",
        "zone",
        "delivery",
    }


def test_type_that_nobody_may_see_is_refused() -> None:
    with pytest.raises(KeyError):
        project("rtcm.scheduling.attendance.recorded.v1", {}, person_key=KEY)


def test_person_id_is_a_uuid_that_hangs_on_key_and_id() -> None:
    ids = [person_id(key, id_) for key in (KEY, b"l" * 32) for id_ in ("a", "b")]

    assert len(set(ids)) == 4
    assert all(UUID(id_).version == 8 for id_ in ids)
    assert all(UUID(id_).variant == UUID(int=0x8 << 60).variant for id_ in ids)
    assert person_id(KEY, "a") == ids[0]


def _paths(declared: type[Any]) -> set[str]:
    """Fields, and those of the dataclasses in their tuples as ``outer.inner``."""
    hints = get_type_hints(declared)
    found = set()
    for field in fields(declared):
        found.add(field.name)
        for inner in get_args(hints[field.name]):
            if hasattr(inner, "__dataclass_fields__"):
                found |= {f"{field.name}.{name}" for name in inner.__dataclass_fields__}
    return found
