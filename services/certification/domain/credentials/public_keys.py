"""Public keys as verifiers meet them: Multikey and JWK; Ed25519, ECDSA on P-256 and P-384, RSA.

Source: W3C Controlled Identifiers 1.0 (Multikey, JsonWebKey), RFC 7517 and RFC 8037.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from services.certification.domain.credentials.multikey import from_multibase
from services.certification.domain.credentials.problems import CredentialError

ED25519, P256, P384, RSA = "Ed25519", "P-256", "P-384", "RSA"

_ED25519_PREFIX = b"\xed\x01"  # multicodec ed25519-pub, as a varint
_CURVES: dict[str, tuple[bytes, ec.EllipticCurve, hashes.HashAlgorithm]] = {
    P256: (b"\x80\x24", ec.SECP256R1(), hashes.SHA256()),  # multicodec p256-pub
    P384: (b"\x81\x24", ec.SECP384R1(), hashes.SHA384()),  # multicodec p384-pub
}
_LEAST_RSA_BITS = 2048


@dataclass(frozen=True, kw_only=True)
class PublicKey:
    """One public key.

    Attributes:
        kind: ``Ed25519``, ``P-256``, ``P-384`` or ``RSA``.
        fingerprint: the same for the same key, however it was written.
        holds: whether a signature over a message is this key's.
    """

    kind: str
    fingerprint: str
    holds: Callable[[bytes, bytes], bool]

    def hash(self, content: bytes) -> bytes:
        """The digest that Data Integrity suites sign with this key: SHA-384 for P-384."""
        name = "sha384" if self.kind == P384 else "sha256"
        return hashlib.new(name, content).digest()


def from_multikey(text: object) -> PublicKey:
    """Read a Multikey.

    Raises:
        CredentialError: ``key.malformed``, ``key.unsupported`` or ``multibase.malformed``.
    """
    raw = from_multibase(text)
    if raw.startswith(_ED25519_PREFIX):
        return _ed25519(raw[2:])
    for kind, (prefix, curve, _) in _CURVES.items():
        if raw.startswith(prefix):
            return _elliptic(kind, _point(curve, raw[2:]))
    raise CredentialError("key.unsupported", "this kind of Multikey is not known")


def from_jwk(jwk: object) -> PublicKey:
    """Read a JSON Web Key.

    Raises:
        CredentialError: ``key.malformed`` or ``key.unsupported``.
    """
    if not isinstance(jwk, Mapping):
        raise CredentialError("key.malformed", "a JWK is an object")
    kind, curve = jwk.get("kty"), jwk.get("crv")
    if kind == "OKP" and curve == ED25519:
        return _ed25519(_field(jwk, "x"))
    if kind == "EC" and curve in _CURVES:
        size = 32 if curve == P256 else 48
        x, y = _field(jwk, "x"), _field(jwk, "y")
        if len(x) != size or len(y) != size:
            raise CredentialError("key.malformed", "the key's coordinates have the wrong length")
        return _elliptic(str(curve), _point(_CURVES[str(curve)][1], b"\x04" + x + y))
    if kind == "RSA":
        return _rsa(_field(jwk, "n"), _field(jwk, "e"))
    raise CredentialError("key.unsupported", f"a JWK of kind {kind} {curve or ''} is not known")


def from_base64url(text: object) -> bytes:
    """Read base64url without padding.

    Raises:
        CredentialError: ``base64.malformed``.
    """
    if not isinstance(text, str) or not text.isascii() or set(text) & set("+/=\n\r "):
        raise CredentialError("base64.malformed", "this is no base64url")
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (ValueError, binascii.Error):
        raise CredentialError("base64.malformed", "this is no base64url") from None


def _field(jwk: Mapping[str, Any], name: str) -> bytes:
    try:
        return from_base64url(jwk.get(name))
    except CredentialError:
        raise CredentialError("key.malformed", f"{name} of the JWK is no base64url") from None


def _ed25519(raw: bytes) -> PublicKey:
    if len(raw) != 32:
        raise CredentialError("key.malformed", "an Ed25519 key has 32 bytes")
    key = Ed25519PublicKey.from_public_bytes(raw)

    def holds(signature: bytes, message: bytes) -> bool:
        try:
            key.verify(signature, message)
        except InvalidSignature:
            return False
        return True

    return PublicKey(kind=ED25519, fingerprint=f"{ED25519}:{raw.hex()}", holds=holds)


def _point(curve: ec.EllipticCurve, raw: bytes) -> ec.EllipticCurvePublicKey:
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(curve, raw)
    except ValueError:
        raise CredentialError("key.malformed", "this is no point of the curve") from None


def _elliptic(kind: str, key: ec.EllipticCurvePublicKey) -> PublicKey:
    size = (key.key_size + 7) // 8
    digest = _CURVES[kind][2]

    def holds(signature: bytes, message: bytes) -> bool:
        if len(signature) != 2 * size:
            return False
        halves = (int.from_bytes(signature[:size]), int.from_bytes(signature[size:]))
        try:
            key.verify(encode_dss_signature(*halves), message, ec.ECDSA(digest))
        except InvalidSignature:
            return False
        return True

    numbers = key.public_numbers()
    return PublicKey(kind=kind, fingerprint=f"{kind}:{numbers.x:x}:{numbers.y:x}", holds=holds)


def _rsa(modulus: bytes, exponent: bytes) -> PublicKey:
    try:
        numbers = rsa.RSAPublicNumbers(int.from_bytes(exponent), int.from_bytes(modulus))
        key = numbers.public_key()
    except ValueError:
        raise CredentialError("key.malformed", "this is no RSA key") from None
    if not _LEAST_RSA_BITS <= key.key_size <= 8192:
        raise CredentialError("key.unsupported", "an RSA key has 2048 to 8192 bits")

    def holds(signature: bytes, message: bytes) -> bool:
        try:
            key.verify(signature, message, padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature:
            return False
        return True

    return PublicKey(kind=RSA, fingerprint=f"{RSA}:{numbers.n:x}:{numbers.e:x}", holds=holds)
