"""Reviewers of a call over HTTP."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from chassis.access import Role
from chassis.aggregate import Handle
from chassis.http.operation import Answer, ApiCall, operation
from chassis.http.paging import page_of
from services.selection.api.reads import Reads, listed, made, one, one_answer, shown
from services.selection.api.schemas.assignments import AssignmentAnswer, NewAssignment
from services.selection.api.schemas.shapes import Made, OfCall
from services.selection.domain.assignment_commands import AskForReviewers
from services.selection.domain.reviewer_assignment import ReviewerRecord

_CENTRE = (Role.OPERATOR, Role.COORDINATOR)
_READERS = (*_CENTRE, Role.AUDITOR)


def assignments_blueprint(handle: Handle, reads: Reads) -> Blueprint:
    """Build the routes; ``handle`` runs one command."""
    routes = Blueprint("assignments", __name__, url_prefix="/reviewer-assignments")

    @routes.post("")
    @operation(
        summary="Have reviewers assigned to all applications of a call that are under review",
        roles=_CENTRE,
        body=NewAssignment,
        answer=Made,
        status=201,
        errors=("call.not_found", "assignment.twice"),
    )
    def ask(call: ApiCall) -> Answer:
        body = call.body
        command = AskForReviewers(
            actor=call.actor,
            assignment_id=call.id_for("reviewer-assignment"),
            call_id=str(body["call_id"]),
            reviewers=tuple(_record(reviewer) for reviewer in body["reviewers"]),
            organisation_question_codes=tuple(body["organisation_question_codes"]),
            language_question_code=body["language_question_code"],
            bridge_permille=body["bridge_permille"],
            own_country=body["own_country"],
        )
        return made("reviewer-assignments", handle(command))

    @routes.get("")
    @operation(
        summary="Assignments",
        roles=_READERS,
        query=OfCall,
        answer=page_of(AssignmentAnswer),
    )
    def list_all(call: ApiCall) -> dict[str, Any]:
        rows, next_cursor = listed(reads, "assignment", call, "call_id", "status")
        return {"items": [_shown(row) for row in rows], "next_cursor": next_cursor}

    @routes.get("/<uuid:assignment_id>")
    @operation(
        summary="How an assignment went, and who cannot get their reviews",
        roles=_READERS,
        answer=AssignmentAnswer,
        errors=("assignment.not_found",),
    )
    def show(call: ApiCall, assignment_id: str) -> Answer:
        return one_answer(_shown(one(reads, "assignment", assignment_id, call)))

    return routes


def _record(reviewer: dict[str, Any]) -> ReviewerRecord:
    return ReviewerRecord(
        reviewer_id=reviewer["reviewer_id"],
        country_code=reviewer["country_code"],
        organisation_codes=tuple(reviewer["organisation_codes"]),
        language_codes=tuple(reviewer["language_codes"]),
        conflict_application_ids=tuple(str(id_) for id_ in reviewer["conflict_application_ids"]),
        most_reviews=reviewer["most_reviews"],
    )


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    return shown(row, "reason", "bridge_permille_reached")
