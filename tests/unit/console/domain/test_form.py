"""What a form shows with which answers."""

from __future__ import annotations

from services.console.domain.form import (
    form_of,
    is_empty,
    kept_answers,
    missing_codes,
    page_questions,
    shown_questions,
    shown_sections,
)
from tests.builders.console_world import COMPLETE_ANSWERS, a_form

FORM = form_of(a_form())


def test_conditional_question_is_shown_only_with_its_answer() -> None:
    assert "graduated_in" not in shown_questions(FORM, {"level": "master"})
    assert "graduated_in" in shown_questions(FORM, {"level": "graduate"})


def test_page_shows_a_question_whose_condition_is_asked_on_it() -> None:
    section = FORM.section("education")
    assert section is not None

    codes = [question.code for question in page_questions(FORM, section, {})]

    assert codes == ["level", "graduated_in", "fields", "languages"]


def test_conditional_section_appears_with_yes() -> None:
    without = [section.code for section in shown_sections(FORM, {"worked": False})]
    with_it = [section.code for section in shown_sections(FORM, {"worked": True})]

    assert without == ["person", "education", "motivation"]
    assert with_it == [*without, "work"]


def test_hidden_question_is_not_missing() -> None:
    section = FORM.section("education")
    assert section is not None
    assert missing_codes(FORM, section, {"level": "master", "fields": ["law"]}) == []
    assert missing_codes(FORM, section, {"level": "graduate", "fields": []}) == [
        "graduated_in",
        "fields",
    ]


def test_complete_answers_miss_nothing() -> None:
    missing = [missing_codes(FORM, section, COMPLETE_ANSWERS) for section in FORM.sections]
    assert missing == [[], [], [], []]


def test_no_and_zero_are_answers() -> None:
    assert [is_empty(value) for value in (False, 0, None, "", " ", [], {})] == [
        False,
        False,
        True,
        True,
        True,
        True,
        True,
    ]


def test_unknown_and_empty_answers_are_not_kept() -> None:
    assert kept_answers(FORM, {"level": "master", "fields": [], "stranger": "x"}) == {
        "level": "master"
    }
