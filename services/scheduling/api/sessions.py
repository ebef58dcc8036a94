"""Routes of released sessions and their registers."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from marshmallow import Schema, fields, validate

from chassis.aggregate import Handle
from chassis.http.operation import Answer, ApiCall, operation
from chassis.http.paging import PageQuery, page_of
from services.scheduling.api.reads import Reads, listed, shown
from services.scheduling.api.roles import PLANNERS, READERS, TEACHERS
from services.scheduling.api.shapes import Code, Instant, Marked, Whole
from services.scheduling.domain.commands import (
    CorrectAttendance,
    ExcuseParticipant,
    NoteEvidence,
    RecordAttendance,
)
from services.scheduling.domain.presence import Evidence, Mode, Source
from services.scheduling.domain.register import Attendance, AttendanceStatus
from services.scheduling.handlers.identities import register_id_of

REGISTER_ERRORS = (
    "session.not_found",
    "session.cancelled",
    "attendance.recorded",
    "attendance.not_on_roster",
)


class SessionShown(Marked):
    """A released session."""

    timetable_id = fields.UUID(required=True)
    cohort_id = fields.UUID(required=True)
    training_code = fields.String(required=True)
    part_code = fields.String(required=True)
    titles = fields.Dict(required=True)
    zone = fields.String(required=True)
    delivery = fields.String(required=True)
    starts_at = fields.DateTime(format="iso", required=True)
    ends_at = fields.DateTime(format="iso", required=True)
    trainer_id = fields.UUID(required=True)
    room_code = fields.String(required=True, allow_none=True, dump_default=None)
    calendar_sequence = fields.Integer(required=True)
    status = fields.String(required=True)


class SessionsQuery(PageQuery):
    """Filters."""

    cohort_id = fields.UUID(load_default=None)
    trainer_id = fields.UUID(load_default=None)


class EvidenceShape(Schema):
    """One source's word on one participant."""

    participant_id = fields.UUID(required=True)
    source = fields.Enum(Source, by_value=True, required=True)
    mode = fields.Enum(Mode, by_value=True, required=True)
    joined_at = Instant(required=True)
    left_at = Instant(required=True)


class EvidenceList(Schema):
    """Body of ``POST /sessions/{session_id}/evidence``."""

    items = fields.List(
        fields.Nested(EvidenceShape), required=True, validate=validate.Length(1, 2_000)
    )


class ExcuseShape(Schema):
    """Body of an excuse."""

    participant_id = fields.UUID(required=True)


class CorrectionShape(Schema):
    """Body of a correction: what holds now, and why."""

    participant_id = fields.UUID(required=True)
    status = fields.Enum(AttendanceStatus, by_value=True, required=True)
    minutes_present = Whole(0, 1440, required=True)
    mode = fields.Enum(Mode, by_value=True, required=True)
    reason_code = Code(required=True)


class AttendanceShown(Schema):
    """One entry."""

    participant_id = fields.UUID(required=True)
    status = fields.String(required=True)
    minutes_present = fields.Integer(required=True)
    mode = fields.String(required=True)


class CorrectionShown(Schema):
    """One line of the audit trail."""

    participant_id = fields.UUID(required=True)
    previous = fields.Nested(AttendanceShown, required=True, allow_none=True, dump_default=None)
    corrected = fields.Nested(AttendanceShown, required=True)
    reason_code = fields.String(required=True)
    actor_id = fields.String(required=True)
    corrected_at = fields.DateTime(format="iso", required=True)


class RegisterShown(Marked):
    """A register."""

    session_id = fields.UUID(required=True)
    cohort_id = fields.UUID(required=True)
    training_code = fields.String(required=True)
    part_code = fields.String(required=True)
    starts_at = fields.DateTime(format="iso", required=True)
    ends_at = fields.DateTime(format="iso", required=True)
    recorded_at = fields.DateTime(format="iso", required=True, allow_none=True, dump_default=None)
    excused_ids = fields.List(fields.UUID(), required=True)
    attendances = fields.List(fields.Nested(AttendanceShown), required=True)
    corrections = fields.List(fields.Nested(CorrectionShown), required=True)


def sessions_blueprint(handle: Handle, reads: Reads) -> Blueprint:
    """Build the routes."""
    routes = Blueprint("sessions", __name__, url_prefix="/sessions")

    @routes.get("")
    @operation(
        summary="Released sessions",
        roles=READERS,
        query=SessionsQuery,
        answer=page_of(SessionShown),
    )
    def list_all(call: ApiCall) -> dict[str, Any]:
        wanted = {
            name: str(call.query[name]) if call.query[name] else None
            for name in ("cohort_id", "trainer_id")
        }
        return listed(reads.sessions, call, **wanted)

    @routes.get("/<uuid:session_id>")
    @operation(
        summary="A session", roles=READERS, answer=SessionShown, errors=("session.not_found",)
    )
    def show(call: ApiCall, session_id: str) -> Answer:
        return shown(reads.sessions, session_id, call)

    _register_routes(routes, handle, reads)
    return routes


def _register_routes(routes: Blueprint, handle: Handle, reads: Reads) -> None:
    @routes.get("/<uuid:session_id>/register")
    @operation(
        summary="The register of a session",
        roles=READERS,
        answer=RegisterShown,
        errors=("register.not_found",),
    )
    def register(call: ApiCall, session_id: str) -> Answer:
        return shown(reads.registers, register_id_of(session_id), call)

    @routes.post("/<uuid:session_id>/evidence")
    @operation(
        summary="Add what a source says about who was there",
        roles=TEACHERS,
        body=EvidenceList,
        status=204,
        errors=(*REGISTER_ERRORS, "evidence.ends_before_start"),
    )
    def note(call: ApiCall, session_id: str) -> None:
        handle(
            NoteEvidence(
                actor=call.actor,
                session_id=session_id,
                evidence=tuple(
                    Evidence(**{**each, "participant_id": str(each["participant_id"])})
                    for each in call.body["items"]
                ),
            )
        )

    @routes.post("/<uuid:session_id>/excuses")
    @operation(
        summary="Absence with leave",
        roles=TEACHERS,
        body=ExcuseShape,
        status=204,
        errors=REGISTER_ERRORS,
    )
    def excuse(call: ApiCall, session_id: str) -> None:
        handle(
            ExcuseParticipant(
                actor=call.actor,
                session_id=session_id,
                participant_id=str(call.body["participant_id"]),
            )
        )

    @routes.post("/<uuid:session_id>/attendance")
    @operation(
        summary="Close the register",
        roles=TEACHERS,
        status=204,
        errors=(*REGISTER_ERRORS, "attendance.too_early", "attendance.nobody"),
    )
    def record(call: ApiCall, session_id: str) -> None:
        handle(RecordAttendance(actor=call.actor, session_id=session_id))

    @routes.post("/<uuid:session_id>/corrections")
    @operation(
        summary="Put one entry of a closed register right",
        roles=PLANNERS,
        body=CorrectionShape,
        status=204,
        errors=(
            *REGISTER_ERRORS,
            "attendance.not_recorded",
            "attendance.too_long",
            "attendance.contradicts_itself",
            "attendance.unchanged",
        ),
    )
    def correct(call: ApiCall, session_id: str) -> None:
        handle(
            CorrectAttendance(
                actor=call.actor,
                session_id=session_id,
                corrected=Attendance(
                    participant_id=str(call.body["participant_id"]),
                    status=call.body["status"],
                    minutes_present=call.body["minutes_present"],
                    mode=call.body["mode"],
                ),
                reason_code=call.body["reason_code"],
            )
        )
