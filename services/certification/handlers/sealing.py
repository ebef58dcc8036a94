"""The job that puts the centre's seal on a certificate's PDF."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from chassis.access import EVERYTHING, service_actor
from chassis.aggregate import Handle
from chassis.errors import RuleViolation
from chassis.ports import Job
from chassis.worker.jobber import JobFailed
from services.certification.domain.commands import AttachSeal
from services.certification.domain.documents.rendering import document_sha256
from services.certification.domain.ports import Certificates, DocumentShelf, Sealer

_ACTOR = service_actor("certification")


@dataclass(frozen=True, kw_only=True)
class Sealing:
    """Seals outside any transaction; a seal made twice is kept once."""

    certificates: Certificates
    documents: DocumentShelf
    sealer: Sealer
    handle: Handle

    def on_seal(self, job: Job) -> Callable[[], None] | None:
        """Seal the paper; it takes the place of the bare one when the job completes.

        Raises:
            JobFailed: ``seal.expired``; a person has to look.
        """
        certificate = self.certificates.find(job.key, scope=EVERYTHING)
        document = self.documents.get(job.key)
        if certificate is None or document is None or not certificate.may_be_sealed:
            return None  # erased before, or sealed
        try:
            sealed = self.sealer.seal(document)
        except RuleViolation as refused:
            raise JobFailed(refused.code, refused.detail) from refused
        command = AttachSeal(
            actor=_ACTOR,
            certificate_id=job.key,
            document=sealed,
            document_sha256=document_sha256(sealed),
        )
        return lambda: self.handle(command)
