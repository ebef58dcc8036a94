"""Reviewers asked for all applications of a call at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chassis.aggregate import Aggregate
from chassis.errors import RuleViolation
from services.selection.domain.review import ReviewStatus
from services.selection.domain.reviewing.assignment import Assignment, Impossible
from services.selection.domain.reviewing.people import Form, Reviewer, Terms
from services.selection.domain.rules import Rules
from services.selection.domain.screening import Screening

_MOST_LACKING = 100  # named; the reason counts all of them


class AssignmentStatus(StrEnum):
    """How far it is."""

    ASKED = "asked"
    DONE = "done"
    IMPOSSIBLE = "impossible"


@dataclass(frozen=True, kw_only=True)
class ReviewerRecord:
    """A reviewer as the centre named them; ``conflict_application_ids`` they must not read."""

    reviewer_id: str
    country_code: str
    organisation_codes: tuple[str, ...] = ()
    language_codes: tuple[str, ...] = ()
    conflict_application_ids: tuple[str, ...] = ()
    most_reviews: int | None = None


@dataclass(frozen=True, kw_only=True)
class ReviewLoad:
    """How many applications one reviewer has."""

    reviewer_id: str
    review_count: int


@dataclass(kw_only=True)
class ReviewerAssignment(Aggregate):
    """One time that reviewers were assigned. Announces nothing.

    Rules
      R1  it is asked for with all reviewers who may be asked, each once
      R2  it ends once: done, or impossible with the reason

    Attributes:
        organisation_question_codes: questions whose answers are the applicant's organisations.
        language_question_code: the question whose answer is the form's language.
        lacking_application_ids: some that cannot get their reviews.
        bridge_permille_reached: share of reviews across countries.
    """

    assignment_id: str
    call_id: str
    country_code: str
    reviewers: tuple[ReviewerRecord, ...]
    organisation_question_codes: tuple[str, ...] = ()
    language_question_code: str | None = None
    bridge_permille: int = 100
    own_country: bool = True
    asked_at: datetime
    status: AssignmentStatus = AssignmentStatus.ASKED
    reason: str | None = None
    lacking_application_ids: tuple[str, ...] = ()
    review_loads: tuple[ReviewLoad, ...] = ()
    bridge_permille_reached: int | None = None

    def check(self) -> None:
        """Refuse reviewers named twice (R1).

        Raises:
            RuleViolation: ``assignment.twice``.
        """
        ids = [reviewer.reviewer_id for reviewer in self.reviewers]
        if len(set(ids)) != len(ids):
            raise RuleViolation("assignment.twice", "a reviewer is named twice")

    @property
    def terms(self) -> Terms:
        """How the engine is asked; each form says itself how many reviews it takes."""
        return Terms(reviews=1, bridge_permille=self.bridge_permille, own_country=self.own_country)

    def people(self) -> list[Reviewer]:
        """Reviewers for the engine."""
        return [
            Reviewer(
                reviewer_id=record.reviewer_id,
                country_code=record.country_code,
                organisation_codes=frozenset(record.organisation_codes),
                language_codes=frozenset(record.language_codes),
                most_reviews=record.most_reviews,
            )
            for record in self.reviewers
        ]

    def form(self, screening: Screening, rules: Rules) -> Form:
        """One application for the engine: what is assigned or sealed stays."""
        answers = screening.coded_answers
        language = answers.get(self.language_question_code or "", ())
        return Form(
            form_id=screening.screening_id,
            country_code=screening.country_code,
            organisation_codes=frozenset(
                option
                for code in self.organisation_question_codes
                for option in answers.get(code, ())
            ),
            language_code=language[0] if language else None,
            kept_reviewer_ids=frozenset(
                review.reviewer_id
                for review in screening.reviews
                if review.status in (ReviewStatus.ASSIGNED, ReviewStatus.SEALED)
            ),
            refused_reviewer_ids=frozenset(self._refused(screening)),
            reviews=screening.reviews_needed(rules),
        )

    def finish(self, assignment: Assignment) -> None:
        """Everybody was asked (R2).

        Raises:
            RuleViolation: ``assignment.ended``.
        """
        self._end(AssignmentStatus.DONE)
        self.review_loads = tuple(
            ReviewLoad(reviewer_id=reviewer_id, review_count=count)
            for reviewer_id, count in assignment.loads.items()
        )
        self.bridge_permille_reached = assignment.bridge_permille

    def give_up(self, impossible: Impossible, application_ids: Iterable[str]) -> None:
        """There is no such assignment (R2).

        Raises:
            RuleViolation: ``assignment.ended``.
        """
        self._end(AssignmentStatus.IMPOSSIBLE)
        self.reason = str(impossible)
        self.lacking_application_ids = tuple(sorted(application_ids)[:_MOST_LACKING])

    def _refused(self, screening: Screening) -> Iterable[str]:
        for review in screening.reviews:
            if review.status is ReviewStatus.RECUSED:
                yield review.reviewer_id
        for record in self.reviewers:
            if screening.application_id in record.conflict_application_ids:
                yield record.reviewer_id
        if screening.subject_id is not None:
            yield screening.subject_id

    def _end(self, status: AssignmentStatus) -> None:
        if self.status is not AssignmentStatus.ASKED:
            raise RuleViolation("assignment.ended", f"the assignment is {self.status} already")
        self.status = status
