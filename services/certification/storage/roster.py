"""Which aggregates belong to a cohort or person (``domain.ports.Roster``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from chassis.mongo.documents import AggregateDocument
from services.certification.storage.documents import AwardDocument, CertificateDocument


class MongoRoster:
    """Reads ids, inside the transaction around us where there is one."""

    def award_ids_of(self, cohort_id: str) -> Sequence[str]:
        """All awards of a cohort, in id order."""
        return _ids(AwardDocument, {"cohort_id": cohort_id})

    def award_ids_of_subject(self, subject_id: str) -> Sequence[str]:
        """All awards of a person, in id order."""
        return _ids(AwardDocument, {"subject_id": subject_id})

    def certificate_ids_of(self, subject_id: str) -> Sequence[str]:
        """All certificates of a person, in id order."""
        return _ids(CertificateDocument, {"subject_id": subject_id})


def _ids(document: type[AggregateDocument], where: Mapping[str, Any]) -> list[str]:
    found = document._get_collection().find(dict(where), {"_id": 1})
    return sorted(str(row["_id"]) for row in found)
