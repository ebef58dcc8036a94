"""Interviews of a whole call over HTTP."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from chassis.access import Role
from chassis.aggregate import Handle
from chassis.http.operation import Answer, ApiCall, operation
from chassis.http.paging import page_of
from services.selection.api.reads import Reads, listed, made, one, one_answer, shown
from services.selection.api.schemas.interview_plans import InterviewPlanAnswer, NewInterviewPlan
from services.selection.api.schemas.shapes import Made, OfCall, utc
from services.selection.domain.interview import Presence
from services.selection.domain.interview_plan import PanelistRecord, PlanTerms, SessionRecord
from services.selection.domain.plan_commands import AskForInterviews

_CENTRE = (Role.OPERATOR, Role.COORDINATOR)
_READERS = (*_CENTRE, Role.AUDITOR)


def interview_plans_blueprint(handle: Handle, reads: Reads) -> Blueprint:
    """Build the routes; ``handle`` runs one command."""
    routes = Blueprint("interview_plans", __name__, url_prefix="/interview-plans")

    @routes.post("")
    @operation(
        summary="Have interviews planned and booked for everybody shortlisted who has none",
        roles=_CENTRE,
        body=NewInterviewPlan,
        answer=Made,
        status=201,
        errors=(
            "call.not_found",
            "interview_plan.twice",
            "interview_plan.session_time",
            "interview_plan.sessions_overlap",
            "interview_plan.unknown_session",
            "interview_plan.panel_small",
        ),
    )
    def ask(call: ApiCall) -> Answer:
        body = call.body
        command = AskForInterviews(
            actor=call.actor,
            plan_id=call.id_for("interview-plan"),
            call_id=str(body["call_id"]),
            terms=PlanTerms(
                panel_size=body["panel_size"],
                organisations=body["organisations"],
                minutes=body["minutes"],
                reserve_permille=body["reserve_permille"],
                language_code=body["language_code"],
                language_question_code=body["language_question_code"],
            ),
            sessions=tuple(_session(session) for session in body["sessions"]),
            panelists=tuple(_panelist(panelist) for panelist in body["panelists"]),
            country_zones={one["country_code"]: one["zone"] for one in body["country_zones"]},
        )
        return made("interview-plans", handle(command))

    @routes.get("")
    @operation(
        summary="Interview plans", roles=_READERS, query=OfCall, answer=page_of(InterviewPlanAnswer)
    )
    def list_all(call: ApiCall) -> dict[str, Any]:
        rows, next_cursor = listed(reads, "interview_plan", call, "call_id", "status")
        return {"items": [_shown(row) for row in rows], "next_cursor": next_cursor}

    @routes.get("/<uuid:plan_id>")
    @operation(
        summary="Who is interviewed when and by whom, who has no seat, which panels lack people",
        roles=_READERS,
        answer=InterviewPlanAnswer,
        errors=("interview_plan.not_found",),
    )
    def show(call: ApiCall, plan_id: str) -> Answer:
        return one_answer(_shown(one(reads, "interview_plan", plan_id, call)))

    return routes


def _session(session: dict[str, Any]) -> SessionRecord:
    return SessionRecord(
        session_id=session["session_id"],
        starts_at=utc(session["starts_at"]),
        ends_at=utc(session["ends_at"]),
        mode=Presence(session["mode"]),
        language_code=session["language_code"],
        panel_count=session["panel_count"],
    )


def _panelist(panelist: dict[str, Any]) -> PanelistRecord:
    return PanelistRecord(
        panelist_id=panelist["panelist_id"],
        organisation_code=panelist["organisation_code"],
        language_codes=tuple(panelist["language_codes"]),
        free_session_ids=tuple(panelist["free_session_ids"]),
        conflict_application_ids=tuple(str(id_) for id_ in panelist["conflict_application_ids"]),
        most_panels=panelist["most_panels"],
    )


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    seats = {
        name: [shown(seat, "application_id") for seat in row[name]]
        for name in ("seats", "reserve_seats")
    }
    return {**row, **seats}
