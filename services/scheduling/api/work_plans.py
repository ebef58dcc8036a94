"""Routes of annual activity plans."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint
from marshmallow import Schema, fields, validate

from chassis.aggregate import Handle
from chassis.http.operation import Answer, ApiCall, operation
from chassis.http.paging import PageQuery, page_of
from chassis.language_map import text_in
from services.scheduling.api.reads import Reads, listed, shown
from services.scheduling.api.roles import PLANNERS, READERS
from services.scheduling.api.shapes import Code, Country, Made, Marked, Texts, Whole
from services.scheduling.domain.commands import (
    ImportWorkPlan,
    ReportWorkPlanItem,
    SignWorkPlan,
    TieWorkPlanItem,
)
from services.scheduling.domain.work_plan import COUNTED_EVENTS, ProgressRule, WorkPlanItem
from services.scheduling.domain.work_plan_period import period_of

_ROW = ("workplan.not_found", "workplan.no_such_row")


class RowShape(Schema):
    """One row of a plan; ``when`` is a month, a quarter, "current year" or "regularly"."""

    item_no = Code(required=True)
    direction = Texts(required=True)
    task = Texts(required=True)
    methods = fields.List(Texts(), required=True, validate=validate.Length(max=50))
    responsible = fields.List(Texts(), required=True, validate=validate.Length(max=50))
    when = Texts(required=True)
    strategy_clauses = fields.List(Code(), required=True, validate=validate.Length(max=100))
    expected_result = Texts(required=True)


class WorkPlanShape(Schema):
    """Body of ``POST /work-plans``."""

    country_code = Country(required=True)
    year = Whole(2000, 2100, required=True)
    organisation = Texts(required=True)
    items = fields.List(
        fields.Nested(RowShape), required=True, validate=validate.Length(min=1, max=500)
    )


class RuleShape(Schema):
    """Body of a row's rule: so many of an event make it complete."""

    counts = fields.String(required=True, validate=validate.OneOf(sorted(COUNTED_EVENTS)))
    target_count = Whole(1, 100_000, required=True)
    cohort_ids = fields.List(fields.UUID(), load_default=list, validate=validate.Length(max=100))


class ProgressShape(Schema):
    """Body of a report by hand."""

    progress_percent = Whole(0, 100, required=True)


class PeriodShown(Schema):
    """From the first to the last day."""

    first_on = fields.String(required=True)
    last_on = fields.String(required=True)
    recurring = fields.Boolean(required=True)


class RuleShown(Schema):
    """As stored."""

    counts = fields.String(required=True)
    target_count = fields.Integer(required=True)
    cohort_ids = fields.List(fields.UUID(), required=True)


class RowShown(Schema):
    """One row and how far it has come."""

    item_no = fields.String(required=True)
    direction = fields.Dict(required=True)
    task = fields.Dict(required=True)
    methods = fields.List(fields.Dict(), required=True)
    responsible = fields.List(fields.Dict(), required=True)
    when = fields.Dict(required=True)
    period = fields.Nested(PeriodShown, required=True)
    strategy_clauses = fields.List(fields.String(), required=True)
    expected_result = fields.Dict(required=True)
    progress_percent = fields.Integer(required=True)
    rule = fields.Nested(RuleShown, required=True, allow_none=True, dump_default=None)
    counted = fields.Function(
        lambda row: len(row["counted_ids"]), metadata={"type": "integer"}, required=True
    )


class WorkPlanShown(Marked):
    """A plan."""

    year = fields.Integer(required=True)
    organisation = fields.Dict(required=True)
    status = fields.String(required=True)
    signed_at = fields.DateTime(format="iso", required=True, allow_none=True, dump_default=None)
    items = fields.List(fields.Nested(RowShown), required=True)


def work_plans_blueprint(handle: Handle, reads: Reads) -> Blueprint:
    """Build the routes."""
    routes = Blueprint("work_plans", __name__, url_prefix="/work-plans")

    @routes.post("")
    @operation(
        summary="Take over an annual activity plan",
        roles=PLANNERS,
        body=WorkPlanShape,
        answer=Made,
        status=201,
        errors=("workplan.row_twice", "workplan.unknown_period"),
    )
    def import_plan(call: ApiCall) -> Answer:
        workplan_id, year = call.id_for("workplan"), call.body["year"]
        handle(
            ImportWorkPlan(
                actor=call.actor,
                workplan_id=workplan_id,
                country_code=call.body["country_code"],
                year=year,
                organisation=call.body["organisation"],
                items=tuple(_row(row, year) for row in call.body["items"]),
            )
        )
        return Answer(body={"id": workplan_id}, location=f"/work-plans/{workplan_id}")

    @routes.get("")
    @operation(summary="Work plans", roles=READERS, query=PageQuery, answer=page_of(WorkPlanShown))
    def list_all(call: ApiCall) -> dict[str, Any]:
        return listed(reads.work_plans, call)

    @routes.get("/<uuid:workplan_id>")
    @operation(
        summary="A work plan with its progress",
        roles=READERS,
        answer=WorkPlanShown,
        errors=("workplan.not_found",),
    )
    def show(call: ApiCall, workplan_id: str) -> Answer:
        return shown(reads.work_plans, workplan_id, call)

    @routes.post("/<uuid:workplan_id>/signature")
    @operation(
        summary="The head signs",
        roles=PLANNERS,
        status=204,
        errors=("workplan.not_found", "workplan.signed"),
        versioned=True,
    )
    def sign(call: ApiCall, workplan_id: str) -> None:
        handle(
            SignWorkPlan(
                actor=call.actor, expected_version=call.expected_version, workplan_id=workplan_id
            )
        )

    _row_routes(routes, handle)
    return routes


def _row_routes(routes: Blueprint, handle: Handle) -> None:
    @routes.put("/<uuid:workplan_id>/items/<item_no>/rule")
    @operation(
        summary="Let a row fill itself from events, past ones included",
        roles=PLANNERS,
        body=RuleShape,
        status=204,
        errors=_ROW,
        versioned=True,
    )
    def tie(call: ApiCall, workplan_id: str, item_no: str) -> None:
        handle(
            TieWorkPlanItem(
                actor=call.actor,
                expected_version=call.expected_version,
                workplan_id=workplan_id,
                item_no=item_no,
                rule=ProgressRule(
                    counts=call.body["counts"],
                    target_count=call.body["target_count"],
                    cohort_ids=tuple(str(each) for each in call.body["cohort_ids"]),
                ),
            )
        )

    @routes.put("/<uuid:workplan_id>/items/<item_no>/progress")
    @operation(
        summary="Set a row's progress by hand",
        roles=PLANNERS,
        body=ProgressShape,
        status=204,
        errors=(*_ROW, "workplan.counts_itself", "workplan.unchanged"),
        versioned=True,
    )
    def report(call: ApiCall, workplan_id: str, item_no: str) -> None:
        handle(
            ReportWorkPlanItem(
                actor=call.actor,
                expected_version=call.expected_version,
                workplan_id=workplan_id,
                item_no=item_no,
                progress_percent=call.body["progress_percent"],
            )
        )


def _row(row: Mapping[str, Any], year: int) -> WorkPlanItem:
    when, _ = text_in(row["when"], "en")
    lists = {name: tuple(row[name]) for name in ("methods", "responsible", "strategy_clauses")}
    return WorkPlanItem(**{**row, **lists}, period=period_of(when, year))
