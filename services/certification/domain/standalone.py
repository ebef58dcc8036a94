"""A certificate from plain data and a key, without platform or database."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chassis.errors import RuleViolation
from chassis.ids import derived_id
from services.certification.domain.awarding.terms import Kind
from services.certification.domain.content import (
    CertificateContent,
    Signatory,
    clean_name,
    serial_of,
)
from services.certification.domain.credentials.keys import KeyRing, SigningKey
from services.certification.domain.credentials.multikey import did_key, did_key_method
from services.certification.domain.credentials.open_badge import open_badge
from services.certification.domain.credentials.proofs import JCS, RDFC, add_proof
from services.certification.domain.credentials.tokens import (
    TokenKey,
    did_document,
    did_jwk,
    enveloped,
    signed_token,
)
from services.certification.domain.documents.rendering import LATEST_LAYOUT, render_pdf
from services.certification.domain.documents.wording import paper_languages


@dataclass(frozen=True, kw_only=True)
class Made:
    """What was made.

    Attributes:
        credential: the signed document, or a token.
        did_document: of an issuer that is not its own key; else ``None``.
    """

    serial: str
    credential: Mapping[str, Any] | str
    document: bytes
    did_document: Mapping[str, Any] | None


@cache
def input_schema() -> dict[str, Any]:
    """JSON Schema of the data a certificate is made from."""
    package = files("services.certification.domain.credentials") / "schemas" / "certificate.json"
    schema: dict[str, Any] = json.loads(package.read_text("utf-8"))
    return schema


def make_certificate(
    given: Mapping[str, Any], *, key: Ed25519PrivateKey, salt: str, now: datetime
) -> Made:
    """Credential with both proofs, and PDF.

    Args:
        given: what ``input_schema`` admits.
        salt: random text; makes the hash of the name say nothing about it.

    Raises:
        RuleViolation: a code of ``CertificateContent.check`` or of the document engine;
            ``certificate.date_unknown``.
    """
    public, issuer, name = key.public_key(), given.get("issuer_did"), _key_name(given)
    method = f"{issuer}#{name}" if issuer else did_key_method(public)
    signing = SigningKey(verification_method=method, private_key=key)
    content, credential = _badge(given, issuer_did=issuer or did_key(public), salt=salt, now=now)
    for suite in (RDFC, JCS):
        credential = add_proof(
            credential, key=signing, created_at=content.issued_at, cryptosuite=suite
        )
    ring = KeyRing(issuer_did=issuer or "", current=signing, public_keys={name: public})
    return Made(
        serial=content.serial,
        credential=credential,
        document=render_pdf(content, credential=credential),
        did_document=ring.did_document if issuer else None,
    )


def make_token(
    given: Mapping[str, Any], *, key: EllipticCurvePrivateKey, salt: str, now: datetime
) -> Made:
    """Credential as ``vc+jwt`` (ES256), and PDF that carries it.

    Raises:
        RuleViolation: as ``make_certificate``.
    """
    public, issuer = key.public_key(), given.get("issuer_did")
    issuer_did = issuer or did_jwk(public)
    name = _key_name(given) if issuer else "0"  # a did:jwk calls its one key so
    signing = TokenKey(verification_method=f"{issuer_did}#{name}", private_key=key)
    content, badge = _badge(given, issuer_did=issuer_did, salt=salt, now=now)
    token = signed_token(badge, signing, issuer_did=issuer_did, valid_from=content.issued_at)
    return Made(
        serial=content.serial,
        credential=token,
        document=render_pdf(content, credential=enveloped(token)),
        did_document=did_document(issuer, signing) if issuer else None,
    )


def _key_name(given: Mapping[str, Any]) -> str:
    return str(given.get("key_name", "key-1"))


def _badge(
    given: Mapping[str, Any], *, issuer_did: str, salt: str, now: datetime
) -> tuple[CertificateContent, dict[str, Any]]:
    """The content, and its credential without proof."""
    content = _content(given, salt=salt, now=now)
    content.check()
    badge = open_badge(
        content,
        certificate_id=derived_id("certificate", content.sha256()),
        issuer_did=issuer_did,
    )
    badge["credentialSubject"]["achievement"]["criteria"] = {"narrative": given["criteria"]}
    return content, badge


def _content(given: Mapping[str, Any], *, salt: str, now: datetime) -> CertificateContent:
    issued_at = now.replace(microsecond=0)
    try:
        if "issued_at" in given:
            issued_at = datetime.fromisoformat(given["issued_at"])
        starts_on = date.fromisoformat(given["starts_on"])
        ends_on = date.fromisoformat(given["ends_on"])
    except ValueError as problem:
        raise RuleViolation("certificate.date_unknown", f"no such date: {problem}") from None
    name = clean_name(given["holder_name"])
    seed = derived_id("standalone", name, given["edition_code"], salt)
    return CertificateContent(
        serial=serial_of(seed, edition_code=given["edition_code"], year=issued_at.year),
        salt=salt,
        kind_code=Kind(given["kind_code"]),
        holder_name=name,
        titles=given["titles"],
        edition_code=given["edition_code"],
        starts_on=starts_on,
        ends_on=ends_on,
        minutes=given["minutes"],
        parts=(),
        rule_version=1,
        rule_sha256=sha256(given["criteria"].encode("utf-8")).hexdigest(),
        centre_names=given["centre_names"],
        signatories=tuple(
            Signatory(name=one["name"], titles=one["titles"]) for one in given["signatories"]
        ),
        language_codes=paper_languages(
            given.get("language_code", "en"),
            given["titles"],
            given["centre_names"],
            layout_version=LATEST_LAYOUT,
        ),
        verify_url=given["verify_url"],
        template_version=LATEST_LAYOUT,
        issued_at=issued_at,
    )
