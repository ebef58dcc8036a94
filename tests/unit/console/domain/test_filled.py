"""Reading what a browser sends, kind by kind."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from services.console.domain.filled import read_page
from services.console.domain.form import form_of
from tests.builders.console_world import a_form, option, question


def read(kind: str, fields: list[tuple[str, str]], **more: Any) -> tuple[Any, list[str]]:
    """Answer and problem codes of one question ``x``."""
    sent = {
        "sections": [
            {"code": "s", "titles": {}, "questions": [question("x", kind, "X", "X", **more)]}
        ]
    }
    reading = read_page(form_of(sent).sections[0].questions, MultiDict(fields))
    return reading.answers["x"], [problem.code for problem in reading.problems]


OPTIONS = [option("a", "A", "A"), option("b", "B", "B")]


@pytest.mark.parametrize(
    ("kind", "fields", "more", "expected"),
    [
        ("text", [("q-x", "  Leyla   Nümunə ")], {}, ("Leyla Nümunə", [])),
        ("text", [("q-x", "")], {}, (None, [])),
        ("text", [("q-x", "x" * 301)], {}, (None, ["too_long"])),
        ("text", [("q-x", "a\x07b")], {}, (None, ["not_one_line"])),
        ("long_text", [("q-x", "one\r\ntwo\n")], {}, ("one\ntwo", [])),
        ("long_text", [("q-x", "abc")], {"longest": 2}, (None, ["too_long"])),
        ("email", [("q-x", " a@b.az ")], {}, ("a@b.az", [])),
        ("email", [("q-x", "a@b")], {}, (None, ["not_email"])),
        ("phone", [("q-x", "+994 12 345-67-89")], {}, ("+994 12 345-67-89", [])),
        ("phone", [("q-x", "012345")], {}, (None, ["not_phone"])),
        ("date", [("q-x-d", "9"), ("q-x-m", "1"), ("q-x-y", "2003")], {}, ("2003-01-09", [])),
        ("date", [("q-x-d", "30"), ("q-x-m", "2"), ("q-x-y", "2003")], {}, (None, ["not_date"])),
        ("date", [("q-x-d", "1"), ("q-x-m", "2"), ("q-x-y", "03")], {}, (None, ["not_date"])),
        ("date", [("q-x-d", ""), ("q-x-m", ""), ("q-x-y", "")], {}, (None, [])),
        ("number", [("q-x", "2 025")], {}, (2025, [])),
        ("number", [("q-x", "-1")], {}, (None, ["not_number"])),
        ("number", [("q-x", "٣")], {}, (None, ["not_number"])),
        ("number", [("q-x", "5")], {"lowest": 6}, (None, ["too_low"])),
        ("number", [("q-x", "7")], {"highest": 6}, (None, ["too_high"])),
        ("single_choice", [("q-x", "b")], {"options": OPTIONS}, ("b", [])),
        ("single_choice", [("q-x", "z")], {"options": OPTIONS}, (None, [])),
        (
            "multiple_choice",
            [("q-x", "b"), ("q-x", "a"), ("q-x", "z")],
            {"options": OPTIONS},
            (["a", "b"], []),
        ),
        ("yes_no", [("q-x", "no")], {}, (False, [])),
        ("yes_no", [], {}, (None, [])),
        ("country", [("q-x", "GE")], {}, ("GE", [])),
        ("country", [("q-x", "Georgia")], {}, (None, [])),
        (
            "language_level",
            [("q-x-a", "b2"), ("q-x-b", "")],
            {"options": OPTIONS},
            ({"a": "b2"}, []),
        ),
        ("language_level", [("q-x-a", "d9")], {"options": OPTIONS}, (None, [])),
    ],
)
def test_one_answer(kind: str, fields: list[tuple[str, str]], more: Any, expected: Any) -> None:
    assert read(kind, fields, **more) == expected


def test_wrong_date_is_shown_again_as_typed() -> None:
    questions = form_of(a_form()).sections[0].questions
    typed = MultiDict([("q-born_on-d", "31"), ("q-born_on-m", "2"), ("q-born_on-y", "2003")])

    reading = read_page(questions, typed)

    assert reading.typed == {"born_on": {"d": "31", "m": "2", "y": "2003"}}
