"""Focal points and nominations over HTTP.

A focal point comes with the role ``focal_point``, its own person's id as actor, and the scope of
its country.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from marshmallow import fields

from chassis.access import Role
from chassis.aggregate import Handle
from chassis.http.operation import Answer, ApiCall, operation
from chassis.http.paging import page_of
from services.registration.api.persons import NameOf, new_subject
from services.registration.api.reads import (
    READERS,
    STAFF,
    Reads,
    listed,
    made,
    one,
    one_answer,
    shown,
)
from services.registration.api.schemas.people import (
    FocalPointAnswer,
    NamedNominationAnswer,
    NewFocalPoint,
    NewNomination,
    NewNominee,
    NominationAnswer,
)
from services.registration.api.schemas.shapes import Made, OfCall, OfPerson, Reason
from services.registration.domain.commands.nominations import (
    ConfirmNomination,
    InviteFocalPoint,
    NominateOfficial,
    ReplaceNominee,
    WithdrawNomination,
)
from services.registration.domain.ports import FocalPoints

_FOCAL_POINT = (Role.FOCAL_POINT,)
_NAMERS = (*STAFF, *_FOCAL_POINT)
_WINDOW = ("call.not_yet_open", "call.closed", "call.other_route")


class _OfFocalPoint(OfCall):
    """Query of a list: of one focal point, call or cohort, in one state."""

    focal_point_id = fields.UUID(load_default=None)


def focal_points_blueprint(handle: Handle, reads: Reads) -> Blueprint:
    """Build the routes; ``handle`` runs one command."""
    routes = Blueprint("focal_points", __name__, url_prefix="/focal-points")

    @routes.post("")
    @operation(
        summary="Ask a state body to name officials; its focal point is mailed a link",
        roles=STAFF,
        body=NewFocalPoint,
        answer=Made,
        status=201,
        errors=(
            "call.not_found",
            "cohort.not_found",
            "call.other_route",
            "focal_point.already_exists",
            "focal_point.other_cohort",
            "focal_point.other_country",
        ),
    )
    def invite(call: ApiCall) -> Answer:
        focal_point_id = handle(
            InviteFocalPoint(
                actor=call.actor,
                call_id=str(call.body["call_id"]),
                cohort_id=str(call.body["cohort_id"]),
                subject_id=new_subject(
                    handle, call, call.body["person"], country_code=call.body["country_code"]
                ),
                organisation_code=call.body["organisation_code"],
                place_count=call.body["place_count"],
            )
        )
        return made("focal-points", focal_point_id)

    @routes.get("")
    @operation(
        summary="Focal points",
        roles=(*READERS, *_FOCAL_POINT),
        query=OfPerson,
        answer=page_of(FocalPointAnswer),
    )
    def list_all(call: ApiCall) -> Any:
        return listed(reads, "focal_point", call, "subject_id", fixed=_own(call))

    @routes.get("/<uuid:focal_point_id>")
    @operation(
        summary="One focal point",
        roles=(*READERS, *_FOCAL_POINT),
        answer=FocalPointAnswer,
        errors=("focal_point.not_found",),
    )
    def show(call: ApiCall, focal_point_id: str) -> Answer:
        row = one(reads, "focal_point", focal_point_id, scope=call.actor.scope)
        return one_answer(shown(row, "subject_id"))

    return routes


def nominations_blueprint(
    handle: Handle, reads: Reads, *, focal_points: FocalPoints, name_of: NameOf
) -> Blueprint:
    """Build the routes; ``handle`` runs one command."""
    routes = Blueprint("nominations", __name__, url_prefix="/nominations")

    @routes.get("")
    @operation(
        summary="Nominations, without names",
        roles=(*READERS, *_FOCAL_POINT),
        query=_OfFocalPoint,
        answer=page_of(NominationAnswer),
    )
    def list_all(call: ApiCall) -> Any:
        return listed(reads, "nomination", call, "subject_id", "replaces_nomination_id")

    @routes.get("/<uuid:nomination_id>")
    @operation(
        summary="One nomination, with the name for who may know it",
        roles=_NAMERS,
        answer=NamedNominationAnswer,
        errors=("nomination.not_found", "focal_point.other_person"),
    )
    def show(call: ApiCall, nomination_id: str) -> Answer:
        row = one(reads, "nomination", nomination_id, scope=call.actor.scope)
        focal_point = focal_points.get(row["focal_point_id"], scope=call.actor.scope)
        focal_point.require_own(call.actor)
        row["legal_name"] = name_of(row.get("subject_id")).get("legal_name")
        return one_answer(shown(row, "subject_id", "replaces_nomination_id"))

    _naming(routes, handle, reads)
    return routes


def _naming(routes: Blueprint, handle: Handle, reads: Reads) -> None:
    def country_of(kind: str, id_: str, call: ApiCall) -> str:
        country_code: str = one(reads, kind, id_, scope=call.actor.scope)["country_code"]
        return country_code

    @routes.post("")
    @operation(
        summary="Name an official for the next free place",
        roles=_NAMERS,
        body=NewNomination,
        answer=Made,
        status=201,
        errors=(
            *_WINDOW,
            "focal_point.not_found",
            "focal_point.other_person",
            "nomination.no_place_left",
            "nomination.other_country",
            "nomination.already_exists",
        ),
    )
    def nominate(call: ApiCall) -> Answer:
        focal_point_id = str(call.body["focal_point_id"])
        country_code = country_of("focal_point", focal_point_id, call)
        nomination_id = handle(
            NominateOfficial(
                actor=call.actor,
                focal_point_id=focal_point_id,
                subject_id=new_subject(
                    handle, call, call.body["person"], country_code=country_code
                ),
            )
        )
        return made("nominations", nomination_id)

    @routes.post("/<uuid:nomination_id>/confirmation")
    @operation(
        summary="Make a nomination firm",
        roles=_NAMERS,
        status=202,
        errors=(
            *_WINDOW,
            "nomination.not_found",
            "nomination.not_nominated",
            "focal_point.other_person",
        ),
        versioned=True,
    )
    def confirm(call: ApiCall, nomination_id: str) -> None:
        handle(
            ConfirmNomination(
                actor=call.actor,
                expected_version=call.expected_version,
                nomination_id=nomination_id,
            )
        )

    @routes.post("/<uuid:nomination_id>/replacement")
    @operation(
        summary="Name another person for the same place",
        roles=_NAMERS,
        body=NewNominee,
        answer=Made,
        status=201,
        errors=(
            "nomination.not_found",
            "nomination.replaced",
            "nomination.same_person",
            "nomination.other_country",
            "nomination.already_exists",
            "focal_point.other_person",
        ),
        versioned=True,
    )
    def replace(call: ApiCall, nomination_id: str) -> Answer:
        country_code = country_of("nomination", nomination_id, call)
        successor_id = handle(
            ReplaceNominee(
                actor=call.actor,
                expected_version=call.expected_version,
                nomination_id=nomination_id,
                subject_id=new_subject(
                    handle, call, call.body["person"], country_code=country_code
                ),
            )
        )
        return made("nominations", successor_id)

    @routes.post("/<uuid:nomination_id>/withdrawal")
    @operation(
        summary="Take a nomination back",
        roles=_NAMERS,
        body=Reason,
        status=202,
        errors=("nomination.not_found", "nomination.not_active", "focal_point.other_person"),
        versioned=True,
    )
    def withdraw(call: ApiCall, nomination_id: str) -> None:
        handle(
            WithdrawNomination(
                actor=call.actor,
                expected_version=call.expected_version,
                nomination_id=nomination_id,
                reason_code=call.body["reason_code"],
            )
        )


def _own(call: ApiCall) -> dict[str, str]:
    """Who is nothing but a focal point lists only what is theirs."""
    return {} if call.actor.has(*READERS) else {"subject_id": call.actor.actor_id}
