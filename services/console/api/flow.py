"""The event flow for people: who is behind, what is parked, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, request

from chassis.access import Actor, Role
from services.console.api.pages import go, is_part, needs, page, refusal
from services.console.api.visit import visit
from services.console.backends.operations import Operations, Told
from services.console.pictures.tellers import edges

_LONGEST_REASON = 500
_SHORTEST_REASON = 3


@dataclass(frozen=True)
class Listener:
    """One service as a row of the table.

    Attributes:
        state: ``away``, ``no_worker``, ``stopped``, ``parked``, ``behind`` or ``keeps_up``.
        share: of the longest queue, as ``71.3%``.
    """

    service: str
    state: str
    behind: int
    pending: int
    parked: int
    jobs_waiting: int
    jobs_failed: int
    announced: int
    workers: int
    next_timer_at: str | None
    timer_due: bool
    share: str


def flow_pages(operations: Operations) -> Blueprint:
    """Build the pages."""
    routes = Blueprint("flow", __name__, url_prefix="/flow")

    @routes.get("")
    @needs(Role.OPERATOR)
    def overview() -> Any:
        shown = _overview(operations, visit().actor)
        template = "flow/_state.html" if is_part() else "flow/overview.html"
        return page(template, **shown, done=request.args.get("done"), refused=None)

    @routes.get("/parked/<service>/<uuid:parked_id>")
    @needs(Role.OPERATOR)
    def parked(service: str, parked_id: object) -> Any:
        event = operations.parked_one(service, str(parked_id), visit().actor)
        return page("flow/parked.html", service=service, event=event, refused=None)

    @routes.post("/parked/<service>/<uuid:parked_id>/redrive")
    @needs(Role.OPERATOR)
    def redrive(service: str, parked_id: object) -> Any:
        actor = visit().actor
        refused = refusal(lambda: operations.redrive(service, str(parked_id), actor))
        if refused is None:
            return go("flow.overview", done="redriven")
        if refused.status == 404:
            return go("flow.overview", done="parked_gone")
        event = operations.parked_one(service, str(parked_id), actor)
        return page("flow/parked.html", 409, service=service, event=event, refused=refused)

    @routes.get("/parked/<service>/<uuid:parked_id>/skip")
    @needs(Role.OPERATOR)
    def ask_skip(service: str, parked_id: object) -> Any:
        event = operations.parked_one(service, str(parked_id), visit().actor)
        return page("flow/skip.html", service=service, event=event, reason="", error=None)

    @routes.post("/parked/<service>/<uuid:parked_id>/skip")
    @needs(Role.OPERATOR)
    def skip(service: str, parked_id: object) -> Any:
        actor, reason = visit().actor, request.form.get("reason", "").strip()
        event = operations.parked_one(service, str(parked_id), actor)
        shown = {"service": service, "event": event, "reason": reason}
        if not _SHORTEST_REASON <= len(reason) <= _LONGEST_REASON:
            return page("flow/skip.html", 422, **shown, error="flow.skip.reason_wrong")
        refused = refusal(lambda: operations.skip(service, str(parked_id), reason, actor))
        if refused is not None:
            return page("flow/parked.html", 409, service=service, event=event, refused=refused)
        return go("flow.overview", done="skipped")

    @routes.post("/jobs/<service>/retry")
    @needs(Role.OPERATOR)
    def retry_job(service: str) -> Any:
        actor = visit().actor
        kind, key = request.form.get("kind", ""), request.form.get("key", "")
        refused = refusal(lambda: operations.retry_job(service, kind, key, actor))
        return go("flow.overview", done="job_retried" if refused is None else "job_gone")

    @routes.get("/audit")
    @needs(Role.OPERATOR, Role.AUDITOR)
    def audit() -> Any:
        told = operations.audits(visit().actor)
        entries = [
            {**entry, "service": each.service}
            for each in told
            if each.answer is not None
            for entry in each.answer["items"]
        ]
        entries.sort(key=lambda entry: str(entry["at"]), reverse=True)
        return page("flow/audit.html", entries=entries[:200], missing=_missing(told))

    return routes


def _overview(operations: Operations, actor: Actor) -> dict[str, Any]:
    flows, parked, failed = (
        operations.flows(actor),
        operations.parked(actor),
        operations.failed_jobs(actor),
    )
    parked_events = _with_service(parked)
    states = {told.service: told.answer for told in flows if told.answer is not None}
    lag = {service: state["lag"] for service, state in states.items()}
    blocked = {
        service: frozenset(event["topic"] for event in parked_events if event["service"] == service)
        for service in operations.services
    }
    nows = [datetime.fromisoformat(state["now"]) for state in states.values()]
    return {
        "services": operations.services,
        "listeners": _listeners(flows),
        "edges": edges(operations.services, lag, blocked),
        "announced": {name: state["announced"] for name, state in states.items()},
        "parked_events": parked_events,
        "failed_jobs": _with_service(failed),
        "missing": _missing(flows),
        "log_away": any(state["log"] == "away" for state in states.values()),
        "now": max(nows, default=datetime.fromtimestamp(0, UTC)) if nows else None,
    }


def _listeners(flows: Sequence[Told]) -> list[Listener]:
    lags = {told.service: _behind(told.answer) for told in flows}
    most = max(lags.values(), default=0)
    return [_listener(told, lags[told.service], most) for told in flows]


def _listener(told: Told, behind: int, most: int) -> Listener:
    state: Mapping[str, Any] = told.answer or {}
    jobs = state.get("jobs", {"waiting": 0, "failed": 0})
    return Listener(
        service=told.service,
        state=_state(told, behind),
        behind=behind,
        pending=state.get("pending", 0),
        parked=state.get("parked", 0),
        jobs_waiting=jobs["waiting"],
        jobs_failed=jobs["failed"],
        announced=state.get("announced", 0),
        workers=len(state.get("workers", ())),
        next_timer_at=state.get("next_timer_at"),
        timer_due=bool(state.get("timer_due")),
        share=f"{100 * behind / most if most else 0:.1f}%",
    )


def _state(told: Told, behind: int) -> str:
    if told.answer is None:
        return "away"
    workers = told.answer["workers"]
    if not workers:
        return "no_worker"
    if any(worker.get("breaker_open") for worker in workers):
        return "stopped"
    if told.answer["parked"]:
        return "parked"
    return "behind" if behind or told.answer["pending"] else "keeps_up"


def _behind(state: Mapping[str, Any] | None) -> int:
    return sum(state["lag"].values()) if state else 0


def _with_service(told: Sequence[Told]) -> list[dict[str, Any]]:
    return [
        {**item, "service": each.service}
        for each in told
        if each.answer is not None
        for item in each.answer["items"]
    ]


def _missing(told: Sequence[Told]) -> list[str]:
    return [each.service for each in told if each.answer is None]
