"""A form: sections of questions, each with texts in several languages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from chassis.language_map import LanguageMap

Answers = Mapping[str, Any]
"""Question code -> answer, in the JSON form its ``QuestionKind`` names."""


class QuestionKind(StrEnum):
    """What a question takes, and the JSON form of its answer."""

    TEXT = "text"  # one line
    LONG_TEXT = "long_text"  # several lines
    EMAIL = "email"
    PHONE = "phone"  # international: + and digits
    DATE = "date"  # YYYY-MM-DD
    NUMBER = "number"  # whole, not negative
    SINGLE_CHOICE = "single_choice"  # an option's code
    MULTIPLE_CHOICE = "multiple_choice"  # a list of option codes
    YES_NO = "yes_no"  # true or false
    COUNTRY = "country"  # ISO 3166-1 alpha-2
    LANGUAGE_LEVEL = "language_level"  # language code -> CEFR level, lower case

    @property
    def has_options(self) -> bool:
        """Whether the answer is made of the question's own options."""
        return self in _WITH_OPTIONS

    @property
    def is_closed(self) -> bool:
        """Whether every answer comes out of a closed list, so that it can be a code."""
        return self in _CLOSED


_WITH_OPTIONS = frozenset(
    {QuestionKind.SINGLE_CHOICE, QuestionKind.MULTIPLE_CHOICE, QuestionKind.LANGUAGE_LEVEL}
)
_CLOSED = _WITH_OPTIONS | {QuestionKind.NUMBER, QuestionKind.YES_NO, QuestionKind.COUNTRY}

CEFR_LEVELS = ("a1", "a2", "b1", "b2", "c1", "c2")
"""Common European Framework of Reference, the lowest first."""


@dataclass(frozen=True, kw_only=True)
class Option:
    """One choice of a question."""

    code: str
    labels: LanguageMap


@dataclass(frozen=True, kw_only=True)
class Condition:
    """Shown only when an earlier closed question was answered with one of these codes."""

    question_code: str
    option_codes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question.

    Attributes:
        personal: says who somebody is; sealed, and never shown to reviewers.
        lowest, highest: limits of a number, both included.
        longest: characters of a text; ``None`` takes the limit of its kind.
    """

    code: str
    kind: QuestionKind
    labels: LanguageMap
    hints: LanguageMap | None = None
    required: bool = True
    personal: bool = False
    options: tuple[Option, ...] = ()
    visible_when: Condition | None = None
    lowest: int | None = None
    highest: int | None = None
    longest: int | None = None

    @property
    def is_sealed(self) -> bool:
        """Whether its answer is kept only under the person's key."""
        return self.personal or not self.kind.is_closed

    @property
    def option_codes(self) -> frozenset[str]:
        """The codes of its options."""
        return frozenset(option.code for option in self.options)


@dataclass(frozen=True, kw_only=True)
class Section:
    """Questions that are shown together on one page."""

    code: str
    titles: LanguageMap
    questions: tuple[Question, ...]
    visible_when: Condition | None = None


@dataclass(frozen=True, kw_only=True)
class Form:
    """What is asked; ``version`` grows with every change."""

    version: int = 1
    sections: tuple[Section, ...]

    def questions(self) -> Iterator[tuple[Section, Question]]:
        """All questions in their order, with their sections."""
        for section in self.sections:
            for question in section.questions:
                yield section, question
