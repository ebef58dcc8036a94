"""Ed25519 keys as Multikey texts, and ``did:key``.

Source: W3C Controlled Identifiers 1.0 (Multikey), did:key method 0.9.
"""

from __future__ import annotations

import base58
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from services.certification.domain.credentials.problems import CredentialError

_PUBLIC = b"\xed\x01"  # multicodec ed25519-pub, as a varint
_PRIVATE = b"\x80\x26"  # multicodec ed25519-priv, as a varint
_KEY_BYTES = 32
_LONGEST = 4096  # decoding base58 takes the square of its length


def multibase(value: bytes) -> str:
    """Write bytes as base58btc multibase: ``z...``."""
    return "z" + base58.b58encode(value).decode("ascii")


def from_multibase(text: object) -> bytes:
    """Read base58btc multibase.

    Raises:
        CredentialError: ``multibase.malformed``.
    """
    if not isinstance(text, str) or not text.startswith("z"):
        raise CredentialError("multibase.malformed", "a base58btc value starts with z")
    if len(text) > _LONGEST:
        raise CredentialError("multibase.malformed", "no key or signature is that long")
    try:
        return bytes(base58.b58decode(text[1:]))
    except ValueError:
        raise CredentialError("multibase.malformed", "a character is not of base58") from None


def public_multikey(key: Ed25519PublicKey) -> str:
    """Write a public key: ``z6Mk...``."""
    return multibase(_PUBLIC + key.public_bytes_raw())


def read_public_multikey(text: object) -> Ed25519PublicKey:
    """Read a public key.

    Raises:
        CredentialError: ``key.malformed``, or ``multibase.malformed``.
    """
    return Ed25519PublicKey.from_public_bytes(_key_bytes(text, _PUBLIC, "public"))


def private_multikey(key: Ed25519PrivateKey) -> str:
    """Write a private key: ``z3u2...``; for key files only."""
    return multibase(_PRIVATE + key.private_bytes_raw())


def read_private_multikey(text: object) -> Ed25519PrivateKey:
    """Read a private key.

    Raises:
        CredentialError: ``key.malformed``, or ``multibase.malformed``.
    """
    return Ed25519PrivateKey.from_private_bytes(_key_bytes(text, _PRIVATE, "private"))


def did_key(key: Ed25519PublicKey) -> str:
    """The ``did:key`` of a public key."""
    return f"did:key:{public_multikey(key)}"


def did_key_method(key: Ed25519PublicKey) -> str:
    """The verification method of a ``did:key``: the key names itself."""
    multikey = public_multikey(key)
    return f"did:key:{multikey}#{multikey}"


def _key_bytes(text: object, prefix: bytes, word: str) -> bytes:
    raw = from_multibase(text)
    if not raw.startswith(prefix) or len(raw) != len(prefix) + _KEY_BYTES:
        raise CredentialError("key.malformed", f"this is no Ed25519 {word} key")
    return raw[len(prefix) :]
