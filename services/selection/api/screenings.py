"""Screenings over HTTP: the centre's view, the reviewer's blind one, and the shortlist."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from chassis.access import Role
from chassis.aggregate import Handle
from chassis.errors import NotFound
from chassis.http.operation import Answer, ApiCall, operation
from chassis.http.paging import page_of
from services.selection.api.reads import Reads, listed, made, one, one_answer, shown
from services.selection.api.schemas.screenings import (
    BlindScreening,
    BlindScreenings,
    Decision,
    Funnel,
    NewReviewer,
    NewShortlist,
    ScreeningAnswer,
    ShortlistAnswer,
)
from services.selection.api.schemas.shapes import Made, OfCohort, OneCohort, Recusal, ScoreSheet
from services.selection.domain.commands import (
    AssignReviewer,
    DecideScreening,
    DrawShortlist,
    RecuseReviewer,
    SealReview,
)
from services.selection.domain.review import ReviewStatus

_CENTRE = (Role.OPERATOR, Role.COORDINATOR)
_READERS = (*_CENTRE, Role.AUDITOR, Role.SERVICE)


def screenings_blueprint(handle: Handle, reads: Reads) -> Blueprint:
    """Build the routes; ``handle`` runs one command."""
    routes = Blueprint("screenings", __name__, url_prefix="/screenings")

    @routes.get("")
    @operation(
        summary="Screenings", roles=_READERS, query=OfCohort, answer=page_of(ScreeningAnswer)
    )
    def list_all(call: ApiCall) -> dict[str, Any]:
        rows, next_cursor = listed(reads, "screening", call, "cohort_id", "status")
        return {"items": [_shown(row) for row in rows], "next_cursor": next_cursor}

    @routes.get("/<uuid:screening_id>")
    @operation(
        summary="One screening",
        roles=_READERS,
        answer=ScreeningAnswer,
        errors=("screening.not_found",),
    )
    def show(call: ApiCall, screening_id: str) -> Answer:
        return one_answer(_shown(one(reads, "screening", screening_id, call)))

    @routes.post("/<uuid:screening_id>/decision")
    @operation(
        summary="Decide eligibility where the rules could not",
        roles=_CENTRE,
        body=Decision,
        errors=("screening.not_found", "screening.not_undecided"),
        versioned=True,
    )
    def decide(call: ApiCall, screening_id: str) -> None:
        handle(
            DecideScreening(
                actor=call.actor,
                screening_id=screening_id,
                eligible=call.body["eligible"],
                expected_version=call.expected_version,
            )
        )

    @routes.post("/<uuid:screening_id>/reviewers")
    @operation(
        summary="Ask somebody for a review",
        roles=_CENTRE,
        body=NewReviewer,
        errors=(
            "screening.not_found",
            "screening.not_in_review",
            "review.own_application",
            "review.conflict",
            "review.assigned_twice",
        ),
    )
    def assign(call: ApiCall, screening_id: str) -> None:
        handle(
            AssignReviewer(
                actor=call.actor,
                screening_id=screening_id,
                reviewer_id=call.body["reviewer_id"],
            )
        )

    return routes


def reviews_blueprint(handle: Handle, reads: Reads) -> Blueprint:
    """Build a reviewer's routes: only what they were asked to read, without the person."""
    routes = Blueprint("reviews", __name__, url_prefix="/reviews")

    @routes.get("")
    @operation(summary="What I am asked to review", roles=(Role.REVIEWER,), answer=BlindScreenings)
    def queue(call: ApiCall) -> dict[str, Any]:
        return {"items": _assigned(reads, call)}

    @routes.get("/<uuid:screening_id>")
    @operation(
        summary="One application to review",
        roles=(Role.REVIEWER,),
        answer=BlindScreening,
        errors=("screening.not_found",),
    )
    def show(call: ApiCall, screening_id: str) -> dict[str, Any]:
        for row in _assigned(reads, call):
            if row["id"] == screening_id:
                return row
        raise NotFound("screening.not_found", f"you have no screening {screening_id} to review")

    @routes.post("/<uuid:screening_id>/sealing")
    @operation(
        summary="Hand in a complete sheet",
        roles=(Role.REVIEWER,),
        body=ScoreSheet,
        errors=(
            "screening.not_found",
            "screening.not_in_review",
            "review.not_assigned",
            "scores.incomplete",
            "scores.unknown_criterion",
            "scores.not_an_anchor",
        ),
    )
    def seal(call: ApiCall, screening_id: str) -> None:
        handle(
            SealReview(
                actor=call.actor, screening_id=screening_id, points=points_of(call.body["scores"])
            )
        )

    @routes.post("/<uuid:screening_id>/recusal")
    @operation(
        summary="Step back because of a conflict of interest",
        roles=(Role.REVIEWER,),
        body=Recusal,
        errors=("screening.not_found", "review.not_assigned"),
    )
    def recuse(call: ApiCall, screening_id: str) -> None:
        handle(
            RecuseReviewer(
                actor=call.actor,
                screening_id=screening_id,
                conflict_code=call.body["conflict_code"],
            )
        )

    return routes


