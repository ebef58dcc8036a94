"""The first stage: may this person take part, and what do two blind reviewers think?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from chassis.aggregate import Aggregate
from chassis.errors import RuleViolation
from chassis.ids import derived_id
from contracts.registration import CodedAnswer
from contracts.selection import ScreeningRejected, ScreeningShortlisted, ScreeningUndecided
from services.selection.domain.eligibility import Answers, Truth, Verdict
from services.selection.domain.review import Review, ReviewStatus, given_points
from services.selection.domain.rubric import WHOLE_PERMILLE, Points
from services.selection.domain.rules import Rules


class ScreeningStatus(StrEnum):
    """Where a screening stands."""

    WAITING = "waiting"
    UNDECIDED = "undecided"
    ELIGIBLE = "eligible"
    REVIEWED = "reviewed"
    SHORTLISTED = "shortlisted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


_OVER = (ScreeningStatus.SHORTLISTED, ScreeningStatus.REJECTED, ScreeningStatus.WITHDRAWN)


@dataclass(kw_only=True)
class Screening(Aggregate):
    """One application in the first stage.

    Rules
      R1  it is judged by the frozen rules of every preferred cohort; until all are frozen it waits
      R2  it goes on where the rules hold; where they hold nowhere but are unknown somewhere, a
          person decides; else it is rejected, naming the failing clause of the first preference
      R3  a changed form voids its reviews and is judged anew, until the shortlist is drawn
      R4  a reviewer is never the applicant, never assigned twice, and not one who declared a
          conflict of interest
      R5  a review is sealed once, complete, and is not shown to other reviewers before all are
      R6  with enough sealed reviews it is reviewed; two that differ too much ask for a further one,
          and the centre may ask for more until the shortlist is drawn
      R7  only a reviewed application is shortlisted or rejected on its score

    Attributes:
        cohort_id: the first preference, whose rubric and shortlist apply.
        possible_cohort_ids: preferences whose rules do not fail, unknown ones included.
        eligible_cohort_ids: preferences the person may be placed at.
        review_milli: mean score in milli-points, 0 to 100,000.
        adjusted_milli: the same with reviewers' severity taken out, where it ranks people; known
            with the shortlist.
    """

    screening_id: str
    application_id: str
    call_id: str
    cohort_id: str
    subject_id: str | None = None
    country_code: str
    route: str
    preferences: tuple[str, ...]
    answers: tuple[CodedAnswer, ...] = ()
    status: ScreeningStatus = ScreeningStatus.WAITING
    possible_cohort_ids: tuple[str, ...] = ()
    eligible_cohort_ids: tuple[str, ...] = ()
    clause_code: str | None = None
    missing_question_codes: tuple[str, ...] = ()
    reviews: tuple[Review, ...] = ()
    review_milli: int | None = None
    adjusted_milli: int | None = None

    @staticmethod
    def id_for(application_id: str) -> str:
        """Each application has one screening."""
        return derived_id("screening", application_id)

    def judge(self, rules: Mapping[str, Rules], *, now: datetime) -> None:
        """Decide eligibility; records ``ScreeningRejected`` or ``ScreeningUndecided`` (R1, R2).

        Args:
            rules: cohort id -> frozen rules, as far as there are any.

        Raises:
            RuleViolation: ``screening.judged``.
        """
        self._require(ScreeningStatus.WAITING, reason="judged")
        if any(cohort_id not in rules for cohort_id in self.preferences):
            return
        verdicts = {c: rules[c].judge(self.coded_answers) for c in self.preferences}
        self.possible_cohort_ids = _where(verdicts, Truth.TRUE, Truth.UNKNOWN)
        self.eligible_cohort_ids = _where(verdicts, Truth.TRUE)
        if self.eligible_cohort_ids:
            self.status = ScreeningStatus.ELIGIBLE
        elif self.possible_cohort_ids:
            self._leave_to_a_person(verdicts[self.possible_cohort_ids[0]], now)
        else:
            self._reject("not_eligible", now, verdicts[self.preferences[0]].clause_code)

    def decide(self, *, eligible: bool, now: datetime) -> None:
        """A person's word where the rules had none (R2).

        Raises:
            RuleViolation: ``screening.not_undecided``.
        """
        self._require(ScreeningStatus.UNDECIDED, reason="not_undecided")
        if not eligible:
            self._reject("not_eligible", now, self.clause_code)
            return
        self.eligible_cohort_ids = self.possible_cohort_ids
        self.status = ScreeningStatus.ELIGIBLE

    def amend(self, *, preferences: Sequence[str], answers: Sequence[CodedAnswer]) -> None:
        """Take over a changed form; ``judge`` it afterwards (R3).

        Raises:
            RuleViolation: ``screening.over``.
        """
        judged_on_the_form = self.status is ScreeningStatus.REJECTED and self.review_milli is None
        if self.status in _OVER and not judged_on_the_form:
            raise RuleViolation("screening.over", f"the screening is {self.status}")
        self.preferences, self.answers = tuple(preferences), tuple(answers)
        self.cohort_id = self.preferences[0]
        self.reviews = tuple(replace(review, status=ReviewStatus.VOID) for review in self.reviews)
        self.status, self.review_milli = ScreeningStatus.WAITING, None
        self.possible_cohort_ids = self.eligible_cohort_ids = ()
        self.clause_code, self.missing_question_codes = None, ()

    def assign(self, reviewer_id: str) -> None:
        """Ask somebody for a review (R4, R6).

        Raises:
            RuleViolation: ``screening.not_in_review``, ``review.own_application``,
                ``review.conflict`` or ``review.assigned_twice``.
        """
        self._require_in_review()
        if reviewer_id == self.subject_id:
            raise RuleViolation("review.own_application", "nobody reviews their own application")
        for review in self.reviews:
            if review.reviewer_id == reviewer_id and review.status is ReviewStatus.RECUSED:
                raise RuleViolation("review.conflict", "this reviewer declared a conflict")
            if review.reviewer_id == reviewer_id and review.status is not ReviewStatus.VOID:
                raise RuleViolation("review.assigned_twice", "this reviewer has it already")
        self.reviews = (*self.reviews, Review(reviewer_id=reviewer_id))

    def recuse(self, reviewer_id: str, *, conflict_code: str) -> None:
        """A reviewer steps back; somebody else must be asked (R4).

        Raises:
            RuleViolation: ``review.not_assigned``.
        """
        review = self._assigned(reviewer_id)
        self._put(replace(review, status=ReviewStatus.RECUSED, conflict_code=conflict_code), review)

    def seal(self, reviewer_id: str, points: Points, rules: Rules, *, now: datetime) -> None:
        """Take a complete sheet that changes no more (R5, R6).

        Raises:
            RuleViolation: ``screening.not_in_review``, ``review.not_assigned`` or ``scores.*``.
        """
        self._require_in_review()
        review = self._assigned(reviewer_id)
        rules.review.check(points)
        sealed = replace(
            review, status=ReviewStatus.SEALED, scores=given_points(points), sealed_at=now
        )
        self._put(sealed, review)
        if len(self._sheets()) >= self.reviews_needed(rules):
            self.review_milli = rules.review.mean_milli(self._sheets())
            self.status = ScreeningStatus.REVIEWED

    def reviews_needed(self, rules: Rules) -> int:
        """How many sealed reviews it takes (R6)."""
        sheets = [rules.review.weighted_milli(points) for points in self._sheets()]
        limit = rules.third_review_above_points * WHOLE_PERMILLE
        differ = len(sheets) >= rules.review_count and max(sheets) - min(sheets) > limit
        return rules.review_count + differ

    def reviews_for(self, viewer_id: str) -> tuple[Review, ...]:
        """What a reviewer may see: their own, and all once every one is in (R5)."""
        still_open = any(review.status is ReviewStatus.ASSIGNED for review in self.reviews)
        if self.review_milli is not None and not still_open:
            return self.reviews
        return tuple(review for review in self.reviews if review.reviewer_id == viewer_id)

    def shortlist(self, *, now: datetime, adjusted_milli: int | None = None) -> None:
        """Send to the interview; records ``ScreeningShortlisted`` (R7).

        Raises:
            RuleViolation: ``screening.not_reviewed``.
        """
        self._require(ScreeningStatus.REVIEWED, reason="not_reviewed")
        self.status, self.adjusted_milli = ScreeningStatus.SHORTLISTED, adjusted_milli
        self.record(ScreeningShortlisted(**self._marks(), shortlisted_at=now))

    def reject(self, *, reason_code: str, now: datetime, adjusted_milli: int | None = None) -> None:
        """End it here; records ``ScreeningRejected`` (R7).

        Raises:
            RuleViolation: ``screening.not_reviewed``.
        """
        self._require(ScreeningStatus.REVIEWED, reason="not_reviewed")
        self.adjusted_milli = adjusted_milli
        self._reject(reason_code, now, None)

    def withdraw(self) -> None:
        """The applicant took the application back.

        Raises:
            RuleViolation: ``screening.withdrawn``.
        """
        if self.status is ScreeningStatus.WITHDRAWN:
            raise RuleViolation("screening.withdrawn", "it was withdrawn already")
        self.status = ScreeningStatus.WITHDRAWN

    def erase(self) -> None:
        """Forget what could lead to the person; the count of screenings stays."""
        if self.status not in _OVER:
            self.status = ScreeningStatus.WITHDRAWN
        self.subject_id, self.answers = None, ()
        self.reviews = tuple(replace(review, scores=()) for review in self.reviews)
        self.missing_question_codes = ()

    @property
    def coded_answers(self) -> Answers:
        """Answers by question code."""
        return {answer.question_code: answer.option_codes for answer in self.answers}

    def _leave_to_a_person(self, verdict: Verdict, now: datetime) -> None:
        assert verdict.clause_code is not None, "an unknown verdict names its clause"
        self.status = ScreeningStatus.UNDECIDED
        self.clause_code = verdict.clause_code
        self.missing_question_codes = verdict.missing_question_codes
        self.record(
            ScreeningUndecided(
                **self._marks(),
                clause_code=verdict.clause_code,
                missing_question_codes=verdict.missing_question_codes,
                undecided_at=now,
            )
        )

    def _reject(self, reason_code: str, now: datetime, clause_code: str | None) -> None:
        self.status, self.clause_code = ScreeningStatus.REJECTED, clause_code
        self.record(
            ScreeningRejected(
                **self._marks(), reason_code=reason_code, clause_code=clause_code, rejected_at=now
            )
        )

    def _marks(self) -> dict[str, str]:
        return {
            "screening_id": self.screening_id,
            "application_id": self.application_id,
            "cohort_id": self.cohort_id,
            "subject_id": self.subject_id or "",
            "country_code": self.country_code,
        }

    def _require_in_review(self) -> None:
        if self.status not in (ScreeningStatus.ELIGIBLE, ScreeningStatus.REVIEWED):
            raise RuleViolation("screening.not_in_review", f"the screening is {self.status}")

    def _require(self, status: ScreeningStatus, *, reason: str) -> None:
        if self.status is not status:
            raise RuleViolation(f"screening.{reason}", f"the screening is {self.status}")

    def _assigned(self, reviewer_id: str) -> Review:
        for review in self.reviews:
            if review.reviewer_id == reviewer_id and review.status is ReviewStatus.ASSIGNED:
                return review
        raise RuleViolation("review.not_assigned", "this reviewer has no open review here")

    def _put(self, review: Review, instead_of: Review) -> None:
        self.reviews = tuple(review if r is instead_of else r for r in self.reviews)

    def _sheets(self) -> list[Points]:
        return [r.points for r in self.reviews if r.status is ReviewStatus.SEALED]


def _where(verdicts: Mapping[str, Verdict], *truths: Truth) -> tuple[str, ...]:
    return tuple(cohort_id for cohort_id, verdict in verdicts.items() if verdict.truth in truths)
