"""What an award asks of a participant: plain, frozen, versioned data."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from hashlib import sha256

import rfc8785

from chassis.errors import RuleViolation

_CODE = re.compile(r"[a-z0-9][a-z0-9_.-]{0,49}")  # leaves room for the prefix of a missing code


class Kind(StrEnum):
    """The two certificates a participant can earn."""

    COMPLETION = "completion"
    PARTICIPATION = "participation"


class ExcusedPolicy(StrEnum):
    """What an excused absence is worth."""

    AS_ABSENT = "as_absent"  # nothing is credited, the session counts
    AS_PRESENT = "as_present"  # the session is credited in full
    NOT_COUNTED = "not_counted"  # the session leaves the participant's base


class Confirmation(StrEnum):
    """Who lets a met award go on to its hold window."""

    AUTOMATIC = "automatic"
    OPERATOR = "operator"


@dataclass(frozen=True, kw_only=True)
class HoursMinimum:
    """A lower bound on credited time; where both limits are set, both must hold.

    Attributes:
        percent: of the minutes that count for the participant, 1-100.
        minutes: absolute.
    """

    percent: int | None = None
    minutes: int | None = None

    @property
    def demands_something(self) -> bool:
        """Whether any limit is set."""
        return self.percent is not None or self.minutes is not None

    def needed_minutes(self, base_minutes: int) -> int:
        """Minutes to credit out of ``base_minutes``, rounded up to whole minutes."""
        share = -(-(self.percent or 0) * base_minutes // 100)
        return max(share, self.minutes or 0)


@dataclass(frozen=True, kw_only=True)
class PartMinimum:
    """A lower bound within one part of the curriculum."""

    part_code: str
    hours: HoursMinimum


@dataclass(frozen=True, kw_only=True)
class RequiredTraining:
    """A training nobody may miss: at least ``percent`` of its minutes, 1-100."""

    training_code: str
    percent: int


@dataclass(frozen=True, kw_only=True)
class Grade:
    """What one kind of certificate asks; every item must hold.

    Attributes:
        placement_minutes: of completed placements together; ``None`` asks for no placement.
    """

    kind_code: Kind
    overall: HoursMinimum = HoursMinimum()
    parts: tuple[PartMinimum, ...] = ()
    required_trainings: tuple[RequiredTraining, ...] = ()
    placement_minutes: int | None = None


@dataclass(frozen=True, kw_only=True)
class AwardTerms:
    """One version of an award rule.

    Attributes:
        grades: best first; a participant gets the first one that they have met.
        refuses_unrecorded: wait while a session of the plan has no register.
        hold_minutes: between meeting the terms and the certificate, for second thoughts.
    """

    grades: tuple[Grade, ...]
    excused: ExcusedPolicy = ExcusedPolicy.AS_ABSENT
    refuses_unrecorded: bool = True
    confirmation: Confirmation = Confirmation.AUTOMATIC
    hold_minutes: int = 0

    def sha256(self) -> str:
        """Hash of the canonical form (RFC 8785): equal terms, equal hash, for ever."""
        return sha256(rfc8785.dumps(asdict(self))).hexdigest()

    def check(self) -> None:
        """Refuse terms that nobody could apply.

        Raises:
            RuleViolation: ``award_rule.no_grade``, ``.kind_twice``, ``.demands_nothing``,
                ``.bad_code``, ``.named_twice`` or ``.out_of_range``.
        """
        kinds = [grade.kind_code for grade in self.grades]
        if not kinds:
            raise RuleViolation("award_rule.no_grade", "a rule needs at least one grade")
        if len(set(kinds)) != len(kinds):
            raise RuleViolation("award_rule.kind_twice", "each kind may be named once")
        _require_range("hold_minutes", self.hold_minutes, 0, 60 * 24 * 60)
        for grade in self.grades:
            _check_grade(grade)


def _check_grade(grade: Grade) -> None:
    _require_codes(part.part_code for part in grade.parts)
    _require_codes(training.training_code for training in grade.required_trainings)
    if not (
        grade.overall.demands_something
        or grade.parts
        or grade.required_trainings
        or grade.placement_minutes
    ):
        raise RuleViolation(
            "award_rule.demands_nothing", f"the grade {grade.kind_code} asks for nothing"
        )
    _check_hours("overall", grade.overall)
    for part in grade.parts:
        if not part.hours.demands_something:
            raise RuleViolation(
                "award_rule.demands_nothing", f"part {part.part_code} is named but asks for nothing"
            )
        _check_hours(part.part_code, part.hours)
    for training in grade.required_trainings:
        _require_range(training.training_code, training.percent, 1, 100)
    if grade.placement_minutes is not None:
        _require_range("placement_minutes", grade.placement_minutes, 1, 1_000_000)


def _check_hours(name: str, hours: HoursMinimum) -> None:
    if hours.percent is not None:
        _require_range(f"{name} percent", hours.percent, 1, 100)
    if hours.minutes is not None:
        _require_range(f"{name} minutes", hours.minutes, 1, 1_000_000)


def _require_range(name: str, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        raise RuleViolation(
            "award_rule.out_of_range", f"{name} is {value}, must be {low} to {high}"
        )


def _require_codes(codes: Iterable[str]) -> None:
    seen: set[str] = set()
    for code in codes:
        if not _CODE.fullmatch(code):
            raise RuleViolation("award_rule.bad_code", f"{code!r} is not a code")
        if code in seen:
            raise RuleViolation("award_rule.named_twice", f"{code} is named twice in one grade")
        seen.add(code)
