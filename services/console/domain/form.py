"""A form as registration sends it: what is shown with these answers, section by section.

Registration decides what it takes; here a page is only told early what it would refuse.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Answers = Mapping[str, Any]
"""Question code -> answer in the JSON form of the question's kind."""

CEFR_LEVELS = ("a1", "a2", "b1", "b2", "c1", "c2")


@dataclass(frozen=True)
class Condition:
    """Shown only when an earlier question was answered with one of these codes."""

    question_code: str
    option_codes: frozenset[str]


@dataclass(frozen=True)
class Option:
    """One choice."""

    code: str
    labels: Mapping[str, str]


@dataclass(frozen=True)
class Question:
    """One question of a form."""

    code: str
    kind: str
    labels: Mapping[str, str]
    hints: Mapping[str, str] | None
    required: bool
    options: tuple[Option, ...]
    condition: Condition | None
    lowest: int | None
    highest: int | None
    longest: int | None

    @property
    def field_id(self) -> str:
        """Name and id of its first control."""
        return f"q-{self.code}"


@dataclass(frozen=True)
class Section:
    """Questions on one page."""

    code: str
    titles: Mapping[str, str]
    questions: tuple[Question, ...]
    condition: Condition | None


@dataclass(frozen=True)
class Form:
    """All sections in order."""

    version: int
    sections: tuple[Section, ...]

    def questions(self) -> Iterator[tuple[Section, Question]]:
        """All questions in order."""
        for section in self.sections:
            for question in section.questions:
                yield section, question

    def section(self, code: str) -> Section | None:
        """One section."""
        return next((section for section in self.sections if section.code == code), None)


def form_of(sent: Mapping[str, Any]) -> Form:
    """A form out of registration's JSON."""
    return Form(
        version=int(sent.get("version", 1)),
        sections=tuple(_section(section) for section in sent["sections"]),
    )


def _section(sent: Mapping[str, Any]) -> Section:
    return Section(
        code=sent["code"],
        titles=sent["titles"],
        questions=tuple(_question(question) for question in sent["questions"]),
        condition=_condition(sent.get("visible_when")),
    )


def _question(sent: Mapping[str, Any]) -> Question:
    return Question(
        code=sent["code"],
        kind=sent["kind"],
        labels=sent["labels"],
        hints=sent.get("hints") or None,
        required=bool(sent.get("required", True)),
        options=tuple(Option(each["code"], each["labels"]) for each in sent.get("options") or ()),
        condition=_condition(sent.get("visible_when")),
        lowest=sent.get("lowest"),
        highest=sent.get("highest"),
        longest=sent.get("longest"),
    )


def _condition(sent: Mapping[str, Any] | None) -> Condition | None:
    if not sent:
        return None
    return Condition(sent["question_code"], frozenset(sent["option_codes"]))


def shown_questions(form: Form, answers: Answers) -> dict[str, Question]:
    """The questions shown with these answers, by code; a hidden question's answer counts not."""
    shown: dict[str, Question] = {}
    for section, question in form.questions():
        conditions = (section.condition, question.condition)
        if all(_holds(condition, shown, answers) for condition in conditions):
            shown[question.code] = question
    return shown


def shown_sections(form: Form, answers: Answers) -> list[Section]:
    """Sections with at least one question that is shown."""
    shown = shown_questions(form, answers)
    return [
        section
        for section in form.sections
        if any(question.code in shown for question in section.questions)
    ]


def page_questions(form: Form, section: Section, answers: Answers) -> list[Question]:
    """What a section's page shows: also questions whose condition is answered on that very page.

    Without a script nobody can know yet whether they will be needed.
    """
    here = {question.code for question in section.questions}
    shown = shown_questions(form, answers)
    return [
        question
        for question in section.questions
        if question.code in shown
        or (question.condition is not None and question.condition.question_code in here)
    ]


def _holds(condition: Condition | None, shown: Mapping[str, Question], answers: Answers) -> bool:
    if condition is None:
        return True
    asked = shown.get(condition.question_code)
    if asked is None:
        return False
    given = codes_of(asked, answers.get(asked.code))
    return not condition.option_codes.isdisjoint(given)


def codes_of(question: Question, answer: Any) -> frozenset[str]:
    """The codes of an answer to a closed question."""
    if is_empty(answer):
        return frozenset()
    if isinstance(answer, list):
        return frozenset(str(code) for code in answer)
    if isinstance(answer, dict):
        return frozenset(f"{language}.{level}" for language, level in answer.items())
    if question.kind == "yes_no":
        return frozenset({"yes" if answer else "no"})
    return frozenset({str(answer).lower()})


def is_empty(answer: Any) -> bool:
    """Whether nothing was answered; ``False`` and 0 are answers."""
    return answer is None or answer in ([], {}) or (isinstance(answer, str) and not answer.strip())


def missing_codes(form: Form, section: Section, answers: Answers) -> list[str]:
    """Required questions of a section that are shown and not answered."""
    shown = shown_questions(form, answers)
    return [
        question.code
        for question in section.questions
        if question.code in shown and question.required and is_empty(answers.get(question.code))
    ]


def kept_answers(form: Form, answers: Answers) -> dict[str, Any]:
    """Answers to questions the form has, without empty ones."""
    known = {question.code for _, question in form.questions()}
    return {
        code: answer for code, answer in answers.items() if code in known and not is_empty(answer)
    }
