"""Routes for everybody: is this certificate ours, what does it say, does it still count?

A certificate is found by its unguessable code only, so nobody can list them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cachetools import LRUCache
from flask import Blueprint

from chassis.http.operation import Answer, ApiCall, operation
from services.certification.api.certificates import credential_of, document_answer
from services.certification.api.schemas import CredentialQuery, CredentialView, VerificationView
from services.certification.domain.certificate import CertificateStatus
from services.certification.domain.content import read_check_code
from services.certification.domain.credentials.problems import CredentialError
from services.certification.domain.credentials.proofs import JCS, check_proofs, with_proof
from services.certification.domain.ports import DocumentShelf, KeySource
from services.certification.handlers.renewing import Renewals
from services.certification.storage import queries

_REMEMBERED = 10_000
_FOR_EVERYBODY = {"Access-Control-Allow-Origin": "*"}
_PRINTED = (
    "holder_name",
    "titles",
    "edition_code",
    "starts_on",
    "ends_on",
    "minutes",
    "parts",
    "centre_names",
    "signatories",
    "language_codes",
    "rule_version",
    "rule_sha256",
    "verify_url",
)


class Seals:
    """Says whether our signatures hold, and remembers what it looked at.

    The same credential gives the same answer as long as the same keys are published, so only one
    that was never seen, or that differs from what was seen, is computed.
    """

    def __init__(self, keys: KeySource) -> None:
        self._keys = keys
        self._seen: LRUCache[str, tuple[Any, Any, bool]] = LRUCache(maxsize=_REMEMBERED)

    def hold(self, credential: dict[str, Any] | None) -> bool | None:
        """Whether a credential is signed by us as it stands; ``None``: there is none."""
        if credential is None:
            return None
        name, document = str(credential.get("id")), self._keys.ring().did_document
        kept = self._seen.get(name)
        if kept is None or kept[0] is not document or kept[1] != credential:
            kept = (document, credential, _holds(credential, document))
            self._seen[name] = kept
        return kept[2]


def verification_blueprint(documents: DocumentShelf, seals: Seals, renewals: Renewals) -> Blueprint:
    """Build the routes."""
    routes = Blueprint("verification", __name__)

    @routes.get("/verify/<check_code>")
    @operation(
        summary="Every fact a certificate shows, and its status",
        public=True,
        answer=VerificationView,
        errors=("certificate.not_found",),
    )
    def verify(_: ApiCall, check_code: str) -> Answer:
        found = queries.certificate_by_code(read_check_code(check_code))
        return Answer(body=facts_of(found, seals), headers=_FOR_EVERYBODY)

    @routes.get("/verify/<check_code>/document")
    @operation(
        summary="The certificate as it was printed",
        public=True,
        media_type="application/pdf",
        errors=("certificate.not_found", "document.not_found"),
    )
    def show_document(_: ApiCall, check_code: str) -> Answer:
        return document_answer(queries.certificate_by_code(read_check_code(check_code)), documents)

    @routes.get("/verify/<check_code>/credential")
    @operation(
        summary="The certificate as a signed Open Badges credential",
        public=True,
        query=CredentialQuery,
        answer=CredentialView,
        media_type="application/vc",
        errors=("certificate.not_found", "credential.not_found", "proof.not_found"),
    )
    def show_credential(call: ApiCall, check_code: str) -> Answer:
        found = queries.certificate_by_code(read_check_code(check_code))
        body = credential_of(
            found,
            suite=call.query["proof"],
            renewed=renewals.of if call.query["renewed"] == "yes" else None,
        )
        return Answer(body=body, headers=_FOR_EVERYBODY)

    return routes


def facts_of(certificate: dict[str, Any], seals: Seals) -> dict[str, Any]:
    """What everybody may know who has the code."""
    content = certificate.get("content") or {}
    paperwork = certificate.get("paperwork") or {}
    status = certificate["status"]
    return {
        **{name: content[name] for name in _PRINTED if name in content},
        "check_code": certificate["check_code"],
        "serial": certificate["serial"],
        "kind_code": certificate["kind_code"],
        "status": status,
        "is_valid": status == CertificateStatus.ISSUED,
        "is_erased": certificate.get("erased_at") is not None,
        "proof_holds": seals.hold(paperwork.get("credential")),
        "issued_at": certificate["issued_at"],
        "content_sha256": certificate["content_sha256"],
        "document_sha256": paperwork.get("sealed_document_sha256")
        or paperwork.get("document_sha256"),
        "history": certificate["history"],
        "replaces_serial": _serial(certificate.get("replaces_certificate_id")),
        "successor_serial": _serial(certificate.get("successor_id")),
    }


def _holds(credential: dict[str, Any], did_document: Mapping[str, Any]) -> bool:
    try:
        # One proof covers all of it; the other one takes fifty times as long.
        single = with_proof(credential, JCS)
        check_proofs(single, did_documents=[did_document])
    except CredentialError:
        return False
    return True


def _serial(certificate_id: str | None) -> str | None:
    return None if certificate_id is None else queries.serial_of(certificate_id)
