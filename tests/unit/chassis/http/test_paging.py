"""Cursors go round and are refused when they are not ours."""

from __future__ import annotations

import pytest

from chassis.errors import BadInput
from chassis.http.paging import after, cursor


@pytest.mark.parametrize("id_", ["a", "018f", "x" * 100, "ə", "a:b"])
def test_cursor_goes_round(id_: str):
    made = cursor(id_)
    assert made is not None
    assert after(made) == id_
    assert made.isascii()


def test_no_cursor_is_the_beginning_and_the_end():
    assert (after(None), cursor(None)) == (None, None)


@pytest.mark.parametrize("made_up", ["", "!", "ə", "abc", "YQ", "\x00", "_w", "a" * 1_001])
def test_made_up_cursor_is_refused(made_up: str):
    with pytest.raises(BadInput) as refused:
        after(made_up)
    assert refused.value.code == "cursor.invalid"
