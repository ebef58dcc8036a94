"""Annual activity plans and how far they have come."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint

from chassis.access import Role
from chassis.clock import Clock
from services.console.api.pages import needs, page
from services.console.api.visit import visit
from services.console.backends.scheduling import Scheduling

_STAFF = (Role.OPERATOR, Role.COORDINATOR, Role.AUDITOR)


def workplans_pages(scheduling: Scheduling, clock: Clock) -> Blueprint:
    """Build the pages."""
    routes = Blueprint("workplans", __name__, url_prefix="/work-plans")

    @routes.get("")
    @needs(*_STAFF)
    def all_plans() -> Any:
        plans = scheduling.work_plans(visit().actor)
        shown = [{**plan, "progress_percent": progress_of(plan)} for plan in plans]
        shown.sort(key=lambda plan: int(plan["year"]), reverse=True)
        return page("workplans/list.html", plans=shown)

    @routes.get("/<uuid:workplan_id>")
    @needs(*_STAFF)
    def one(workplan_id: object) -> Any:
        plan = scheduling.work_plan(str(workplan_id), visit().actor)
        today = clock().date().isoformat()
        rows = [{**row, "state": state_of(row, today)} for row in plan["items"]]
        counts = {
            state: sum(row["state"] == state for row in rows)
            for state in ("done", "under_way", "late", "not_begun")
        }
        return page(
            "workplans/one.html",
            plan=plan,
            rows=rows,
            counts=counts,
            progress_percent=progress_of(plan),
        )

    return routes


def progress_of(plan: Mapping[str, Any]) -> int:
    """Mean of all rows, percent, rounded down."""
    rows = plan["items"]
    return int(sum(row["progress_percent"] for row in rows) // len(rows)) if rows else 0


def state_of(row: Mapping[str, Any], today: str) -> str:
    """done, late, under_way or not_begun."""
    if row["progress_percent"] >= 100:
        return "done"
    if today > row["period"]["last_on"]:
        return "late"
    return "under_way" if row["progress_percent"] else "not_begun"
