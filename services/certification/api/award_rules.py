"""Routes of award rules and letterheads."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from chassis.access import CENTRE, Role
from chassis.aggregate import Handle
from chassis.errors import NotFound
from chassis.http.operation import Answer, ApiCall, operation
from services.certification.api.rule_schemas import (
    AwardRuleView,
    AwardTermsBody,
    LetterheadBody,
    LetterheadView,
    RuleVersionView,
)
from services.certification.domain.commands import ChangeLetterhead, PublishAwardRule
from services.certification.domain.ports import Roster
from services.certification.handlers.awards import assess_all
from services.certification.storage import queries

_STAFF = (Role.OPERATOR, Role.COORDINATOR)
_READERS = (*_STAFF, Role.AUDITOR)


def award_rules_blueprint(handle: Handle, roster: Roster) -> Blueprint:
    """Build the routes; ``handle`` runs one command."""
    routes = Blueprint("award_rules", __name__, url_prefix="/award-rules")

    @routes.put("/<uuid:cohort_id>")
    @operation(
        summary="Put terms in force for a cohort, as the next version",
        roles=_STAFF,
        body=AwardTermsBody,
        answer=RuleVersionView,
        errors=(
            "cohort.not_found",
            "award_rule.unchanged",
            "award_rule.kind_twice",
            "award_rule.demands_nothing",
            "award_rule.named_twice",
        ),
    )
    def publish(call: ApiCall, cohort_id: str) -> Any:
        command = PublishAwardRule(actor=call.actor, cohort_id=cohort_id, terms=call.body["terms"])
        version = handle(command)
        assess_all(cohort_id, actor=call.actor, handle=handle, roster=roster)
        return version

    @routes.get("/<uuid:cohort_id>")
    @operation(
        summary="The award rule of a cohort, all versions",
        roles=(*_READERS, Role.PARTICIPANT),
        answer=AwardRuleView,
        errors=("award_rule.not_found",),
    )
    def show(call: ApiCall, cohort_id: str) -> Answer:
        rule = queries.award_rule(cohort_id, scope=call.actor.scope)
        return Answer(body=rule, version=rule["version"])

    return routes


def letterheads_blueprint(handle: Handle) -> Blueprint:
    """Build the routes; ``centre`` stands for the whole centre."""
    routes = Blueprint("letterheads", __name__, url_prefix="/letterheads")

    @routes.put("/<country>")
    @operation(
        summary="Use these names and signatories on certificates from now on",
        roles=_STAFF,
        body=LetterheadBody,
        status=204,
        errors=("country.not_found", "letterhead.signatories", "letterhead.language_missing"),
    )
    def change(call: ApiCall, country: str) -> Answer:
        handle(
            ChangeLetterhead(
                actor=call.actor,
                country_code=_country_code(country),
                centre_names=call.body["centre_names"],
                signatories=tuple(call.body["signatories"]),
            )
        )
        return Answer()

    @routes.get("/<country>")
    @operation(
        summary="The letterhead of a country, or the centre's own",
        roles=_READERS,
        answer=LetterheadView,
        errors=("country.not_found",),
    )
    def show(call: ApiCall, country: str) -> Answer:
        found = queries.letterhead(_country_code(country), scope=call.actor.scope)
        return Answer(body=found, version=found["version"])

    return routes


def _country_code(country: str) -> str:
    if country == "centre":
        return CENTRE
    if len(country) == 2 and country.isascii() and country.isalpha() and country.isupper():
        return country
    raise NotFound("country.not_found", "say centre, or a country by its two capital letters")
