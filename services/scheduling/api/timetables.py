"""Routes of timetables: drafted, pinned, solved, released, changed."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from chassis.aggregate import Handle
from chassis.http.operation import Answer, ApiCall, operation
from chassis.http.paging import page_of
from services.scheduling.api.reads import Reads, listed, shown
from services.scheduling.api.roles import PLANNERS, READERS
from services.scheduling.api.shapes import Made, Numbered
from services.scheduling.api.timetable_shapes import (
    Cancellation,
    JobShown,
    Move,
    NewTimetable,
    PinShape,
    RepairShape,
    SolvingShape,
    TimetableShown,
    TimetablesQuery,
    ViolationsShown,
)
from services.scheduling.domain.commands import (
    CancelRepair,
    CancelSession,
    DraftTimetable,
    GiveUpSolving,
    MoveSession,
    PinSession,
    ReleaseTimetable,
    RepairTimetable,
    SolveTimetable,
    UnpinSession,
)
from services.scheduling.handlers.identities import curriculum_id_of, timetable_id_of
from services.scheduling.handlers.releases import REPAIR, repair_key
from services.scheduling.handlers.timetables import SOLVE, solving_key

_CHANGE = ("timetable.not_found", "timetable.no_such_session")
_MOVE = (*_CHANGE, "timetable.not_released", "timetable.breaks_rules", "session.unmoved")


def timetables_blueprint(handle: Handle, reads: Reads) -> Blueprint:
    """Build the routes."""
    routes = Blueprint("timetables", __name__, url_prefix="/timetables")
    _planning_routes(routes, handle, reads)
    _solving_routes(routes, handle, reads)
    _release_routes(routes, handle)
    _repair_routes(routes, handle, reads)
    return routes


def _planning_routes(routes: Blueprint, handle: Handle, reads: Reads) -> None:
    @routes.post("")
    @operation(
        summary="Begin a cohort's timetable from a published curriculum version",
        roles=PLANNERS,
        body=NewTimetable,
        answer=Made,
        status=201,
        errors=(
            "cohort.not_found",
            "curriculum.not_found",
            "curriculum.not_published",
            "curriculum.no_such_version",
            "timetable.already_exists",
        ),
    )
    def draft(call: ApiCall) -> Answer:
        cohort_id = str(call.body["cohort_id"])
        timetable_id = timetable_id_of(cohort_id)
        handle(
            DraftTimetable(
                actor=call.actor,
                timetable_id=timetable_id,
                cohort_id=cohort_id,
                curriculum_id=curriculum_id_of(cohort_id),
                curriculum_version=call.body["curriculum_version"],
            )
        )
        return Answer(body={"id": timetable_id}, location=f"/timetables/{timetable_id}")

    @routes.get("")
    @operation(
        summary="Timetables", roles=READERS, query=TimetablesQuery, answer=page_of(TimetableShown)
    )
    def list_all(call: ApiCall) -> dict[str, Any]:
        cohort_id = call.query["cohort_id"]
        return listed(reads.timetables, call, cohort_id=str(cohort_id) if cohort_id else None)

    @routes.get("/<uuid:timetable_id>")
    @operation(
        summary="A timetable with its proposal, pins and change log",
        roles=READERS,
        answer=TimetableShown,
        errors=("timetable.not_found",),
    )
    def show(call: ApiCall, timetable_id: str) -> Answer:
        return shown(reads.timetables, timetable_id, call)

    @routes.get("/<uuid:timetable_id>/violations")
    @operation(
        summary="Hard rules that the proposal, or else the released plan, breaks now",
        roles=READERS,
        answer=ViolationsShown,
        errors=("timetable.not_found",),
    )
    def violations(call: ApiCall, timetable_id: str) -> dict[str, Any]:
        return {"items": reads.judge.violations(timetable_id, scope=call.actor.scope)}

    @routes.put("/<uuid:timetable_id>/pins/<uuid:session_id>")
    @operation(
        summary="Keep a session where a person wants it",
        roles=PLANNERS,
        body=PinShape,
        status=204,
        errors=_CHANGE,
        versioned=True,
    )
    def pin(call: ApiCall, timetable_id: str, session_id: str) -> None:
        handle(
            PinSession(
                actor=call.actor,
                expected_version=call.expected_version,
                timetable_id=timetable_id,
                session_id=session_id,
                starts_at=call.body["starts_at"],
                trainer_id=_text(call.body["trainer_id"]),
                room_code=call.body["room_code"],
            )
        )

    @routes.delete("/<uuid:timetable_id>/pins/<uuid:session_id>")
    @operation(
        summary="Leave a session to the engine again",
        roles=PLANNERS,
        status=204,
        errors=("timetable.not_found", "timetable.not_pinned"),
        versioned=True,
    )
    def unpin(call: ApiCall, timetable_id: str, session_id: str) -> None:
        handle(
            UnpinSession(
                actor=call.actor,
                expected_version=call.expected_version,
                timetable_id=timetable_id,
                session_id=session_id,
            )
        )


def _solving_routes(routes: Blueprint, handle: Handle, reads: Reads) -> None:
    @routes.post("/<uuid:timetable_id>/solving")
    @operation(
        summary="Have a plan made by a durable job",
        roles=PLANNERS,
        body=SolvingShape,
        answer=Numbered,
        status=202,
        errors=("timetable.not_found", "timetable.solving"),
        versioned=True,
    )
    def solve(call: ApiCall, timetable_id: str) -> dict[str, int]:
        number = handle(
            SolveTimetable(
                actor=call.actor,
                expected_version=call.expected_version,
                timetable_id=timetable_id,
                seed=call.body["seed"],
                work=call.body["work"],
            )
        )
        return {"number": number}

    @routes.get("/<uuid:timetable_id>/solving/<int:number>")
    @operation(
        summary="How far a solving is",
        roles=READERS,
        answer=JobShown,
        errors=("timetable.not_found", "job.not_found"),
    )
    def solving(call: ApiCall, timetable_id: str, number: str) -> Any:
        key = solving_key(timetable_id, int(number))
        return reads.judge.job(timetable_id, SOLVE, key, scope=call.actor.scope)

    @routes.delete("/<uuid:timetable_id>/solving")
    @operation(
        summary="Stop waiting for the plan; the best so far becomes the proposal",
        roles=PLANNERS,
        status=204,
        errors=("timetable.not_found", "timetable.not_solving"),
    )
    def give_up(call: ApiCall, timetable_id: str) -> None:
        handle(GiveUpSolving(actor=call.actor, timetable_id=timetable_id))


def _release_routes(routes: Blueprint, handle: Handle) -> None:
    @routes.post("/<uuid:timetable_id>/releases")
    @operation(
        summary="Make the proposal hold for everybody",
        roles=PLANNERS,
        answer=Numbered,
        status=201,
        errors=("timetable.not_found", "timetable.not_solved", "timetable.breaks_rules"),
        versioned=True,
    )
    def release(call: ApiCall, timetable_id: str) -> dict[str, int]:
        number = handle(
            ReleaseTimetable(
                actor=call.actor,
                expected_version=call.expected_version,
                timetable_id=timetable_id,
            )
        )
        return {"number": number}

    @routes.post("/<uuid:timetable_id>/moves")
    @operation(
        summary="Move one session to a place a person chose",
        roles=PLANNERS,
        body=Move,
        status=204,
        errors=_MOVE,
        versioned=True,
    )
    def move(call: ApiCall, timetable_id: str) -> None:
        handle(
            MoveSession(
                actor=call.actor,
                expected_version=call.expected_version,
                timetable_id=timetable_id,
                session_id=str(call.body["session_id"]),
                starts_at=call.body["starts_at"],
                trainer_id=_text(call.body["trainer_id"]),
                room_code=call.body["room_code"],
                reason_code=call.body["reason_code"],
            )
        )

    @routes.post("/<uuid:timetable_id>/cancellations")
    @operation(
        summary="A session does not take place",
        roles=PLANNERS,
        body=Cancellation,
        status=204,
        errors=(*_CHANGE, "timetable.not_released"),
        versioned=True,
    )
    def cancel(call: ApiCall, timetable_id: str) -> None:
        handle(
            CancelSession(
                actor=call.actor,
                expected_version=call.expected_version,
                timetable_id=timetable_id,
                session_id=str(call.body["session_id"]),
                reason_code=call.body["reason_code"],
            )
        )


def _repair_routes(routes: Blueprint, handle: Handle, reads: Reads) -> None:
    @routes.post("/<uuid:timetable_id>/repairs")
    @operation(
        summary="Have the engine move a session and as few others as possible",
        roles=PLANNERS,
        body=RepairShape,
        answer=Made,
        status=202,
        errors=(*_CHANGE, "timetable.not_released"),
        versioned=True,
    )
    def repair(call: ApiCall, timetable_id: str) -> Answer:
        repair_id = call.id_for("repair")
        handle(
            RepairTimetable(
                actor=call.actor,
                expected_version=call.expected_version,
                timetable_id=timetable_id,
                repair_id=repair_id,
                session_id=str(call.body["session_id"]),
                starts_at=call.body["starts_at"],
                reason_code=call.body["reason_code"],
                seed=call.body["seed"],
                work=call.body["work"],
            )
        )
        return Answer(
            body={"id": repair_id}, location=f"/timetables/{timetable_id}/repairs/{repair_id}"
        )

    @routes.get("/<uuid:timetable_id>/repairs/<uuid:repair_id>")
    @operation(
        summary="How far a repair is",
        roles=READERS,
        answer=JobShown,
        errors=("timetable.not_found", "job.not_found"),
    )
    def repairing(call: ApiCall, timetable_id: str, repair_id: str) -> Any:
        key = repair_key(timetable_id, repair_id)
        return reads.judge.job(timetable_id, REPAIR, key, scope=call.actor.scope)

    @routes.delete("/<uuid:timetable_id>/repairs/<uuid:repair_id>")
    @operation(
        summary="Ask for a repair no more; what it would find is dropped",
        roles=PLANNERS,
        status=204,
        errors=("timetable.not_found",),
    )
    def cancel_repair(call: ApiCall, timetable_id: str, repair_id: str) -> None:
        handle(CancelRepair(actor=call.actor, timetable_id=timetable_id, repair_id=repair_id))


def _text(value: object | None) -> str | None:
    return None if value is None else str(value)
