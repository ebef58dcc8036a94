"""The job that makes a certificate: name, content, credential, document; then it is stated."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from chassis.access import EVERYTHING, service_actor
from chassis.aggregate import Handle
from chassis.clock import Clock
from chassis.errors import RuleViolation, Unavailable
from chassis.ids import new_secret
from chassis.ports import Job
from chassis.worker.jobber import JobFailed
from services.certification.domain.award import Award
from services.certification.domain.award_rule import RuleVersion, award_rule_id_of
from services.certification.domain.certificate import Paperwork, certificate_id_of
from services.certification.domain.cohort_record import CohortDates, CohortRecord, CohortTerms
from services.certification.domain.commands import AttachProof, IssueCertificate, JoinAlumni
from services.certification.domain.content import (
    CertificateContent,
    PartHours,
    check_code_of,
    clean_name,
    serial_of,
)
from services.certification.domain.credentials.open_badge import open_badge
from services.certification.domain.credentials.proofs import RDFC, add_proof, proofs_of
from services.certification.domain.credentials.status_slots import entries_of
from services.certification.domain.documents.rendering import (
    LATEST_LAYOUT,
    document_sha256,
    render_pdf,
)
from services.certification.domain.documents.wording import paper_languages
from services.certification.domain.letterhead import (
    Letterhead,
    centre_letterhead,
    letterhead_id_of,
)
from services.certification.domain.ports import (
    Awards,
    Certificates,
    Cohorts,
    KeySource,
    Letterheads,
    NameSource,
    Rules,
    StatusSlots,
)

_ACTOR = service_actor("certification")


@dataclass(frozen=True, kw_only=True)
class Issuing:
    """Makes certificates outside any transaction; safe to repeat at every step.

    Attributes:
        verify_address: the check code is put behind it; ends without a slash.
        lists_address: where status lists are published; ends without a slash.
        render: sets the paper.
    """

    awards: Awards
    certificates: Certificates
    cohorts: Cohorts
    rules: Rules
    letterheads: Letterheads
    names: NameSource
    keys: KeySource
    slots: StatusSlots
    clock: Clock
    handle: Handle
    verify_address: str
    lists_address: str
    render: Callable[..., bytes] = render_pdf

    def on_issue(self, job: Job) -> Callable[[], None] | None:
        """Make the papers; the certificate is stated when the job completes.

        Raises:
            JobFailed: a rule forbids it (a letter no font has); a person has to look.
            Unavailable: registration is away, or the cohort's announcement is not here yet.
        """
        award = self.awards.get(job.payload["award_id"], scope=EVERYTHING)
        ordinal = int(job.payload["ordinal"])
        certificate_id = certificate_id_of(award.award_id, ordinal)
        if self.certificates.find(certificate_id, scope=EVERYTHING) is not None:
            return None
        name = self.names.legal_name(award.require_reached())
        if name is None:
            return None  # the person was erased before: there is nobody to certify
        try:
            command = self._papers(award, ordinal, clean_name(name))
        except RuleViolation as refused:
            raise JobFailed(refused.code, refused.detail) from refused
        return lambda: self._state(command)

    def on_prove(self, job: Job) -> Callable[[], None] | None:
        """Add the proof that outsiders ask for and that takes long: ``eddsa-rdfc-2022``."""
        certificate = self.certificates.find(job.key, scope=EVERYTHING)
        if certificate is None or certificate.paperwork is None:
            return None  # erased before
        credential = certificate.paperwork.credential
        if any(proof["cryptosuite"] == RDFC for proof in proofs_of(credential)):
            return None
        proved = add_proof(
            credential,
            key=self.keys.ring().current,
            created_at=_whole_seconds(self.clock()),
            cryptosuite=RDFC,
        )
        # Outsiders look at the first proof of a set first.
        command = AttachProof(
            actor=_ACTOR,
            certificate_id=job.key,
            credential=proved | {"proof": list(reversed(proofs_of(proved)))},
        )
        return lambda: self.handle(command)

    def _papers(self, award: Award, ordinal: int, name: str) -> IssueCertificate:
        certificate_id = certificate_id_of(award.award_id, ordinal)
        check_code = check_code_of(new_secret())
        content = self._content(award, name, certificate_id, check_code)
        content.check()
        ring = self.keys.ring()
        slot = self.slots.free()
        credential = add_proof(
            open_badge(
                content,
                certificate_id=certificate_id,
                issuer_did=ring.issuer_did,
                statuses=entries_of(slot, self.lists_address),
            ),
            key=ring.current,
            created_at=content.issued_at,
        )
        document = self.render(content, credential=credential)
        return IssueCertificate(
            actor=_ACTOR,
            award_id=award.award_id,
            ordinal=ordinal,
            check_code=check_code,
            status_slot=slot,
            content=content,
            paperwork=Paperwork(credential=credential, document_sha256=document_sha256(document)),
            document=document,
        )

    def _content(
        self, award: Award, name: str, certificate_id: str, check_code: str
    ) -> CertificateContent:
        terms, dates = self._announced(award.cohort_id)
        letterhead = self._letterhead(award.country_code)
        rule = self._rule(award)
        assert award.verdict is not None
        issued_at = _whole_seconds(self.clock())
        return CertificateContent(
            serial=serial_of(certificate_id, edition_code=terms.edition_code, year=issued_at.year),
            salt=new_secret(16),
            kind_code=award.verdict.kind_code,
            holder_name=name,
            titles=terms.titles,
            edition_code=terms.edition_code,
            starts_on=dates.starts_on,
            ends_on=dates.ends_on,
            minutes=award.verdict.overall.credited,
            parts=tuple(
                PartHours(part_code=part.part_code or "", minutes=part.credited)
                for part in award.verdict.parts
            ),
            rule_version=rule.rule_version,
            rule_sha256=rule.sha256,
            centre_names=letterhead.centre_names,
            signatories=letterhead.signatories,
            language_codes=paper_languages(
                terms.language_code,
                terms.titles,
                letterhead.centre_names,
                layout_version=LATEST_LAYOUT,
            ),
            verify_url=f"{self.verify_address}/{check_code}",
            template_version=LATEST_LAYOUT,
            issued_at=issued_at,
        )

    def _announced(self, cohort_id: str) -> tuple[CohortTerms, CohortDates]:
        cohort: CohortRecord | None = self.cohorts.find(cohort_id, scope=EVERYTHING)
        if cohort is None or cohort.announced is None or cohort.dates is None:
            raise Unavailable("cohort.not_yet", "the cohort's announcement has not come yet")
        return cohort.announced, cohort.dates

    def _letterhead(self, country_code: str) -> Letterhead:
        for code in (country_code, "*"):
            found = self.letterheads.find(letterhead_id_of(code), scope=EVERYTHING)
            if found is not None:
                return found
        return centre_letterhead()

    def _rule(self, award: Award) -> RuleVersion:
        rule = self.rules.get(award_rule_id_of(award.cohort_id), scope=EVERYTHING)
        return next(v for v in rule.versions if v.rule_version == award.rule_version)

    def _state(self, command: IssueCertificate) -> None:
        certificate = self.handle(command)
        if certificate is not None:
            self.handle(
                JoinAlumni(
                    actor=_ACTOR,
                    subject_id=certificate.subject_id,
                    cohort_id=certificate.cohort_id,
                    country_code=certificate.country_code,
                )
            )


def _whole_seconds(instant: datetime) -> datetime:
    """What databases and proofs keep exactly."""
    return instant.replace(microsecond=0)
