"""Command handlers of certificates and what follows from them."""

from __future__ import annotations

from chassis.clock import Clock
from chassis.ports import Audit, Jobs, Timers
from services.certification.domain.alumnus import Alumnus, alumnus_id_of
from services.certification.domain.certificate import Certificate, Holder, certificate_id_of
from services.certification.domain.commands import (
    AttachProof,
    AttachSeal,
    EraseSubject,
    IssueCertificate,
    JoinAlumni,
    ReinstateCertificate,
    RevokeCertificate,
    RotateKey,
    SupersedeCertificate,
    SuspendCertificate,
)
from services.certification.domain.erasure import Erasure, erasure_id_of
from services.certification.domain.ports import (
    Alumni,
    Awards,
    Certificates,
    DocumentShelf,
    Erasures,
    KeySource,
    Roster,
)
from services.certification.handlers.kinds import HOLD_OVER, ISSUE, PROVE, SEAL


def issue_certificate(
    command: IssueCertificate,
    *,
    awards: Awards,
    certificates: Certificates,
    documents: DocumentShelf,
    jobs: Jobs,
    has_seal: bool = False,
) -> Certificate | None:
    """State a certificate once; a repeat, or a person erased meanwhile, changes nothing.

    Args:
        has_seal: the centre seals its documents; a job does it.

    Raises:
        NotFound: ``award.not_found``.
        RuleViolation: ``certificate.predecessor_active``, or a code of ``Certificate.issue``.
    """
    scope = command.actor.scope
    certificate_id = certificate_id_of(command.award_id, command.ordinal)
    award = awards.get(command.award_id, scope=scope)
    subject_id = award.require_reached()
    if not award.certify(command.ordinal):
        return None
    # Saved too, so that an erasure at the same moment collides with us instead of missing us.
    awards.save(award, scope=scope)
    if command.ordinal > 1:
        before = certificate_id_of(command.award_id, command.ordinal - 1)
        certificates.get(before, scope=scope).require_successor(certificate_id)
    certificate = Certificate.issue(
        holder=Holder(
            award_id=award.award_id,
            participant_id=award.participant_id,
            subject_id=subject_id,
            cohort_id=award.cohort_id,
            country_code=award.country_code,
        ),
        ordinal=command.ordinal,
        check_code=command.check_code,
        status_slot=command.status_slot,
        content=command.content,
        paperwork=command.paperwork,
    )
    certificates.save(certificate, scope=scope)
    documents.put(certificate_id, command.document)
    jobs.add(PROVE, certificate_id, {})
    if has_seal:
        jobs.add(SEAL, certificate_id, {})
    return certificate


def attach_proof(command: AttachProof, *, certificates: Certificates) -> None:
    """Keep a credential's further proof; when it is there, or erased, nothing changes.

    Raises:
        RuleViolation: ``certificate.credential_differs``.
    """
    scope = command.actor.scope
    certificate = certificates.get(command.certificate_id, scope=scope)
    if certificate.attach_proof(command.credential):
        certificates.save(certificate, scope=scope)


def attach_seal(
    command: AttachSeal, *, certificates: Certificates, documents: DocumentShelf
) -> None:
    """Keep the sealed document in place of the bare one; sealed before, or erased, nothing changes.

    Raises:
        NotFound: ``certificate.not_found``.
    """
    scope = command.actor.scope
    certificate = certificates.get(command.certificate_id, scope=scope)
    if certificate.attach_seal(command.document_sha256):
        certificates.save(certificate, scope=scope)
        documents.put(command.certificate_id, command.document)


def rotate_key(command: RotateKey, *, keys: KeySource, audit: Audit) -> str:
    """Sign with a new key from now on; who asked for it is on record.

    Safe to repeat: a key is made for the one that is to be replaced, and only once.

    Returns:
        The name of the key that signs now.

    Raises:
        StaleVersion: ``key.changed_meanwhile``.
        RuleViolation: ``key.fixed``.
    """
    name = keys.rotate(command.current_name).current.name
    audit.note(
        actor_id=command.actor.actor_id,
        action="issuer_key.rotated",
        target=name,
        details=(f"replaces {command.current_name}",),
    )
    return name


