"""Programmes and cohorts over HTTP; open to everybody to read."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from chassis.access import EVERYTHING, Role
from chassis.aggregate import Handle
from chassis.http.operation import Answer, ApiCall, operation
from chassis.http.paging import PageQuery, page_of
from services.registration.api.reads import (
    STAFF,
    Reads,
    made,
    one,
    one_answer,
    public_page,
    shown,
    texts_of,
)
from services.registration.api.schemas.programmes import (
    CohortAnswer,
    Dates,
    NewCohort,
    NewProgramme,
    ProgrammeAnswer,
)
from services.registration.api.schemas.shapes import Made, OfProgramme
from services.registration.domain.commands.programmes import (
    AnnounceCohort,
    PublishProgramme,
    RescheduleCohort,
)


def programmes_blueprint(handle: Handle, reads: Reads) -> Blueprint:
    """Build the routes; ``handle`` runs one command."""
    routes = Blueprint("programmes", __name__, url_prefix="/programmes")

    @routes.post("")
    @operation(
        summary="Publish a programme",
        roles=(Role.OPERATOR,),
        body=NewProgramme,
        answer=Made,
        status=201,
        errors=("programme.text_missing", "programme.goal_unknown"),
    )
    def publish(call: ApiCall) -> Answer:
        programme_id = call.id_for("programme")
        handle(
            PublishProgramme(
                actor=call.actor,
                programme_id=programme_id,
                country_code=call.body["country_code"],
                code=call.body["code"],
                titles=call.body["titles"],
                descriptions=call.body["descriptions"],
                gcm_objectives=tuple(call.body["gcm_objectives"]),
                sdgs=tuple(call.body["sdgs"]),
                organisation_codes=tuple(call.body["organisation_codes"]),
            )
        )
        return made("programmes", programme_id)

    @routes.get("")
    @operation(summary="Programmes", public=True, query=PageQuery, answer=page_of(ProgrammeAnswer))
    def list_all(call: ApiCall) -> Any:
        return public_page(reads, "programme", call)

    @routes.get("/<uuid:programme_id>")
    @operation(
        summary="One programme",
        public=True,
        answer=ProgrammeAnswer,
        errors=("programme.not_found",),
    )
    def show(_: ApiCall, programme_id: str) -> Answer:
        return one_answer(one(reads, "programme", programme_id, scope=EVERYTHING))

    return routes


def cohorts_blueprint(handle: Handle, reads: Reads) -> Blueprint:
    """Build the routes; ``handle`` runs one command."""
    routes = Blueprint("cohorts", __name__, url_prefix="/cohorts")

    @routes.post("")
    @operation(
        summary="Announce a cohort",
        roles=STAFF,
        body=NewCohort,
        answer=Made,
        status=201,
        errors=(
            "programme.not_found",
            "cohort.text_missing",
            "cohort.dates",
            "cohort.zone_unknown",
            "cohort.seat_pools",
            "form.malformed",
        ),
    )
    def announce(call: ApiCall) -> Answer:
        cohort_id = call.id_for("cohort")
        handle(
            AnnounceCohort(
                actor=call.actor,
                cohort_id=cohort_id,
                programme_id=str(call.body["programme_id"]),
                edition_code=call.body["edition_code"],
                titles=call.body["titles"],
                country_code=call.body["country_code"],
                country_codes=texts_of(call.body["country_codes"]),
                starts_on=call.body["starts_on"],
                ends_on=call.body["ends_on"],
                zone=call.body["zone"],
                delivery=call.body["delivery"],
                language_code=call.body["language_code"],
                seat_count=call.body["seat_count"],
                seat_pools=tuple(call.body["seat_pools"]),
                details_form=call.body["details_form"],
            )
        )
        return made("cohorts", cohort_id)

    @routes.get("")
    @operation(summary="Cohorts", public=True, query=OfProgramme, answer=page_of(CohortAnswer))
    def list_all(call: ApiCall) -> Any:
        return public_page(reads, "cohort", call, "details_form")

    @routes.get("/<uuid:cohort_id>")
    @operation(summary="One cohort", public=True, answer=CohortAnswer, errors=("cohort.not_found",))
    def show(_: ApiCall, cohort_id: str) -> Answer:
        row = one(reads, "cohort", cohort_id, scope=EVERYTHING)
        return one_answer(shown(row, "details_form"))

    @routes.put("/<uuid:cohort_id>/dates")
    @operation(
        summary="Change dates, zone or delivery of a cohort",
        roles=STAFF,
        body=Dates,
        errors=(
            "cohort.not_found",
            "cohort.completed",
            "cohort.dates",
            "cohort.zone_unknown",
        ),
        versioned=True,
    )
    def reschedule(call: ApiCall, cohort_id: str) -> None:
        handle(
            RescheduleCohort(
                actor=call.actor,
                expected_version=call.expected_version,
                cohort_id=cohort_id,
                **call.body,
            )
        )

    return routes
