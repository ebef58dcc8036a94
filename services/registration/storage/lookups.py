"""Look-ups the handlers decide on (``domain.ports``), inside their transaction."""

from __future__ import annotations

from typing import Any

from chassis.mongo.reading import reading
from chassis.sealing import MasterKey
from services.registration.domain.application import ApplicationStatus
from services.registration.domain.nomination import NominationStatus
from services.registration.domain.participant import ParticipantStatus
from services.registration.domain.ports import Holdings
from services.registration.domain.subject import folded_address
from services.registration.storage.documents import (
    ApplicationDocument,
    FocalPointDocument,
    NominationDocument,
    ParticipantDocument,
    SubjectDocument,
)

_BATCH = 200


class MongoAddresses:
    """Finds people by the keyed hash of their address (``domain.ports.Addresses``)."""

    def __init__(self, master: MasterKey) -> None:
        self._master = master

    def key_of(self, email: str) -> str:
        """The keyed hash of an address, folded."""
        return self._master.keyed_hash(folded_address(email))

    def find(self, address_key: str) -> str | None:
        """The subject id, or ``None``."""
        found = _ids(SubjectDocument, {"address_key": address_key})
        return found[0] if found else None


class MongoTallies:
    """Counts of a call (``domain.ports.Tallies``)."""

    def submitted(self, call_id: str) -> int:
        """Applications sent and not withdrawn."""
        return _count(ApplicationDocument, call_id, ApplicationStatus.SUBMITTED)

    def confirmed_nominations(self, call_id: str) -> int:
        """Nominations confirmed and not withdrawn or replaced."""
        return _count(NominationDocument, call_id, NominationStatus.CONFIRMED)


class MongoPlaces:
    """Places of a focal point (``domain.ports.Places``)."""

    def taken(self, focal_point_id: str) -> frozenset[int]:
        """Place numbers somebody was named for."""
        with reading():
            rows = NominationDocument._get_collection().find(
                {"focal_point_id": focal_point_id}, {"place_no": 1}
            )
            return frozenset(row["place_no"] for row in rows)


class MongoRosters:
    """Ids to visit one after another, in batches (``domain.ports.Rosters``)."""

    def of_subject(self, subject_id: str) -> Holdings:
        """What still bears the person's id."""
        of_person = {"subject_id": subject_id}
        return Holdings(
            application_ids=_ids(ApplicationDocument, of_person),
            focal_point_ids=_ids(FocalPointDocument, of_person),
            nomination_ids=_ids(NominationDocument, of_person),
            participant_ids=_ids(ParticipantDocument, of_person),
        )

    def here_in(self, cohort_id: str) -> list[str]:
        """Participants enrolled or active in a cohort."""
        here = [ParticipantStatus.ENROLLED.value, ParticipantStatus.ACTIVE.value]
        return _ids(ParticipantDocument, {"cohort_id": cohort_id, "status": {"$in": here}})


def _ids(document: Any, where: dict[str, Any]) -> list[str]:
    with reading():
        rows = document._get_collection().find(where, {"_id": 1}).limit(_BATCH)
        return [row["_id"] for row in rows]


def _count(document: Any, call_id: str, status: str) -> int:
    where = {"call_id": call_id, "status": str(status)}
    with reading():
        return int(document._get_collection().count_documents(where))
