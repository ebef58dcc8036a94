"""Whether a form itself makes sense, checked before it is shown to anybody."""

from __future__ import annotations

import re
from collections.abc import Iterator

from chassis.errors import FieldProblem, InvalidBody
from chassis.language_map import LanguageMap
from services.registration.domain.form.definition import Condition, Form, Question, QuestionKind

_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")  # no dot: it parts language and level
NEEDED_LANGUAGES = ("az", "en")


def check_form(form: Form) -> None:
    """Admit a form.

    Rules
      F1  codes are lower case, and each question's and section's is there once
      F2  every text is there in Azerbaijani and English
      F3  questions of choice have options, others have none; option codes are there once
      F4  a condition looks at an earlier closed question and at options it has

    Raises:
        InvalidBody: ``form.malformed`` with every problem.
    """
    problems = list(_problems(form))
    if problems:
        raise InvalidBody("form.malformed", "the form contradicts itself", problems=problems)


def _problems(form: Form) -> Iterator[FieldProblem]:
    earlier: dict[str, Question] = {}
    section_codes: set[str] = set()
    if not any(True for _ in form.questions()):
        yield FieldProblem(field="form.sections", code="empty", detail="ask at least one question")
    for number, section in enumerate(form.sections):
        path = f"form.sections[{number}]"
        yield from _code(section.code, section_codes, path)
        section_codes.add(section.code)
        yield from _texts(section.titles, f"{path}.titles")
        yield from _condition(section.visible_when, earlier, f"{path}.visible_when")
        for index, question in enumerate(section.questions):
            place = f"{path}.questions[{index}]"
            yield from _code(question.code, set(earlier), place)
            yield from _question(question, place)
            yield from _condition(question.visible_when, earlier, f"{place}.visible_when")
            earlier[question.code] = question


def _code(code: str, taken: set[str], path: str) -> Iterator[FieldProblem]:
    if not _CODE.fullmatch(code):
        detail = "use lower-case letters, digits, '_' and '-'"
        yield FieldProblem(field=f"{path}.code", code="not_code", detail=detail)
    if code in taken:
        yield FieldProblem(field=f"{path}.code", code="twice", detail="this code is taken")


def _texts(texts: LanguageMap, path: str) -> Iterator[FieldProblem]:
    for language_code in NEEDED_LANGUAGES:
        if not texts.get(language_code, "").strip():
            detail = f"there is no text in {language_code!r}"
            yield FieldProblem(field=path, code="text_missing", detail=detail)


def _question(question: Question, path: str) -> Iterator[FieldProblem]:
    yield from _texts(question.labels, f"{path}.labels")
    if question.hints is not None:
        yield from _texts(question.hints, f"{path}.hints")
    if question.kind.has_options and not question.options:
        yield FieldProblem(field=f"{path}.options", code="missing", detail="give options")
    if question.options and not question.kind.has_options:
        detail = f"a question of kind {question.kind} has no options"
        yield FieldProblem(field=f"{path}.options", code="unwanted", detail=detail)
    taken: set[str] = set()
    for number, option in enumerate(question.options):
        yield from _code(option.code, taken, f"{path}.options[{number}]")
        yield from _texts(option.labels, f"{path}.options[{number}].labels")
        taken.add(option.code)
    lowest, highest = question.lowest or 0, question.highest
    if lowest < 0 or (highest is not None and highest < lowest):
        detail = "limits are not negative, and the highest is not below the lowest"
        yield FieldProblem(field=path, code="limits", detail=detail)


def _condition(
    condition: Condition | None, earlier: dict[str, Question], path: str
) -> Iterator[FieldProblem]:
    if condition is None:
        return
    asked = earlier.get(condition.question_code)
    if asked is None:
        detail = "a condition looks at an earlier question"
        yield FieldProblem(field=path, code="not_earlier", detail=detail)
    elif not asked.kind.is_closed or asked.kind is QuestionKind.LANGUAGE_LEVEL:
        detail = "a condition looks at a choice, a number, a country or yes/no"
        yield FieldProblem(field=path, code="not_closed", detail=detail)
    elif not condition.option_codes or not _can_give(asked, condition.option_codes):
        detail = f"question {asked.code!r} has not these options"
        yield FieldProblem(field=path, code="not_option", detail=detail)


def _can_give(asked: Question, option_codes: tuple[str, ...]) -> bool:
    if asked.kind is QuestionKind.YES_NO:
        return {"yes", "no"}.issuperset(option_codes)
    if asked.kind.has_options:
        return asked.option_codes.issuperset(option_codes)
    return True
