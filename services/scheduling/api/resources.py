"""Routes of trainers and rooms."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from marshmallow import Schema, fields, validate

from chassis.aggregate import Handle
from chassis.http.operation import Answer, ApiCall, operation
from chassis.http.paging import PageQuery, page_of
from services.scheduling.api.reads import Reads, listed, shown
from services.scheduling.api.roles import PLANNERS, READERS
from services.scheduling.api.shapes import (
    AvailabilityShape,
    AvailabilityShown,
    Code,
    Country,
    Language,
    Made,
    Marked,
    Texts,
    Whole,
    availability_of,
)
from services.scheduling.domain.commands import (
    AddRoom,
    ConfirmTrainer,
    RefitRoom,
    RequestTrainer,
    SetTrainerAvailability,
    WithdrawTrainer,
)


class TrainerShape(Schema):
    """Body of ``POST /trainers``: no name, an opaque subject at most."""

    country_code = Country(required=True)
    kind_code = Code(required=True)
    organisation_code = Code(required=True)
    language_codes = fields.List(Language(), required=True, validate=validate.Length(min=1, max=20))
    subject_id = fields.UUID(load_default=None, allow_none=True)
    availability = fields.Nested(AvailabilityShape, load_default=None)


class TrainerShown(Marked):
    """A trainer."""

    kind_code = fields.String(required=True)
    organisation_code = fields.String(required=True)
    language_codes = fields.List(fields.String(), required=True)
    status = fields.String(required=True)
    availability = fields.Nested(AvailabilityShown, required=True)


class RoomShape(Schema):
    """Body of ``PUT /rooms/{room_id}``."""

    kind_code = Code(required=True)
    seat_count = Whole(1, 100_000, required=True)
    availability = fields.Nested(AvailabilityShape, load_default=None)


class NewRoomShape(RoomShape):
    """Body of ``POST /rooms``."""

    room_code = Code(required=True)
    country_code = Country(required=True)
    titles = Texts(required=True)


class RoomShown(Marked):
    """A room."""

    room_code = fields.String(required=True)
    titles = fields.Dict(required=True)
    kind_code = fields.String(required=True)
    seat_count = fields.Integer(required=True)
    availability = fields.Nested(AvailabilityShown, required=True)


class TrainersQuery(PageQuery):
    """Filters."""

    kind_code = Code(load_default=None)
    status = fields.String(
        load_default=None, validate=validate.OneOf(["requested", "confirmed", "withdrawn"])
    )


def trainers_blueprint(handle: Handle, reads: Reads) -> Blueprint:
    """Build the routes of trainers."""
    routes = Blueprint("trainers", __name__, url_prefix="/trainers")

    @routes.post("")
    @operation(
        summary="Ask an organisation for a trainer",
        roles=PLANNERS,
        body=TrainerShape,
        answer=Made,
        status=201,
    )
    def request_trainer(call: ApiCall) -> Answer:
        trainer_id, subject_id = call.id_for("trainer"), call.body["subject_id"]
        handle(
            RequestTrainer(
                actor=call.actor,
                trainer_id=trainer_id,
                country_code=call.body["country_code"],
                kind_code=call.body["kind_code"],
                organisation_code=call.body["organisation_code"],
                language_codes=tuple(call.body["language_codes"]),
                subject_id=str(subject_id) if subject_id else None,
                availability=availability_of(call.body["availability"]),
            )
        )
        return Answer(body={"id": trainer_id}, location=f"/trainers/{trainer_id}")

    @routes.get("")
    @operation(summary="Trainers", roles=READERS, query=TrainersQuery, answer=page_of(TrainerShown))
    def list_all(call: ApiCall) -> dict[str, Any]:
        return listed(
            reads.trainers, call, kind_code=call.query["kind_code"], status=call.query["status"]
        )

    @routes.get("/<uuid:trainer_id>")
    @operation(
        summary="A trainer", roles=READERS, answer=TrainerShown, errors=("trainer.not_found",)
    )
    def show(call: ApiCall, trainer_id: str) -> Answer:
        return shown(reads.trainers, trainer_id, call)

    @routes.post("/<uuid:trainer_id>/confirmation")
    @operation(
        summary="The organisation sends the trainer",
        roles=PLANNERS,
        status=204,
        errors=("trainer.not_found", "trainer.not_requested"),
        versioned=True,
    )
    def confirm(call: ApiCall, trainer_id: str) -> None:
        handle(
            ConfirmTrainer(
                actor=call.actor, expected_version=call.expected_version, trainer_id=trainer_id
            )
        )

    @routes.post("/<uuid:trainer_id>/withdrawal")
    @operation(
        summary="The trainer cannot come any more",
        roles=PLANNERS,
        status=204,
        errors=("trainer.not_found", "trainer.withdrawn"),
        versioned=True,
    )
    def withdraw(call: ApiCall, trainer_id: str) -> None:
        handle(
            WithdrawTrainer(
                actor=call.actor, expected_version=call.expected_version, trainer_id=trainer_id
            )
        )

    @routes.put("/<uuid:trainer_id>/availability")
    @operation(
        summary="Say when the trainer can be had",
        roles=PLANNERS,
        body=AvailabilityShape,
        status=204,
        errors=("trainer.not_found", "trainer.withdrawn", "span.ends_before_start"),
        versioned=True,
    )
    def set_availability(call: ApiCall, trainer_id: str) -> None:
        handle(
            SetTrainerAvailability(
                actor=call.actor,
                expected_version=call.expected_version,
                trainer_id=trainer_id,
                availability=availability_of(dict(call.body)),
            )
        )

    return routes


def rooms_blueprint(handle: Handle, reads: Reads) -> Blueprint:
    """Build the routes of rooms."""
    routes = Blueprint("rooms", __name__, url_prefix="/rooms")

    @routes.post("")
    @operation(
        summary="Take a room into the list",
        roles=PLANNERS,
        body=NewRoomShape,
        answer=Made,
        status=201,
        errors=("document.already_exists", "room.already_exists", "span.ends_before_start"),
    )
    def add(call: ApiCall) -> Answer:
        room_id = call.id_for("room")
        handle(
            AddRoom(
                actor=call.actor,
                room_id=room_id,
                room_code=call.body["room_code"],
                country_code=call.body["country_code"],
                titles=call.body["titles"],
                kind_code=call.body["kind_code"],
                seat_count=call.body["seat_count"],
                availability=availability_of(call.body["availability"]),
            )
        )
        return Answer(body={"id": room_id}, location=f"/rooms/{room_id}")

    @routes.get("")
    @operation(summary="Rooms", roles=READERS, query=PageQuery, answer=page_of(RoomShown))
    def list_all(call: ApiCall) -> dict[str, Any]:
        return listed(reads.rooms, call)

    @routes.get("/<uuid:room_id>")
    @operation(summary="A room", roles=READERS, answer=RoomShown, errors=("room.not_found",))
    def show(call: ApiCall, room_id: str) -> Answer:
        return shown(reads.rooms, room_id, call)

    @routes.put("/<uuid:room_id>")
    @operation(
        summary="Change what a room offers",
        roles=PLANNERS,
        body=RoomShape,
        status=204,
        errors=("room.not_found", "span.ends_before_start"),
        versioned=True,
    )
    def refit(call: ApiCall, room_id: str) -> None:
        handle(
            RefitRoom(
                actor=call.actor,
                expected_version=call.expected_version,
                room_id=room_id,
                kind_code=call.body["kind_code"],
                seat_count=call.body["seat_count"],
                availability=availability_of(call.body["availability"]),
            )
        )

    return routes
