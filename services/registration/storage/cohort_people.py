"""Who belongs to a cohort, and what binds them elsewhere (``domain.ports.CohortPeople``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from chassis.mongo.reading import reading
from services.registration.domain.application import ApplicationStatus
from services.registration.domain.cohort import CohortStatus
from services.registration.domain.cohort_erasure import Tie, TieKind
from services.registration.domain.nomination import NominationStatus
from services.registration.domain.participant import ParticipantStatus
from services.registration.storage.documents import (
    ApplicationDocument,
    CallDocument,
    CohortDocument,
    CohortErasureDocument,
    FocalPointDocument,
    NominationDocument,
    ParticipantDocument,
)

_HERE = (ParticipantStatus.ENROLLED, ParticipantStatus.ACTIVE)
_STANDING = [NominationStatus.NOMINATED.value, NominationStatus.CONFIRMED.value]
_Found = tuple[TieKind, str, str, bool]  # kind, id, cohort, whether it may be over


class MongoCohortPeople:
    """Reads by the indexes on cohort, call and person."""

    def of_cohort(self, cohort_id: str, *, after: str | None, limit: int) -> list[str]:
        """The next ids of people still known by name, in order, behind ``after``."""
        with reading():
            calls = _rows(CallDocument, {"cohort_ids": cohort_id}, "_id")
            call_ids = [call["_id"] for call in calls]
            of_cohort = {"cohort_id": cohort_id}
            found = {
                *_people(ParticipantDocument, of_cohort, after, limit),
                *_people(NominationDocument, of_cohort, after, limit),
                *_people(ApplicationDocument, {"call_id": {"$in": call_ids}}, after, limit),
            }
        return sorted(found)[:limit]

    def ties_of(self, subject_id: str) -> list[Tie]:
        """What binds a person to cohorts; what was withdrawn or replaced does not."""
        with reading():
            found = list(_found(subject_id))
            cohort_ids = sorted({cohort_id for _, _, cohort_id, _ in found})
            among = {"_id": {"$in": cohort_ids}}
            over = _ids(CohortDocument, {**among, "status": CohortStatus.COMPLETED.value})
            released = _ids(CohortErasureDocument, among)
        return [
            Tie(
                kind=kind,
                id_=id_,
                cohort_id=cohort_id,
                is_over=may_be_over and cohort_id in over,
                is_released=cohort_id in released,
            )
            for kind, id_, cohort_id, may_be_over in found
        ]


def _found(subject_id: str) -> Iterator[_Found]:
    of_person: dict[str, Any] = {"subject_id": subject_id}
    for row in _rows(ParticipantDocument, of_person, "cohort_id", "status"):
        yield TieKind.PARTICIPATION, row["_id"], row["cohort_id"], row["status"] not in _HERE
    standing = {**of_person, "status": {"$in": _STANDING}}
    for row in _rows(NominationDocument, standing, "cohort_id"):
        yield TieKind.NOMINATION, row["_id"], row["cohort_id"], True
    alive = {**of_person, "status": {"$ne": ApplicationStatus.WITHDRAWN.value}}
    answered = [
        *((TieKind.APPLICATION, row) for row in _rows(ApplicationDocument, alive, "call_id")),
        *((TieKind.FOCAL_POINT, row) for row in _rows(FocalPointDocument, of_person, "call_id")),
    ]
    call_ids = sorted({row["call_id"] for _, row in answered})
    calls = _rows(CallDocument, {"_id": {"$in": call_ids}}, "cohort_ids")
    cohort_ids = {call["_id"]: call["cohort_ids"] for call in calls}
    for kind, row in answered:
        for cohort_id in cohort_ids[row["call_id"]]:
            yield kind, row["_id"], cohort_id, True


def _people(
    document: Any, where: Mapping[str, Any], after: str | None, limit: int
) -> Iterator[str]:
    behind = {**where, "subject_id": {"$gt": after or ""}}
    rows = document._get_collection().find(behind, {"subject_id": 1})
    yield from (row["subject_id"] for row in rows.sort("subject_id", 1).limit(limit))


def _ids(document: Any, where: Mapping[str, Any]) -> set[str]:
    return {row["_id"] for row in _rows(document, where, "_id")}


def _rows(document: Any, where: Mapping[str, Any], *names: str) -> list[dict[str, Any]]:
    return list(document._get_collection().find(dict(where), dict.fromkeys(names, 1)))
