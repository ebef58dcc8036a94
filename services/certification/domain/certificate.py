"""A certificate: a fact that was stated once, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from chassis.aggregate import Aggregate
from chassis.errors import RuleViolation
from chassis.ids import derived_id
from contracts.certification import (
    CertificateIssued,
    CertificateReinstated,
    CertificateRevoked,
    CertificateSuperseded,
    CertificateSuspended,
)
from services.certification.domain.awarding.terms import Kind
from services.certification.domain.content import CertificateContent, holder_hash


class CertificateStatus(StrEnum):
    """Whether a certificate counts."""

    ISSUED = "issued"
    SUSPENDED = "suspended"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"


@dataclass(frozen=True, kw_only=True)
class Paperwork:
    """What was made from the content, kept as it was made.

    Attributes:
        credential: the signed Open Badges credential.
        document_sha256: of the PDF as it was set.
        sealed_document_sha256: of the PDF with the seal behind it, once there is one.
    """

    credential: Mapping[str, Any]
    document_sha256: str
    sealed_document_sha256: str | None = None


@dataclass(frozen=True, kw_only=True)
class StatusChange:
    """One change of what a certificate is worth, and why."""

    status: CertificateStatus
    reason_code: str
    changed_at: datetime


@dataclass(kw_only=True)
class Certificate(Aggregate):
    """One certificate of one award.

    Rules
      R1  its content is checked and frozen at issue; nothing edits it afterwards
      R2  the n-th certificate of an award has one id, so a repeat finds it instead of making
          another; the next one is issued only after this one was superseded
      R3  issued or suspended may become superseded or revoked, and those two are final
      R4  suspended may be reinstated
      R5  erasure removes content and credential; serial, status, code and salted hash stay
      R6  it outlives its cohort: nothing deletes it
      R7  its credential may gain proofs, and nothing else
      R8  its document may gain one seal, and nothing else

    Attributes:
        ordinal: 1 for the first certificate of the award.
        check_code: unguessable; whoever has it may look the certificate up.
        holder_hash: salted hash of the name; the salt goes with the content.
        status_slot: its place in the status lists (``credentials.status_slots``).
    """

    certificate_id: str
    award_id: str
    ordinal: int
    participant_id: str
    subject_id: str
    cohort_id: str
    country_code: str
    kind_code: Kind
    serial: str
    check_code: str
    content_sha256: str
    holder_hash: str
    issued_at: datetime
    status_slot: int
    content: CertificateContent | None = None
    paperwork: Paperwork | None = None
    status: CertificateStatus = CertificateStatus.ISSUED
    history: tuple[StatusChange, ...] = ()
    replaces_certificate_id: str | None = None
    successor_id: str | None = None
    erased_at: datetime | None = None

    @classmethod
    def issue(
        cls,
        *,
        holder: Holder,
        ordinal: int,
        check_code: str,
        status_slot: int,
        content: CertificateContent,
        paperwork: Paperwork,
    ) -> Certificate:
        """State it; records ``CertificateIssued``.

        Raises:
            RuleViolation: a code of ``CertificateContent.check`` (R1).
        """
        content.check()
        replaces = certificate_id_of(holder.award_id, ordinal - 1) if ordinal > 1 else None
        certificate = cls(
            certificate_id=certificate_id_of(holder.award_id, ordinal),
            award_id=holder.award_id,
            ordinal=ordinal,
            participant_id=holder.participant_id,
            subject_id=holder.subject_id,
            cohort_id=holder.cohort_id,
            country_code=holder.country_code,
            kind_code=content.kind_code,
            serial=content.serial,
            check_code=check_code,
            content_sha256=content.sha256(),
            holder_hash=holder_hash(content.holder_name, content.salt),
            issued_at=content.issued_at,
            status_slot=status_slot,
            content=content,
            paperwork=paperwork,
            replaces_certificate_id=replaces,
        )
        certificate.record(
            CertificateIssued(
                certificate_id=certificate.certificate_id,
                award_id=holder.award_id,
                participant_id=holder.participant_id,
                subject_id=holder.subject_id,
                cohort_id=holder.cohort_id,
                country_code=holder.country_code,
                kind_code=content.kind_code.value,
                serial=content.serial,
                content_sha256=certificate.content_sha256,
                replaces_certificate_id=replaces,
                issued_at=content.issued_at,
            )
        )
        return certificate

    @property
    def is_active(self) -> bool:
        """Whether it counts now."""
        return self.status is CertificateStatus.ISSUED

    def require_successor(self, certificate_id: str) -> None:
        """Refuse a follower that this one has not given way to (R2).

        Raises:
            RuleViolation: ``certificate.predecessor_active``.
        """
        if self.successor_id != certificate_id:
            raise RuleViolation(
                "certificate.predecessor_active", "the certificate before it is not superseded"
            )

    def supersede(self, *, reason_code: str, now: datetime) -> str:
        """Give way to a corrected one; records ``CertificateSuperseded``.

        Returns:
            The id of the certificate that follows (R2).

        Raises:
            RuleViolation: ``certificate.final`` (R3), or ``certificate.erased``: there is no name
                to correct any more.
        """
        if self.erased_at is not None:
            raise RuleViolation("certificate.erased", "its holder's data are erased")
        self._change(CertificateStatus.SUPERSEDED, reason_code=reason_code, now=now)
        self.successor_id = certificate_id_of(self.award_id, self.ordinal + 1)
        self.record(
            CertificateSuperseded(
                certificate_id=self.certificate_id,
                subject_id=self.subject_id,
                cohort_id=self.cohort_id,
                country_code=self.country_code,
                successor_id=self.successor_id,
                reason_code=reason_code,
                superseded_at=now,
            )
        )
        return self.successor_id

    def revoke(self, *, reason_code: str, now: datetime) -> None:
        """Take it back for good; records ``CertificateRevoked``.

        Raises:
            RuleViolation: ``certificate.final`` (R3).
        """
        self._change(CertificateStatus.REVOKED, reason_code=reason_code, now=now)
        self.record(
            CertificateRevoked(
                certificate_id=self.certificate_id,
                subject_id=self.subject_id,
                cohort_id=self.cohort_id,
                country_code=self.country_code,
                reason_code=reason_code,
                revoked_at=now,
            )
        )

    def suspend(self, *, reason_code: str, now: datetime) -> None:
        """Let it not count for the time being; records ``CertificateSuspended``.

        Raises:
            RuleViolation: ``certificate.final`` or ``certificate.not_issued`` (R3).
        """
        if self.status is CertificateStatus.SUSPENDED:
            raise RuleViolation("certificate.not_issued", "it is suspended already")
        self._change(CertificateStatus.SUSPENDED, reason_code=reason_code, now=now)
        self.record(
            CertificateSuspended(
                certificate_id=self.certificate_id,
                subject_id=self.subject_id,
                cohort_id=self.cohort_id,
                country_code=self.country_code,
                reason_code=reason_code,
                suspended_at=now,
            )
        )

    def reinstate(self, *, reason_code: str, now: datetime) -> None:
        """Let it count again; records ``CertificateReinstated``.

        Raises:
            RuleViolation: ``certificate.not_suspended`` (R4).
        """
        if self.status is not CertificateStatus.SUSPENDED:
            raise RuleViolation("certificate.not_suspended", f"the certificate is {self.status}")
        self._change(CertificateStatus.ISSUED, reason_code=reason_code, now=now)
        self.record(
            CertificateReinstated(
                certificate_id=self.certificate_id,
                subject_id=self.subject_id,
                cohort_id=self.cohort_id,
                country_code=self.country_code,
                reason_code=reason_code,
                reinstated_at=now,
            )
        )

    def attach_proof(self, credential: Mapping[str, Any]) -> bool:
        """Keep the credential with one more proof (R7); when it is erased nothing happens.

        Returns:
            Whether anything was added.

        Raises:
            RuleViolation: ``certificate.credential_differs``: more than a proof is new.
        """
        if self.paperwork is None or self.paperwork.credential == credential:
            return False
        if _unproved(credential) != _unproved(self.paperwork.credential):
            raise RuleViolation(
                "certificate.credential_differs", "a proof is added, nothing else is changed"
            )
        self.paperwork = replace(self.paperwork, credential=credential)
        return True

    @property
    def may_be_sealed(self) -> bool:
        """Whether there is a document without a seal (R8)."""
        return self.paperwork is not None and self.paperwork.sealed_document_sha256 is None

    def attach_seal(self, document_sha256: str) -> bool:
        """Note the hash of the sealed document (R8); a second seal, or one that comes after an
        erasure, changes nothing.

        Returns:
            Whether the sealed document is to be kept.
        """
        if self.paperwork is None or not self.may_be_sealed:
            return False
        self.paperwork = replace(self.paperwork, sealed_document_sha256=document_sha256)
        return True

    def erase(self, *, now: datetime) -> bool:
        """Forget whose it was (R5); a second time changes nothing.

        Returns:
            Whether anything was removed.
        """
        if self.erased_at is not None:
            return False
        self.content, self.paperwork, self.erased_at = None, None, now
        return True

    def _change(self, status: CertificateStatus, *, reason_code: str, now: datetime) -> None:
        if self.status in (CertificateStatus.SUPERSEDED, CertificateStatus.REVOKED):
            raise RuleViolation("certificate.final", f"the certificate is {self.status} for good")
        self.status = status
        change = StatusChange(status=status, reason_code=reason_code, changed_at=now)
        self.history = (*self.history, change)


def _unproved(credential: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in credential.items() if name != "proof"}


@dataclass(frozen=True, kw_only=True)
class Holder:
    """Whose certificate it is, by opaque ids."""

    award_id: str
    participant_id: str
    subject_id: str
    cohort_id: str
    country_code: str


def certificate_id_of(award_id: str, ordinal: int) -> str:
    """The id of the n-th certificate of an award (R2)."""
    return derived_id("certificate", award_id, str(ordinal))
