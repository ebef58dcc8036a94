"""Answers of closed questions as codes, and which questions a person sees."""

from __future__ import annotations

from typing import Any

from contracts.registration import CodedAnswer
from services.registration.domain.form.definition import (
    Answers,
    Condition,
    Form,
    Question,
    QuestionKind,
)


def codes_of(question: Question, answer: Any) -> tuple[str, ...]:
    """The codes of a valid answer to a closed question; empty for none.

    Options by their codes, a number by its digits, yes/no by its word, a country in lower case,
    a language level as ``<language>.<level>``.
    """
    if answer is None or answer in ("", [], {}):
        return ()
    match question.kind:
        case QuestionKind.MULTIPLE_CHOICE:
            return tuple(answer)
        case QuestionKind.YES_NO:
            return ("yes" if answer else "no",)
        case QuestionKind.LANGUAGE_LEVEL:
            return tuple(f"{language}.{level}" for language, level in sorted(answer.items()))
        case _:
            return (str(answer).lower(),)


def visible_questions(form: Form, answers: Answers) -> list[Question]:
    """The questions shown with these answers.

    A condition that looks at a hidden question does not hold: what was answered there before it
    was hidden counts no more.
    """
    shown: dict[str, Question] = {}
    for section, question in form.questions():
        conditions = (section.visible_when, question.visible_when)
        if all(_holds(condition, shown, answers) for condition in conditions):
            shown[question.code] = question
    return list(shown.values())


def _holds(condition: Condition | None, shown: dict[str, Question], answers: Answers) -> bool:
    if condition is None:
        return True
    asked = shown.get(condition.question_code)
    if asked is None:
        return False
    try:
        given = codes_of(asked, answers.get(asked.code))
    except (TypeError, AttributeError):  # a draft may hold an answer of the wrong form
        return False
    return any(code in condition.option_codes for code in given)


def coded_answers(form: Form, answers: Answers) -> tuple[CodedAnswer, ...]:
    """What may leave this service: closed, non-personal answers to questions that are shown."""
    coded = []
    for question in visible_questions(form, answers):
        codes = () if question.is_sealed else codes_of(question, answers.get(question.code))
        if codes:
            coded.append(CodedAnswer(question_code=question.code, option_codes=codes))
    return tuple(coded)


def open_part(form: Form, answers: Answers) -> dict[str, Any]:
    """The answers that may be stored as they are."""
    sealed = {question.code for _, question in form.questions() if question.is_sealed}
    return {code: answer for code, answer in answers.items() if code not in sealed}


def sealed_part(form: Form, answers: Answers) -> dict[str, Any]:
    """The answers that are kept only under the person's key."""
    sealed = {question.code for _, question in form.questions() if question.is_sealed}
    return {code: answer for code, answer in answers.items() if code in sealed}


def without_personal(form: Form, answers: Answers) -> dict[str, Any]:
    """What a reviewer may read: shown questions that do not say who it is."""
    return {
        question.code: answers[question.code]
        for question in visible_questions(form, answers)
        if not question.personal and question.code in answers
    }
