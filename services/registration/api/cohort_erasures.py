"""The forgetting of a cohort's people over HTTP: who would stay and why, then the order."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from chassis.access import EVERYTHING, Role
from chassis.aggregate import Handle
from chassis.http.operation import ApiCall, operation
from chassis.http.paging import PageQuery, after, cursor, page_of
from services.registration.api.reads import Reads, one, shown
from services.registration.api.schemas.people import CohortErasureAnswer, CohortPersonAnswer
from services.registration.domain.cohort_erasure import reasons_to_stay
from services.registration.domain.commands.cohort_erasures import RequestCohortErasure
from services.registration.domain.ports import CohortPeople, Settlements
from services.registration.handlers.cohort_erasures import settled_ids_of

_READERS = (Role.OPERATOR, Role.AUDITOR)


def cohort_erasures_blueprint(
    handle: Handle, reads: Reads, *, people: CohortPeople, settlements: Settlements
) -> Blueprint:
    """Build the routes; ``handle`` runs one command."""
    routes = Blueprint("cohort_erasures", __name__, url_prefix="/cohorts")

    @routes.post("/<uuid:cohort_id>/erasure")
    @operation(
        summary="Have everybody of a cohort forgotten who has no reason to stay",
        roles=(Role.OPERATOR,),
        status=202,
        errors=("cohort.not_found", "cohort.not_over", "cohort.kept"),
    )
    def erase(call: ApiCall, cohort_id: str) -> None:
        handle(RequestCohortErasure(actor=call.actor, cohort_id=cohort_id))

    @routes.get("/<uuid:cohort_id>/erasure")
    @operation(
        summary="How far the forgetting of a cohort's people is",
        roles=_READERS,
        answer=CohortErasureAnswer,
        errors=("cohort_erasure.not_found",),
    )
    def show(call: ApiCall, cohort_id: str) -> dict[str, Any]:
        return shown(one(reads, "cohort_erasure", cohort_id, scope=call.actor.scope), "done_at")

    @routes.get("/<uuid:cohort_id>/erasure/people")
    @operation(
        summary="Who of a cohort is still known, and what keeps them; nothing: they may go",
        roles=_READERS,
        query=PageQuery,
        answer=page_of(CohortPersonAnswer),
        errors=("cohort.not_found",),
    )
    def list_people(call: ApiCall, cohort_id: str) -> dict[str, Any]:
        one(reads, "cohort", cohort_id, scope=call.actor.scope)
        limit = call.query["limit"]
        found = people.of_cohort(cohort_id, after=after(call.query["cursor"]), limit=limit + 1)
        return {
            "items": [
                _person(subject_id, cohort_id, reads, people, settlements)
                for subject_id in found[:limit]
                if reads.one("subject", subject_id, scope=call.actor.scope) is not None
            ],
            "next_cursor": cursor(found[limit - 1] if len(found) > limit else None),
        }

    return routes


def _person(
    subject_id: str, cohort_id: str, reads: Reads, people: CohortPeople, settlements: Settlements
) -> dict[str, Any]:
    ties = people.ties_of(subject_id)
    settled_ids = settled_ids_of(ties, settlements)
    return {
        "subject_id": subject_id,
        "is_going": reads.one("erasure", subject_id, scope=EVERYTHING) is not None,
        "reasons": list(reasons_to_stay(ties, cohort_id=cohort_id, settled_ids=settled_ids)),
    }
