"""Runs over HTTP; the manifest is open to everybody."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from chassis.access import EVERYTHING, Role
from chassis.aggregate import Handle
from chassis.http.operation import Answer, ApiCall, operation
from chassis.http.paging import page_of
from services.selection.api.reads import Reads, listed, made, one, one_answer, shown
from services.selection.api.schemas.runs import (
    BundleAnswer,
    ManifestAnswer,
    NewRun,
    PublicValue,
    RunAnswer,
)
from services.selection.api.schemas.shapes import Made, OfCall
from services.selection.domain.audit.bundle import bundle_of
from services.selection.domain.commands import CommitRun, DrawRun, SnapshotRun
from services.selection.domain.ports import RuleSets, Runs, Shortlists
from services.selection.domain.rule_set import RuleSet
from services.selection.domain.shortlist import Shortlist

_READERS = (Role.OPERATOR, Role.COORDINATOR, Role.AUDITOR, Role.SERVICE)
_AUDITORS = (Role.OPERATOR, Role.AUDITOR)
_WRITERS = (Role.OPERATOR,)


def runs_blueprint(
    handle: Handle, reads: Reads, runs: Runs, rule_sets: RuleSets, shortlists: Shortlists
) -> Blueprint:
    """Build the routes; ``handle`` runs one command."""
    routes = Blueprint("runs", __name__, url_prefix="/runs")

    @routes.post("")
    @operation(
        summary="Bind the lottery's secret of a call that is open",
        roles=_WRITERS,
        body=NewRun,
        answer=Made,
        status=201,
        errors=("call.not_found", "run.too_late"),
    )
    def commit(call: ApiCall) -> Answer:
        command = CommitRun(
            actor=call.actor,
            run_id=call.id_for("run"),
            call_id=str(call.body["call_id"]),
            public_value_name=call.body["public_value_name"],
        )
        return made("runs", handle(command))

    @routes.get("")
    @operation(summary="Runs", roles=_READERS, query=OfCall, answer=page_of(RunAnswer))
    def list_all(call: ApiCall) -> dict[str, Any]:
        rows, next_cursor = listed(reads, "run", call, "call_id", "status")
        return {"items": [_shown(row) for row in rows], "next_cursor": next_cursor}

    @routes.get("/<uuid:run_id>")
    @operation(summary="One run", roles=_READERS, answer=RunAnswer, errors=("run.not_found",))
    def show(call: ApiCall, run_id: str) -> Answer:
        return one_answer(_shown(one(reads, "run", run_id, call)))

    @routes.get("/<uuid:run_id>/manifest")
    @operation(
        summary="What anybody needs to check a run",
        public=True,
        answer=ManifestAnswer,
        errors=("run.not_found",),
    )
    def manifest(_: ApiCall, run_id: str) -> dict[str, Any]:
        run = runs.get(run_id, scope=EVERYTHING)
        return {"manifest": run.manifest(), "manifest_sha256": run.manifest_sha256}

    @routes.get("/<uuid:run_id>/audit")
    @operation(
        summary="Everything a run was decided from, to decide it again",
        roles=_AUDITORS,
        answer=BundleAnswer,
        errors=("run.not_found", "run.not_drawn", "ruleset.not_found"),
    )
    def bundle(call: ApiCall, run_id: str) -> dict[str, Any]:
        run = runs.get(run_id, scope=call.actor.scope)
        found = [rule_sets.get(RuleSet.id_for(c), scope=EVERYTHING) for c in run.cohort_ids]
        drawn = [shortlists.find(Shortlist.id_for(c), scope=EVERYTHING) for c in run.cohort_ids]
        return bundle_of(run, found, [shortlist for shortlist in drawn if shortlist is not None])

    @routes.post("/<uuid:run_id>/snapshot")
    @operation(
        summary="Freeze quotas and priorities of a closed call",
        roles=_WRITERS,
        errors=(
            "run.not_found",
            "ruleset.not_found",
            "run.not_committed",
            "run.call_open",
            "run.interviews_open",
            "run.rules_missing",
            "run.not_adjusted",
            "quota.caps_cross",
        ),
        versioned=True,
    )
    def snapshot(call: ApiCall, run_id: str) -> None:
        handle(SnapshotRun(actor=call.actor, run_id=run_id, expected_version=call.expected_version))

    @routes.post("/<uuid:run_id>/draw")
    @operation(
        summary="Reveal the public value and allocate",
        roles=_WRITERS,
        body=PublicValue,
        errors=("run.not_found", "run.not_snapshot"),
        versioned=True,
    )
    def draw(call: ApiCall, run_id: str) -> None:
        handle(
            DrawRun(
                actor=call.actor,
                run_id=run_id,
                public_value=call.body["public_value"],
                expected_version=call.expected_version,
            )
        )

    return routes


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    return {
        **shown(row, "public_value", "pool_sha256"),
        "candidate_count": len(row["candidates"]),
        "placed_count": sum(seat.get("cohort_id") is not None for seat in row["seats"]),
    }
