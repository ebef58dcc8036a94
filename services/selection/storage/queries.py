"""Reads for GET: documents within a scope, in pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from chassis.access import Scope
from chassis.mongo.documents import AggregateDocument
from chassis.mongo.reading import Page, read_all, read_one, read_page
from services.selection.domain.offer import OfferStatus
from services.selection.domain.screening import ScreeningStatus
from services.selection.storage.documents import (
    AppealDocument,
    InterviewDocument,
    InterviewPlanDocument,
    OfferDocument,
    PlaceDocument,
    ReviewerAssignmentDocument,
    RuleSetDocument,
    RunDocument,
    ScreeningDocument,
    ShortlistDocument,
)

KINDS: Mapping[str, type[AggregateDocument]] = {
    "appeal": AppealDocument,
    "assignment": ReviewerAssignmentDocument,
    "interview": InterviewDocument,
    "interview_plan": InterviewPlanDocument,
    "offer": OfferDocument,
    "place": PlaceDocument,
    "ruleset": RuleSetDocument,
    "run": RunDocument,
    "screening": ScreeningDocument,
    "shortlist": ShortlistDocument,
}


class MongoQueries:
    """What the API reads (``api.reads.Reads``)."""

    def one(self, kind: str, id_: str, *, scope: Scope) -> dict[str, Any] | None:
        """One stored aggregate within a scope."""
        return read_one(KINDS[kind], id_, scope=scope)

    def page(
        self,
        kind: str,
        *,
        scope: Scope,
        where: Mapping[str, Any],
        after: str | None,
        limit: int,
    ) -> Page:
        """Stored aggregates within a scope, in id order."""
        return read_page(KINDS[kind], scope=scope, where=where, after=after, limit=limit)

    def assigned_reviews(self, reviewer_id: str, *, scope: Scope) -> list[dict[str, Any]]:
        """Screenings a reviewer has been asked to read."""
        return read_all(ScreeningDocument, scope=scope, where={"reviews.reviewer_id": reviewer_id})

    def panels(self, panelist_id: str, *, scope: Scope) -> list[dict[str, Any]]:
        """Interviews a panelist sits in."""
        return read_all(InterviewDocument, scope=scope, where={"sheets.reviewer_id": panelist_id})

    def funnel(self, cohort_id: str, *, scope: Scope) -> dict[str, int]:
        """People of a cohort at each stage, those who went on counted in every earlier one."""
        where = {"cohort_id": cohort_id}
        screenings = Counter(
            row["status"] for row in read_all(ScreeningDocument, scope=scope, where=where)
        )
        interviews = Counter(
            row["status"] for row in read_all(InterviewDocument, scope=scope, where=where)
        )
        offers = Counter(row["status"] for row in read_all(OfferDocument, scope=scope, where=where))
        waiting = [
            row
            for row in read_all(PlaceDocument, scope=scope, where=where)
            if row.get("ended_code") is None
        ]
        return {
            "applied": sum(screenings.values()),
            **{status.value: screenings[status.value] for status in ScreeningStatus},
            "interviews_booked": interviews["booked"],
            "interviews_scored": interviews["scored"],
            "interviews_missed": interviews["missed"],
            **{f"offers_{status.value}": offers[status.value] for status in OfferStatus},
            "on_waiting_list": len(waiting),
        }
