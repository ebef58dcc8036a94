"""Interviews over HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint

from chassis.access import Role
from chassis.aggregate import Handle
from chassis.http.operation import Answer, ApiCall, operation
from chassis.http.paging import page_of
from services.selection.api.reads import Reads, listed, made, one, one_answer, shown
from services.selection.api.schemas.interviews import (
    InterviewAnswer,
    Interviews,
    NewInterview,
    NewPanelist,
    SlotBody,
)
from services.selection.api.schemas.shapes import Made, OfCohort, Recusal, ScoreSheet, utc
from services.selection.api.screenings import points_of, sheet
from services.selection.domain.commands import (
    BookInterview,
    JoinPanel,
    MissInterview,
    MoveInterview,
    RecusePanelist,
    SealInterviewScores,
)
from services.selection.domain.interview import InterviewStatus, Presence, Slot

_CENTRE = (Role.OPERATOR, Role.COORDINATOR)
_READERS = (*_CENTRE, Role.AUDITOR, Role.SERVICE, Role.PARTICIPANT)


def interviews_blueprint(handle: Handle, reads: Reads) -> Blueprint:
    """Build the routes; ``handle`` runs one command."""
    routes = Blueprint("interviews", __name__, url_prefix="/interviews")

    @routes.post("")
    @operation(
        summary="Give a shortlisted person a slot and a panel",
        roles=_CENTRE,
        body=NewInterview,
        answer=Made,
        status=201,
        errors=(
            "screening.not_found",
            "interview.already_exists",
            "interview.not_shortlisted",
            "interview.slot",
            "interview.panel",
        ),
    )
    def book(call: ApiCall) -> Answer:
        command = BookInterview(
            actor=call.actor,
            application_id=str(call.body["application_id"]),
            slot=_slot(call.body),
            panelist_ids=tuple(call.body["panelist_ids"]),
        )
        return made("interviews", handle(command))

    @routes.get("")
    @operation(
        summary="Interviews", roles=_READERS, query=OfCohort, answer=page_of(InterviewAnswer)
    )
    def list_all(call: ApiCall) -> dict[str, Any]:
        rows, next_cursor = listed(reads, "interview", call, "cohort_id", "status")
        return {"items": [_shown(row, call) for row in rows], "next_cursor": next_cursor}

    @routes.get("/mine")
    @operation(summary="Interviews whose panel I sit in", roles=(Role.REVIEWER,), answer=Interviews)
    def mine(call: ApiCall) -> dict[str, Any]:
        rows = reads.panels(call.actor.actor_id, scope=call.actor.scope)
        return {"items": [_shown(row, call) for row in rows]}

    @routes.get("/<uuid:interview_id>")
    @operation(
        summary="One interview",
        roles=_READERS,
        answer=InterviewAnswer,
        errors=("interview.not_found",),
    )
    def show(call: ApiCall, interview_id: str) -> Answer:
        return one_answer(_shown(one(reads, "interview", interview_id, call), call))

    @routes.post("/<uuid:interview_id>/slot")
    @operation(
        summary="Move an interview",
        roles=_CENTRE,
        body=SlotBody,
        errors=(
            "interview.not_found",
            "interview.not_booked",
            "interview.slot",
            "interview.begun",
        ),
        versioned=True,
    )
    def move(call: ApiCall, interview_id: str) -> None:
        handle(
            MoveInterview(
                actor=call.actor,
                interview_id=interview_id,
                slot=_slot(call.body),
                expected_version=call.expected_version,
            )
        )

    @routes.post("/<uuid:interview_id>/panelists")
    @operation(
        summary="Add a panelist",
        roles=_CENTRE,
        body=NewPanelist,
        errors=("interview.not_found", "interview.not_booked", "interview.panel"),
    )
    def join(call: ApiCall, interview_id: str) -> None:
        handle(
            JoinPanel(
                actor=call.actor,
                interview_id=interview_id,
                panelist_id=call.body["panelist_id"],
            )
        )

    @routes.post("/<uuid:interview_id>/absence")
    @operation(
        summary="The applicant did not come",
        roles=_CENTRE,
        errors=(
            "interview.not_found",
            "interview.not_booked",
            "interview.not_begun",
            "interview.begun",
        ),
    )
    def miss(call: ApiCall, interview_id: str) -> None:
        handle(MissInterview(actor=call.actor, interview_id=interview_id))

    @routes.post("/<uuid:interview_id>/scores")
    @operation(
        summary="Hand in complete scores",
        roles=(Role.REVIEWER,),
        body=ScoreSheet,
        errors=(
            "interview.not_found",
            "interview.not_booked",
            "interview.not_begun",
            "interview.not_on_panel",
            "scores.incomplete",
            "scores.unknown_criterion",
            "scores.not_an_anchor",
        ),
    )
    def seal(call: ApiCall, interview_id: str) -> None:
        handle(
            SealInterviewScores(
                actor=call.actor, interview_id=interview_id, points=points_of(call.body["scores"])
            )
        )

    @routes.post("/<uuid:interview_id>/recusal")
    @operation(
        summary="Step back because of a conflict of interest",
        roles=(Role.REVIEWER,),
        body=Recusal,
        errors=(
            "interview.not_found",
            "interview.not_booked",
            "interview.not_on_panel",
            "interview.panel",
        ),
    )
    def recuse(call: ApiCall, interview_id: str) -> None:
        handle(
            RecusePanelist(
                actor=call.actor,
                interview_id=interview_id,
                conflict_code=call.body["conflict_code"],
            )
        )

    return routes


def _slot(body: Mapping[str, Any]) -> Slot:
    return Slot(
        starts_at=utc(body["starts_at"]),
        ends_at=utc(body["ends_at"]),
        zone=body["zone"],
        mode=Presence(body["mode"]),
    )


def _shown(row: dict[str, Any], call: ApiCall) -> dict[str, Any]:
    """Own sheets only until all are in; applicants never see any."""
    filled = shown(row, "subject_id", "interview_milli")
    me = call.actor.actor_id
    may_see = row["status"] == InterviewStatus.SCORED.value and call.actor.scope.subject_id is None
    filled["panelist_ids"] = [s["reviewer_id"] for s in row["sheets"] if s["status"] != "recused"]
    filled["sheets"] = [sheet(s) for s in row["sheets"] if may_see or s["reviewer_id"] == me]
    if call.actor.scope.subject_id is not None:
        filled |= {"panelist_ids": [], "interview_milli": None}
    return filled
