"""Aggregates that reports are computed from, within a scope."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from chassis.access import Scope
from chassis.aggregate import Aggregate
from chassis.mongo.documents import AggregateDocument
from chassis.mongo.mapping import from_fields
from chassis.mongo.reading import read_all, read_one
from services.selection.domain.interview import Interview
from services.selection.domain.offer import Offer
from services.selection.domain.rule_set import RuleSet
from services.selection.domain.screening import Screening
from services.selection.storage.documents import (
    InterviewDocument,
    OfferDocument,
    RuleSetDocument,
    ScreeningDocument,
)

A = TypeVar("A", bound=Aggregate)


class MongoReports:
    """What reports read (``api.reports.Reports``)."""

    def screenings(self, where: Mapping[str, Any], *, scope: Scope) -> list[Screening]:
        """Screenings of a call or cohort."""
        return _load(Screening, "screening_id", ScreeningDocument, where, scope)

    def interviews(self, application_ids: Iterable[str], *, scope: Scope) -> list[Interview]:
        """Interviews of these applications."""
        where = {"application_id": {"$in": sorted(application_ids)}}
        return _load(Interview, "interview_id", InterviewDocument, where, scope)

    def offers(self, application_ids: Iterable[str], *, scope: Scope) -> list[Offer]:
        """Offers to these applications."""
        where = {"application_id": {"$in": sorted(application_ids)}}
        return _load(Offer, "offer_id", OfferDocument, where, scope)

    def rule_set(self, cohort_id: str, *, scope: Scope) -> RuleSet | None:
        """A cohort's rules."""
        row = read_one(RuleSetDocument, RuleSet.id_for(cohort_id), scope=scope)
        return None if row is None else from_fields(RuleSet, {**row, "ruleset_id": row["id"]})


def _load(
    aggregate: type[A],
    id_field: str,
    document: type[AggregateDocument],
    where: Mapping[str, Any],
    scope: Scope,
) -> list[A]:
    rows = read_all(document, scope=scope, where=where)
    return [from_fields(aggregate, {**row, id_field: row["id"]}) for row in rows]
