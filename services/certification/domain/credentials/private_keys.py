"""Private Ed25519 keys as people keep them in files: Multikey JSON, JWK, PEM."""

from __future__ import annotations

import json

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from services.certification.domain.credentials.multikey import (
    public_multikey,
    read_private_multikey,
)
from services.certification.domain.credentials.problems import CredentialError
from services.certification.domain.credentials.public_keys import from_base64url

_MULTIKEY_MEMBERS = ("privateKeyMultibase", "secretKeyMultibase")


def read_private_key(content: bytes) -> Ed25519PrivateKey:
    """Read a key file.

    Raises:
        CredentialError: ``key.malformed``, ``key.unsupported`` or a code of reading its parts.
    """
    if content.lstrip().startswith(b"-----BEGIN"):
        return _of_pem(content)
    try:
        stored = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise CredentialError("key.malformed", "this is neither PEM nor JSON") from None
    if not isinstance(stored, dict):
        raise CredentialError("key.malformed", "a key file holds an object")
    for name in _MULTIKEY_MEMBERS:
        if name in stored:
            return _paired(read_private_multikey(stored[name]), stored.get("publicKeyMultibase"))
    if stored.get("kty") == "OKP" and stored.get("crv") == "Ed25519":
        raw = from_base64url(stored.get("d"))
        if len(raw) == 32:
            return Ed25519PrivateKey.from_private_bytes(raw)
    raise CredentialError("key.unsupported", "this holds no private Ed25519 key")


def _of_pem(content: bytes) -> Ed25519PrivateKey:
    try:
        key = load_pem_private_key(content, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise CredentialError("key.malformed", "the PEM holds no key, or a locked one") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise CredentialError("key.unsupported", "only Ed25519 keys sign certificates")
    return key


def _paired(key: Ed25519PrivateKey, public: object) -> Ed25519PrivateKey:
    if public not in (None, public_multikey(key.public_key())):
        raise CredentialError("key.malformed", "the public half belongs to another key")
    return key
