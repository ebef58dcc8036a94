"""Reports over HTTP: how groups fare, and what reviewers' severity does to scores."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any, Protocol

from flask import Blueprint

from chassis.access import Role, Scope
from chassis.http.operation import ApiCall, operation
from services.selection.api.schemas.reports import CalibrationAnswer, FairnessAnswer, FairnessQuery
from services.selection.api.schemas.shapes import OneCall
from services.selection.domain.calibration.severity import Refusal
from services.selection.domain.calibration.sheets import calibrated, ratings_of
from services.selection.domain.fairness.stages import report, ways_of
from services.selection.domain.interview import Interview
from services.selection.domain.offer import Offer
from services.selection.domain.reliability.alpha import Scale, krippendorff_alpha
from services.selection.domain.review import ReviewStatus
from services.selection.domain.rule_set import RuleSet
from services.selection.domain.rules import Rules
from services.selection.domain.screening import Screening

_READERS = (Role.OPERATOR, Role.COORDINATOR, Role.AUDITOR)


class Reports(Protocol):
    """What reports are computed from (``storage.reports.MongoReports``)."""

    def screenings(self, where: Mapping[str, Any], *, scope: Scope) -> list[Screening]:
        """Screenings of a call or cohort."""
        ...

    def interviews(self, application_ids: Iterable[str], *, scope: Scope) -> list[Interview]:
        """Interviews of these applications."""
        ...

    def offers(self, application_ids: Iterable[str], *, scope: Scope) -> list[Offer]:
        """Offers to these applications."""
        ...

    def rule_set(self, cohort_id: str, *, scope: Scope) -> RuleSet | None:
        """A cohort's rules."""
        ...


def reports_blueprint(reports: Reports) -> Blueprint:
    """Build the routes."""
    routes = Blueprint("reports", __name__)

    @routes.get("/fairness")
    @operation(
        summary="Selection rates of a cohort by stage and group, small groups hidden",
        roles=_READERS,
        query=FairnessQuery,
        answer=FairnessAnswer,
    )
    def fairness(call: ApiCall) -> dict[str, Any]:
        scope, trait = call.actor.scope, call.query["group_by"]
        screenings = reports.screenings({"cohort_id": str(call.query["cohort_id"])}, scope=scope)
        ids = [screening.application_id for screening in screenings]
        ways = ways_of(
            screenings,
            reports.interviews(ids, scope=scope),
            reports.offers(ids, scope=scope),
        )
        return {"group_by": trait, "stages": [asdict(stage) for stage in report(ways, trait)]}

    @routes.get("/calibrations")
    @operation(
        summary="Raw and adjusted review scores of a call, with reviewers' severity",
        roles=_READERS,
        query=OneCall,
        answer=CalibrationAnswer,
    )
    def calibrations(call: ApiCall) -> dict[str, Any]:
        scope, call_id = call.actor.scope, str(call.query["call_id"])
        of_cohort: dict[str, list[Screening]] = defaultdict(list)
        for screening in reports.screenings({"call_id": call_id}, scope=scope):
            of_cohort[screening.cohort_id].append(screening)
        found = []
        for cohort_id, screenings in sorted(of_cohort.items()):
            rule_set = reports.rule_set(cohort_id, scope=scope)
            if rule_set is not None:
                found.append(_cohort(cohort_id, screenings, rule_set.rules))
        return {"call_id": call_id, "cohorts": found}

    return routes


def _cohort(cohort_id: str, screenings: list[Screening], rules: Rules) -> dict[str, Any]:
    calibration = calibrated(ratings_of(screenings, rules))
    if calibration is None:
        return {
            "cohort_id": cohort_id,
            "connected": False,
            "refused": "no_reviews",
            "reviewer_groups": [],
            "applications": [],
            "severities": [],
            "agreement": [],
        }
    return {
        "cohort_id": cohort_id,
        "connected": calibration.refused is not Refusal.NOT_CONNECTED,
        "refused": calibration.refused,
        "reviewer_groups": [list(group) for group in calibration.groups],
        "applications": [
            {
                "application_id": a.applicant_id,
                "review_count": a.review_count,
                "raw_mean": a.raw_mean,
                "adjusted_mean": a.adjusted_mean,
            }
            for a in calibration.applicants
        ],
        "severities": [asdict(severity) for severity in calibration.severities],
        "agreement": _agreement(screenings, rules),
    }


def _agreement(screenings: Iterable[Screening], rules: Rules) -> list[dict[str, Any]]:
    sheets = [
        [r.points for r in s.reviews if r.status is ReviewStatus.SEALED and r.scores]
        for s in screenings
    ]
    return [
        {
            "criterion_code": c.code,
            "alpha_interval": krippendorff_alpha(
                [[float(sheet[c.code]) for sheet in unit] for unit in sheets], Scale.INTERVAL
            ),
        }
        for c in rules.review.criteria
    ]
