"""Private keys as people keep them: Ed25519 (Multikey JSON, JWK, PEM) and P-256 (JWK, PEM)."""

from __future__ import annotations

import json
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from services.certification.domain.credentials.multikey import (
    public_multikey,
    read_private_multikey,
)
from services.certification.domain.credentials.problems import CredentialError
from services.certification.domain.credentials.public_keys import from_base64url
from services.certification.domain.credentials.tokens import jwk_of

_MULTIKEY_MEMBERS = ("privateKeyMultibase", "secretKeyMultibase")


def read_private_key(content: bytes) -> Ed25519PrivateKey:
    """Read a key file.

    Raises:
        CredentialError: ``key.malformed``, ``key.unsupported`` or a code of reading its parts.
    """
    if content.lstrip().startswith(b"-----BEGIN"):
        return _of_pem(content)
    stored = _object(content)
    for name in _MULTIKEY_MEMBERS:
        if name in stored:
            return _paired(read_private_multikey(stored[name]), stored.get("publicKeyMultibase"))
    if stored.get("kty") == "OKP" and stored.get("crv") == "Ed25519":
        raw = from_base64url(stored.get("d"))
        if len(raw) == 32:
            return Ed25519PrivateKey.from_private_bytes(raw)
    raise CredentialError("key.unsupported", "this holds no private Ed25519 key")


def read_token_key(content: bytes) -> ec.EllipticCurvePrivateKey:
    """Read the key file of one who signs tokens.

    Raises:
        CredentialError: ``key.malformed``, ``key.unsupported`` or a code of reading its parts.
    """
    if content.lstrip().startswith(b"-----BEGIN"):
        held = _in_pem(content)
        if not isinstance(held, ec.EllipticCurvePrivateKey) or held.curve.name != "secp256r1":
            raise CredentialError("key.unsupported", "only P-256 keys sign tokens")
        return held
    stored = _object(content)
    if stored.get("kty") != "EC" or stored.get("crv") != "P-256":
        raise CredentialError("key.unsupported", "this holds no private P-256 key")
    raw = from_base64url(stored.get("d"))
    try:
        key = ec.derive_private_key(int.from_bytes(raw), ec.SECP256R1())
    except ValueError:
        raise CredentialError("key.malformed", "this is no private key of the curve") from None
    public = jwk_of(key.public_key())
    if any(name in stored and stored[name] != public[name] for name in ("x", "y")):
        raise CredentialError("key.malformed", "the public half belongs to another key")
    return key


def _of_pem(content: bytes) -> Ed25519PrivateKey:
    key = _in_pem(content)
    if not isinstance(key, Ed25519PrivateKey):
        raise CredentialError("key.unsupported", "only Ed25519 keys sign certificates")
    return key


def _in_pem(content: bytes) -> object:
    try:
        return load_pem_private_key(content, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise CredentialError("key.malformed", "the PEM holds no key, or a locked one") from None


def _object(content: bytes) -> dict[str, Any]:
    try:
        stored = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise CredentialError("key.malformed", "this is neither PEM nor JSON") from None
    if not isinstance(stored, dict):
        raise CredentialError("key.malformed", "a key file holds an object")
    return stored


def _paired(key: Ed25519PrivateKey, public: object) -> Ed25519PrivateKey:
    if public not in (None, public_multikey(key.public_key())):
        raise CredentialError("key.malformed", "the public half belongs to another key")
    return key
