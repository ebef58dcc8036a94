"""Reads for GET: documents within a scope, in pages, and counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chassis.access import Scope
from chassis.mongo.documents import AggregateDocument
from chassis.mongo.reading import Page, count, read_one, read_page
from services.registration.domain.application import ApplicationStatus
from services.registration.domain.nomination import NominationStatus
from services.registration.domain.participant import ParticipantStatus
from services.registration.storage.documents import (
    ApplicationDocument,
    CallDocument,
    CohortDocument,
    CohortErasureDocument,
    ErasureDocument,
    FocalPointDocument,
    NominationDocument,
    ParticipantDocument,
    ProgrammeDocument,
    SubjectDocument,
)

KINDS: Mapping[str, type[AggregateDocument]] = {
    "application": ApplicationDocument,
    "call": CallDocument,
    "cohort": CohortDocument,
    "cohort_erasure": CohortErasureDocument,
    "erasure": ErasureDocument,
    "focal_point": FocalPointDocument,
    "nomination": NominationDocument,
    "participant": ParticipantDocument,
    "programme": ProgrammeDocument,
    "subject": SubjectDocument,
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

    def funnel(self, cohort_id: str, *, scope: Scope) -> dict[str, int]:
        """How many applications, nominations and participants of a cohort stand where.

        Counts only, by the index on cohort and status; forgotten people stay counted.
        """

        def at(document: type[AggregateDocument], status: str) -> int:
            where = {"cohort_id": cohort_id, "status": status}
            return count(document, scope=scope, where=where)

        applications = {
            f"applications_{status.value}": at(ApplicationDocument, status.value)
            for status in ApplicationStatus
        }
        nominations = {
            f"nominations_{status.value}": at(NominationDocument, status.value)
            for status in NominationStatus
        }
        participants = {
            f"participants_{status.value}": at(ParticipantDocument, status.value)
            for status in ParticipantStatus
        }
        return {**applications, **nominations, **participants}