def shortlists_blueprint(handle: Handle, reads: Reads) -> Blueprint:
    """Build the shortlist's routes, and the count of people at each stage."""
    routes = Blueprint("shortlists", __name__)

    @routes.post("/shortlists")
    @operation(
        summary="Cut after the reviews of a cohort",
        roles=_CENTRE,
        body=NewShortlist,
        answer=Made,
        status=201,
        errors=(
            "cohort.not_found",
            "ruleset.not_found",
            "shortlist.already_exists",
            "shortlist.call_open",
            "shortlist.reviews_missing",
            "calibration.not_connected",
            "calibration.one_reviewer",
        ),
    )
    def draw(call: ApiCall) -> Answer:
        command = DrawShortlist(actor=call.actor, cohort_id=str(call.body["cohort_id"]))
        return made("shortlists", handle(command))

    @routes.get("/shortlists/<uuid:shortlist_id>")
    @operation(
        summary="One shortlist",
        roles=_READERS,
        answer=ShortlistAnswer,
        errors=("shortlist.not_found",),
    )
    def show(call: ApiCall, shortlist_id: str) -> Answer:
        row = one(reads, "shortlist", shortlist_id, call)
        return one_answer(shown(row, "cut_off_milli"))

    @routes.get("/funnel")
    @operation(
        summary="People of a cohort at each stage",
        roles=_READERS,
        query=OneCohort,
        answer=Funnel,
    )
    def funnel(call: ApiCall) -> dict[str, Any]:
        cohort_id = str(call.query["cohort_id"])
        return {"counts": reads.funnel(cohort_id, scope=call.actor.scope)}

    return routes


def points_of(scores: list[dict[str, Any]]) -> dict[str, int]:
    """Points by criterion, as commands take them."""
    return {score["criterion_code"]: score["points"] for score in scores}


def sheet(review: dict[str, Any]) -> dict[str, Any]:
    """A review as it is shown."""
    return shown(review, "sealed_at", "conflict_code")


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    filled = shown(row, "subject_id", "clause_code", "review_milli", "adjusted_milli")
    return {**filled, "reviews": [sheet(review) for review in row["reviews"]]}


def _assigned(reads: Reads, call: ApiCall) -> list[dict[str, Any]]:
    me = call.actor.actor_id
    rows = reads.assigned_reviews(me, scope=call.actor.scope)
    return [_blind(row, me) for row in rows if _is_mine(row, me)]


def _is_mine(row: dict[str, Any], me: str) -> bool:
    mine = (ReviewStatus.ASSIGNED.value, ReviewStatus.SEALED.value)
    return any(r["reviewer_id"] == me and r["status"] in mine for r in row["reviews"])


def _blind(row: dict[str, Any], me: str) -> dict[str, Any]:
    """Own sheets only until all are sealed; then all, without saying whose they are."""
    done = row.get("review_milli") is not None and not any(
        r["status"] == ReviewStatus.ASSIGNED.value for r in row["reviews"]
    )
    reviews = [sheet(r) for r in row["reviews"] if done or r["reviewer_id"] == me]
    return {
        **row,
        "reviews": [
            {**r, "reviewer_id": r["reviewer_id"] if r["reviewer_id"] == me else "another"}
            for r in reviews
        ],
    }
