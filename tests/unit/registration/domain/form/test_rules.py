"""Whether a form makes sense (F1-F4)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chassis.errors import InvalidBody
from services.registration.domain.form.definition import (
    Condition,
    Form,
    Question,
    QuestionKind,
    Section,
)
from services.registration.domain.form.rules import check_form
from tests.builders.registration import SCHOOL_FORM, a_form, a_question, labels

ASKED = a_question("asked", QuestionKind.SINGLE_CHOICE, "yes", "no")


def codes(form: Form) -> list[str]:
    """Codes of a form's problems."""
    with pytest.raises(InvalidBody) as refused:
        check_form(form)
    assert refused.value.code == "form.malformed"
    return [problem.code for problem in refused.value.problems]


def depending(question_code: str, *option_codes: str) -> Question:
    return a_question(
        "later",
        QuestionKind.TEXT,
        visible_when=Condition(question_code=question_code, option_codes=option_codes),
    )


def test_the_schools_form_makes_sense() -> None:
    check_form(SCHOOL_FORM)


@pytest.mark.parametrize(
    ("questions", "found"),
    [
        ((a_question("A b", QuestionKind.TEXT),), ["not_code"]),  # F1
        ((a_question("a.b", QuestionKind.TEXT),), ["not_code"]),
        ((ASKED, ASKED), ["twice"]),
        ((replace(ASKED, labels={"az": "sual"}),), ["text_missing"]),  # F2
        ((replace(ASKED, hints={"en": "hint", "az": " "}),), ["text_missing"]),
        ((replace(ASKED, options=()),), ["missing"]),  # F3
        ((a_question("a", QuestionKind.TEXT, "x"),), ["unwanted"]),
        ((a_question("a", QuestionKind.SINGLE_CHOICE, "x", "x"),), ["twice"]),
        ((a_question("a", QuestionKind.NUMBER, lowest=5, highest=4),), ["limits"]),
        ((a_question("a", QuestionKind.NUMBER, lowest=-5),), ["limits"]),
        ((depending("asked", "yes"), ASKED), ["not_earlier"]),  # F4
        ((depending("later", "yes"),), ["not_earlier"]),
        ((ASKED, depending("asked", "maybe")), ["not_option"]),
        ((ASKED, depending("asked")), ["not_option"]),
        ((a_question("t", QuestionKind.TEXT), depending("t", "x")), ["not_closed"]),
        ((a_question("y", QuestionKind.YES_NO), depending("y", "true")), ["not_option"]),
    ],
)
def test_a_form_that_contradicts_itself_is_refused(
    questions: tuple[Question, ...], found: list[str]
) -> None:
    assert codes(a_form(*questions)) == found


def test_a_form_asks_something() -> None:
    assert codes(Form(sections=())) == ["empty"]
    section = Section(code="a", titles=labels("A"), questions=())
    assert codes(Form(sections=(section,))) == ["empty"]
