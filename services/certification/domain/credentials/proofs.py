"""Data Integrity proofs ``eddsa-jcs-2022`` and ``eddsa-rdfc-2022``: make and check.

Source: W3C Data Integrity EdDSA Cryptosuites 1.0, sections 3.2 and 3.3; byte-exact on its vectors.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import rfc8785
from cryptography.exceptions import InvalidSignature

from services.certification.domain.credentials.keys import SigningKey
from services.certification.domain.credentials.methods import public_key_of
from services.certification.domain.credentials.multikey import from_multibase, multibase
from services.certification.domain.credentials.problems import CredentialError
from services.certification.domain.credentials.rdf import ClosedLoader, canonical_rdf

JCS = "eddsa-jcs-2022"
RDFC = "eddsa-rdfc-2022"

Canonicalise = Callable[[Mapping[str, Any]], bytes]


def canonical_json(value: Any) -> bytes:
    """RFC 8785 form of JSON.

    Raises:
        CredentialError: ``json.not_canonical``: a number or text JSON cannot carry exactly.
    """
    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError) as problem:
        raise CredentialError("json.not_canonical", str(problem)) from None


def instant(at: datetime) -> str:
    """An instant as proofs write it: whole seconds, UTC."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def add_proof(
    document: Mapping[str, Any],
    *,
    key: SigningKey,
    created_at: datetime,
    cryptosuite: str = JCS,
    loader: ClosedLoader | None = None,
) -> dict[str, Any]:
    """The document with one more proof over it (a proof set, not a chain)."""
    bare = {name: value for name, value in document.items() if name != "proof"}
    options = {
        "type": "DataIntegrityProof",
        "cryptosuite": cryptosuite,
        "created": instant(created_at),
        "verificationMethod": key.verification_method,
        "proofPurpose": "assertionMethod",
    }
    if "@context" in bare:
        options["@context"] = bare["@context"]
    signature = key.sign(digest(bare, options, _canonicaliser(cryptosuite, loader)))
    if cryptosuite == RDFC:
        options.pop("@context", None)  # the suite takes the document's own
    proof = {**options, "proofValue": multibase(signature)}
    earlier = proofs_of(document) if "proof" in document else []
    return {**bare, "proof": [*earlier, proof] if earlier else proof}


def digest(bare: Mapping[str, Any], options: Mapping[str, Any], canonical: Canonicalise) -> bytes:
    """What is signed: SHA-256 of the proof options, then SHA-256 of the document."""
    return sha256(canonical(options)).digest() + sha256(canonical(bare)).digest()


def proofs_of(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """All proofs of a document.

    Raises:
        CredentialError: ``proof.missing`` or ``proof.malformed``.
    """
    found = document.get("proof")
    if found is None or found == []:
        raise CredentialError("proof.missing", "there is no proof")
    listed = found if isinstance(found, list) else [found]
    proofs = [proof for proof in listed if isinstance(proof, dict)]
    if len(proofs) != len(listed):
        raise CredentialError("proof.malformed", "a proof is not an object")
    return proofs


def check_proofs(
    document: Mapping[str, Any],
    *,
    did_documents: Sequence[Mapping[str, Any]] = (),
    loader: ClosedLoader | None = None,
) -> tuple[str, ...]:
    """Check every proof of a set; one that fails refuses the document.

    Returns:
        The verification methods that signed.

    Raises:
        CredentialError: ``proof.*`` or ``key.*``.
    """
    return tuple(
        _check_proof(document, proof, did_documents=did_documents, loader=loader)
        for proof in proofs_of(document)
    )


def _check_proof(
    document: Mapping[str, Any],
    proof: Mapping[str, Any],
    *,
    did_documents: Sequence[Mapping[str, Any]],
    loader: ClosedLoader | None,
) -> str:
    _check_form(proof)
    bare = {name: value for name, value in document.items() if name != "proof"}
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    suite = proof["cryptosuite"]
    if suite == RDFC:
        options["@context"] = bare.get("@context", [])
    elif "@context" in options:
        bare["@context"] = _agreed_context(bare.get("@context"), options["@context"])
    key = public_key_of(proof.get("verificationMethod"), did_documents)
    signed = digest(bare, options, _canonicaliser(suite, loader))
    try:
        key.verify(from_multibase(proof.get("proofValue")), signed)
    except InvalidSignature:
        raise CredentialError(
            "proof.invalid", f"the {suite} signature does not fit the content"
        ) from None
    return str(proof["verificationMethod"])


def _check_form(proof: Mapping[str, Any]) -> None:
    if proof.get("type") != "DataIntegrityProof":
        raise CredentialError("proof.unsupported", f"type {proof.get('type')!r} is not known")
    if proof.get("cryptosuite") not in (JCS, RDFC):
        raise CredentialError(
            "proof.unsupported", f"cryptosuite {proof.get('cryptosuite')!r} is not known"
        )
    if proof.get("proofPurpose") != "assertionMethod":
        raise CredentialError("proof.wrong_purpose", "a credential is signed to assert")
    if "previousProof" in proof:
        raise CredentialError("proof.unsupported", "chains of proofs are not supported")


def _agreed_context(document_context: object, proof_context: object) -> Any:
    """The proof's context, when the document's begins with it."""
    whole = document_context if isinstance(document_context, list) else [document_context]
    start = proof_context if isinstance(proof_context, list) else [proof_context]
    if whole[: len(start)] != start:
        raise CredentialError("proof.context_differs", "the proof was made in other contexts")
    return proof_context


def _canonicaliser(cryptosuite: str, loader: ClosedLoader | None) -> Canonicalise:
    if cryptosuite == JCS:
        return canonical_json
    closed = loader or ClosedLoader()
    return lambda document: canonical_rdf(document, closed)
