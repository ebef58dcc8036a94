import json

import pytest

from services.selection.domain.canonical import canonical_json, sha256_of


def test_order_of_names_means_nothing():
    assert canonical_json({"b": [1, True, None], "a": "ə\n"}) == '{"a":"ə\\n","b":[1,true,null]}'
    assert sha256_of({"a": 1, "b": 2}) == sha256_of({"b": 2, "a": 1})


def test_names_are_sorted_by_utf16_as_rfc_8785_asks():
    assert list(json.loads(canonical_json({"\ufb33": 1, "\U0001f600": 2}))) == [
        "\U0001f600",
        "\ufb33",
    ]


@pytest.mark.parametrize("document", [1.5, {"a": 0.1}, {1: "a"}, [object()]])
def test_what_has_no_exact_text_is_refused(document):
    with pytest.raises(TypeError):
        canonical_json(document)
