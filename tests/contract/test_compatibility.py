"""Changes to a published event: what breaks past bodies or past readers is refused."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, Any

import pytest

from chassis.codec import decode, encode
from contracts.event import REGISTRY
from contracts.publish import problems, publish
from contracts.sample import sample_of
from contracts.types import (
    Code,
    Count,
    CountryMark,
    Form,
    Id,
    LanguageMap,
    Number,
    OneOf,
    Percent,
    Sha256,
)
from tests.contract.synthetic import ABOUT, TYPE, a_part, an_event, places_in, registry_of

PART = {"part_code": Code, "minutes": Count, "room_code": (Code | None, None)}
BASE: Mapping[str, Any] = {
    "thing_id": Id,
    "other_id": Id,
    "country_code": CountryMark,
    "kind_code": Annotated[str, OneOf("big", "small")],
    "unit_code": (Code | None, None),
    "seat_count": Count,
    "spare_count": (Count, 0),
    "tag_codes": tuple[Code, ...],
    "part": a_part(PART),
    "parts": tuple[a_part(PART), ...],  # type: ignore[misc]  # -- a class made at run time
    "happened_at": datetime,
}


def base_but(**changes: Any) -> dict[str, Any]:
    """The fields of the release before, some of another type, some new."""
    return {**BASE, **changes}


def base_without(name: str, **new: Any) -> dict[str, Any]:
    return {**{each: kind for each, kind in BASE.items() if each != name}, **new}


def part_but(**changes: Any) -> Any:
    return a_part({**PART, **changes})


def part_without(name: str) -> Any:
    return a_part({each: kind for each, kind in PART.items() if each != name})


@dataclass(frozen=True)
class Change:
    """A release after: what differs in the declaration of the event."""

    fields: Mapping[str, Any] = field(default_factory=lambda: BASE)
    declared: Mapping[str, Any] = field(default_factory=dict)


BREAKING = {
    "a field is removed": (Change(base_without("other_id")), "other_id: the field was removed"),
    "an optional field is removed": (Change(base_without("unit_code")), "unit_code: the field was"),
    "a field is renamed": (
        Change(base_without("seat_count", place_count=Count)),
        "seat_count: the field was removed or renamed",
    ),
    "a required field is new": (Change(base_but(third_id=Id)), "third_id: a new field needs a"),
    "an optional field becomes required": (
        Change(base_but(spare_count=Count)),
        "spare_count: it became required",
    ),
    "a required field becomes optional": (
        Change(base_but(seat_count=(Count, 0))),
        "seat_count: it became optional",
    ),
    "a number becomes a text": (Change(base_but(seat_count=Code)), "seat_count: its type changed"),
    "a number becomes a boolean": (Change(base_but(seat_count=bool)), "seat_count: its type"),
    "one becomes many": (Change(base_but(other_id=tuple[Id, ...])), "other_id: its type changed"),
    "many become one": (Change(base_but(tag_codes=Code)), "tag_codes: its type changed"),
    "an object becomes a list": (
        Change(base_but(part=tuple[a_part(PART), ...])),  # type: ignore[misc]  # -- as above
        "part: its type changed",
    ),
    "a list is narrowed": (
        Change(base_but(kind_code=Annotated[str, OneOf("big")])),
        "kind_code: its closed list changed",
    ),
    "a list is widened": (
        Change(base_but(kind_code=Annotated[str, OneOf("big", "small", "huge")])),
        "kind_code: its closed list changed",
    ),
    "a list becomes any code": (Change(base_but(kind_code=Code)), "kind_code: its"),
    "a pattern is another": (Change(base_but(other_id=Sha256)), "other_id: its pattern changed"),
    "the items of a list are of another form": (
        Change(base_but(tag_codes=tuple[Id, ...])),
        "tag_codes[]: its pattern changed",
    ),
    "the lowest number rises": (
        Change(base_but(seat_count=Number)),
        "seat_count: its lowest number changed",
    ),
    "the highest number falls": (
        Change(base_but(seat_count=Percent)),
        "seat_count: its highest number changed",
    ),
    "an instant becomes a date": (Change(base_but(happened_at=date)), "happened_at: its format"),
    "a field may be null": (Change(base_but(other_id=Id | None)), "other_id: its type changed"),
    "a field may be null no more": (
        Change(base_but(unit_code=(Code, "none"))),
        "unit_code: its type changed",
    ),
    "a default is another": (
        Change(base_but(spare_count=(Count, 1))),
        "spare_count: its default changed",
    ),
    "a nested field is removed": (
        Change(base_but(part=part_without("minutes"))),
        "part.minutes: the field was removed",
    ),
    "a nested required field is new": (
        Change(base_but(part=part_but(rank=Number))),
        "part.rank: a new field needs a default",
    ),
    "a nested optional field becomes required": (
        Change(base_but(part=part_but(room_code=Code | None))),
        "part.room_code: it became required",
    ),
    "a nested pattern is another": (
        Change(base_but(part=part_but(part_code=Id))),
        "part.part_code: its pattern changed",
    ),
    "a field nested in a list is removed": (
        Change(base_but(parts=tuple[part_without("minutes"), ...])),
        "parts[].minutes: the field was removed",
    ),
    "the key is another field": (Change(declared={"key": "other_id"}), "its key changed"),
    "it becomes private": (Change(declared={"private": True}), "between private and public"),
    "the version is raised in place": (
        Change(declared={"type_": "rtcm.testing.thing.happened.v2"}),
        "is not declared any more",
    ),
    "the topic is another": (
        Change(declared={"type_": "rtcm.testing.matter.happened.v1"}),
        "is not declared any more",
    ),
}

SAME_AS_CODE = Annotated[str, Form("word", r"^[a-z0-9][a-z0-9_.-]*$", 64)]

HARMLESS = {
    "nothing changes": Change(),
    "an optional id is new": Change(base_but(third_id=(Id | None, None))),
    "an optional code with a default is new": Change(base_but(mood_code=(Code, "calm"))),
    "an optional number is new": Change(base_but(left_count=(Count, 0))),
    "an optional flag is new": Change(base_but(is_first=(bool, False))),
    "an optional instant is new": Change(base_but(seen_at=(datetime | None, None))),
    "an optional date is new": Change(base_but(seen_on=(date | None, None))),
    "an optional list is new": Change(base_but(third_ids=(tuple[Id, ...], ()))),
    "an optional choice is new": Change(
        base_but(size_code=(Annotated[str, OneOf("a", "b")] | None, None))
    ),
    "an optional object is new": Change(base_but(extra=(a_part(PART) | None, None))),
    "an optional hash is new": Change(base_but(sha256=(Sha256 | None, None))),
    "two optional fields are new": Change(
        base_but(third_id=(Id | None, None), fourth_id=(Id | None, None))
    ),
    "a nested optional field is new": Change(base_but(part=part_but(rank=(Number | None, None)))),
    "an optional field nested in a list is new": Change(
        base_but(parts=tuple[part_but(rank=(Number | None, None)), ...])
    ),
    "the docstring says more": Change(
        declared={"about": ABOUT.replace("A thing happened.", "A thing happened, at last.")}
    ),
    "one more listens": Change(
        declared={"about": ABOUT.replace("Heard by: nobody", "Heard by: somebody")}
    ),
    "the class is renamed": Change(declared={"named": "SomethingHappened"}),
    "the fields stand in another order": Change(dict(reversed(BASE.items()))),
    "a closed list stands in another order": Change(
        base_but(kind_code=Annotated[str, OneOf("small", "big")])
    ),
    "a nested class is renamed": Change(base_but(part=a_part(PART, named="Piece"))),
    "a nested docstring is another": Change(base_but(part=a_part(PART, about="Another word."))),
    "nested fields stand in another order": Change(
        base_but(part=a_part(dict(reversed(PART.items()))))
    ),
    "an explicit range equals the former one": Change(base_but(seat_count=Count)),
    "a private alias of the same form": Change(base_but(tag_codes=tuple[Code, ...])),
}


@pytest.fixture
def published(tmp_path):
    """A place where the release before was published."""
    places = places_in(tmp_path)
    assert list(publish(registry_of(an_event(BASE)), places, check=False)) == []
    return places


def snapshot(directory) -> dict[str, str]:
    return {str(each): each.read_text() for each in directory.rglob("*") if each.is_file()}


def test_there_are_enough_cases_of_each_kind():
    assert len(BREAKING) >= 20
    assert len(HARMLESS) >= 20


@pytest.mark.parametrize("case", BREAKING)
def test_breaking_change_is_refused_and_nothing_is_written(case, published, tmp_path):
    change, expected = BREAKING[case]
    before = snapshot(tmp_path)

    found = list(
        publish(registry_of(an_event(change.fields, **change.declared)), published, check=False)
    )

    assert [each for each in found if expected in each], found
    assert all(each.startswith("rtcm.testing.") for each in found)
    assert snapshot(tmp_path) == before


@pytest.mark.parametrize("case", HARMLESS)
def test_harmless_change_is_published_and_past_bodies_read_the_same(case, published, monkeypatch):
    change = HARMLESS[case]
    past = json.loads((published.samples / f"{TYPE}.json").read_text())
    after = an_event(change.fields, **change.declared)

    assert list(publish(registry_of(after), published, check=False)) == []
    assert list(publish(registry_of(after), published, check=True)) == []

    monkeypatch.setitem(REGISTRY, TYPE, after)
    assert encode(decode(TYPE, past)) == past
    assert json.loads((published.samples / f"{TYPE}.json").read_text()) == past


@pytest.mark.parametrize("case", HARMLESS)
def test_past_reader_takes_the_bodies_of_a_harmless_change(case, tmp_path, monkeypatch):
    change = HARMLESS[case]
    later = places_in(tmp_path / "later")
    list(publish(registry_of(an_event(change.fields, **change.declared)), later, check=False))
    todays = json.loads((later.samples / f"{TYPE}.json").read_text())

    monkeypatch.setitem(REGISTRY, TYPE, an_event(BASE))

    known = {**sample_of(an_event(BASE)), "kind_code": todays["kind_code"]}
    assert encode(decode(TYPE, todays)) == known


@pytest.mark.parametrize(
    "type_",
    [
        "rtcm.testing.thing.happened.v2",
        "rtcm.testing.thing.forgotten.v1",
        "rtcm.testing.matter.happened.v1",
        "rtcm.elsewhere.thing.happened.v1",
    ],
)
def test_another_type_beside_is_harmless(type_, published):
    both = registry_of(an_event(BASE), an_event({**BASE, "third_id": Id}, type_=type_))

    assert list(publish(both, published, check=False)) == []
    assert (published.samples / f"{type_}.json").exists()


def test_two_harmless_releases_cannot_hide_a_break(published):
    second = registry_of(an_event(base_but(third_id=(Id | None, None))))
    assert list(publish(second, published, check=False)) == []

    found = problems(registry_of(an_event(BASE)), published)

    assert found == [f"{TYPE}.third_id: the field was removed or renamed"]


def test_every_break_gets_its_own_sentence(published):
    change = base_without("other_id", third_id=Id, seat_count=Code)

    found = problems(registry_of(an_event(change)), published)

    assert {each.partition(": ")[0] for each in found} >= {
        f"{TYPE}.other_id",
        f"{TYPE}.third_id",
        f"{TYPE}.seat_count",
    }


def test_titles_cannot_turn_into_codes(tmp_path):
    type_, places = "rtcm.scheduling.session.moved.v1", places_in(tmp_path)
    fields = {"thing_id": Id, "titles": LanguageMap}
    list(publish(registry_of(an_event(fields, type_=type_)), places, check=False))

    found = problems(registry_of(an_event({**fields, "titles": Code}, type_=type_)), places)

    assert f"{type_}.titles: its type changed from object to string" in found
