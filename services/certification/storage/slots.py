"""Places of certificates in the status lists (``domain.ports.StatusSlots``)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chassis.ids import random_below
from chassis.mongo.reading import reading
from services.certification.domain.certificate import CertificateStatus
from services.certification.domain.credentials.status_list import REVOCATION, SUSPENSION
from services.certification.domain.credentials.status_slots import (
    FULLEST,
    draw_slot,
    index_of,
    slots_of,
)
from services.certification.storage.documents import CertificateDocument

_STATUSES = {
    REVOCATION: [CertificateStatus.REVOKED, CertificateStatus.SUPERSEDED],
    SUSPENSION: [CertificateStatus.SUSPENDED],
}


class MongoSlots:
    """Reads them off the certificates: a list is never out of step with what it tells of."""

    def free(self) -> int:
        """One that no certificate has; a unique index settles who comes first."""
        with reading():
            while True:
                slot = draw_slot(_count(), random_below)
                if _certificates().find_one({"status_slot": slot}, {"_id": 1}) is None:
                    return slot

    def list_count(self) -> int:
        """How many lists are in use, one at least."""
        with reading():
            return _count() // FULLEST + 1

    def set_indices(self, list_number: int, purpose: str) -> Sequence[int]:
        """Entries whose bit is set, in order."""
        slots = slots_of(list_number)
        where = {
            "status": {"$in": [str(status) for status in _STATUSES[purpose]]},
            "status_slot": {"$gte": slots.start, "$lt": slots.stop},
        }
        with reading():
            found = _certificates().find(where, {"_id": 0, "status_slot": 1})
            return sorted(index_of(row["status_slot"]) for row in found)


def _count() -> int:
    return int(_certificates().estimated_document_count())


def _certificates() -> Any:
    return CertificateDocument._get_collection()