def supersede_certificate(
    command: SupersedeCertificate, *, certificates: Certificates, jobs: Jobs, clock: Clock
) -> str:
    """Replace it: this one gives way now, a job makes the next from the facts known then.

    Returns:
        Id of the certificate that follows.

    Raises:
        NotFound: ``certificate.not_found``.
        RuleViolation: ``certificate.final`` or ``certificate.erased``.
        StaleVersion: ``certificate.changed_meanwhile``.
    """
    scope = command.actor.scope
    certificate = certificates.get(
        command.certificate_id, scope=scope, expected_version=command.expected_version
    )
    successor_id = certificate.supersede(reason_code=command.reason_code, now=clock())
    certificates.save(certificate, scope=scope)
    order = {"award_id": certificate.award_id, "ordinal": certificate.ordinal + 1}
    jobs.add(ISSUE, successor_id, order)
    return successor_id


def revoke_certificate(
    command: RevokeCertificate, *, certificates: Certificates, clock: Clock
) -> None:
    """Take it back for good.

    Raises:
        NotFound: ``certificate.not_found``.
        RuleViolation: ``certificate.final``.
        StaleVersion: ``certificate.changed_meanwhile``.
    """
    certificate = certificates.get(
        command.certificate_id,
        scope=command.actor.scope,
        expected_version=command.expected_version,
    )
    certificate.revoke(reason_code=command.reason_code, now=clock())
    certificates.save(certificate, scope=command.actor.scope)


def suspend_certificate(
    command: SuspendCertificate, *, certificates: Certificates, clock: Clock
) -> None:
    """Let it not count for the time being.

    Raises:
        NotFound: ``certificate.not_found``.
        RuleViolation: ``certificate.final`` or ``certificate.not_issued``.
        StaleVersion: ``certificate.changed_meanwhile``.
    """
    certificate = certificates.get(
        command.certificate_id,
        scope=command.actor.scope,
        expected_version=command.expected_version,
    )
    certificate.suspend(reason_code=command.reason_code, now=clock())
    certificates.save(certificate, scope=command.actor.scope)


def reinstate_certificate(
    command: ReinstateCertificate, *, certificates: Certificates, clock: Clock
) -> None:
    """Let it count again.

    Raises:
        NotFound: ``certificate.not_found``.
        RuleViolation: ``certificate.not_suspended``.
        StaleVersion: ``certificate.changed_meanwhile``.
    """
    certificate = certificates.get(
        command.certificate_id,
        scope=command.actor.scope,
        expected_version=command.expected_version,
    )
    certificate.reinstate(reason_code=command.reason_code, now=clock())
    certificates.save(certificate, scope=command.actor.scope)


def join_alumni(command: JoinAlumni, *, alumni: Alumni, clock: Clock) -> None:
    """Make a holder an alumnus, once per person and cohort."""
    scope = command.actor.scope
    if alumni.find(alumnus_id_of(command.subject_id, command.cohort_id), scope=scope) is None:
        alumnus = Alumnus.join(
            subject_id=command.subject_id,
            cohort_id=command.cohort_id,
            country_code=command.country_code,
            now=clock(),
        )
        alumni.save(alumnus, scope=scope)


def erase_subject(
    command: EraseSubject,
    *,
    awards: Awards,
    certificates: Certificates,
    documents: DocumentShelf,
    erasures: Erasures,
    roster: Roster,
    timers: Timers,
    clock: Clock,
) -> None:
    """Remove names, documents and credentials, and confirm it, once."""
    scope = command.actor.scope
    if erasures.find(erasure_id_of(command.subject_id), scope=scope) is not None:
        return
    for award_id in roster.award_ids_of_subject(command.subject_id):
        award = awards.get(award_id, scope=scope)
        award.erase()
        awards.save(award, scope=scope)
        timers.cancel(HOLD_OVER, award_id)
    removed = 0
    for certificate_id in roster.certificate_ids_of(command.subject_id):
        certificate = certificates.get(certificate_id, scope=scope)
        removed += certificate.erase(now=clock())
        certificates.save(certificate, scope=scope)
        documents.remove(certificate_id)
    erasure = Erasure.confirm(
        subject_id=command.subject_id,
        country_code=command.country_code,
        removed_count=removed,
        now=clock(),
    )
    erasures.save(erasure, scope=scope)
