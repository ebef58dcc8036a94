"""No event has a field that could hold personal data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any

import pytest

from contracts.event import REGISTRY
from contracts.privacy import TITLES, privacy_problems
from contracts.types import Code, Count, Form, Id, LanguageMap, OneOf, Range, Sealed, Sha256, Title
from tests.contract.synthetic import TYPE, a_part, an_event

ANY_TEXT = Annotated[str, Form("any", r"^.*$", 10_000)]

REFUSED = {
    "a bare text": {"thing_id": Id, "kind": str},
    "an optional bare text": {"thing_id": Id, "kind": (str | None, None)},
    "a list of bare texts": {"thing_id": Id, "kinds": tuple[str, ...]},
    "a form of one's own": {"thing_id": Id, "kind": ANY_TEXT},
    "a mark without a form": {"thing_id": Id, "kind": Annotated[str, "a code, honestly"]},
    "a title": {"thing_id": Id, "heading": Title},
    "a language map that is not listed": {"thing_id": Id, "titles": LanguageMap},
    "a map": {"thing_id": Id, "kinds": Mapping[str, str]},
    "a map of codes": {"thing_id": Id, "kinds": Mapping[Code, Code]},
    "a dict": {"thing_id": Id, "kinds": dict[str, str]},
    "anything": {"thing_id": Id, "kind": Any},
    "an object": {"thing_id": Id, "kind": object},
    "bytes": {"thing_id": Id, "kind": bytes},
    "a sealed text in the open": {"thing_id": Id, "sealed": Sealed},
    "a name": {"thing_id": Id, "name": Code},
    "a full name": {"thing_id": Id, "full_name": Code},
    "a surname": {"thing_id": Id, "surname": Code},
    "an address of mail": {"thing_id": Id, "email": Code},
    "a phone": {"thing_id": Id, "phone_number": Code},
    "an address": {"thing_id": Id, "home_address": Code},
    "a hash of an address": {"thing_id": Id, "email_sha256": Sha256},
    "a date of birth": {"thing_id": Id, "birth_on": date},
    "a year of birth": {"thing_id": Id, "birth_year": Annotated[int, Range(1900, 2100)]},
    "an age": {"thing_id": Id, "age": Count},
    "a gender": {"thing_id": Id, "gender": Annotated[str, OneOf("f", "m", "x")]},
    "a personal code": {"thing_id": Id, "pin_code": Code},
    "a passport": {"thing_id": Id, "passport_code": Code},
    "a nationality": {"thing_id": Id, "nationality_code": Code},
    "a health matter": {"thing_id": Id, "disability_code": Code},
    "a score": {"thing_id": Id, "total_score": Count},
    "a remark": {"thing_id": Id, "remark": Code},
    "an address on the net": {"thing_id": Id, "ip": Code},
    "a nested text": {"thing_id": Id, "part": a_part({"kind": str})},
    "a nested name": {"thing_id": Id, "part": a_part({"last_name": Code})},
    "a text nested in a list": {"thing_id": Id, "parts": tuple[a_part({"kind": str}), ...]},
    "a text nested twice": {
        "thing_id": Id,
        "part": a_part({"inner": a_part({"kind": str}) | None}),
    },
}

ACCEPTED = {
    "ids": {"thing_id": Id, "subject_id": Id, "replaces_id": (Id | None, None)},
    "codes": {"thing_id": Id, "reason_code": Code, "tag_codes": tuple[Code, ...]},
    "a closed list": {"thing_id": Id, "kind": Annotated[str, OneOf("a", "b")]},
    "numbers and flags": {"thing_id": Id, "seat_count": Count, "is_first": bool},
    "times": {"thing_id": Id, "happened_at": datetime, "starts_on": date},
    "a hash": {"thing_id": Id, "sha256": Sha256},
    "words that only look personal": {"thing_id": Id, "mailing_count": Count, "page_count": Count},
    "the name of a public value": {"thing_id": Id, "public_value_name": Code},
    "nested codes": {"thing_id": Id, "parts": tuple[a_part({"part_code": Code}), ...]},
}


@pytest.mark.parametrize("case", REFUSED)
def test_field_that_could_hold_personal_data_is_refused(case):
    found = privacy_problems(an_event(REFUSED[case]))

    assert len(found) == 1
    assert found[0].startswith(f"{TYPE}: ")


@pytest.mark.parametrize("case", ACCEPTED)
def test_field_that_cannot_is_accepted(case):
    assert privacy_problems(an_event(ACCEPTED[case])) == []


@pytest.mark.parametrize("event_type", sorted(REGISTRY))
def test_published_event_holds_no_personal_data(event_type):
    assert privacy_problems(REGISTRY[event_type]) == []


def test_private_event_may_be_sealed_but_not_open():
    sealed = an_event({"thing_id": Id, "sealed": Sealed}, private=True)
    open_ = an_event({"thing_id": Id, "sealed": Sealed, "kind": str}, private=True)

    assert privacy_problems(sealed) == []
    assert privacy_problems(open_) == [
        f"{TYPE}: kind is free text; give it a form of contracts.types"
    ]


def test_every_listed_title_exists():
    declared = {
        (event_type, path)
        for event_type, path in TITLES
        if "titles" in str(REGISTRY[event_type].__dataclass_fields__) or "." in path
    }

    assert declared == TITLES


def test_docstring_of_an_open_event_says_that_there_are_no_personal_data():
    liars = [
        event_type
        for event_type, each in REGISTRY.items()
        if "Personal data: none" not in (each.__doc__ or "") and not each.private
    ]

    assert liars == []
