"""A route for everybody: is the file that I was shown what the centre issued?"""

from __future__ import annotations

from base64 import b64decode
from dataclasses import dataclass
from typing import Any

from flask import Blueprint

from chassis.access import EVERYTHING
from chassis.errors import BadInput, NotFound
from chassis.http.operation import ApiCall, operation
from services.certification.api.schemas import LARGEST_FILE, ComparisonBody, ComparisonView
from services.certification.api.verification import Seals, facts_of
from services.certification.domain.content import CertificateContent
from services.certification.domain.credentials.presented import read_presented
from services.certification.domain.credentials.problems import CredentialError
from services.certification.domain.documents.comparing import (
    Difference,
    differing_members,
    differing_words,
)
from services.certification.domain.documents.printed import check_code_in
from services.certification.domain.documents.reading import ReadDocument, is_pdf, read_pdf
from services.certification.domain.documents.rendering import document_sha256
from services.certification.domain.ports import Certificates, DocumentShelf
from services.certification.storage import queries


@dataclass(frozen=True, kw_only=True)
class _Shown:
    """What was in a file; nothing of it is believed."""

    form: str
    check_code: str | None
    credential: dict[str, Any] | None
    document: ReadDocument | None = None


def comparison_blueprint(
    certificates: Certificates, documents: DocumentShelf, seals: Seals
) -> Blueprint:
    """Build the route."""
    routes = Blueprint("comparison", __name__)

    @routes.post("/verify/comparison")
    @operation(
        summary="Compare a PDF or credential with the certificate that was issued",
        public=True,
        body=ComparisonBody,
        answer=ComparisonView,
        errors=("certificate.not_found", "document.unreadable"),
        transactional=False,
        body_limit_bytes=LARGEST_FILE + 1_024,
    )
    def compare(call: ApiCall) -> dict[str, Any]:
        content = _decoded(call.body["content"])
        shown = _shown(content)
        if shown.check_code is None:
            raise NotFound("certificate.not_found", "the file names no certificate of ours")
        found = queries.certificate_by_code(shown.check_code)
        issued = certificates.get(found["id"], scope=EVERYTHING)
        paper = documents.get(found["id"])
        same: bool | None = None
        differences: list[Difference] = []
        if issued.content is not None and issued.paperwork is not None:
            if shown.credential is not None:
                differences += differing_members(issued.paperwork.credential, shown.credential)
            if shown.document is not None and paper is not None:
                same = document_sha256(content) in (
                    issued.paperwork.document_sha256,
                    issued.paperwork.sealed_document_sha256,
                )
                differences += _of_words(issued.content, paper, shown.document)
        return {
            "form": shown.form,
            "is_same_file": same,
            "proof_holds": seals.hold(shown.credential),
            "differences": differences,
            "certificate": facts_of(found, seals),
        }

    return routes


def _of_words(
    content: CertificateContent, paper: bytes, shown: ReadDocument
) -> tuple[Difference, ...]:
    issued = read_pdf(paper)
    return differing_words(content, issued=issued.words, presented=shown.words)


def _decoded(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except ValueError:
        raise BadInput("body.not_base64", "send the file's bytes in base64") from None


def _shown(content: bytes) -> _Shown:
    """What is in a file.

    Raises:
        RuleViolation: ``document.unreadable``.
        NotFound: ``certificate.not_found``: no form that holds a certificate of ours.
    """
    if is_pdf(content):
        read = read_pdf(content)
        return _Shown(
            form="pdf", check_code=read.check_code, credential=read.credential, document=read
        )
    try:
        credential = read_presented(content).document
    except CredentialError:
        raise NotFound(
            "certificate.not_found", "the file is neither a PDF nor a credential"
        ) from None
    link = credential.get("verification")
    code = check_code_in(link) if isinstance(link, str) else None
    return _Shown(form="credential", check_code=code, credential=credential)
