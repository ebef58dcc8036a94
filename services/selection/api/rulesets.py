"""Rule sets over HTTP."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint

from chassis.access import Role
from chassis.aggregate import Handle
from chassis.http.operation import Answer, ApiCall, operation
from chassis.http.paging import page_of
from services.selection.api.reads import Reads, listed, made, one, one_answer, shown
from services.selection.api.schemas.rulesets import NewDocument, NewRuleSet, RuleSetAnswer
from services.selection.api.schemas.shapes import Made, OfCohort
from services.selection.domain.commands import DraftRuleSet, FreezeRuleSet, ReviseRuleSet

_WRITERS = (Role.OPERATOR, Role.COORDINATOR)
_READERS = (*_WRITERS, Role.REVIEWER, Role.AUDITOR, Role.SERVICE)


def rulesets_blueprint(handle: Handle, reads: Reads) -> Blueprint:
    """Build the routes; ``handle`` runs one command."""
    routes = Blueprint("rulesets", __name__, url_prefix="/rulesets")

    @routes.post("")
    @operation(
        summary="Give a cohort its first rules",
        roles=_WRITERS,
        body=NewRuleSet,
        answer=Made,
        status=201,
        errors=("cohort.not_found", "ruleset.already_exists"),
    )
    def draft(call: ApiCall) -> Answer:
        command = DraftRuleSet(
            actor=call.actor,
            cohort_id=str(call.body["cohort_id"]),
            document=call.body["document"],
        )
        return made("rulesets", handle(command))

    @routes.get("")
    @operation(summary="Rule sets", roles=_READERS, query=OfCohort, answer=page_of(RuleSetAnswer))
    def list_all(call: ApiCall) -> dict[str, Any]:
        rows, next_cursor = listed(reads, "ruleset", call, "cohort_id")
        return {"items": [_shown(row) for row in rows], "next_cursor": next_cursor}

    @routes.get("/<uuid:ruleset_id>")
    @operation(
        summary="One rule set",
        roles=_READERS,
        answer=RuleSetAnswer,
        errors=("ruleset.not_found",),
    )
    def show(call: ApiCall, ruleset_id: str) -> Answer:
        return one_answer(_shown(one(reads, "ruleset", ruleset_id, call)))

    @routes.put("/<uuid:ruleset_id>")
    @operation(
        summary="Replace rules that are not frozen yet",
        roles=_WRITERS,
        body=NewDocument,
        errors=("ruleset.not_found", "ruleset.frozen"),
        versioned=True,
    )
    def revise(call: ApiCall, ruleset_id: str) -> None:
        handle(
            ReviseRuleSet(
                actor=call.actor,
                ruleset_id=ruleset_id,
                document=call.body["document"],
                expected_version=call.expected_version,
            )
        )

    @routes.post("/<uuid:ruleset_id>/freezing")
    @operation(
        summary="Let rules change no more",
        roles=_WRITERS,
        errors=("ruleset.not_found", "ruleset.frozen"),
        versioned=True,
    )
    def freeze(call: ApiCall, ruleset_id: str) -> None:
        handle(
            FreezeRuleSet(
                actor=call.actor, ruleset_id=ruleset_id, expected_version=call.expected_version
            )
        )

    return routes


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    return {**shown(row, "frozen_at"), "document": json.loads(row["document"])}
