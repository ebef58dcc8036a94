"""A person with a place in a cohort."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chassis.aggregate import Aggregate
from chassis.errors import RuleViolation
from chassis.ids import derived_id
from contracts.registration import ParticipantCompleted, ParticipantEnrolled, ParticipantLeft
from services.registration.domain.call import Route
from services.registration.domain.cohort import Cohort
from services.registration.domain.form.answers import check_complete
from services.registration.domain.form.definition import Answers
from services.registration.domain.subject import Subject


class ParticipantStatus(StrEnum):
    """Where a participant stands; ``ACTIVE``: the second form is in."""

    ENROLLED = "enrolled"
    ACTIVE = "active"
    LEFT = "left"
    COMPLETED = "completed"


@dataclass(kw_only=True)
class Participant(Aggregate):
    """One person in one cohort, enrolled by an accepted offer or a confirmed nomination.

    Rules
      R1  a person is enrolled once in a cohort: the id follows from both
      R2  the second form is handed in complete, and may be replaced, while the person is here
      R3  only who is here leaves or completes, and only one of the two
      R4  who is here when the cohort is completed has completed it
      R5  an erased one keeps its status, and nothing of the person; who is still here leaves

    Attributes:
        cause_id: the offer or nomination that brought the person.
        sealed_details: the second form under the person's key.
    """

    participant_id: str
    cohort_id: str
    subject_id: str | None = None
    country_code: str
    route: Route
    cause_id: str
    language_code: str
    sealed_details: str | None = None
    status: ParticipantStatus = ParticipantStatus.ENROLLED
    enrolled_at: datetime

    @staticmethod
    def id_for(*, cohort_id: str, subject_id: str) -> str:
        """The only id this person can have in this cohort (R1)."""
        return derived_id("participant", cohort_id, subject_id)

    @classmethod
    def enrol(
        cls, subject: Subject, *, cohort_id: str, route: Route, cause_id: str, now: datetime
    ) -> Participant:
        """Give a place; records ``ParticipantEnrolled`` (R1).

        Raises:
            NotFound: ``subject.erased``.
        """
        subject.require_known()
        participant = cls(
            participant_id=cls.id_for(cohort_id=cohort_id, subject_id=subject.subject_id),
            cohort_id=cohort_id,
            subject_id=subject.subject_id,
            country_code=subject.country_code,
            route=route,
            cause_id=cause_id,
            language_code=subject.language_code,
            enrolled_at=now,
        )
        participant.record(
            ParticipantEnrolled(
                participant_id=participant.participant_id,
                cohort_id=cohort_id,
                subject_id=subject.subject_id,
                country_code=subject.country_code,
                route=route,
                cause_id=cause_id,
                language_code=subject.language_code,
                enrolled_at=now,
            )
        )
        return participant

    def hand_in_details(self, cohort: Cohort, *, answers: Answers, sealed_details: str) -> None:
        """Take the second form (R2).

        Args:
            answers: in clear, to be checked; only ``sealed_details`` is kept.

        Raises:
            RuleViolation: ``participant.gone`` or ``cohort.no_details_form``.
            InvalidBody: ``answers.incomplete`` with every problem.
        """
        self._require_here()
        if cohort.details_form is None:
            raise RuleViolation("cohort.no_details_form", "this cohort asks for no second form")
        check_complete(cohort.details_form, answers)
        self.sealed_details = sealed_details
        self.status = ParticipantStatus.ACTIVE

    def leave(self, *, reason_code: str, now: datetime) -> None:
        """End it before the cohort's end; records ``ParticipantLeft`` (R3).

        Raises:
            RuleViolation: ``participant.gone``.
        """
        self._require_here()
        self.status = ParticipantStatus.LEFT
        assert self.subject_id is not None, "an erased participant is not here"
        self.record(
            ParticipantLeft(
                participant_id=self.participant_id,
                cohort_id=self.cohort_id,
                subject_id=self.subject_id,
                country_code=self.country_code,
                reason_code=reason_code,
                left_at=now,
            )
        )

    def complete(self, *, now: datetime) -> None:
        """Note that the person stayed to the end; records ``ParticipantCompleted`` (R3, R4).

        Raises:
            RuleViolation: ``participant.gone``.
        """
        self._require_here()
        self.status = ParticipantStatus.COMPLETED
        assert self.subject_id is not None, "an erased participant is not here"
        self.record(
            ParticipantCompleted(
                participant_id=self.participant_id,
                cohort_id=self.cohort_id,
                subject_id=self.subject_id,
                country_code=self.country_code,
                completed_at=now,
            )
        )

    def erase(self, *, now: datetime) -> None:
        """Forget the person (R5). Repeating changes nothing."""
        if self.is_here:
            self.leave(reason_code="erased", now=now)
        self.subject_id = None
        self.sealed_details = None

    @property
    def is_here(self) -> bool:
        """Whether the person has the place now."""
        return self.status in (ParticipantStatus.ENROLLED, ParticipantStatus.ACTIVE)

    def _require_here(self) -> None:
        if not self.is_here:
            raise RuleViolation("participant.gone", f"this participant is {self.status}")
