"""From the name in a proof to the public key: keys that name themselves, or documents at hand.

A key belongs to an issuer when the issuer's own identifier vouches for it. ``did:key`` and
``did:jwk`` do so by themselves; everybody else by a document (DID document or controlled
identifier document) that is at hand. No network.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.certification.domain.credentials.model.values import instant_of
from services.certification.domain.credentials.problems import CredentialError
from services.certification.domain.credentials.public_keys import (
    PublicKey,
    from_base64url,
    from_jwk,
    from_multikey,
)

ASSERTING, RETIRED = "asserting", "retired"
_RELATIONS = (
    "assertionMethod",
    "authentication",
    "keyAgreement",
    "capabilityInvocation",
    "capabilityDelegation",
)


@dataclass(frozen=True, kw_only=True)
class Method:
    """A verification method that was found.

    Attributes:
        controllers: who vouches for it.
        standing: ``asserting``, or ``retired``: still published, under no relation any more.
        expires_at, revoked_at: from when on it verifies nothing.
    """

    name: str
    key: PublicKey
    controllers: frozenset[str]
    standing: str = ASSERTING
    expires_at: datetime | None = None
    revoked_at: datetime | None = None

    def require_usable(self, at: datetime) -> None:
        """Refuse a key that its owner has ended.

        Raises:
            CredentialError: ``key.expired`` or ``key.revoked``.
        """
        if self.revoked_at is not None and self.revoked_at <= at:
            raise CredentialError("key.revoked", f"{self.name} was revoked by its owner")
        if self.expires_at is not None and self.expires_at <= at:
            raise CredentialError("key.expired", f"{self.name} has expired")


def method_of(
    name: object,
    documents: Sequence[Mapping[str, Any]],
    *,
    purpose: str = "assertionMethod",
) -> Method:
    """Find the key a proof names.

    Args:
        documents: DID documents and the like that are at hand.
        purpose: the relation it has to stand in.

    Raises:
        CredentialError: ``key.method_missing``, ``key.unknown`` (nothing at hand holds it),
            ``key.wrong_controller``, ``key.wrong_purpose`` or a code of reading the key.
    """
    if not isinstance(name, str) or not name:
        raise CredentialError("key.method_missing", "the proof names no verification method")
    owner, _, fragment = name.partition("#")
    vouching = frozenset(
        str(document["id"])
        for document in documents
        if isinstance(document.get("id"), str) and name in _named(document, purpose)
    )
    for document in documents:
        if document.get("id") in (owner, *vouching):
            found = _method_in(document, name, purpose)
            if found is not None:
                return found
    if owner.startswith("did:key:"):
        if fragment and owner != f"did:key:{fragment}":
            raise CredentialError("key.unknown", "a did:key names itself in its fragment")
        key = from_multikey(owner.removeprefix("did:key:"))
        return Method(name=name, key=key, controllers=vouching | {owner})
    if owner.startswith("did:jwk:"):
        return Method(name=name, key=_of_did_jwk(owner), controllers=vouching | {owner})
    raise CredentialError("key.unknown", f"no document at hand holds the key {name}")


def methods_of(issuer: str, documents: Sequence[Mapping[str, Any]]) -> Iterator[Method]:
    """All keys an issuer's identifier vouches for, for proofs that name none."""
    if issuer.startswith(("did:key:", "did:jwk:")):
        yield method_of(issuer, documents)
    for document in documents:
        if document.get("id") == issuer:
            for method in _listed(document):
                name = _absolute(method.get("id"), issuer)
                if isinstance(name, str):
                    yield method_of(name, documents)


def _method_in(document: Mapping[str, Any], wanted: str, purpose: str) -> Method | None:
    owner = str(document["id"])
    for method in _listed(document):
        if _absolute(method.get("id"), owner) != wanted:
            continue
        if method.get("controller", owner) != owner:
            raise CredentialError(
                "key.wrong_controller", f"{wanted} is controlled by somebody else"
            )
        return Method(
            name=wanted,
            key=_key_of(method),
            controllers=frozenset({owner}),
            standing=_standing(document, wanted, purpose),
            expires_at=_instant(method, "expires"),
            revoked_at=_instant(method, "revoked"),
        )
    return None


def _standing(document: Mapping[str, Any], name: str, purpose: str) -> str:
    if name in _named(document, purpose):
        return ASSERTING
    if any(name in _named(document, relation) for relation in _RELATIONS):
        raise CredentialError("key.wrong_purpose", f"{name} is not for {purpose}")
    return RETIRED


def _named(document: Mapping[str, Any], relation: str) -> set[object]:
    """Names of the methods that stand in a relation, whether referred to or written there."""
    found = document.get(relation, [])
    listed = found if isinstance(found, list) else [found]
    names = [one.get("id") if isinstance(one, Mapping) else one for one in listed]
    return {_absolute(name, document.get("id")) for name in names if isinstance(name, str)}


def _listed(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    groups = [document.get(name, []) for name in ("verificationMethod", *_RELATIONS)]
    return [
        method
        for group in groups
        for method in (group if isinstance(group, list) else [group])
        if isinstance(method, Mapping)
    ]


def _key_of(method: Mapping[str, Any]) -> PublicKey:
    if "publicKeyMultibase" in method:
        return from_multikey(method["publicKeyMultibase"])
    if "publicKeyJwk" in method:
        return from_jwk(method["publicKeyJwk"])
    raise CredentialError("key.unsupported", f"{method.get('id')} holds no Multikey and no JWK")


def _of_did_jwk(owner: str) -> PublicKey:
    try:
        return from_jwk(json.loads(from_base64url(owner.removeprefix("did:jwk:"))))
    except ValueError as problem:
        if isinstance(problem, CredentialError):
            raise
        raise CredentialError("key.malformed", "this did:jwk holds no JWK") from None


def _instant(method: Mapping[str, Any], name: str) -> datetime | None:
    if name not in method:
        return None
    found = instant_of(method[name], zone_needed=False)
    if found is None:
        raise CredentialError("key.malformed", f"{name} of a key is no date and time")
    return found


def _absolute(method_id: object, owner: object) -> object:
    if isinstance(method_id, str) and method_id.startswith("#"):
        return f"{owner}{method_id}"
    return method_id
