"""Routes of awards."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from chassis.access import Role
from chassis.aggregate import Handle
from chassis.http.operation import Answer, ApiCall, operation
from chassis.http.paging import after, cursor, page_of
from services.certification.api.schemas import (
    AwardsQuery,
    AwardView,
    SettlementView,
    SummaryView,
)
from services.certification.domain.commands import ConfirmAward, TakeBackConfirmation
from services.certification.handlers.settling import Settlement
from services.certification.storage import queries

_STAFF = (Role.OPERATOR, Role.COORDINATOR)
_READERS = (*_STAFF, Role.AUDITOR, Role.PARTICIPANT)


def awards_blueprint(handle: Handle, settlement: Settlement) -> Blueprint:
    """Build the routes; ``handle`` runs one command."""
    routes = Blueprint("awards", __name__)

    @routes.get("/awards")
    @operation(
        summary="Awards with their forecast",
        roles=_READERS,
        query=AwardsQuery,
        answer=page_of(AwardView),
    )
    def list_awards(call: ApiCall) -> dict[str, Any]:
        asked = call.query
        page = queries.awards(
            scope=call.actor.scope,
            cohort_id=asked["cohort_id"] and str(asked["cohort_id"]),
            status=asked["status"] and asked["status"].value,
            after=after(asked["cursor"]),
            limit=asked["limit"],
        )
        return {"items": page.items, "next_cursor": cursor(page.next_after)}

    @routes.get("/awards/<uuid:award_id>")
    @operation(
        summary="One award with its forecast",
        roles=_READERS,
        answer=AwardView,
        errors=("award.not_found",),
    )
    def show(call: ApiCall, award_id: str) -> Answer:
        award = queries.award(award_id, scope=call.actor.scope)
        return Answer(body=award, version=award["version"])

    @routes.post("/awards/<uuid:award_id>/confirmation")
    @operation(
        summary="Let a met award go on to its hold window",
        roles=_STAFF,
        status=204,
        versioned=True,
        errors=("award.not_found", "award.not_eligible"),
    )
    def confirm(call: ApiCall, award_id: str) -> Answer:
        handle(
            ConfirmAward(
                actor=call.actor, award_id=award_id, expected_version=call.expected_version
            )
        )
        return Answer()

    @routes.delete("/awards/<uuid:award_id>/confirmation")
    @operation(
        summary="Undo a confirmation within the hold window",
        roles=_STAFF,
        status=204,
        versioned=True,
        errors=("award.not_found", "award.not_held"),
    )
    def take_back(call: ApiCall, award_id: str) -> Answer:
        handle(
            TakeBackConfirmation(
                actor=call.actor, award_id=award_id, expected_version=call.expected_version
            )
        )
        return Answer()

    @routes.get("/cohorts/<uuid:cohort_id>/summary")
    @operation(
        summary="Awards and certificates of a cohort, counted by status",
        roles=(*_STAFF, Role.AUDITOR),
        answer=SummaryView,
    )
    def summary(call: ApiCall, cohort_id: str) -> dict[str, Any]:
        return queries.summary(scope=call.actor.scope, cohort_id=cohort_id)

    @routes.get("/participants/<uuid:participant_id>/settlement")
    @operation(
        summary="Whether a participant may be forgotten without losing a certificate",
        roles=(Role.OPERATOR, Role.SERVICE),
        answer=SettlementView,
    )
    def settled(call: ApiCall, participant_id: str) -> dict[str, Any]:
        return {"is_settled": settlement.holds(participant_id, scope=call.actor.scope)}

    return routes
