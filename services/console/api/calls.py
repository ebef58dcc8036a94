"""Calls: what is open, and one call with the way to apply."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from chassis.access import Role
from chassis.clock import Clock
from services.console.api import dates
from services.console.api.applying import applying_routes
from services.console.api.pages import page
from services.console.api.started import cohorts_of
from services.console.api.visit import visit
from services.console.backends.registration import Item, Registration
from services.console.domain.form import form_of


def calls_pages(registration: Registration, clock: Clock) -> Blueprint:
    """Build the pages."""
    routes = Blueprint("calls", __name__, url_prefix="/calls")
    _looking(routes, registration, clock)
    applying_routes(routes, registration)
    return routes


def _looking(routes: Blueprint, registration: Registration, clock: Clock) -> None:
    @routes.get("")
    def open_calls() -> Any:
        calls = registration.calls(visit().actor)
        shown = [{**call, "is_open": _is_open(call, clock)} for call in calls]
        shown.sort(key=lambda call: (not call["is_open"], str(call["closes_at"])))
        return page("calls/list.html", calls=shown, done=request.args.get("done"))

    @routes.get("/<uuid:call_id>")
    def one(call_id: object) -> Any:
        actor = visit().actor
        call = registration.call(str(call_id), actor)
        application = None
        if visit().session is not None and actor.has(Role.PARTICIPANT):
            application = registration.own_application(str(call_id), actor)
        return page(
            "calls/call.html",
            call={**call, "is_open": _is_open(call, clock)},
            form=form_of(call["form"]),
            cohorts=cohorts_of(registration, call, actor),
            application=application,
        )


def _is_open(call: Item, clock: Clock) -> bool:
    opens, closes = dates.as_instant(call["opens_at"]), dates.as_instant(call["closes_at"])
    return bool(call["status"] == "open" and opens <= clock() < closes)
