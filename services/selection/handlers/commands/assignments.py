"""Reviewers for all applications of a call."""

from __future__ import annotations

from chassis.clock import Clock
from chassis.ports import Jobs
from services.selection.domain.assignment_commands import AskForReviewers, EndAssignment
from services.selection.domain.ports import Calls, ReviewerAssignments
from services.selection.domain.reviewer_assignment import ReviewerAssignment
from services.selection.domain.reviewing.assignment import Impossible
from services.selection.handlers.job_kinds import ASSIGN_REVIEWERS


def ask_for_reviewers(
    command: AskForReviewers,
    *,
    assignments: ReviewerAssignments,
    calls: Calls,
    jobs: Jobs,
    clock: Clock,
) -> str:
    """Have a job ask reviewers; returns the assignment's id.

    Raises:
        NotFound: ``call.not_found``.
        RuleViolation: ``assignment.twice``.
    """
    scope = command.actor.scope
    call = calls.get(command.call_id, scope=scope)
    assignment = ReviewerAssignment(
        assignment_id=command.assignment_id,
        call_id=call.call_id,
        country_code=call.country_code,
        reviewers=command.reviewers,
        organisation_question_codes=command.organisation_question_codes,
        language_question_code=command.language_question_code,
        bridge_permille=command.bridge_permille,
        own_country=command.own_country,
        asked_at=clock(),
    )
    assignment.check()
    assignments.save(assignment, scope=scope)
    jobs.add(
        ASSIGN_REVIEWERS, assignment.assignment_id, {"assignment_id": assignment.assignment_id}
    )
    return assignment.assignment_id


def end_assignment(command: EndAssignment, *, assignments: ReviewerAssignments) -> None:
    """Note what came of it.

    Raises:
        NotFound: ``assignment.not_found``.
        RuleViolation: ``assignment.ended``.
    """
    scope = command.actor.scope
    assignment = assignments.get(command.assignment_id, scope=scope)
    if isinstance(command.outcome, Impossible):
        assignment.give_up(command.outcome, command.lacking_application_ids)
    else:
        assignment.finish(command.outcome)
    assignments.save(assignment, scope=scope)
