"""Routes of certificates and alumni, for the centre and for holders."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint

from chassis.access import Role
from chassis.aggregate import Handle
from chassis.errors import NotFound
from chassis.http.operation import Answer, ApiCall, operation
from chassis.http.paging import after, cursor, page_of
from services.certification.api.schemas import (
    AlumniQuery,
    AlumnusView,
    CertificatesQuery,
    CertificateView,
    CredentialQuery,
    CredentialView,
    ReasonBody,
    SuccessorView,
)
from services.certification.domain.commands import (
    ReinstateCertificate,
    RevokeCertificate,
    SupersedeCertificate,
    SuspendCertificate,
)
from services.certification.domain.credentials.problems import CredentialError
from services.certification.domain.credentials.proofs import with_proof
from services.certification.domain.ports import DocumentShelf
from services.certification.storage import queries

_STAFF = (Role.OPERATOR, Role.COORDINATOR)
_READERS = (*_STAFF, Role.AUDITOR, Role.PARTICIPANT, Role.SERVICE)


def certificates_blueprint(handle: Handle, documents: DocumentShelf) -> Blueprint:
    """Build the routes; ``handle`` runs one command."""
    routes = Blueprint("certificates", __name__, url_prefix="/certificates")
    _reading(routes, documents)

    @routes.post("/<uuid:certificate_id>/supersession")
    @operation(
        summary="Replace a certificate by one with the facts known now",
        roles=_STAFF,
        body=ReasonBody,
        answer=SuccessorView,
        status=202,
        versioned=True,
        errors=("certificate.not_found", "certificate.final", "certificate.erased"),
    )
    def supersede(call: ApiCall, certificate_id: str) -> dict[str, Any]:
        command = SupersedeCertificate(
            actor=call.actor,
            certificate_id=certificate_id,
            reason_code=call.body["reason_code"],
            expected_version=call.expected_version,
        )
        return {"successor_id": handle(command)}

    @routes.post("/<uuid:certificate_id>/revocation")
    @operation(
        summary="Take a certificate back for good",
        roles=_STAFF,
        body=ReasonBody,
        status=204,
        versioned=True,
        errors=("certificate.not_found", "certificate.final"),
    )
    def revoke(call: ApiCall, certificate_id: str) -> Answer:
        handle(
            RevokeCertificate(
                actor=call.actor,
                certificate_id=certificate_id,
                reason_code=call.body["reason_code"],
                expected_version=call.expected_version,
            )
        )
        return Answer()

    @routes.post("/<uuid:certificate_id>/suspension")
    @operation(
        summary="Let a certificate not count for the time being",
        roles=_STAFF,
        body=ReasonBody,
        status=204,
        versioned=True,
        errors=("certificate.not_found", "certificate.final", "certificate.not_issued"),
    )
    def suspend(call: ApiCall, certificate_id: str) -> Answer:
        handle(
            SuspendCertificate(
                actor=call.actor,
                certificate_id=certificate_id,
                reason_code=call.body["reason_code"],
                expected_version=call.expected_version,
            )
        )
        return Answer()

    @routes.post("/<uuid:certificate_id>/reinstatement")
    @operation(
        summary="Let a suspended certificate count again",
        roles=_STAFF,
        body=ReasonBody,
        status=204,
        versioned=True,
        errors=("certificate.not_found", "certificate.not_suspended"),
    )
    def reinstate(call: ApiCall, certificate_id: str) -> Answer:
        handle(
            ReinstateCertificate(
                actor=call.actor,
                certificate_id=certificate_id,
                reason_code=call.body["reason_code"],
                expected_version=call.expected_version,
            )
        )
        return Answer()

    return routes


def _reading(routes: Blueprint, documents: DocumentShelf) -> None:
    @routes.get("")
    @operation(
        summary="Certificates",
        roles=_READERS,
        query=CertificatesQuery,
        answer=page_of(CertificateView),
    )
    def list_certificates(call: ApiCall) -> dict[str, Any]:
        asked = call.query
        page = queries.certificates(
            scope=call.actor.scope,
            cohort_id=asked["cohort_id"] and str(asked["cohort_id"]),
            subject_id=asked["subject_id"] and str(asked["subject_id"]),
            status=asked["status"] and asked["status"].value,
            after=after(asked["cursor"]),
            limit=asked["limit"],
        )
        return {"items": page.items, "next_cursor": cursor(page.next_after)}

    @routes.get("/<uuid:certificate_id>")
    @operation(
        summary="One certificate",
        roles=_READERS,
        answer=CertificateView,
        errors=("certificate.not_found",),
    )
    def show(call: ApiCall, certificate_id: str) -> Answer:
        found = queries.certificate(certificate_id, scope=call.actor.scope)
        return Answer(body=found, version=found["version"])

    @routes.get("/<uuid:certificate_id>/document")
    @operation(
        summary="A certificate as it was printed",
        roles=_READERS,
        media_type="application/pdf",
        errors=("certificate.not_found", "document.not_found"),
    )
    def show_document(call: ApiCall, certificate_id: str) -> Answer:
        found = queries.certificate(certificate_id, scope=call.actor.scope)
        return document_answer(found, documents)

    @routes.get("/<uuid:certificate_id>/credential")
    @operation(
        summary="A certificate as a signed Open Badges credential",
        roles=_READERS,
        query=CredentialQuery,
        answer=CredentialView,
        media_type="application/vc",
        errors=("certificate.not_found", "credential.not_found", "proof.not_found"),
    )
    def show_credential(call: ApiCall, certificate_id: str) -> Any:
        found = queries.certificate(certificate_id, scope=call.actor.scope)
        return credential_of(found, suite=call.query["proof"])


def alumni_blueprint() -> Blueprint:
    """Build the routes."""
    routes = Blueprint("alumni", __name__, url_prefix="/alumni")

    @routes.get("")
    @operation(
        summary="Alumni",
        roles=(*_STAFF, Role.AUDITOR),
        query=AlumniQuery,
        answer=page_of(AlumnusView),
    )
    def list_alumni(call: ApiCall) -> dict[str, Any]:
        asked = call.query
        page = queries.alumni(
            scope=call.actor.scope,
            cohort_id=asked["cohort_id"] and str(asked["cohort_id"]),
            after=after(asked["cursor"]),
            limit=asked["limit"],
        )
        return {"items": page.items, "next_cursor": cursor(page.next_after)}

    return routes


def document_answer(certificate: dict[str, Any], documents: DocumentShelf) -> Answer:
    """The PDF of a stored certificate, named by its serial.

    Raises:
        NotFound: ``document.not_found``: the holder's data are erased.
    """
    content = documents.get(certificate["id"])
    if content is None:
        raise NotFound("document.not_found", "the document was removed with its holder's data")
    name = f'inline; filename="{certificate["serial"]}.pdf"'
    return Answer(content=content, headers={"Content-Disposition": name})


def credential_of(
    certificate: dict[str, Any],
    *,
    suite: str | None = None,
    renewed: Callable[[Mapping[str, Any]], Mapping[str, Any]] | None = None,
) -> Any:
    """The credential of a stored certificate.

    Args:
        suite: leaves only the proof of this cryptosuite.
        renewed: has it proved by the key that signs now.

    Raises:
        NotFound: ``credential.not_found``: the holder's data are erased; ``proof.not_found``:
            a job is still making that proof.
    """
    paperwork = certificate.get("paperwork")
    if not paperwork:
        raise NotFound("credential.not_found", "the credential was removed with its holder's data")
    credential = paperwork["credential"]
    if renewed is not None:
        credential = renewed(credential)
    if suite is None:
        return credential
    try:
        return with_proof(credential, suite)
    except CredentialError:
        raise NotFound("proof.not_found", f"there is no proof of {suite} yet") from None
