"""What a new rule set would have meant for people who applied under an old one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from chassis.errors import RuleViolation
from services.selection.domain.eligibility import Answers, Verdict
from services.selection.domain.rubric import Points, Rubric
from services.selection.domain.rules import Rules
from services.selection.domain.scores import ReviewScore, Scores


@dataclass(frozen=True, kw_only=True)
class Applied:
    """One person who applied: closed answers and the sheets they were given."""

    person_id: str
    answers: Answers
    reviews: tuple[Points, ...] = ()
    interview: tuple[Points, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """One person under one rule set.

    Attributes:
        band: 0 the best.
        final_milli: final score in milli-points; ``None`` where sheets are missing, or were filled
            in for other criteria, and where the rules rank by adjusted scores: those follow from
            who reviewed whom, which is not known here.
    """

    verdict: Verdict
    band: int
    final_milli: int | None


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One person under both rule sets."""

    person_id: str
    before: Outcome
    after: Outcome

    @property
    def changed(self) -> bool:
        """Whether the new rules say anything else about the person."""
        return self.before != self.after


def dry_run(people: Iterable[Applied], *, old: Rules, new: Rules) -> tuple[Difference, ...]:
    """Judge everybody under both rule sets; ordered by person.

    Answers to questions the new rules ask and the old form did not are missing, so verdicts on
    them are unknown, never false.
    """
    return tuple(
        Difference(
            person_id=person.person_id, before=_outcome(person, old), after=_outcome(person, new)
        )
        for person in sorted(people, key=lambda person: person.person_id)
    )


def _outcome(person: Applied, rules: Rules) -> Outcome:
    review = _mean_milli(rules.review, person.reviews)
    interview = _mean_milli(rules.interview, person.interview)
    final = None
    if review is not None and interview is not None and rules.review_score is ReviewScore.RAW:
        final = rules.final_milli(Scores(review_milli=review, interview_milli=interview))
    return Outcome(
        verdict=rules.judge(person.answers), band=rules.band(person.answers), final_milli=final
    )


def _mean_milli(rubric: Rubric, sheets: tuple[Points, ...]) -> int | None:
    try:
        for sheet in sheets:
            rubric.check(sheet)
        return rubric.mean_milli(sheets)
    except RuleViolation:
        return None
