"""Reading eligibility clauses from a rule set's document, checked against its questions.

A clause is an object with ``code``, ``texts`` and one of
  ``all``: [clause, ...]     ``any``: [clause, ...]     ``not``: clause
  ``question`` with ``includes``: [option, ...] (and ``at_least``: how many), for questions of the
      kinds option, options and yes_no
  ``question`` with ``lowest`` and/or ``highest``, for questions of the kind number
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from services.selection.domain.eligibility import (
    AllOf,
    Answers,
    AnyOf,
    Between,
    Clause,
    Includes,
    Not,
)
from services.selection.domain.reading import Node

MOST_DEPTH = 12
"""Deeper trees are mistakes; the limit is ours."""


class QuestionKind(StrEnum):
    """What answers a question takes."""

    OPTION = "option"
    OPTIONS = "options"
    NUMBER = "number"
    YES_NO = "yes_no"


@dataclass(frozen=True, kw_only=True)
class Question:
    """A closed question of the form, as the rules know it."""

    code: str
    kind: QuestionKind
    option_codes: frozenset[str]

    def admits(self, answer: tuple[str, ...]) -> bool:
        """Whether an answer is of this question's kind."""
        if self.kind is QuestionKind.NUMBER:
            return len(answer) == 1 and _is_whole(answer[0])
        if self.kind is not QuestionKind.OPTIONS and len(answer) != 1:
            return False
        return self.option_codes.issuperset(answer)


Questions = Mapping[str, Question]


def read_questions(node: Node) -> Questions:
    """The questions that rules may look at, by code."""
    questions: dict[str, Question] = {}
    for item in node.items():
        question = _read_question(item)
        if question.code in questions:
            item.refuse(f"question {question.code!r} is there twice")
        questions[question.code] = question
    return questions


def read_answers(node: Node, questions: Questions) -> Answers:
    """Answers by question code; a single code may stand without a list, a number as a number."""
    answers = {name: _read_answer(item) for name, item in node.members()}
    for name, answer in answers.items():
        if name in questions and answer and not questions[name].admits(answer):
            node.get(name, None).refuse(
                f"is no answer to a question of kind {questions[name].kind}"
            )
    return answers


def known_answers(answers: Answers, questions: Questions) -> Answers:
    """The answers the rules can read: one of another kind counts as missing, so a human looks."""
    return {
        code: answer
        for code, answer in answers.items()
        if code in questions and answer and questions[code].admits(answer)
    }


def read_clause(node: Node, questions: Questions, *, depth: int = 0) -> Clause:
    """A clause and all inside it."""
    if depth > MOST_DEPTH:
        node.refuse(f"clauses are nested more than {MOST_DEPTH} deep")
    code, texts = node["code"].code(), node["texts"].texts()
    if node.has("question"):
        return _read_condition(node, questions)
    node.fields("code", "texts", "all", "any", "not")
    kinds = [kind for kind in ("all", "any", "not") if node.has(kind)]
    if len(kinds) != 1:
        node.refuse("needs exactly one of all, any, not, question")
    inner = node[kinds[0]]
    if kinds[0] == "not":
        return Not(code=code, texts=texts, clause=read_clause(inner, questions, depth=depth + 1))
    clauses = tuple(read_clause(item, questions, depth=depth + 1) for item in inner.items())
    if not clauses:
        inner.refuse("must not be empty")
    if kinds[0] == "all":
        return AllOf(code=code, texts=texts, clauses=clauses)
    return AnyOf(code=code, texts=texts, clauses=clauses)


def _read_condition(node: Node, questions: Questions) -> Clause:
    code, texts, name = node["code"].code(), node["texts"].texts(), node["question"].code()
    if name not in questions:
        node["question"].refuse(f"there is no question {name!r}")
    question = questions[name]
    if question.kind is QuestionKind.NUMBER:
        node.fields("code", "texts", "question", "lowest", "highest")
        lowest, highest = (
            node[name].whole() if node.has(name) else None for name in ("lowest", "highest")
        )
        if lowest is None and highest is None:
            node.refuse("needs lowest or highest")
        return Between(
            code=code, texts=texts, question_code=question.code, lowest=lowest, highest=highest
        )
    node.fields("code", "texts", "question", "includes", "at_least")
    options = frozenset(item.code() for item in node["includes"].items())
    strange = options - question.option_codes
    if strange or not options:
        node["includes"].refuse(f"must be options of {question.code!r}, {sorted(strange)} are not")
    return Includes(
        code=code,
        texts=texts,
        question_code=question.code,
        option_codes=options,
        at_least=node.get("at_least", 1).whole(at_least=1, at_most=len(options)),
    )


def _read_question(node: Node) -> Question:
    node.fields("code", "kind", "options")
    kind = QuestionKind(node["kind"].choice(*QuestionKind))
    options = frozenset(item.code() for item in node.get("options", []).items())
    if kind in (QuestionKind.OPTION, QuestionKind.OPTIONS):
        if not options:
            node.refuse("needs options")
    elif options:
        node["options"].refuse(f"a question of kind {kind} has none")
    if kind is QuestionKind.YES_NO:
        options = frozenset({"yes", "no"})
    return Question(code=node["code"].code(), kind=kind, option_codes=options)


def _read_answer(node: Node) -> tuple[str, ...]:
    if node.value is None:
        return ()
    if isinstance(node.value, bool):
        return ("yes" if node.value else "no",)
    if isinstance(node.value, int):
        return (str(node.value),)
    if isinstance(node.value, str):
        return (node.value,)
    return tuple(item.text() for item in node.items())


def _is_whole(text: str) -> bool:
    return text.removeprefix("-").isdecimal() and text.isascii() and len(text) <= 18
