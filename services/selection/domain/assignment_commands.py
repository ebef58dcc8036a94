"""What may be asked about reviewers of a whole call."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.aggregate import Command
from services.selection.domain.reviewer_assignment import ReviewerRecord
from services.selection.domain.reviewing.assignment import Assignment, Impossible


@dataclass(frozen=True, kw_only=True)
class AskForReviewers(Command):
    """Have reviewers assigned to all open applications of a call."""

    assignment_id: str
    call_id: str
    reviewers: tuple[ReviewerRecord, ...]
    organisation_question_codes: tuple[str, ...]
    language_question_code: str | None
    bridge_permille: int
    own_country: bool


@dataclass(frozen=True, kw_only=True)
class EndAssignment(Command):
    """Take over what came of an assignment of reviewers."""

    assignment_id: str
    outcome: Assignment | Impossible
    lacking_application_ids: tuple[str, ...]
