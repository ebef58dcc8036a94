"""Why people are where they are, and what other quotas would do, over HTTP."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from chassis.access import Role, Scope
from chassis.http.operation import ApiCall, operation
from chassis.http.paging import after, cursor, page_of
from services.selection.api.schemas.explanations import (
    ExplanationAnswer,
    ExplanationQuery,
    WhatIf,
    WhatIfAnswer,
)
from services.selection.domain.allocation.explain import explain, what_if
from services.selection.domain.allocation.market import Applicant
from services.selection.domain.allocation.reading import changed_from
from services.selection.domain.allocation.wording import change_as_plain, step_as_plain
from services.selection.domain.ports import Runs

_CENTRE = (Role.OPERATOR, Role.COORDINATOR)


def explanations_blueprint(runs: Runs) -> Blueprint:
    """Build the routes: computed from a run's latest round, for the caller's countries only."""
    routes = Blueprint("explanations", __name__, url_prefix="/runs")

    @routes.get("/<uuid:run_id>/explanations")
    @operation(
        summary="At each preference of each person: what closed it, and the cut-off",
        roles=_CENTRE,
        query=ExplanationQuery,
        answer=page_of(ExplanationAnswer),
        errors=("run.not_found", "run.not_drawn"),
    )
    def explanations(call: ApiCall, run_id: str) -> dict[str, Any]:
        market, result = runs.get(run_id, scope=call.actor.scope).latest()
        wanted, from_ = call.query["application_id"], after(call.query["cursor"])
        people = sorted(
            (
                applicant
                for applicant in market.applicants
                if _is_visible(applicant, call.actor.scope)
                and (wanted is None or applicant.applicant_id == str(wanted))
                and (from_ is None or applicant.applicant_id > from_)
            ),
            key=lambda applicant: applicant.applicant_id,
        )
        page = people[: call.query["limit"]]
        steps = explain(market, result)
        return {
            "items": [
                {
                    "application_id": applicant.applicant_id,
                    "country_code": applicant.country_code,
                    "cohort_id": result.assignment[applicant.applicant_id],
                    "steps": [step_as_plain(step) for step in steps[applicant.applicant_id]],
                }
                for applicant in page
            ],
            "next_cursor": cursor(page[-1].applicant_id if len(people) > len(page) else None),
        }

    @routes.post("/<uuid:run_id>/what-if")
    @operation(
        summary="Who would be placed elsewhere under other quotas, and why; changes nothing",
        roles=_CENTRE,
        body=WhatIf,
        answer=WhatIfAnswer,
        errors=("run.not_found", "run.not_drawn", "quota.caps_cross"),
        transactional=False,
    )
    def try_quotas(call: ApiCall, run_id: str) -> dict[str, Any]:
        market, result = runs.get(run_id, scope=call.actor.scope).latest()
        document = {name: value for name, value in call.body.items() if value is not None}
        changed = changed_from(document, market)
        seen = {a.applicant_id for a in market.applicants if _is_visible(a, call.actor.scope)}
        moved = [one for one in what_if(market, changed) if one.applicant_id in seen]
        return {
            "placed_count": result.placed_count,
            "moved": [change_as_plain(one) for one in moved],
        }

    return routes


def _is_visible(applicant: Applicant, scope: Scope) -> bool:
    """A person is seen like their screening: by country, and by the cohort they named first."""
    first = applicant.preferences[0] if applicant.preferences else None
    return scope.can_read(country_code=applicant.country_code, cohort_id=first, subject_id=None)
