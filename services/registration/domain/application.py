"""One person's answer to one call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from chassis.aggregate import Aggregate
from chassis.errors import RuleViolation
from chassis.ids import derived_id
from contracts.registration import ApplicationAmended, ApplicationSubmitted, ApplicationWithdrawn
from services.registration.domain.call import Call, Route
from services.registration.domain.form.answers import check_complete, check_draft
from services.registration.domain.form.coding import coded_answers, open_part
from services.registration.domain.form.definition import Answers
from services.registration.domain.subject import Subject


class ApplicationStatus(StrEnum):
    """Where an application stands; an amended one is still submitted."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    WITHDRAWN = "withdrawn"


@dataclass(kw_only=True)
class Application(Aggregate):
    """A form: drafted, submitted, amended, withdrawn.

    Rules
      R1  one per person and call: its id follows from both
      R2  a draft is saved any number of times, incomplete, while the call takes applications
      R3  it is submitted once, complete, with admissible preferences, while the call is open
      R4  a submitted one is amended under the conditions of R3
      R5  only a submitted one is withdrawn, at any time
      R6  answers that are personal or free text exist only under the person's key
      R7  an erased one keeps its status and its coded place, and nothing of the person

    Attributes:
        cohort_id: the first preference.
        answers: to closed questions that say nothing of who it is; question code -> answer.
        sealed_answers: all others, sealed; ``None`` when there are none.
    """

    application_id: str
    call_id: str
    cohort_id: str
    subject_id: str | None = None
    country_code: str
    language_code: str
    preferences: tuple[str, ...]
    answers: Mapping[str, Any]
    sealed_answers: str | None = None
    form_version: int
    status: ApplicationStatus = ApplicationStatus.DRAFT
    saved_at: datetime
    submitted_at: datetime | None = None

    @staticmethod
    def id_for(*, call_id: str, subject_id: str) -> str:
        """The only id this person's application to this call can have (R1)."""
        return derived_id("application", call_id, subject_id)

    @classmethod
    def start(cls, call: Call, subject: Subject, *, now: datetime) -> Application:
        """Begin an empty draft (R1, R2).

        Raises:
            RuleViolation: as ``Call.require_open``.
        """
        call.require_open(Route.OPEN, now=now)
        return cls(
            application_id=cls.id_for(call_id=call.call_id, subject_id=subject.subject_id),
            call_id=call.call_id,
            cohort_id=call.cohort_ids[0],
            subject_id=subject.subject_id,
            country_code=subject.country_code,
            language_code=subject.language_code,
            preferences=(),
            answers={},
            form_version=call.form.version,
            saved_at=now,
        )

    def save_draft(
        self,
        call: Call,
        *,
        preferences: tuple[str, ...],
        answers: Answers,
        sealed_answers: str | None,
        now: datetime,
    ) -> None:
        """Keep what was written so far (R2, R6).

        Args:
            answers: all of them; only those that may be stored as they are stay here.
            sealed_answers: the others, sealed under the person's key.

        Raises:
            RuleViolation: ``application.not_draft``, or as ``Call.require_open`` and
                ``Call.require_preferences``.
            InvalidBody: ``answers.unreadable``.
        """
        self._require(ApplicationStatus.DRAFT)
        call.require_open(Route.OPEN, now=now)
        if preferences:
            call.require_preferences(preferences)
        check_draft(call.form, answers)
        self._keep(call, preferences, answers, sealed_answers, now)

    def submit(self, call: Call, *, answers: Answers, now: datetime) -> None:
        """Send the form; records ``ApplicationSubmitted`` (R3).

        Args:
            answers: all that were kept, those under the person's key opened.

        Raises:
            RuleViolation: ``application.not_draft``, or as ``Call.require_open`` and
                ``Call.require_preferences``.
            InvalidBody: ``answers.incomplete`` with every problem.
        """
        self._require(ApplicationStatus.DRAFT)
        self._require_sendable(call, self.preferences, answers, now)
        self.status = ApplicationStatus.SUBMITTED
        self.submitted_at = now
        assert self.subject_id is not None, "an erased application is no draft"
        self.record(
            ApplicationSubmitted(
                application_id=self.application_id,
                call_id=self.call_id,
                cohort_id=self.cohort_id,
                subject_id=self.subject_id,
                country_code=self.country_code,
                preferences=self.preferences,
                answers=coded_answers(call.form, answers),
                language_code=self.language_code,
                submitted_at=now,
            )
        )

    def amend(
        self,
        call: Call,
        *,
        preferences: tuple[str, ...],
        answers: Answers,
        sealed_answers: str | None,
        now: datetime,
    ) -> None:
        """Replace what was sent; records ``ApplicationAmended`` (R4, R6).

        Raises:
            RuleViolation: ``application.not_submitted``, or as ``submit``.
            InvalidBody: ``answers.incomplete`` with every problem.
        """
        self._require(ApplicationStatus.SUBMITTED)
        self._require_sendable(call, preferences, answers, now)
        self._keep(call, preferences, answers, sealed_answers, now)
        assert self.subject_id is not None, "an erased application is not submitted"
        self.record(
            ApplicationAmended(
                application_id=self.application_id,
                call_id=self.call_id,
                cohort_id=self.cohort_id,
                subject_id=self.subject_id,
                country_code=self.country_code,
                preferences=self.preferences,
                answers=coded_answers(call.form, answers),
                language_code=self.language_code,
                amended_at=now,
            )
        )

    def withdraw(self, *, now: datetime) -> None:
        """Take it back; records ``ApplicationWithdrawn`` (R5).

        Raises:
            RuleViolation: ``application.not_submitted``.
        """
        self._require(ApplicationStatus.SUBMITTED)
        self.status = ApplicationStatus.WITHDRAWN
        assert self.subject_id is not None, "an erased application is not withdrawn"
        self.record(
            ApplicationWithdrawn(
                application_id=self.application_id,
                call_id=self.call_id,
                cohort_id=self.cohort_id,
                subject_id=self.subject_id,
                country_code=self.country_code,
                withdrawn_at=now,
            )
        )

    def erase(self) -> None:
        """Forget the person; the application stays as a count (R7). Repeating changes nothing."""
        self.subject_id = None
        self.answers = {}
        self.sealed_answers = None

    def _require_sendable(
        self, call: Call, preferences: tuple[str, ...], answers: Answers, now: datetime
    ) -> None:
        call.require_open(Route.OPEN, now=now)
        call.require_preferences(preferences)
        check_complete(call.form, answers)

    def _keep(
        self,
        call: Call,
        preferences: tuple[str, ...],
        answers: Answers,
        sealed_answers: str | None,
        now: datetime,
    ) -> None:
        self.preferences = preferences
        self.cohort_id = preferences[0] if preferences else call.cohort_ids[0]
        self.answers = open_part(call.form, answers)
        self.sealed_answers = sealed_answers
        self.form_version = call.form.version
        self.saved_at = now

    def _require(self, status: ApplicationStatus) -> None:
        if self.subject_id is None:
            raise RuleViolation("application.erased", "the person of this application is forgotten")
        if self.status is not status:
            raise RuleViolation(
                f"application.not_{status}", f"the application is {self.status}, not {status}"
            )
