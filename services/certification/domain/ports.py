"""What the handlers need of the world."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from chassis.ports import Aggregates
from services.certification.domain.alumnus import Alumnus
from services.certification.domain.award import Award
from services.certification.domain.award_rule import AwardRule
from services.certification.domain.certificate import Certificate
from services.certification.domain.cohort_record import CohortRecord
from services.certification.domain.credentials.keys import KeyRing
from services.certification.domain.erasure import Erasure
from services.certification.domain.letterhead import Letterhead

Rules = Aggregates[AwardRule]
Cohorts = Aggregates[CohortRecord]
Awards = Aggregates[Award]
Certificates = Aggregates[Certificate]
Alumni = Aggregates[Alumnus]
Erasures = Aggregates[Erasure]
Letterheads = Aggregates[Letterhead]


class Roster(Protocol):
    """Which aggregates belong to a cohort or person."""

    def award_ids_of(self, cohort_id: str) -> Sequence[str]:
        """All awards of a cohort, in id order."""
        ...

    def award_ids_of_subject(self, subject_id: str) -> Sequence[str]:
        """All awards of a person, in id order."""
        ...

    def certificate_ids_of(self, subject_id: str) -> Sequence[str]:
        """All certificates of a person, in id order."""
        ...


class DocumentShelf(Protocol):
    """The PDFs, as they were made."""

    def put(self, certificate_id: str, document: bytes) -> None:
        """Keep one, in the transaction around us."""
        ...

    def get(self, certificate_id: str) -> bytes | None:
        """One of them, or ``None``."""
        ...

    def remove(self, certificate_id: str) -> None:
        """Destroy one; nothing happens when there is none."""
        ...


class KeySource(Protocol):
    """The issuer's keys."""

    def ring(self) -> KeyRing:
        """As they are now."""
        ...

    def rotate(self, current_name: str) -> KeyRing:
        """Replace the current key; a repeat for the same one changes nothing.

        Raises:
            StaleVersion: ``key.changed_meanwhile``: another key is current.
            RuleViolation: ``key.fixed``: these keys are changed where they are kept.
        """
        ...


class StatusSlots(Protocol):
    """Places of certificates in the status lists."""

    def free(self) -> int:
        """One that no certificate has, at random."""
        ...

    def list_count(self) -> int:
        """How many lists are in use, one at least."""
        ...

    def set_indices(self, list_number: int, purpose: str) -> Sequence[int]:
        """Entries whose bit is set, in order."""
        ...


class NameSource(Protocol):
    """Registration's vault, asked at the moment of issue."""

    def legal_name(self, subject_id: str) -> str | None:
        """The name as the person wants it on paper; ``None`` when the person was erased.

        Raises:
            Unavailable: registration does not answer.
        """
        ...


class Sealer(Protocol):
    """The centre's seal for documents."""

    def seal(self, document: bytes) -> bytes:
        """The document, byte by byte, with the seal behind it.

        Raises:
            RuleViolation: ``seal.expired``.
        """
        ...
