"""Offers, waiting-list places and appeals over HTTP."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from chassis.access import Role
from chassis.aggregate import Handle
from chassis.http.operation import Answer, ApiCall, operation
from chassis.http.paging import page_of
from services.selection.api.reads import Reads, listed, made, one, one_answer, shown
from services.selection.api.schemas.offers import (
    AppealAnswer,
    AppealDecision,
    Examination,
    NewAppeal,
    OfferAnswer,
    PlaceAnswer,
)
from services.selection.api.schemas.shapes import Made, OfCohort, OfRun, Reason
from services.selection.domain.commands import (
    AcceptOffer,
    DecideAppeal,
    DeclineOffer,
    ExamineAppeal,
    FileAppeal,
    WithdrawOffer,
)

_CENTRE = (Role.OPERATOR, Role.COORDINATOR)
_READERS = (*_CENTRE, Role.AUDITOR, Role.SERVICE, Role.PARTICIPANT)
_ANSWERERS = (Role.PARTICIPANT, Role.OPERATOR)
_ANSWER_ERRORS = ("offer.not_found", "offer.answered", "offer.too_late")


def offers_blueprint(handle: Handle, reads: Reads) -> Blueprint:
    """Build the routes of offers and places; ``handle`` runs one command."""
    routes = Blueprint("offers", __name__)

    @routes.get("/offers")
    @operation(summary="Offers", roles=_READERS, query=OfRun, answer=page_of(OfferAnswer))
    def list_offers(call: ApiCall) -> dict[str, Any]:
        filters = ("run_id", "cohort_id", "application_id", "status")
        rows, next_cursor = listed(reads, "offer", call, *filters)
        items = [shown(row, "subject_id", "reason_code") for row in rows]
        return {"items": items, "next_cursor": next_cursor}

    @routes.get("/offers/<uuid:offer_id>")
    @operation(summary="One offer", roles=_READERS, answer=OfferAnswer, errors=("offer.not_found",))
    def show(call: ApiCall, offer_id: str) -> Answer:
        row = one(reads, "offer", offer_id, call)
        return one_answer(shown(row, "subject_id", "reason_code"))

    @routes.post("/offers/<uuid:offer_id>/acceptance")
    @operation(summary="Take the place", roles=_ANSWERERS, errors=_ANSWER_ERRORS, versioned=True)
    def accept(call: ApiCall, offer_id: str) -> None:
        handle(
            AcceptOffer(actor=call.actor, offer_id=offer_id, expected_version=call.expected_version)
        )

    @routes.post("/offers/<uuid:offer_id>/refusal")
    @operation(
        summary="Leave the place to others",
        roles=_ANSWERERS,
        errors=_ANSWER_ERRORS,
        versioned=True,
    )
    def decline(call: ApiCall, offer_id: str) -> None:
        handle(
            DeclineOffer(
                actor=call.actor, offer_id=offer_id, expected_version=call.expected_version
            )
        )

    @routes.post("/offers/<uuid:offer_id>/withdrawal")
    @operation(
        summary="Take an offer back",
        roles=(Role.OPERATOR,),
        body=Reason,
        errors=("offer.not_found", "offer.answered"),
        versioned=True,
    )
    def withdraw(call: ApiCall, offer_id: str) -> None:
        handle(
            WithdrawOffer(
                actor=call.actor,
                offer_id=offer_id,
                reason_code=call.body["reason_code"],
                expected_version=call.expected_version,
            )
        )

    @routes.get("/places")
    @operation(
        summary="Places on waiting lists",
        roles=_READERS,
        query=OfRun,
        answer=page_of(PlaceAnswer),
    )
    def list_places(call: ApiCall) -> dict[str, Any]:
        rows, next_cursor = listed(reads, "place", call, "run_id", "cohort_id", "application_id")
        items = [shown(row, "subject_id", "ended_code") for row in rows]
        return {"items": items, "next_cursor": next_cursor}

    return routes


def appeals_blueprint(handle: Handle, reads: Reads) -> Blueprint:
    """Build the routes of appeals; ``handle`` runs one command."""
    routes = Blueprint("appeals", __name__, url_prefix="/appeals")

    @routes.post("")
    @operation(
        summary="Object to a decision",
        roles=(Role.PARTICIPANT,),
        body=NewAppeal,
        answer=Made,
        status=201,
        errors=("screening.not_found", "appeal.not_applicant", "appeal.person_missing"),
    )
    def file(call: ApiCall) -> Answer:
        command = FileAppeal(
            actor=call.actor,
            appeal_id=call.id_for("appeal"),
            application_id=str(call.body["application_id"]),
            ground_code=call.body["ground_code"],
        )
        return made("appeals", handle(command))

    @routes.get("")
    @operation(summary="Appeals", roles=_READERS, query=OfCohort, answer=page_of(AppealAnswer))
    def list_all(call: ApiCall) -> dict[str, Any]:
        rows, next_cursor = listed(reads, "appeal", call, "cohort_id", "status")
        return {"items": [shown(row, "subject_id") for row in rows], "next_cursor": next_cursor}

    @routes.get("/<uuid:appeal_id>")
    @operation(
        summary="One appeal", roles=_READERS, answer=AppealAnswer, errors=("appeal.not_found",)
    )
    def show(call: ApiCall, appeal_id: str) -> Answer:
        return one_answer(shown(one(reads, "appeal", appeal_id, call), "subject_id"))

    @routes.post("/<uuid:appeal_id>/examination")
    @operation(
        summary="Say whether an appeal will be decided",
        roles=_CENTRE,
        body=Examination,
        errors=("appeal.not_found", "appeal.not_filed", "appeal.first_decider"),
        versioned=True,
    )
    def examine(call: ApiCall, appeal_id: str) -> None:
        handle(
            ExamineAppeal(
                actor=call.actor,
                appeal_id=appeal_id,
                admissible=call.body["admissible"],
                expected_version=call.expected_version,
            )
        )

    @routes.post("/<uuid:appeal_id>/decision")
    @operation(
        summary="Decide an appeal",
        roles=_CENTRE,
        body=AppealDecision,
        errors=("appeal.not_found", "appeal.not_admissible", "appeal.first_decider"),
        versioned=True,
    )
    def decide(call: ApiCall, appeal_id: str) -> None:
        handle(
            DecideAppeal(
                actor=call.actor,
                appeal_id=appeal_id,
                granted=call.body["granted"],
                expected_version=call.expected_version,
            )
        )

    return routes
