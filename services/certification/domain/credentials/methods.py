"""From the name in a proof to the public key: ``did:key``, or a DID document at hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from services.certification.domain.credentials.multikey import read_public_multikey
from services.certification.domain.credentials.problems import CredentialError


def public_key_of(
    verification_method: object, did_documents: Sequence[Mapping[str, Any]]
) -> Ed25519PublicKey:
    """Find the key a proof names; no network.

    Raises:
        CredentialError: ``key.method_missing``, ``key.unknown`` (nothing at hand holds it),
            ``key.wrong_controller`` or a code of reading the key.
    """
    if not isinstance(verification_method, str) or "#" not in verification_method:
        raise CredentialError("key.method_missing", "the proof names no verification method")
    did, _, fragment = verification_method.partition("#")
    if did.startswith("did:key:"):
        if did != f"did:key:{fragment}":
            raise CredentialError("key.unknown", "a did:key names itself in its fragment")
        return read_public_multikey(fragment)
    for document in did_documents:
        if document.get("id") == did:
            return _key_in(document, did, verification_method)
    raise CredentialError("key.unknown", f"no key document of {did} is at hand")


def _key_in(document: Mapping[str, Any], did: str, wanted: str) -> Ed25519PublicKey:
    for method in _methods(document):
        if _absolute(method.get("id"), did) == wanted:
            if method.get("controller", did) != did:
                raise CredentialError(
                    "key.wrong_controller", f"{wanted} is controlled by somebody else"
                )
            return read_public_multikey(method.get("publicKeyMultibase"))
    raise CredentialError("key.unknown", f"{did} has no key {wanted}")


def _methods(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    listed = [document.get("verificationMethod", []), document.get("assertionMethod", [])]
    return [
        method
        for group in listed
        if isinstance(group, list)
        for method in group
        if isinstance(method, Mapping)
    ]


def _absolute(method_id: object, did: str) -> object:
    if isinstance(method_id, str) and method_id.startswith("#"):
        return did + method_id
    return method_id
