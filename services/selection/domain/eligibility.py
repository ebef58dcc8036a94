"""Who may take part, decided by clauses over closed answers, with a third truth value.

An answer that is missing makes a clause unknown, never false: a human must look, or the person
adds what is missing (Kleene's strong three-valued logic).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import final

from chassis.language_map import LanguageMap

Answers = Mapping[str, tuple[str, ...]]
"""Question code -> chosen option codes; of a number, its digits; of yes or no, that word."""


class Truth(StrEnum):
    """Whether a clause holds."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Verdict:
    """What a clause says about one person.

    Attributes:
        clause_code, texts: of the clause that decided it; ``None`` and empty when it holds.
        missing_question_codes: answers that would decide an unknown verdict, sorted.
    """

    truth: Truth
    clause_code: str | None = None
    texts: LanguageMap = field(default_factory=dict)
    missing_question_codes: tuple[str, ...] = ()


_HOLDS = Verdict(Truth.TRUE)


@dataclass(frozen=True, kw_only=True)
class Clause(ABC):
    """A condition with a code and a text that tells the person what it asks for."""

    code: str
    texts: LanguageMap

    @abstractmethod
    def judge(self, answers: Answers) -> Verdict:
        """What the clause says; where it does not hold, which clause inside decided that."""

    @abstractmethod
    def question_codes(self) -> frozenset[str]:
        """Questions the clause looks at."""

    def _fails(self) -> Verdict:
        return Verdict(Truth.FALSE, self.code, self.texts)

    def _unknown(self, missing: frozenset[str]) -> Verdict:
        return Verdict(Truth.UNKNOWN, self.code, self.texts, tuple(sorted(missing)))


@dataclass(frozen=True, kw_only=True)
class _OnAnswer(Clause):
    """A condition on one answer."""

    question_code: str

    @final
    def judge(self, answers: Answers) -> Verdict:
        given = answers.get(self.question_code, ())
        if not given:
            return self._unknown(frozenset({self.question_code}))
        return _HOLDS if self._admits(given) else self._fails()

    @final
    def question_codes(self) -> frozenset[str]:
        return frozenset({self.question_code})

    @abstractmethod
    def _admits(self, given: tuple[str, ...]) -> bool: ...


@dataclass(frozen=True, kw_only=True)
class Includes(_OnAnswer):
    """At least ``at_least`` of the chosen options are among ``option_codes``."""

    option_codes: frozenset[str]
    at_least: int = 1

    def _admits(self, given: tuple[str, ...]) -> bool:
        return len(self.option_codes.intersection(given)) >= self.at_least


@dataclass(frozen=True, kw_only=True)
class Between(_OnAnswer):
    """The number given lies in a closed interval; a missing limit is no limit."""

    lowest: int | None = None
    highest: int | None = None

    def _admits(self, given: tuple[str, ...]) -> bool:
        number = int(given[0])
        return (self.lowest is None or number >= self.lowest) and (
            self.highest is None or number <= self.highest
        )


@dataclass(frozen=True, kw_only=True)
class AllOf(Clause):
    """Every clause holds."""

    clauses: tuple[Clause, ...]

    def judge(self, answers: Answers) -> Verdict:
        verdicts = [clause.judge(answers) for clause in self.clauses]
        failing = next((v for v in verdicts if v.truth is Truth.FALSE), None)
        if failing is not None:
            return failing
        unknown = [v for v in verdicts if v.truth is Truth.UNKNOWN]
        if not unknown:
            return _HOLDS
        return Verdict(Truth.UNKNOWN, unknown[0].clause_code, unknown[0].texts, _missing(unknown))

    def question_codes(self) -> frozenset[str]:
        return frozenset().union(*(clause.question_codes() for clause in self.clauses))


@dataclass(frozen=True, kw_only=True)
class AnyOf(Clause):
    """At least one clause holds; when none does, this clause is named, not one inside."""

    clauses: tuple[Clause, ...]

    def judge(self, answers: Answers) -> Verdict:
        verdicts = [clause.judge(answers) for clause in self.clauses]
        if any(v.truth is Truth.TRUE for v in verdicts):
            return _HOLDS
        unknown = [v for v in verdicts if v.truth is Truth.UNKNOWN]
        return self._unknown(frozenset(_missing(unknown))) if unknown else self._fails()

    def question_codes(self) -> frozenset[str]:
        return frozenset().union(*(clause.question_codes() for clause in self.clauses))


@dataclass(frozen=True, kw_only=True)
class Not(Clause):
    """The clause inside does not hold."""

    clause: Clause

    def judge(self, answers: Answers) -> Verdict:
        inner = self.clause.judge(answers)
        if inner.truth is Truth.UNKNOWN:
            return self._unknown(frozenset(inner.missing_question_codes))
        return self._fails() if inner.truth is Truth.TRUE else _HOLDS

    def question_codes(self) -> frozenset[str]:
        return self.clause.question_codes()


def _missing(verdicts: list[Verdict]) -> tuple[str, ...]:
    return tuple(sorted({code for v in verdicts for code in v.missing_question_codes}))
