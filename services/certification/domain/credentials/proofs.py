"""Data Integrity proofs: make ``eddsa-jcs-2022`` and ``eddsa-rdfc-2022``, check these and more.

Checked too are ``ecdsa-jcs-2019``, ``ecdsa-rdfc-2019`` and the older ``Ed25519Signature2020``, for
credentials that others made; sets of proofs, and chains of them (``previousProof``).

Source: W3C Data Integrity 1.0, sections 4.2 to 4.6; EdDSA Cryptosuites 1.0, sections 3.2 and 3.3;
ECDSA Cryptosuites 1.0; byte-exact on their published vectors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from services.certification.domain.credentials.canonical import canonical_json
from services.certification.domain.credentials.keys import SigningKey
from services.certification.domain.credentials.methods import Method, method_of
from services.certification.domain.credentials.model.values import instant_of
from services.certification.domain.credentials.multikey import from_multibase, multibase
from services.certification.domain.credentials.problems import CredentialError
from services.certification.domain.credentials.public_keys import ED25519, P256, P384
from services.certification.domain.credentials.rdf import ClosedLoader, canonical_rdf

JCS = "eddsa-jcs-2022"
RDFC = "eddsa-rdfc-2022"
ASSERT, AUTHENTICATE = "assertionMethod", "authentication"

Canonicalise = Callable[[Mapping[str, Any]], bytes]
_OLD_TYPE = "Ed25519Signature2020"
_SUITES = {
    JCS: (True, (ED25519,)),
    RDFC: (False, (ED25519,)),
    "eddsa-2022": (False, (ED25519,)),  # the draft's name of eddsa-rdfc-2022
    "ecdsa-jcs-2019": (True, (P256, P384)),
    "ecdsa-rdfc-2019": (False, (P256, P384)),
}
"""Suite -> whether it canonicalises JSON (else RDF), kinds of keys."""


@dataclass(frozen=True, kw_only=True)
class CheckedProof:
    """One proof that holds, and whose key made it."""

    cryptosuite: str
    method: Method
    purpose: str


def instant(at: datetime) -> str:
    """An instant as proofs write it: whole seconds, UTC."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def add_proof(
    document: Mapping[str, Any],
    *,
    key: SigningKey,
    created_at: datetime,
    cryptosuite: str = JCS,
    purpose: str = ASSERT,
    loader: ClosedLoader | None = None,
) -> dict[str, Any]:
    """The document with one more proof over it (a proof set, not a chain)."""
    bare = {name: value for name, value in document.items() if name != "proof"}
    options = {
        "type": "DataIntegrityProof",
        "cryptosuite": cryptosuite,
        "created": instant(created_at),
        "verificationMethod": key.verification_method,
        "proofPurpose": purpose,
    }
    if "@context" in bare:
        options["@context"] = bare["@context"]
    signature = key.sign(digest(bare, options, _canonicaliser(cryptosuite == JCS, loader)))
    if cryptosuite == RDFC:
        options.pop("@context", None)  # the suite takes the document's own
    proof = {**options, "proofValue": multibase(signature)}
    earlier = proofs_of(document) if "proof" in document else []
    return {**bare, "proof": [*earlier, proof] if earlier else proof}


def digest(
    bare: Mapping[str, Any],
    options: Mapping[str, Any],
    canonical: Canonicalise,
    hashed: Callable[[bytes], bytes] = lambda content: sha256(content).digest(),
) -> bytes:
    """What is signed: the hash of the proof options, then the hash of the document."""
    return hashed(canonical(options)) + hashed(canonical(bare))


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


def with_proof(document: Mapping[str, Any], cryptosuite: str) -> dict[str, Any]:
    """The document with its proof of one suite only, for verifiers that take no set.

    Raises:
        CredentialError: ``proof.missing``.
    """
    for proof in proofs_of(document):
        if proof.get("cryptosuite") == cryptosuite:
            return {**document, "proof": proof}
    raise CredentialError("proof.missing", f"there is no proof of {cryptosuite}")


def check_proofs(
    document: Mapping[str, Any],
    *,
    did_documents: Sequence[Mapping[str, Any]] = (),
    loader: ClosedLoader | None = None,
    at: datetime | None = None,
    purposes: Sequence[str] = (ASSERT,),
) -> tuple[CheckedProof, ...]:
    """Check every proof of a set or chain; one that fails, or is not known, refuses the document.

    To pass over a proof of an unknown make would let anybody hang one on and call it proved. Of
    several the sentence says which one fails.

    Args:
        at: proofs and keys that have ended by then are refused; ``None`` looks at no time.
        purposes: what a proof may be for.

    Raises:
        CredentialError: ``proof.*``, ``key.*``, or a code of canonicalising.
    """
    proofs = proofs_of(document)
    checked = []
    for number, proof in enumerate(proofs, 1):
        try:
            check = _Check(
                proof=proof,
                bare=_secured(document, proof, proofs),
                did_documents=did_documents,
                loader=loader,
                purposes=purposes,
            )
            checked.append(check.run(at))
        except CredentialError as problem:
            if len(proofs) == 1:
                raise
            which = f"proof {number} of {len(proofs)}: {problem.detail}"
            raise CredentialError(problem.code, which) from None
    return tuple(checked)


