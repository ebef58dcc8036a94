"""Participants over HTTP."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from marshmallow import fields

from chassis.access import Role
from chassis.aggregate import Handle
from chassis.http.operation import Answer, ApiCall, operation
from chassis.http.paging import PageQuery, page_of
from services.registration.api.persons import NameOf
from services.registration.api.reads import (
    READERS,
    STAFF,
    Reads,
    listed,
    one,
    one_answer,
    shown,
)
from services.registration.api.schemas.people import (
    Details,
    FunnelAnswer,
    ParticipantAnswer,
    RosterEntry,
)
from services.registration.api.schemas.shapes import OfPerson, OneCohort, Reason
from services.registration.domain.commands.participants import HandInDetails, LeaveCohort

_PERSON = (Role.PARTICIPANT,)


class _OfCohort(PageQuery):
    """Query of a roster."""

    cohort_id = fields.UUID(required=True)


def participants_blueprint(handle: Handle, reads: Reads) -> Blueprint:
    """Build the routes; ``handle`` runs one command."""
    routes = Blueprint("participants", __name__, url_prefix="/participants")

    @routes.get("")
    @operation(
        summary="Participants, without names; a person sees their own",
        roles=(*READERS, *_PERSON),
        query=OfPerson,
        answer=page_of(ParticipantAnswer),
    )
    def list_all(call: ApiCall) -> Any:
        return listed(reads, "participant", call, "subject_id")

    @routes.get("/<uuid:participant_id>")
    @operation(
        summary="One participant",
        roles=(*READERS, *_PERSON),
        answer=ParticipantAnswer,
        errors=("participant.not_found",),
    )
    def show(call: ApiCall, participant_id: str) -> Answer:
        row = one(reads, "participant", participant_id, scope=call.actor.scope)
        return one_answer(shown(row, "subject_id"))

    @routes.post("/<uuid:participant_id>/details")
    @operation(
        summary="Hand in the second form, after acceptance",
        roles=_PERSON,
        body=Details,
        status=202,
        errors=(
            "participant.not_found",
            "participant.gone",
            "cohort.no_details_form",
            "answers.incomplete",
        ),
        versioned=True,
    )
    def hand_in(call: ApiCall, participant_id: str) -> None:
        handle(
            HandInDetails(
                actor=call.actor,
                expected_version=call.expected_version,
                participant_id=participant_id,
                answers=call.body["answers"],
            )
        )

    @routes.post("/<uuid:participant_id>/leaving")
    @operation(
        summary="Leave the cohort before its end",
        roles=(*STAFF, *_PERSON),
        body=Reason,
        status=202,
        errors=("participant.not_found", "participant.gone"),
        versioned=True,
    )
    def leave(call: ApiCall, participant_id: str) -> None:
        handle(
            LeaveCohort(
                actor=call.actor,
                expected_version=call.expected_version,
                participant_id=participant_id,
                reason_code=call.body["reason_code"],
            )
        )

    return routes


def roster_blueprint(reads: Reads, *, name_of: NameOf) -> Blueprint:
    """Build the route for who teaches; ``name_of`` opens a name."""
    routes = Blueprint("roster", __name__, url_prefix="/roster")

    @routes.get("")
    @operation(
        summary="Participants of a cohort by name",
        roles=(*STAFF, Role.TRAINER),
        query=_OfCohort,
        answer=page_of(RosterEntry),
    )
    def list_all(call: ApiCall) -> Any:
        page = listed(reads, "participant", call, "subject_id")
        unnamed = {"legal_name": None, "native_name": None}
        page["items"] = [{**row, **unnamed, **name_of(row["subject_id"])} for row in page["items"]]
        return page

    return routes


def statistics_blueprint(reads: Reads) -> Blueprint:
    """Build the route."""
    routes = Blueprint("statistics", __name__, url_prefix="/statistics")

    @routes.get("")
    @operation(
        summary="People of a cohort at each stage: counts only",
        roles=READERS,
        query=OneCohort,
        answer=FunnelAnswer,
    )
    def funnel(call: ApiCall) -> dict[str, Any]:
        cohort_id = str(call.query["cohort_id"])
        return {
            "cohort_id": cohort_id,
            "counts": reads.funnel(cohort_id, scope=call.actor.scope),
        }

    return routes
