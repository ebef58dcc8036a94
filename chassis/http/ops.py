"""Routes every service has for its operators, and the feed that repairs gaps."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from chassis.access import Role
from chassis.clock import wall_now
from chassis.errors import NotFound
from chassis.http.operation import Answer, ApiCall, operation
from chassis.http.ops_schemas import (
    AuditTrail,
    FailedJobs,
    FeedPage,
    FeedQuery,
    FlowState,
    ParkedItem,
    ParkedItemDetail,
    ParkedList,
    Redriven,
    Republished,
    RestState,
    RetryJob,
    SkipReason,
)
from chassis.mongo import audit, jobs, outbox, parked
from chassis.mongo.parked import Parked
from chassis.mongo.reading import reading
from chassis.worker.flow import Flow
from chassis.worker.parking import Parking

_OPERATORS = (Role.OPERATOR, Role.SERVICE)


def ops_blueprint(flow: Flow, parking: Parking) -> Blueprint:
    """State, parked events, jobs and audit of a service."""
    routes = Blueprint("ops", __name__, url_prefix="/ops")

    @routes.get("/flow")
    @operation(summary="State of the event flow", roles=_OPERATORS, answer=FlowState)
    def show_flow(_: ApiCall) -> dict[str, Any]:
        return flow.state()

    @routes.get("/rest")
    @operation(summary="Whether anything is under way", roles=_OPERATORS, answer=RestState)
    def show_rest(_: ApiCall) -> dict[str, Any]:
        return flow.rest()

    @routes.get("/parked")
    @operation(summary="Parked events", roles=_OPERATORS, answer=ParkedList)
    def list_parked(_: ApiCall) -> dict[str, Any]:
        return {"items": parked.waiting()}

    @routes.get("/parked/<uuid:parked_id>")
    @operation(
        summary="One parked event",
        roles=_OPERATORS,
        answer=ParkedItemDetail,
        errors=("parked.not_found",),
    )
    def show_parked(_: ApiCall, parked_id: str) -> dict[str, Any]:
        return _detailed(parked.get(parked_id))

    @routes.post("/parked/<uuid:parked_id>/redrive")
    @operation(
        summary="Take a parked event and those behind it, in order",
        roles=(Role.OPERATOR,),
        answer=Redriven,
        errors=("parked.not_found", "parked.failed_again", "parked.gap"),
        transactional=False,
    )
    def redrive(call: ApiCall, parked_id: str) -> dict[str, Any]:
        return {"taken": parking.redrive(parked_id, actor=call.actor)}

    @routes.post("/parked/<uuid:parked_id>/skip")
    @operation(
        summary="Let a parked event go without its effects",
        roles=(Role.OPERATOR,),
        body=SkipReason,
        status=204,
        errors=("parked.not_found", "parked.not_first"),
        transactional=False,
    )
    def skip(call: ApiCall, parked_id: str) -> Answer:
        parking.skip(parked_id, reason=call.body["reason"], actor=call.actor)
        return Answer()

    @routes.get("/jobs/failed")
    @operation(summary="Jobs that were given up", roles=_OPERATORS, answer=FailedJobs)
    def failed_jobs(_: ApiCall) -> dict[str, Any]:
        with reading():
            found = jobs.failed()
        return {
            "items": [
                {
                    "kind": row["kind"],
                    "key": row["key"],
                    "attempts": row["attempts"],
                    "last_error": row.get("last_error"),
                }
                for row in found
            ]
        }

    @routes.post("/jobs/retry")
    @operation(
        summary="Try a failed job again",
        roles=(Role.OPERATOR,),
        body=RetryJob,
        status=204,
        errors=("job.not_found",),
    )
    def retry_job(call: ApiCall) -> Answer:
        job_id = f"{call.body['kind']}|{call.body['key']}"
        if not jobs.retry_failed(job_id):
            raise NotFound("job.not_found", "no failed job of this kind and key is here")
        audit.note(actor_id=call.actor.actor_id, action="job.retried", target=job_id, at=wall_now())
        return Answer()

    @routes.get("/audit")
    @operation(summary="Who did what to the running", roles=_OPERATORS, answer=AuditTrail)
    def show_audit(_: ApiCall) -> dict[str, Any]:
        return {
            "items": [
                {
                    "actor_id": row["actor_id"],
                    "action": row["action"],
                    "target": row["target"],
                    "reason": row.get("reason"),
                    "at": row["at"].isoformat(),
                }
                for row in audit.latest()
            ]
        }

    @routes.post("/log/republish")
    @operation(
        summary="Send every announcement to the log again",
        roles=(Role.OPERATOR,),
        answer=Republished,
        transactional=False,
    )
    def republish(call: ApiCall) -> dict[str, Any]:
        count = flow.republish()
        audit.note(
            actor_id=call.actor.actor_id,
            action="log.republished",
            target="outbox",
            details=[f"{count} events"],
            at=wall_now(),
        )
        return {"count": count}

    return routes


def feed_blueprint() -> Blueprint:
    """What a service announced of one aggregate, from its own record."""
    routes = Blueprint("feed", __name__, url_prefix="/feed")

    @routes.get("/<topic>/<aggregate_id>")
    @operation(
        summary="Announced events of one aggregate, in order",
        roles=(Role.SERVICE,),
        query=FeedQuery,
        answer=FeedPage,
    )
    def feed(call: ApiCall, topic: str, aggregate_id: str) -> dict[str, Any]:
        with reading():
            found = outbox.of_aggregate(
                topic, aggregate_id, after=call.query["after"], limit=call.query["limit"]
            )
        return {"events": [event.decode() for event in found]}

    return routes


def _detailed(event: Parked) -> dict[str, Any]:
    fields_ = {name: getattr(event, name) for name in ParkedItem().fields}
    return fields_ | {"received": event.value.decode(errors="replace")}
