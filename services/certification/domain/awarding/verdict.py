"""What follows from terms and facts: a pure function that explains itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from services.certification.domain.awarding.facts import (
    Attendance,
    Attended,
    Evidence,
    Plan,
    PlannedSession,
)
from services.certification.domain.awarding.terms import (
    AwardTerms,
    ExcusedPolicy,
    Grade,
    HoursMinimum,
    Kind,
)


class Standing(StrEnum):
    """How a participant stands to a grade."""

    MET = "met"
    HELD = "held"  # all is met, but a session has no register yet
    NOT_YET = "not_yet"
    UNREACHABLE = "unreachable"  # not even by attending all that is left


@dataclass(frozen=True, kw_only=True)
class Missing:
    """One item that is not fulfilled; fulfilling all of them, and no fewer, earns the grade.

    Attributes:
        code: ``hours.overall``, ``hours.part.<part>``, ``training.<training>``, ``placement``
            or ``record`` (sessions without a register).
        minutes: still to be credited, 0 where minutes are not the point.
        session_ids: those without a register, for ``record``.
    """

    code: str
    minutes: int
    is_reachable: bool
    session_ids: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Minutes:
    """A participant's time in one part, or overall (``part_code`` is ``None``).

    Attributes:
        credited: attended, or excused where the terms say so; never more than was planned.
        counted: the base of percentages: sessions past and ahead.
        ahead: planned and without a register; the most that can still be credited.
    """

    part_code: str | None
    credited: int
    counted: int
    ahead: int


@dataclass(frozen=True, kw_only=True)
class GradeVerdict:
    """How a participant stands to one grade, and why."""

    kind_code: Kind
    standing: Standing
    missing: tuple[Missing, ...]


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """How a participant stands to an award.

    Attributes:
        kind_code: the best grade that is not out of reach, or the best one where all are.
        grades: all grades, best first.
    """

    standing: Standing
    kind_code: Kind
    grades: tuple[GradeVerdict, ...]
    overall: Minutes
    parts: tuple[Minutes, ...]

    @property
    def missing(self) -> tuple[Missing, ...]:
        """The missing items of the grade named by ``kind_code``."""
        return next(g.missing for g in self.grades if g.kind_code is self.kind_code)

    @property
    def is_reachable(self) -> bool:
        """Whether some grade is met or can still be met."""
        return self.standing is not Standing.UNREACHABLE


@dataclass(frozen=True)
class _Line:
    """A session as it counts for one participant, in minutes."""

    session: PlannedSession
    credited: int
    counted: int

    @property
    def ahead(self) -> int:
        return 0 if self.session.is_recorded else self.session.planned_minutes


def judge(terms: AwardTerms, *, plan: Plan, evidence: Evidence) -> Verdict:
    """Weigh one participant's facts against the terms.

    Percentages are of all sessions that count, past and ahead. Where nothing counts (no
    session, or all of them excused and not counted) a percentage is not reached: nobody earns
    an award for nothing. A part or training that is not planned yet is within reach until the
    cohort is completed.
    """
    lines = tuple(_lines(terms.excused, plan, evidence))
    grades = tuple(_judge_grade(grade, terms, lines, plan, evidence) for grade in terms.grades)
    decisive = next((g for g in grades if g.standing is not Standing.UNREACHABLE), grades[0])
    part_codes = sorted({line.session.part_code for line in lines})
    return Verdict(
        standing=decisive.standing,
        kind_code=decisive.kind_code,
        grades=grades,
        overall=_sum(None, lines),
        parts=tuple(_sum(code, _of_part(lines, code)) for code in part_codes),
    )


def _lines(excused: ExcusedPolicy, plan: Plan, evidence: Evidence) -> Iterator[_Line]:
    entries = {entry.session_id: entry for entry in evidence.attended}
    for session in plan.sessions():
        credited, counted = 0, session.planned_minutes
        # An entry without its register is possible while facts are under way: not yet credited.
        entry = entries.get(session.session_id) if session.is_recorded else None
        if entry is not None:
            credited, counted = _worth(entry, session.planned_minutes, excused)
        yield _Line(session, credited, counted)


def _worth(entry: Attended, planned: int, excused: ExcusedPolicy) -> tuple[int, int]:
    """Credited and counted minutes of one entry."""
    if entry.status_code is Attendance.ABSENT:
        return 0, planned
    if entry.status_code is not Attendance.EXCUSED:
        return min(entry.minutes_present, planned), planned
    if excused is ExcusedPolicy.AS_PRESENT:
        return planned, planned
    return 0, (0 if excused is ExcusedPolicy.NOT_COUNTED else planned)


def _judge_grade(
    grade: Grade, terms: AwardTerms, lines: tuple[_Line, ...], plan: Plan, evidence: Evidence
) -> GradeVerdict:
    short = tuple(_short_items(grade, lines, plan, evidence))
    open_ids = tuple(line.session.session_id for line in lines if not line.session.is_recorded)
    waits = terms.refuses_unrecorded and bool(open_ids)
    record = Missing(code="record", minutes=0, is_reachable=True, session_ids=open_ids)
    if not all(item.is_reachable for item in short):
        standing = Standing.UNREACHABLE
    elif short:
        standing = Standing.NOT_YET
    else:
        standing = Standing.HELD if waits else Standing.MET
    missing = (*short, record) if waits else short
    return GradeVerdict(kind_code=grade.kind_code, standing=standing, missing=missing)


def _short_items(
    grade: Grade, lines: tuple[_Line, ...], plan: Plan, evidence: Evidence
) -> Iterator[Missing]:
    asked: list[tuple[str, HoursMinimum, tuple[_Line, ...]]] = [
        ("hours.overall", grade.overall, lines)
    ]
    asked += [
        (f"hours.part.{part.part_code}", part.hours, _of_part(lines, part.part_code))
        for part in grade.parts
    ]
    asked += [
        (
            f"training.{training.training_code}",
            HoursMinimum(percent=training.percent),
            tuple(ln for ln in lines if ln.session.training_code == training.training_code),
        )
        for training in grade.required_trainings
    ]
    for code, hours, chosen in asked:
        yield from _short_of(code, hours, chosen, is_closed=plan.is_closed)
    done = sum(placement.minutes for placement in evidence.placements)
    if grade.placement_minutes is not None and done < grade.placement_minutes:
        yield Missing(
            code="placement",
            minutes=grade.placement_minutes - done,
            is_reachable=not plan.is_closed,
        )


def _short_of(
    code: str, hours: HoursMinimum, lines: tuple[_Line, ...], *, is_closed: bool
) -> Iterator[Missing]:
    total = _sum(None, lines)
    needed = hours.needed_minutes(total.counted)
    has_base = hours.percent is None or total.counted > 0
    if has_base and total.credited >= needed:
        return
    within_plan = has_base and total.credited + total.ahead >= needed
    may_be_planned = not lines and not is_closed
    yield Missing(
        code=code,
        minutes=max(needed - total.credited, 0),
        is_reachable=within_plan or may_be_planned,
    )


def _of_part(lines: Iterable[_Line], part_code: str) -> tuple[_Line, ...]:
    return tuple(line for line in lines if line.session.part_code == part_code)


def _sum(part_code: str | None, lines: Iterable[_Line]) -> Minutes:
    lines = tuple(lines)
    return Minutes(
        part_code=part_code,
        credited=sum(line.credited for line in lines),
        counted=sum(line.counted for line in lines),
        ahead=sum(line.ahead for line in lines),
    )
