"""Credentials proved anew by the key that signs now, for verifiers that believe no other.

The stored credential is never changed. What it says is signed again as it stands, so that a
download is accepted for ever by those who look for the signer under ``assertionMethod`` only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cachetools import LRUCache

from chassis.clock import Clock
from services.certification.domain.credentials.keys import SigningKey
from services.certification.domain.credentials.proofs import JCS, RDFC, add_proof, proofs_of
from services.certification.domain.credentials.rdf import ClosedLoader
from services.certification.domain.ports import KeySource

_REMEMBERED = 10_000


@dataclass(frozen=True)
class _Renewed:
    credential: Mapping[str, Any]
    method: str
    proved: Mapping[str, Any]


@dataclass(kw_only=True)
class Renewals:
    """Signs again what older keys signed; each credential once a key."""

    keys: KeySource
    clock: Clock
    _loader: ClosedLoader = field(default_factory=ClosedLoader)
    _kept: LRUCache[str, _Renewed] = field(default_factory=lambda: LRUCache(maxsize=_REMEMBERED))

    def of(self, credential: Mapping[str, Any]) -> Mapping[str, Any]:
        """The credential with both proofs by the current key; as it is when it has them."""
        key = self.keys.ring().current
        name = key.verification_method
        if all(proof["verificationMethod"] == name for proof in proofs_of(credential)):
            return credential
        kept = self._kept.get(str(credential["id"]))
        if kept is None or kept.method != name or kept.credential != credential:
            kept = _Renewed(credential, name, self._proved(credential, key))
            self._kept[str(credential["id"])] = kept
        return kept.proved

    def _proved(self, credential: Mapping[str, Any], key: SigningKey) -> dict[str, Any]:
        proved = {member: value for member, value in credential.items() if member != "proof"}
        now = self.clock()
        for suite in (RDFC, JCS):
            proved = add_proof(
                proved, key=key, created_at=now, cryptosuite=suite, loader=self._loader
            )
        return proved
