"""Whether answers fit a form: every problem by the path of its field, none raised alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from chassis.errors import FieldProblem, InvalidBody
from services.registration.domain.form.coding import visible_questions
from services.registration.domain.form.definition import (
    CEFR_LEVELS,
    Answers,
    Form,
    Question,
    QuestionKind,
)

LONGEST_TEXT = 300
LONGEST_LONG_TEXT = 5_000
"""Characters; ours, where the form sets no other limit."""

HIGHEST_NUMBER = 10**12
"""Ours: every reader of JSON keeps its digits."""

_EMAIL = re.compile(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\".]+(\.[^@\s,;<>\".]+)+")
_PHONE = re.compile(r"\+[1-9][0-9]{6,14}")  # E.164
_PHONE_FILLING = str.maketrans("", "", " ()-")
_COUNTRY = re.compile(r"[A-Z]{2}")

Problem = tuple[str, str]
"""Stable code and a sentence that says what to write."""


def check_complete(form: Form, answers: Answers) -> None:
    """Admit answers that are sent: all that is shown and required is there and right.

    Answers to questions that are not shown may stay, of the right form.

    Raises:
        InvalidBody: ``answers.incomplete`` with every problem.
    """
    shown = {question.code for question in visible_questions(form, answers)}
    problems = [*_strangers(form, answers)]
    for _, question in form.questions():
        check = _complete_problem if question.code in shown else _draft_problem
        if found := check(question, answers.get(question.code)):
            problems.append(_problem(question.code, found))
    _refuse(problems, "answers.incomplete", "some answers are missing or wrong")


def check_draft(form: Form, answers: Answers) -> None:
    """Admit answers that are kept for later: incomplete, but each of the right form.

    Raises:
        InvalidBody: ``answers.unreadable`` with every problem.
    """
    problems = [*_strangers(form, answers)]
    for _, question in form.questions():
        if found := _draft_problem(question, answers.get(question.code)):
            problems.append(_problem(question.code, found))
    _refuse(problems, "answers.unreadable", "some answers have not the form of their question")


def _complete_problem(question: Question, answer: Any) -> Problem | None:
    if not _is_empty(answer):
        return _PROBLEM_OF[question.kind](question, answer)
    return ("required", "answer this question") if question.required else None


def _draft_problem(question: Question, answer: Any) -> Problem | None:
    found = None if _is_empty(answer) else _PROBLEM_OF[question.kind](question, answer)
    return found if found is not None and found[0] not in _CORRECTABLE else None


def _refuse(problems: list[FieldProblem], code: str, detail: str) -> None:
    if problems:
        raise InvalidBody(code, detail, problems=problems)


def _strangers(form: Form, answers: Answers) -> list[FieldProblem]:
    known = {question.code for _, question in form.questions()}
    return [
        _problem(code, ("unknown_question", "the form has no such question"))
        for code in answers
        if code not in known
    ]


def _problem(question_code: str, found: Problem) -> FieldProblem:
    return FieldProblem(field=f"answers.{question_code}", code=found[0], detail=found[1])


def _is_empty(answer: Any) -> bool:
    return answer is None or answer in ([], {}) or (isinstance(answer, str) and not answer.strip())


def _text(question: Question, answer: Any) -> Problem | None:
    if not isinstance(answer, str):
        return "not_text", "write a text"
    kind_limit = LONGEST_LONG_TEXT if question.kind is QuestionKind.LONG_TEXT else LONGEST_TEXT
    longest = question.longest or kind_limit
    if len(answer) > longest:
        return "too_long", f"write at most {longest} characters, not {len(answer)}"
    if question.kind is QuestionKind.TEXT and not answer.isprintable():
        return "not_one_line", "write one line without control characters"
    return None


def _email(_: Question, answer: Any) -> Problem | None:
    if not isinstance(answer, str):
        return "not_text", "write a text"
    if len(answer) > 254 or not _EMAIL.fullmatch(answer):
        return "not_email", "write an e-mail address such as name@example.org"
    return None


def _phone(_: Question, answer: Any) -> Problem | None:
    if not isinstance(answer, str):
        return "not_text", "write a text"
    if not _PHONE.fullmatch(answer.translate(_PHONE_FILLING)):
        return "not_phone", "write the number with its country code, such as +994 12 345 67 89"
    return None


def _date(_: Question, answer: Any) -> Problem | None:
    if not isinstance(answer, str):
        return "not_text", "write a text"
    try:
        if date.fromisoformat(answer).isoformat() == answer:
            return None
    except ValueError:
        pass
    return "not_date", "write a date as year-month-day, such as 1999-12-31"


def _number(question: Question, answer: Any) -> Problem | None:
    if not isinstance(answer, int) or isinstance(answer, bool):
        return "not_number", "write a whole number"
    if not 0 <= answer <= HIGHEST_NUMBER:
        return "not_number", f"write a whole number between 0 and {HIGHEST_NUMBER}"
    lowest = question.lowest or 0
    if answer < lowest:
        return "too_low", f"write a number of at least {lowest}"
    if question.highest is not None and answer > question.highest:
        return "too_high", f"write a number of at most {question.highest}"
    return None


def _single_choice(question: Question, answer: Any) -> Problem | None:
    if not isinstance(answer, str):
        return "not_text", "give the code of one option"
    if answer not in question.option_codes:
        return "not_option", "choose one of the options"
    return None


def _multiple_choice(question: Question, answer: Any) -> Problem | None:
    if not isinstance(answer, list) or not all(isinstance(code, str) for code in answer):
        return "not_list", "give a list of option codes"
    if not question.option_codes.issuperset(answer) or len(set(answer)) != len(answer):
        return "not_option", "choose among the options, each once"
    return None


def _yes_no(_: Question, answer: Any) -> Problem | None:
    return None if isinstance(answer, bool) else ("not_yes_no", "answer with yes or no")


def _country(_: Question, answer: Any) -> Problem | None:
    if not isinstance(answer, str):
        return "not_text", "give a country code"
    if not _COUNTRY.fullmatch(answer):
        return "not_country", "give a country code of two capital letters"
    return None


def _language_level(question: Question, answer: Any) -> Problem | None:
    if not isinstance(answer, dict) or not all(isinstance(level, str) for level in answer.values()):
        return "not_levels", "give a level for each language"
    if not question.option_codes.issuperset(answer):
        return "not_option", "choose among the languages of the question"
    if not all(level in CEFR_LEVELS for level in answer.values()):
        return "not_level", f"give levels out of {', '.join(CEFR_LEVELS)}"
    return None


_CORRECTABLE = frozenset(
    {"not_one_line", "not_email", "not_phone", "not_date", "too_low", "too_high"}
)
"""What a person may leave in a draft and put right later. All else no page could show again, and
would put text where only codes are stored in clear."""

_PROBLEM_OF: dict[QuestionKind, Callable[[Question, Any], Problem | None]] = {
    QuestionKind.TEXT: _text,
    QuestionKind.LONG_TEXT: _text,
    QuestionKind.EMAIL: _email,
    QuestionKind.PHONE: _phone,
    QuestionKind.DATE: _date,
    QuestionKind.NUMBER: _number,
    QuestionKind.SINGLE_CHOICE: _single_choice,
    QuestionKind.MULTIPLE_CHOICE: _multiple_choice,
    QuestionKind.YES_NO: _yes_no,
    QuestionKind.COUNTRY: _country,
    QuestionKind.LANGUAGE_LEVEL: _language_level,
}
