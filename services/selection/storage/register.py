"""Questions that span aggregates (``domain.ports.Register``), in the transaction around us.

Only equality and ``$in`` on indexed fields: both servers answer these alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar

from chassis.aggregate import Aggregate
from chassis.mongo.documents import AggregateDocument
from chassis.mongo.mapping import from_fields
from chassis.mongo.reading import reading
from services.selection.domain.interview import Interview
from services.selection.domain.offer import Offer, OfferStatus, Place
from services.selection.domain.ports import Reviewed
from services.selection.domain.screening import Screening, ScreeningStatus
from services.selection.storage.documents import (
    AppealDocument,
    CallDocument,
    InterviewDocument,
    OfferDocument,
    PlaceDocument,
    RunDocument,
    ScreeningDocument,
)

A = TypeVar("A", bound=Aggregate)

_OPEN = (ScreeningStatus.WAITING, ScreeningStatus.UNDECIDED, ScreeningStatus.ELIGIBLE)
_LIVE = (OfferStatus.MADE, OfferStatus.ACCEPTED)
_ABOUT_PEOPLE: dict[str, type[AggregateDocument]] = {
    "screening": ScreeningDocument,
    "interview": InterviewDocument,
    "offer": OfferDocument,
    "place": PlaceDocument,
    "appeal": AppealDocument,
}


class MongoRegister:
    """The register of a selection service."""

    def reviewed(self, cohort_id: str) -> Reviewed:
        """The state of a cohort's reviews."""
        where = {"cohort_id": cohort_id, "status": ScreeningStatus.REVIEWED.value}
        still_open = {"cohort_id": cohort_id, "status": {"$in": [s.value for s in _OPEN]}}
        return Reviewed(
            screenings=tuple(_load(Screening, "screening_id", ScreeningDocument, where)),
            open_count=sum(1 for _ in _rows(ScreeningDocument, still_open)),
            call_open=any(
                row.get("closed_at") is None
                for row in _rows(CallDocument, {"cohort_ids": cohort_id})
            ),
        )

    def waiting_for_rules(self, cohort_id: str) -> tuple[str, ...]:
        """Ids of screenings that prefer the cohort and wait for frozen rules."""
        where = {"preferences": cohort_id, "status": ScreeningStatus.WAITING.value}
        return tuple(row["_id"] for row in _rows(ScreeningDocument, where))

    def in_review(self, call_id: str) -> Iterable[Screening]:
        """Eligible screenings of a call that wait for reviews, of people who were not erased."""
        where = {"call_id": call_id, "status": ScreeningStatus.ELIGIBLE.value}
        found = _load(Screening, "screening_id", ScreeningDocument, where)
        return [screening for screening in found if screening.subject_id is not None]

    def shortlisted(self, call_id: str) -> Iterable[Screening]:
        """Shortlisted screenings of a call, of people who were not erased."""
        where = {"call_id": call_id, "status": ScreeningStatus.SHORTLISTED.value}
        found = _load(Screening, "screening_id", ScreeningDocument, where)
        return [screening for screening in found if screening.subject_id is not None]

    def interviews(self, application_ids: Iterable[str]) -> Iterable[Interview]:
        """Interviews of these applications."""
        where = {"application_id": {"$in": sorted(application_ids)}}
        return list(_load(Interview, "interview_id", InterviewDocument, where))

    def offers(self, run_id: str) -> Iterable[Offer]:
        """All offers of a run."""
        return list(_load(Offer, "offer_id", OfferDocument, {"run_id": run_id}))

    def places(self, run_id: str) -> Iterable[Place]:
        """All waiting-list places of a run."""
        return list(_load(Place, "place_id", PlaceDocument, {"run_id": run_id}))

    def runs_of_application(self, application_id: str) -> tuple[str, ...]:
        """Ids of runs whose snapshot holds the application."""
        screenings = _rows(ScreeningDocument, {"application_id": application_id})
        call_ids = sorted({row["call_id"] for row in screenings})
        return tuple(
            row["_id"]
            for row in _rows(RunDocument, {"call_id": {"$in": call_ids}})
            if any(c["application_id"] == application_id for c in row.get("candidates", ()))
        )

    def withdrawn(self, application_ids: Iterable[str]) -> frozenset[str]:
        """Those of these applications that were withdrawn, or whose person was erased."""
        where = {"application_id": {"$in": sorted(application_ids)}}
        return frozenset(
            row["application_id"]
            for row in _rows(ScreeningDocument, where)
            if row["status"] == ScreeningStatus.WITHDRAWN.value or row.get("subject_id") is None
        )

    def live_offers(
        self, *, application_id: str | None = None, subject_id: str | None = None
    ) -> Iterable[Offer]:
        """Offers made or accepted, of one application or of one person."""
        asked = {"application_id": application_id, "subject_id": subject_id}
        where = {name: value for name, value in asked.items() if value is not None}
        if not where:
            raise ValueError("ask for an application or a person")
        found = _load(Offer, "offer_id", OfferDocument, where)
        return [offer for offer in found if offer.status in _LIVE]

    def records_of(self, subject_id: str) -> Iterable[tuple[str, str]]:
        """Kind and id of everything held about a person."""
        return [
            (kind, row["_id"])
            for kind, document in _ABOUT_PEOPLE.items()
            for row in _rows(document, {"subject_id": subject_id})
        ]


def _rows(document: type[AggregateDocument], where: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    with reading():
        yield from document._get_collection().find(dict(where)).sort("_id", 1)


def _load(
    aggregate: type[A], id_field: str, document: type[AggregateDocument], where: Mapping[str, Any]
) -> Iterator[A]:
    for row in _rows(document, where):
        yield from_fields(aggregate, {**row, id_field: row["_id"]})
