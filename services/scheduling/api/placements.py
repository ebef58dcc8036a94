"""Routes of placements."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from marshmallow import Schema, fields

from chassis.aggregate import Handle
from chassis.http.operation import Answer, ApiCall, operation
from chassis.http.paging import PageQuery, page_of
from services.scheduling.api.reads import Reads, listed, shown
from services.scheduling.api.roles import PLANNERS, READERS
from services.scheduling.api.shapes import Code, Day, Made, Marked, Whole
from services.scheduling.domain.commands import (
    CancelPlacement,
    CompletePlacement,
    PlanPlacement,
)


class PlacementShape(Schema):
    """Body of ``POST /placements``."""

    participant_id = fields.UUID(required=True)
    unit_code = Code(required=True)
    starts_on = Day(required=True)
    ends_on = Day(required=True)


class CompletionShape(Schema):
    """Body of a completion."""

    minutes = Whole(1, 1_000_000, required=True)


class PlacementShown(Marked):
    """A placement."""

    participant_id = fields.UUID(required=True)
    cohort_id = fields.UUID(required=True)
    unit_code = fields.String(required=True)
    starts_on = fields.String(required=True)
    ends_on = fields.String(required=True)
    minutes = fields.Integer(required=True)
    status = fields.String(required=True)


class PlacementsQuery(PageQuery):
    """Filters."""

    cohort_id = fields.UUID(load_default=None)


def placements_blueprint(handle: Handle, reads: Reads) -> Blueprint:
    """Build the routes."""
    routes = Blueprint("placements", __name__, url_prefix="/placements")

    @routes.post("")
    @operation(
        summary="Agree on a participant's time in a unit",
        roles=PLANNERS,
        body=PlacementShape,
        answer=Made,
        status=201,
        errors=("member.not_found", "placement.ends_before_start"),
    )
    def plan(call: ApiCall) -> Answer:
        placement_id = call.id_for("placement")
        handle(
            PlanPlacement(
                actor=call.actor,
                placement_id=placement_id,
                participant_id=str(call.body["participant_id"]),
                unit_code=call.body["unit_code"],
                starts_on=call.body["starts_on"],
                ends_on=call.body["ends_on"],
            )
        )
        return Answer(body={"id": placement_id}, location=f"/placements/{placement_id}")

    @routes.get("")
    @operation(
        summary="Placements", roles=READERS, query=PlacementsQuery, answer=page_of(PlacementShown)
    )
    def list_all(call: ApiCall) -> dict[str, Any]:
        cohort_id = call.query["cohort_id"]
        return listed(reads.placements, call, cohort_id=str(cohort_id) if cohort_id else None)

    @routes.get("/<uuid:placement_id>")
    @operation(
        summary="A placement",
        roles=READERS,
        answer=PlacementShown,
        errors=("placement.not_found",),
    )
    def show(call: ApiCall, placement_id: str) -> Answer:
        return shown(reads.placements, placement_id, call)

    @routes.post("/<uuid:placement_id>/completion")
    @operation(
        summary="The unit confirms the time",
        roles=PLANNERS,
        body=CompletionShape,
        status=204,
        errors=(
            "placement.not_found",
            "placement.not_planned",
            "placement.too_early",
            "placement.forgotten",
        ),
        versioned=True,
    )
    def complete(call: ApiCall, placement_id: str) -> None:
        handle(
            CompletePlacement(
                actor=call.actor,
                expected_version=call.expected_version,
                placement_id=placement_id,
                minutes=call.body["minutes"],
            )
        )

    @routes.post("/<uuid:placement_id>/cancellation")
    @operation(
        summary="It does not take place",
        roles=PLANNERS,
        status=204,
        errors=("placement.not_found", "placement.not_planned", "placement.forgotten"),
        versioned=True,
    )
    def cancel(call: ApiCall, placement_id: str) -> None:
        handle(
            CancelPlacement(
                actor=call.actor,
                expected_version=call.expected_version,
                placement_id=placement_id,
            )
        )

    return routes
