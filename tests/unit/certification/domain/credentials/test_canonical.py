import json

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as some

from services.certification.domain.credentials.canonical import canonical_json
from services.certification.domain.credentials.problems import CredentialError

TEXTS = some.text(some.characters(exclude_categories=["Cs"]), max_size=8)
VALUES = some.recursive(
    some.none()
    | some.booleans()
    | some.integers(-(2**53) + 1, 2**53 - 1)
    | some.floats(allow_nan=False, allow_infinity=False)
    | TEXTS,
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=300)
@given(VALUES)
def test_both_ways_of_writing_give_the_bytes_of_rfc8785(value):
    assert canonical_json(value) == rfc8785.dumps(value)


def test_every_character_and_the_order_of_names_are_written_as_rfc8785_does():
    every = [chr(code) for code in (*range(0xD800), *range(0xE000, 0x10800))]
    assert canonical_json(every) == rfc8785.dumps(every)
    names = dict.fromkeys(("\ue000", "😀", "b", "a", "A", "", "ə", "é"), 1)
    assert canonical_json(names) == rfc8785.dumps(names)
    assert list(json.loads(canonical_json(names)))[-2:] == ["\U0001f600", "\ue000"]


@pytest.mark.parametrize("value", [2**53, -(2**53), float("nan"), "\ud800", {1: 2}, object()])
def test_what_json_cannot_carry_exactly_is_refused(value):
    with pytest.raises(CredentialError) as refused:
        canonical_json([value])
    assert refused.value.code == "json.not_canonical"
