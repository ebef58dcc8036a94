"""An objection to a decision, answered by people who did not take it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chassis.aggregate import Aggregate
from chassis.errors import RuleViolation
from contracts.selection import AppealDecided
from services.selection.domain.screening import Screening


class AppealStatus(StrEnum):
    """Where an appeal stands; ``UPHELD``: the first decision stays."""

    FILED = "filed"
    ADMISSIBLE = "admissible"
    INADMISSIBLE = "inadmissible"
    GRANTED = "granted"
    UPHELD = "upheld"


@dataclass(kw_only=True)
class Appeal(Aggregate):
    """One person's objection to what was decided on their application.

    Rules
      R1  only the applicant files it, with a ground from the published list
      R2  it is examined before it is decided, and decided once
      R3  who reviewed or interviewed the person takes no part in the decision

    Attributes:
        first_deciders: ids of those who took part in the first decision.
    """

    appeal_id: str
    application_id: str
    cohort_id: str
    subject_id: str | None = None
    country_code: str
    ground_code: str
    first_deciders: tuple[str, ...]
    status: AppealStatus = AppealStatus.FILED
    filed_at: datetime

    @classmethod
    def file(
        cls,
        screening: Screening,
        *,
        appeal_id: str,
        subject_id: str,
        ground_code: str,
        panelist_ids: tuple[str, ...],
        now: datetime,
    ) -> Appeal:
        """File an objection.

        Raises:
            RuleViolation: ``appeal.not_applicant`` (R1).
        """
        if screening.subject_id is None or subject_id != screening.subject_id:
            raise RuleViolation("appeal.not_applicant", "only the applicant may appeal")
        reviewers = {review.reviewer_id for review in screening.reviews}
        return cls(
            appeal_id=appeal_id,
            application_id=screening.application_id,
            cohort_id=screening.cohort_id,
            subject_id=subject_id,
            country_code=screening.country_code,
            ground_code=ground_code,
            first_deciders=tuple(sorted(reviewers | set(panelist_ids))),
            filed_at=now,
        )

    def examine(self, *, admissible: bool, decider_id: str, now: datetime) -> None:
        """Say whether it will be decided; if not, records ``AppealDecided`` (R2, R3).

        Raises:
            RuleViolation: ``appeal.not_filed`` or ``appeal.first_decider``.
        """
        self._require(AppealStatus.FILED)
        self._require_fresh_eyes(decider_id)
        self.status = AppealStatus.ADMISSIBLE if admissible else AppealStatus.INADMISSIBLE
        if not admissible:
            self._announce(now)

    def decide(self, *, granted: bool, decider_id: str, now: datetime) -> None:
        """Decide it; records ``AppealDecided`` (R2, R3).

        Raises:
            RuleViolation: ``appeal.not_admissible`` or ``appeal.first_decider``.
        """
        self._require(AppealStatus.ADMISSIBLE)
        self._require_fresh_eyes(decider_id)
        self.status = AppealStatus.GRANTED if granted else AppealStatus.UPHELD
        self._announce(now)

    def erase(self) -> None:
        """Forget the person; the count of appeals stays."""
        if self.status in (AppealStatus.FILED, AppealStatus.ADMISSIBLE):
            self.status = AppealStatus.INADMISSIBLE
        self.subject_id = None

    def _announce(self, now: datetime) -> None:
        assert self.subject_id is not None, "an erased appeal is decided"
        self.record(
            AppealDecided(
                appeal_id=self.appeal_id,
                application_id=self.application_id,
                cohort_id=self.cohort_id,
                subject_id=self.subject_id,
                country_code=self.country_code,
                outcome_code=self.status.value,
                decided_at=now,
            )
        )

    def _require(self, status: AppealStatus) -> None:
        if self.status is not status:
            raise RuleViolation(f"appeal.not_{status}", f"the appeal is {self.status}")

    def _require_fresh_eyes(self, decider_id: str) -> None:
        if decider_id in self.first_deciders:
            raise RuleViolation("appeal.first_decider", "who decided first does not decide again")
