"""The issuer's keys: one that signs, older ones that still verify."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from services.certification.domain.credentials.multikey import public_multikey
from services.certification.domain.credentials.problems import CredentialError

_DID_CONTEXT = ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"]


@dataclass(frozen=True, kw_only=True)
class SigningKey:
    """A private key and the name verifiers find its public half under."""

    verification_method: str
    private_key: Ed25519PrivateKey

    @property
    def name(self) -> str:
        """The fragment of its verification method."""
        return self.verification_method.rpartition("#")[2]

    def sign(self, message: bytes) -> bytes:
        """64 bytes of Ed25519 signature."""
        return self.private_key.sign(message)


@dataclass(frozen=True, kw_only=True)
class KeyRing:
    """All keys of an issuer, oldest first; the last one asserts.

    Attributes:
        issuer_did: for example ``did:web:rtcm.example``.
        current: the key new proofs are made with.
        public_keys: key name (the fragment) -> public key, retired ones too.
    """

    issuer_did: str
    current: SigningKey
    public_keys: Mapping[str, Ed25519PublicKey]

    @cached_property
    def did_document(self) -> Mapping[str, Any]:
        """The issuer's DID document.

        Retired keys stay under ``verificationMethod``, so that what they signed verifies;
        ``assertionMethod`` names the current key only.
        """
        methods = [
            {
                "id": f"{self.issuer_did}#{name}",
                "type": "Multikey",
                "controller": self.issuer_did,
                "publicKeyMultibase": public_multikey(key),
            }
            for name, key in self.public_keys.items()
        ]
        return {
            "@context": _DID_CONTEXT,
            "id": self.issuer_did,
            "verificationMethod": methods,
            "assertionMethod": [self.current.verification_method],
        }


def did_web(host: str, *path: str) -> str:
    """The ``did:web`` of a host (with its port) and path.

    Raises:
        CredentialError: ``did.malformed``: no host, or a character that does not belong.
    """
    parts = [host.replace(":", "%3A"), *path]
    if not host or any(not part or "/" in part or ":" in part for part in parts):
        raise CredentialError("did.malformed", f"{host!r} gives no did:web")
    return ":".join(["did:web", *parts])


def did_web_url(did: str) -> str:
    """Where the document of a ``did:web`` lies.

    Raises:
        CredentialError: ``did.malformed``.
    """
    method, _, rest = did.partition("did:web:")
    if method or not rest or "/" in rest or "#" in rest:
        raise CredentialError("did.malformed", f"{did} is not a did:web")
    host, *path = rest.split(":")
    where = "/".join(path) if path else ".well-known"
    return f"https://{host.replace('%3A', ':').replace('%3a', ':')}/{where}/did.json"
