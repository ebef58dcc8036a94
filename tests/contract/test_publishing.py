"""What is on disk is what the code says, and the publisher refuses what it must."""

from __future__ import annotations

import json
from typing import get_args

import pytest

from contracts.event import REGISTRY, private_topics
from contracts.publish import Places, main, problems, publish
from contracts.types import Code, Id
from tests.contract.synthetic import TYPE, an_event, places_in, registry_of

FIELDS = {"thing_id": Id, "kind_code": Code}


def test_published_documents_are_up_to_date(capsys):
    assert main(["--check"]) == 0, capsys.readouterr().err


def test_real_events_have_no_problem():
    assert problems(REGISTRY, Places()) == []


def test_contact_is_the_only_private_topic():
    assert private_topics() == {"rtcm.registration.contact"}


def test_first_publication_writes_a_sample_and_later_ones_keep_it(tmp_path):
    places = places_in(tmp_path)
    assert list(publish(registry_of(an_event(FIELDS)), places, check=False)) == []
    sample = places.samples / f"{TYPE}.json"
    kept = json.dumps({**json.loads(sample.read_text()), "kind_code": "of-old"}, indent=2) + "\n"
    sample.write_text(kept)

    assert list(publish(registry_of(an_event(FIELDS)), places, check=False)) == []

    assert sample.read_text() == kept
    assert "of-old" in places.asyncapi.read_text()


@pytest.mark.parametrize("name", ["schemas", "samples", "asyncapi", "catalogue"])
def test_check_says_which_file_differs_and_writes_nothing(name, tmp_path):
    places = places_in(tmp_path)
    registry = registry_of(an_event(FIELDS))
    list(publish(registry, places, check=False))
    place = getattr(places, name)
    path = place / f"{TYPE}.json" if place.is_dir() else place
    stale = path.read_text().replace("\n", "\n ")
    path.write_text(stale)

    assert list(publish(registry, places, check=True)) == [
        f"{path.name} differs from the code: run python -m contracts.publish"
    ]
    assert path.read_text() == stale


def test_check_wants_files_that_were_never_written(tmp_path):
    found = list(publish(registry_of(an_event(FIELDS)), places_in(tmp_path), check=True))

    assert len(found) == 4
    assert not list(tmp_path.rglob("*.json"))


def test_type_that_vanished_is_named(tmp_path):
    places = places_in(tmp_path)
    list(publish(registry_of(an_event(FIELDS)), places, check=False))

    assert problems({}, places) == [f"{TYPE}: it was published and is not declared any more"]


def test_type_whose_schema_was_deleted_is_still_promised_by_its_sample(tmp_path):
    places = places_in(tmp_path)
    list(publish(registry_of(an_event(FIELDS)), places, check=False))
    (places.schemas / f"{TYPE}.json").unlink()

    found = problems(registry_of(an_event({"thing_id": Id, "unit_code": Code})), places)

    assert found == [f"{TYPE}: the past sample's body.unit_code is missing"]


def test_sample_that_was_deleted_is_missed(tmp_path):
    places = places_in(tmp_path)
    list(publish(registry_of(an_event(FIELDS)), places, check=False))
    (places.samples / f"{TYPE}.json").unlink()

    assert problems(registry_of(an_event(FIELDS)), places) == [
        f"{TYPE}: its sample is gone, and with it what was promised"
    ]


def test_sample_that_fits_no_more_is_refused(tmp_path):
    places = places_in(tmp_path)
    list(publish(registry_of(an_event(FIELDS)), places, check=False))
    (places.samples / f"{TYPE}.json").write_text('{"thing_id": "x", "kind_code": 3}')

    assert problems(registry_of(an_event(FIELDS)), places) == [
        f"{TYPE}: the past sample's body.thing_id has not the form {get_args(Id)[1].pattern}",
        f"{TYPE}: the past sample's body.kind_code is not string",
    ]


@pytest.mark.parametrize(
    "about",
    [
        "A thing happened.",
        "A thing happened.\n\n    Heard by: nobody.\n    ",
        "A thing happened.\n\n    Personal data: none.\n    ",
    ],
)
def test_event_that_does_not_say_who_hears_it_is_refused(about, tmp_path):
    found = problems(registry_of(an_event(FIELDS, about=about)), places_in(tmp_path))

    assert found == [
        f"{TYPE}: its docstring lacks 'Heard by: ...' followed by 'Personal data: ...'"
    ]


def test_topic_with_two_keys_is_refused(tmp_path):
    both = registry_of(
        an_event({"thing_id": Id, "other_id": Id}),
        an_event(
            {"thing_id": Id, "other_id": Id}, type_="rtcm.testing.thing.lost.v1", key="other_id"
        ),
    )

    assert problems(both, places_in(tmp_path)) == [
        "rtcm.testing.thing: all its events need one key, and are all private or all public"
    ]


def test_topic_half_private_is_refused(tmp_path):
    both = registry_of(
        an_event(FIELDS), an_event(FIELDS, type_="rtcm.testing.thing.lost.v1", private=True)
    )

    assert problems(both, places_in(tmp_path)) == [
        "rtcm.testing.thing: all its events need one key, and are all private or all public"
    ]


def test_catalogue_names_every_type():
    page = Places().catalogue.read_text()

    assert [each for each in REGISTRY if f"### `{each}`" not in page] == []
