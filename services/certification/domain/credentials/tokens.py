"""Credentials secured as tokens: ``vc+jwt`` with ES256, made and put into an envelope.

Source: W3C Securing Verifiable Credentials using JOSE and COSE, section 3.1; VC data model 2.0,
section 4.13.1; RFC 7515, 7518, 7519; did:jwk.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from services.certification.domain.credentials.canonical import canonical_json
from services.certification.domain.credentials.model.credential import BASE_CONTEXT
from services.certification.domain.credentials.model.presentation import ENVELOPED_CREDENTIAL

_BYTES = 32  # of a coordinate and of half a signature on P-256


@dataclass(frozen=True, kw_only=True)
class TokenKey:
    """A private P-256 key and the name verifiers find its public half under."""

    verification_method: str
    private_key: ec.EllipticCurvePrivateKey

    def sign(self, message: bytes) -> bytes:
        """64 bytes of ES256 signature: both numbers, one after the other."""
        numbers = decode_dss_signature(self.private_key.sign(message, ec.ECDSA(hashes.SHA256())))
        return b"".join(number.to_bytes(_BYTES) for number in numbers)


def signed_token(
    credential: Mapping[str, Any], key: TokenKey, *, issuer_did: str, valid_from: datetime
) -> str:
    """A credential as a compact JWS of type ``vc+jwt``; its own members are the claims.

    Issuer, id and beginning stand beside them under the names that JWT libraries and Open Badges
    3.0 (section 8.2) look for.
    """
    header = {"alg": "ES256", "typ": "vc+jwt", "cty": "vc", "kid": key.verification_method}
    claims = {
        **credential,
        "iss": issuer_did,
        "jti": credential["id"],
        "nbf": int(valid_from.timestamp()),
    }
    signed = f"{_encoded(canonical_json(header))}.{_encoded(canonical_json(claims))}"
    return f"{signed}.{_encoded(key.sign(signed.encode('ascii')))}"


def enveloped(token: str) -> dict[str, Any]:
    """The token as a JSON object, where an object is asked for."""
    return {
        "@context": BASE_CONTEXT,
        "id": f"data:application/vc+jwt,{token}",
        "type": ENVELOPED_CREDENTIAL,
    }


def jwk_of(key: ec.EllipticCurvePublicKey) -> dict[str, str]:
    """A public P-256 key as JSON Web Key."""
    numbers = key.public_numbers()
    coordinates = {"x": numbers.x, "y": numbers.y}
    written = {name: _encoded(value.to_bytes(_BYTES)) for name, value in coordinates.items()}
    return {"kty": "EC", "crv": "P-256", **written}


def did_jwk(key: ec.EllipticCurvePublicKey) -> str:
    """The ``did:jwk`` of a public key."""
    return f"did:jwk:{_encoded(canonical_json(jwk_of(key)))}"


def did_document(issuer_did: str, key: TokenKey) -> dict[str, Any]:
    """The document of an issuer that signs tokens with this key."""
    method = {
        "id": key.verification_method,
        "type": "JsonWebKey",
        "controller": issuer_did,
        "publicKeyJwk": jwk_of(key.private_key.public_key()),
    }
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/jwk/v1"],
        "id": issuer_did,
        "verificationMethod": [method],
        "assertionMethod": [key.verification_method],
    }


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode("ascii")
