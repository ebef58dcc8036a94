"""Commands about participants."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.aggregate import Command
from services.registration.domain.call import Route
from services.registration.domain.form.definition import Answers


@dataclass(frozen=True, kw_only=True)
class EnrolParticipant(Command):
    """Give a place to a person who accepted an offer."""

    cohort_id: str
    subject_id: str
    route: Route
    cause_id: str


@dataclass(frozen=True, kw_only=True)
class EnrolNominee(Command):
    """Give a place to a confirmed nominee, where the cohort asks for no review."""

    cohort_id: str
    subject_id: str
    country_code: str
    nomination_id: str


@dataclass(frozen=True, kw_only=True)
class ReleaseNominee(Command):
    """Have a person leave whose nomination ended."""

    cohort_id: str
    subject_id: str
    nomination_id: str
    reason_code: str


@dataclass(frozen=True, kw_only=True)
class HandInDetails(Command):
    """Hand in the second form."""

    participant_id: str
    answers: Answers


@dataclass(frozen=True, kw_only=True)
class LeaveCohort(Command):
    """End a participation before the cohort's end."""

    participant_id: str
    reason_code: str


@dataclass(frozen=True, kw_only=True)
class CompleteParticipant(Command):
    """Note that a person stayed to the end."""

    participant_id: str


@dataclass(frozen=True, kw_only=True)
class EraseParticipant(Command):
    """Forget who it was."""

    participant_id: str
