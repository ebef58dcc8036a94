"""Calls over HTTP: prepared by the centre, read by everybody once they are open."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from marshmallow import fields

from chassis.access import EVERYTHING
from chassis.aggregate import Handle
from chassis.errors import NotFound
from chassis.http.operation import Answer, ApiCall, operation
from chassis.http.paging import PageQuery, page_of
from services.registration.api.reads import (
    READERS,
    STAFF,
    Reads,
    listed,
    made,
    one,
    one_answer,
    public_page,
    shown,
    texts_of,
)
from services.registration.api.schemas.forms import NewForm
from services.registration.api.schemas.programmes import CallAnswer, NewCall, StaffCallAnswer
from services.registration.api.schemas.shapes import CODE, Made
from services.registration.domain.call import CallStatus
from services.registration.domain.commands.programmes import DraftCall, OpenCall, ReviseForm


class _InState(PageQuery):
    """Query of a list: in one state."""

    status = fields.String(load_default=None, validate=CODE)


def calls_blueprint(handle: Handle, reads: Reads) -> Blueprint:
    """Build the routes of the centre; ``handle`` runs one command."""
    routes = Blueprint("calls", __name__, url_prefix="/calls")

    @routes.post("")
    @operation(
        summary="Prepare a call with its form",
        roles=STAFF,
        body=NewCall,
        answer=Made,
        status=201,
        errors=(
            "cohort.not_found",
            "call.text_missing",
            "call.window",
            "call.preference_limit",
            "form.malformed",
        ),
    )
    def draft(call: ApiCall) -> Answer:
        call_id = call.id_for("call")
        handle(
            DraftCall(
                actor=call.actor,
                call_id=call_id,
                cohort_ids=texts_of(call.body["cohort_ids"]),
                country_code=call.body["country_code"],
                titles=call.body["titles"],
                routes=tuple(call.body["routes"]),
                opens_at=call.body["opens_at"],
                closes_at=call.body["closes_at"],
                grace_minutes=call.body["grace_minutes"],
                preference_limit=call.body["preference_limit"],
                form=call.body["form"],
            )
        )
        return made("calls", call_id)

    @routes.get("")
    @operation(
        summary="Calls, drafts too", roles=READERS, query=_InState, answer=page_of(StaffCallAnswer)
    )
    def list_all(call: ApiCall) -> Any:
        return listed(reads, "call", call, "closed_at")

    @routes.get("/<uuid:call_id>")
    @operation(
        summary="One call", roles=READERS, answer=StaffCallAnswer, errors=("call.not_found",)
    )
    def show(call: ApiCall, call_id: str) -> Answer:
        row = one(reads, "call", call_id, scope=call.actor.scope)
        return one_answer(shown(row, "closed_at"))

    @routes.put("/<uuid:call_id>/form")
    @operation(
        summary="Replace the form of a call in draft",
        roles=STAFF,
        body=NewForm,
        errors=("call.not_found", "call.not_draft", "form.malformed"),
        versioned=True,
    )
    def revise(call: ApiCall, call_id: str) -> None:
        handle(
            ReviseForm(
                actor=call.actor,
                expected_version=call.expected_version,
                call_id=call_id,
                form=call.body["form"],
            )
        )

    @routes.post("/<uuid:call_id>/opening")
    @operation(
        summary="Open a call: it closes by itself",
        roles=STAFF,
        errors=("call.not_found", "call.not_draft", "call.window"),
        versioned=True,
    )
    def open_(call: ApiCall, call_id: str) -> None:
        handle(OpenCall(actor=call.actor, expected_version=call.expected_version, call_id=call_id))

    return routes


def public_calls_blueprint(reads: Reads) -> Blueprint:
    """Build the routes for everybody: calls that were opened."""
    routes = Blueprint("public_calls", __name__, url_prefix="/public/calls")

    @routes.get("")
    @operation(summary="Open calls", public=True, query=PageQuery, answer=page_of(CallAnswer))
    def list_open(call: ApiCall) -> Any:
        return public_page(reads, "call", call, "closed_at", status=CallStatus.OPEN.value)

    @routes.get("/<uuid:call_id>")
    @operation(
        summary="One call that was opened, with its form",
        public=True,
        answer=CallAnswer,
        errors=("call.not_found",),
    )
    def show(_: ApiCall, call_id: str) -> Answer:
        row = one(reads, "call", call_id, scope=EVERYTHING)
        if row["status"] == CallStatus.DRAFT.value:
            raise NotFound("call.not_found", f"there is no call {call_id}")
        return one_answer(shown(row, "closed_at"))

    return routes