@dataclass(frozen=True, kw_only=True)
class _Check:
    """One proof, and the document as it was when the proof was made."""

    proof: Mapping[str, Any]
    bare: dict[str, Any]
    did_documents: Sequence[Mapping[str, Any]]
    loader: ClosedLoader | None
    purposes: Sequence[str]

    def run(self, at: datetime | None) -> CheckedProof:
        suite, is_json, kinds = _suite_of(self.proof)
        purpose = self.proof.get("proofPurpose")
        if not isinstance(purpose, str) or purpose not in self.purposes:
            raise CredentialError(
                "proof.wrong_purpose", f"a proof for {purpose} proves nothing here"
            )
        if self.proof.get("verificationMethod") is None:
            raise CredentialError("proof.malformed", "the proof names no verification method")
        method = method_of(
            self.proof.get("verificationMethod"), self.did_documents, purpose=purpose
        )
        if method.key.kind not in kinds:
            raise CredentialError(
                "proof.wrong_key", f"{suite} does not sign with {method.key.kind}"
            )
        signature = _signature(self.proof)
        signed = digest(
            *self._signed_parts(is_json), _canonicaliser(is_json, self.loader), method.key.hash
        )
        if not method.key.holds(signature, signed):
            raise CredentialError(
                "proof.invalid", f"the {suite} signature does not fit the content"
            )
        if at is not None:
            method.require_usable(at)
            _require_lasting(self.proof, at)
        return CheckedProof(cryptosuite=suite, method=method, purpose=purpose)

    def _signed_parts(self, is_json: bool) -> tuple[dict[str, Any], dict[str, Any]]:
        bare = dict(self.bare)
        options = {name: value for name, value in self.proof.items() if name != "proofValue"}
        if not is_json:
            options["@context"] = bare.get("@context", [])
        elif "@context" in options:
            bare["@context"] = _agreed_context(bare.get("@context"), options["@context"])
        return bare, options


def _suite_of(proof: Mapping[str, Any]) -> tuple[str, bool, tuple[str, ...]]:
    type_, suite = proof.get("type"), proof.get("cryptosuite")
    if type_ == _OLD_TYPE:
        return _OLD_TYPE, False, (ED25519,)
    if type_ != "DataIntegrityProof":
        raise CredentialError("proof.unsupported", f"type {type_!r} is not known")
    if not isinstance(suite, str) or suite not in _SUITES:
        raise CredentialError("proof.unsupported", f"cryptosuite {suite!r} is not known")
    return (suite, *_SUITES[suite])


def _signature(proof: Mapping[str, Any]) -> bytes:
    try:
        return from_multibase(proof.get("proofValue"))
    except CredentialError as problem:
        raise CredentialError("proof.malformed", f"proofValue: {problem.detail}") from None


def _require_lasting(proof: Mapping[str, Any], at: datetime) -> None:
    ends_at = instant_of(proof.get("expires"), zone_needed=False)
    if ends_at is not None and ends_at <= at:
        raise CredentialError("proof.expired", "the proof has expired")


def _secured(
    document: Mapping[str, Any], proof: Mapping[str, Any], proofs: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    """What a proof is over: the document, and the earlier proofs of its chain."""
    bare = {name: value for name, value in document.items() if name != "proof"}
    if "previousProof" in proof:
        bare["proof"] = list(_previous(proof, proofs))
    return bare


def _previous(
    proof: Mapping[str, Any], proofs: Sequence[dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    wanted = proof["previousProof"]
    for name in wanted if isinstance(wanted, list) else [wanted]:
        found = [one for one in proofs if isinstance(name, str) and one.get("id") == name]
        if len(found) != 1 or found[0] is proof:
            raise CredentialError("proof.chain_broken", f"there is no earlier proof {name}")
        yield found[0]


def _agreed_context(document_context: object, proof_context: object) -> Any:
    """The proof's context, when the document's begins with it."""
    whole = document_context if isinstance(document_context, list) else [document_context]
    start = proof_context if isinstance(proof_context, list) else [proof_context]
    if whole[: len(start)] != start:
        raise CredentialError("proof.context_differs", "the proof was made in other contexts")
    return proof_context


def _canonicaliser(is_json: bool, loader: ClosedLoader | None) -> Canonicalise:
    if is_json:
        return canonical_json
    closed = loader or ClosedLoader()
    return lambda document: canonical_rdf(document, closed)
