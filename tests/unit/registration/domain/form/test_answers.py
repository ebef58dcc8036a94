"""What an answer must be: drafts keep what can be corrected, sending wants all of it right."""

from __future__ import annotations

from typing import Any

import pytest

from chassis.errors import InvalidBody
from contracts.registration import CodedAnswer
from services.registration.domain.form.answers import (
    HIGHEST_NUMBER,
    check_complete,
    check_draft,
)
from services.registration.domain.form.coding import (
    coded_answers,
    open_part,
    sealed_part,
    visible_questions,
    without_personal,
)
from services.registration.domain.form.definition import Condition, Form, QuestionKind, Section
from tests.builders.registration import (
    SCHOOL_FORM,
    a_form,
    a_question,
    good_answers,
    labels,
)


def problems(check: Any, answers: dict[str, Any], form: Form = SCHOOL_FORM) -> dict[str, str]:
    """Field -> code of every problem a check names."""
    try:
        check(form, answers)
    except InvalidBody as refused:
        return {problem.field: problem.code for problem in refused.problems}
    return {}


def test_complete_answers_are_admitted() -> None:
    assert problems(check_complete, good_answers()) == {}


def test_every_problem_is_named_at_once() -> None:
    answers = good_answers(email="nobody", birth_on="21.03.1999", motivation=" ", level=None)

    assert problems(check_complete, {**answers, "shoe_size": 42}) == {
        "answers.shoe_size": "unknown_question",
        "answers.email": "not_email",
        "answers.birth_on": "not_date",
        "answers.level": "required",
        "answers.motivation": "required",
    }


@pytest.mark.parametrize(
    ("question", "answer", "code"),
    [
        ("father_name", 5, "not_text"),
        ("father_name", "x" * 301, "too_long"),
        ("father_name", "two\nlines", "not_one_line"),
        ("email", ["a@b.org"], "not_text"),
        ("email", "a@b", "not_email"),
        ("email", f"{'a' * 250}@example.org", "not_email"),
        ("phone", "012 345 67 89", "not_phone"),
        ("birth_on", "1999-02-30", "not_date"),
        ("birth_on", "19990228", "not_date"),
        ("lives_in", "az", "not_country"),
        ("lives_in", "Azerbaijan", "not_country"),
        ("level", "doctor", "not_option"),
        ("level", ["master"], "not_text"),
        ("graduation_year", "2020", "not_number"),
        ("graduation_year", True, "not_number"),
        ("graduation_year", 2020.5, "not_number"),
        ("graduation_year", -1, "not_number"),
        ("graduation_year", HIGHEST_NUMBER + 1, "not_number"),
        ("graduation_year", 1989, "too_low"),
        ("graduation_year", 2031, "too_high"),
        ("fields", "law", "not_list"),
        ("fields", [{}], "not_list"),
        ("fields", ["law", "law"], "not_option"),
        ("fields", ["cooking"], "not_option"),
        ("languages", ["en"], "not_levels"),
        ("languages", {"fr": "b1"}, "not_option"),
        ("languages", {"en": "B2"}, "not_level"),
        ("volunteer", "yes", "not_yes_no"),
        ("motivation", {"$where": "1"}, "not_text"),
        ("motivation", "x" * 5_001, "too_long"),
    ],
)
def test_an_answer_of_the_wrong_form_is_refused(question: str, answer: Any, code: str) -> None:
    answers = good_answers(**{question: answer})

    assert problems(check_complete, answers) == {f"answers.{question}": code}


def test_a_draft_may_be_empty_and_keeps_what_can_be_corrected() -> None:
    assert problems(check_draft, {}) == {}
    assert problems(check_draft, {"email": "sara@", "graduation_year": 25, "phone": "12"}) == {}


def test_a_draft_keeps_no_text_where_codes_are_stored_in_clear() -> None:
    answers = {"level": "Sara, born 1999", "lives_in": "Baku", "fields": ["Sara"], "volunteer": 1}

    assert problems(check_draft, answers) == {
        "answers.lives_in": "not_country",
        "answers.level": "not_option",
        "answers.fields": "not_option",
        "answers.volunteer": "not_yes_no",
    }


def test_a_hidden_question_is_neither_required_nor_coded() -> None:
    answers = good_answers(level="master", graduation_year=1)

    assert problems(check_complete, answers) == {}
    assert "graduation_year" not in {
        answer.question_code for answer in coded_answers(SCHOOL_FORM, answers)
    }


def test_a_hidden_answer_still_has_the_right_form() -> None:
    answers = good_answers(level="master", graduation_year="x" * 20)

    assert problems(check_complete, answers) == {"answers.graduation_year": "not_number"}


def test_what_depends_on_a_hidden_question_is_hidden() -> None:
    yes = ("yes",)
    form = a_form(
        a_question("studies", QuestionKind.YES_NO),
        a_question(
            "abroad",
            QuestionKind.YES_NO,
            visible_when=Condition(question_code="studies", option_codes=yes),
        ),
        a_question(
            "where",
            QuestionKind.COUNTRY,
            visible_when=Condition(question_code="abroad", option_codes=yes),
        ),
    )

    shown = visible_questions(form, {"studies": False, "abroad": True, "where": "GE"})

    assert [question.code for question in shown] == ["studies"]


def test_a_section_is_hidden_with_its_questions() -> None:
    asked = a_question("volunteer", QuestionKind.YES_NO)
    when = Condition(question_code="volunteer", option_codes=("yes",))
    form = Form(
        sections=(
            Section(code="a", titles=labels("A"), questions=(asked,)),
            Section(
                code="b",
                titles=labels("B"),
                questions=(a_question("why", QuestionKind.TEXT),),
                visible_when=when,
            ),
        )
    )

    assert problems(check_complete, {"volunteer": False}, form) == {}
    assert problems(check_complete, {"volunteer": True}, form) == {"answers.why": "required"}


def test_only_closed_answers_that_do_not_say_who_it_is_leave() -> None:
    assert coded_answers(SCHOOL_FORM, good_answers(volunteer=False)) == (
        CodedAnswer(question_code="lives_in", option_codes=("az",)),
        CodedAnswer(question_code="level", option_codes=("recent-graduate",)),
        CodedAnswer(question_code="graduation_year", option_codes=("2020",)),
        CodedAnswer(question_code="fields", option_codes=("law", "sociology")),
        CodedAnswer(question_code="languages", option_codes=("en.b2", "ru.c1")),
        CodedAnswer(question_code="volunteer", option_codes=("no",)),
    )


def test_personal_and_free_answers_are_the_sealed_part() -> None:
    answers = good_answers()

    assert set(sealed_part(SCHOOL_FORM, answers)) == {
        "father_name",
        "email",
        "phone",
        "birth_on",
        "motivation",
    }
    assert {**sealed_part(SCHOOL_FORM, answers), **open_part(SCHOOL_FORM, answers)} == answers


def test_a_personal_choice_is_sealed_and_not_coded() -> None:
    form = a_form(a_question("minority", QuestionKind.SINGLE_CHOICE, "a", "b", personal=True))

    assert coded_answers(form, {"minority": "a"}) == ()
    assert sealed_part(form, {"minority": "a"}) == {"minority": "a"}


def test_a_reviewer_reads_the_motivation_but_not_who_wrote_it() -> None:
    read = without_personal(SCHOOL_FORM, good_answers())

    assert read["motivation"] == good_answers()["motivation"]
    assert {"father_name", "email", "phone", "birth_on"}.isdisjoint(read)
