"""What somebody filled in, as answers: read kind by kind, every problem by question."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from services.console.domain.form import CEFR_LEVELS, Question

LONGEST_TEXT = 300
LONGEST_LONG_TEXT = 5_000
"""Characters, where the form sets no other limit; registration's own limits."""

_MAIL = re.compile(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\".]+(\.[^@\s,;<>\".]+)+")
_PHONE = re.compile(r"\+[1-9][0-9]{6,14}")
_PHONE_FILLING = str.maketrans("", "", " ()-")


class Fields(Protocol):
    """The fields of a form as a browser sends them."""

    def get(self, key: str, default: str, /) -> str:
        """The first value of a field."""
        ...

    def getlist(self, key: str, /) -> Sequence[str]:
        """All values of a field."""
        ...


@dataclass(frozen=True)
class Problem:
    """What is wrong with one answer: a code of the catalogue and what the sentence needs."""

    question_code: str
    code: str
    values: Mapping[str, object]


@dataclass(frozen=True)
class Reading:
    """Answers of one page.

    Attributes:
        answers: what can be kept; of a wrong date or number what was typed is not.
        typed: what was typed where it could not be read, to be shown again.
        problems: in the order of the questions.
    """

    answers: Mapping[str, Any]
    typed: Mapping[str, Any]
    problems: tuple[Problem, ...]


class _WrongError(Exception):
    def __init__(self, code: str, typed: Any, **values: object) -> None:
        super().__init__(code)
        self.code, self.typed, self.values = code, typed, values


def read_page(questions: Sequence[Question], fields: Fields) -> Reading:
    """Read the answers to ``questions``; an empty field becomes no answer."""
    answers: dict[str, Any] = {}
    typed: dict[str, Any] = {}
    problems: list[Problem] = []
    for question in questions:
        try:
            answers[question.code] = _READ[question.kind](question, fields)
        except _WrongError as wrong:
            typed[question.code] = wrong.typed
            answers[question.code] = None
            problems.append(Problem(question.code, wrong.code, wrong.values))
    return Reading(answers, typed, tuple(problems))


def _line(question: Question, fields: Fields) -> str | None:
    typed = " ".join(fields.get(question.field_id, "").split())
    longest = question.longest or LONGEST_TEXT
    if len(typed) > longest:
        raise _WrongError("too_long", typed, longest=longest, count=len(typed))
    if not typed.isprintable():
        raise _WrongError("not_one_line", "")
    return typed or None


def _lines(question: Question, fields: Fields) -> str | None:
    typed = fields.get(question.field_id, "").replace("\r\n", "\n").strip()
    longest = question.longest or LONGEST_LONG_TEXT
    if len(typed) > longest:
        raise _WrongError("too_long", typed, longest=longest, count=len(typed))
    return typed or None


def _mail(question: Question, fields: Fields) -> str | None:
    typed = fields.get(question.field_id, "").strip()
    if typed and (len(typed) > 254 or not _MAIL.fullmatch(typed)):
        raise _WrongError("not_email", typed)
    return typed or None


def _phone(question: Question, fields: Fields) -> str | None:
    typed = fields.get(question.field_id, "").strip()
    if typed and not _PHONE.fullmatch(typed.translate(_PHONE_FILLING)):
        raise _WrongError("not_phone", typed)
    return typed or None


def _date(question: Question, fields: Fields) -> str | None:
    parts = [fields.get(f"{question.field_id}-{part}", "").strip() for part in ("d", "m", "y")]
    if not any(parts):
        return None
    day, month, year = parts
    try:
        if len(year) != 4:
            raise ValueError(year)
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        raise _WrongError("not_date", {"d": day, "m": month, "y": year}) from None


def _number(question: Question, fields: Fields) -> int | None:
    typed = "".join(fields.get(question.field_id, "").split())
    if not typed:
        return None
    if not typed.isascii() or not typed.isdigit() or len(typed) > 12:
        raise _WrongError("not_number", typed)
    number, lowest = int(typed), question.lowest or 0
    if number < lowest:
        raise _WrongError("too_low", typed, lowest=lowest)
    if question.highest is not None and number > question.highest:
        raise _WrongError("too_high", typed, highest=question.highest)
    return number


def _one(question: Question, fields: Fields) -> str | None:
    chosen = fields.get(question.field_id, "")
    return chosen if chosen in {option.code for option in question.options} else None


def _many(question: Question, fields: Fields) -> list[str] | None:
    chosen = set(fields.getlist(question.field_id))
    return [option.code for option in question.options if option.code in chosen] or None


def _yes_no(question: Question, fields: Fields) -> bool | None:
    return {"yes": True, "no": False}.get(fields.get(question.field_id, ""))


def _country(question: Question, fields: Fields) -> str | None:
    chosen = fields.get(question.field_id, "")
    return chosen if re.fullmatch(r"[A-Z]{2}", chosen) else None


def _levels(question: Question, fields: Fields) -> dict[str, str] | None:
    given = {
        option.code: fields.get(f"{question.field_id}-{option.code}", "")
        for option in question.options
    }
    return {code: level for code, level in given.items() if level in CEFR_LEVELS} or None


_READ: Mapping[str, Callable[[Question, Fields], Any]] = {
    "text": _line,
    "long_text": _lines,
    "email": _mail,
    "phone": _phone,
    "date": _date,
    "number": _number,
    "single_choice": _one,
    "multiple_choice": _many,
    "yes_no": _yes_no,
    "country": _country,
    "language_level": _levels,
}
"""Kinds of questions registration knows."""
