"""Credentials in JSON Web Tokens: VC-JOSE-COSE (``vc+jwt``) and the VC-JWT of Open Badges 3.0.

Source: W3C Securing Verifiable Credentials using JOSE and COSE, section 3.1; Open Badges 3.0,
section 8.2 (VC-JWT); RFC 7515, 7518, 8037, 9864.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from services.certification.domain.credentials.methods import Method, method_of, methods_of
from services.certification.domain.credentials.model.values import instant_of
from services.certification.domain.credentials.problems import CredentialError
from services.certification.domain.credentials.public_keys import (
    ED25519,
    P256,
    P384,
    RSA,
    PublicKey,
    from_base64url,
    from_jwk,
)

_COMPACT = re.compile(rb"\s*([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\s*")
_KINDS = {"EdDSA": ED25519, "Ed25519": ED25519, "ES256": P256, "ES384": P384, "RS256": RSA}
_JOSE_TYPES = {"vc+jwt", "vp+jwt"}
_TYPES = {None, "JWT", "vc+ld+jwt", "vp+ld+jwt", "vc+ld+json+jwt"} | _JOSE_TYPES
_DATES = (("nbf", ("validFrom", "issuanceDate")), ("exp", ("validUntil", "expirationDate")))


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """A token as it was read; nothing in it is believed yet.

    Attributes:
        document: the credential inside.
        signed: what the signature is over.
    """

    header: Mapping[str, Any]
    claims: Mapping[str, Any]
    document: dict[str, Any]
    signed: bytes
    signature: bytes


def is_token(content: bytes) -> bool:
    """Whether this looks like a compact JWS."""
    return _COMPACT.fullmatch(content) is not None


def read_token(content: bytes) -> Envelope:
    """Read a compact JWS.

    Raises:
        CredentialError: ``jwt.malformed``.
    """
    found = _COMPACT.fullmatch(content)
    if found is None:
        raise CredentialError("jwt.malformed", "this is no compact JWS")
    header, claims = (_object(part) for part in found.groups()[:2])
    is_jose = header.get("typ") in _JOSE_TYPES
    document = claims if is_jose else claims.get("vc", claims.get("vp", claims))
    if not isinstance(document, dict):
        raise CredentialError("jwt.malformed", "the token's credential is no object")
    return Envelope(
        header=header,
        claims=claims,
        document=document,
        signed=b".".join(found.groups()[:2]),
        signature=from_base64url(found.group(3).decode("ascii")),
    )


def check_token(
    envelope: Envelope, *, did_documents: Sequence[Mapping[str, Any]], at: datetime, issuer: str
) -> Method:
    """Check the signature and that the token's claims say what the credential says.

    Returns:
        The issuer's method that signed.

    Raises:
        CredentialError: ``proof.*`` or ``key.*``; ``key.unknown`` where a key in the header is
            none that the issuer vouches for.
    """
    algorithm = envelope.header.get("alg")
    kind = _KINDS.get(algorithm) if isinstance(algorithm, str) else None
    if kind is None:
        raise CredentialError("proof.unsupported", f"algorithm {algorithm!r} is not known")
    if envelope.header.get("typ") not in _TYPES or "crit" in envelope.header:
        raise CredentialError("proof.unsupported", "this kind of token is not known")
    is_jose = envelope.header.get("typ") in _JOSE_TYPES
    if is_jose and {"vc", "vp"} & set(envelope.claims):
        raise CredentialError("proof.claims_differ", "vc+jwt has no claim vc or vp")
    given = _given_key(envelope)
    _require_signature(envelope, given, kind)
    method = _method(envelope, given, issuer=issuer, did_documents=did_documents)
    _require_signature(envelope, method.key, kind)
    method.require_usable(at)
    _require_agreement(envelope, issuer)
    if not is_jose:
        _require_same_dates(envelope)
    _require_times(envelope, at)
    return method


def _given_key(envelope: Envelope) -> PublicKey | None:
    return from_jwk(envelope.header["jwk"]) if "jwk" in envelope.header else None


def _require_signature(envelope: Envelope, key: PublicKey | None, kind: str) -> None:
    if key is None:
        return
    if key.kind != kind:
        raise CredentialError("proof.wrong_key", f"{envelope.header['alg']} needs another key")
    if not key.holds(envelope.signature, envelope.signed):
        raise CredentialError("proof.invalid", "the token's signature does not fit its content")


def _method(
    envelope: Envelope,
    given: PublicKey | None,
    *,
    issuer: str,
    did_documents: Sequence[Mapping[str, Any]],
) -> Method:
    name = envelope.header.get("kid")
    if given is None:
        if not isinstance(name, str):
            raise CredentialError("key.method_missing", "the token names no key")
        whole = name if ":" in name else f"{issuer}#{name.lstrip('#')}"
        return method_of(whole, did_documents)
    for method in methods_of(issuer, did_documents):
        if method.key.fingerprint == given.fingerprint:
            return method
    raise CredentialError("key.unknown", "no document at hand says the token's key is the issuer's")


def _require_agreement(envelope: Envelope, issuer: str) -> None:
    subject = envelope.document.get("credentialSubject")
    subject_id = subject.get("id") if isinstance(subject, dict) else None
    said = {"iss": issuer, "jti": envelope.document.get("id"), "sub": subject_id}
    for name, value in said.items():
        if name in envelope.claims and value is not None and envelope.claims[name] != value:
            raise CredentialError("proof.claims_differ", f"{name} is not what the credential says")


def _require_same_dates(envelope: Envelope) -> None:
    """Open Badges: the token's times are the credential's; in vc+jwt they are the signature's."""
    for name, members in _DATES:
        for member in members:
            told = instant_of(envelope.document.get(member))
            claimed = _moment(envelope.claims, name)
            if told and claimed and int(told.timestamp()) != int(claimed.timestamp()):
                raise CredentialError("proof.claims_differ", f"{name} is not {member}")


def _require_times(envelope: Envelope, at: datetime) -> None:
    ends_at, begins_at = _moment(envelope.claims, "exp"), _moment(envelope.claims, "nbf")
    if ends_at is not None and ends_at <= at:
        raise CredentialError("expired", "the token has expired")
    if begins_at is not None and at < begins_at:
        raise CredentialError("not_yet_valid", "the token is not valid yet")


def _moment(claims: Mapping[str, Any], name: str) -> datetime | None:
    seconds = claims.get(name)
    if seconds is None:
        return None
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise CredentialError("jwt.malformed", f"{name} is no number of seconds")
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        raise CredentialError("jwt.malformed", f"{name} is no instant") from None


def _object(part: bytes) -> dict[str, Any]:
    try:
        value = json.loads(from_base64url(part.decode("ascii")))
    except (ValueError, RecursionError):
        raise CredentialError("jwt.malformed", "a part of the token is no JSON") from None
    if not isinstance(value, dict):
        raise CredentialError("jwt.malformed", "a part of the token is no object")
    return value
