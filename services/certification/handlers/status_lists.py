"""Status lists as they are published: made of what is stored now, signed, kept while it holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from chassis.clock import Clock
from chassis.errors import NotFound
from services.certification.domain.credentials.proofs import JCS, RDFC, add_proof
from services.certification.domain.credentials.rdf import ClosedLoader
from services.certification.domain.credentials.status_list import PURPOSES, list_credential
from services.certification.domain.credentials.status_slots import list_url
from services.certification.domain.ports import KeySource, StatusSlots

LIFETIME = timedelta(days=7)
"""How long a saved list may be believed (ours)."""

TTL = timedelta(minutes=5)
"""How long a list may be kept without asking again (ours)."""

_RENEWED_AFTER = timedelta(hours=6)


@dataclass(frozen=True, kw_only=True)
class Published:
    """A list as it goes out.

    Attributes:
        told: the same as long as the same bits are told by the same key.
    """

    credential: Mapping[str, Any]
    told: str
    made_at: datetime

    @property
    def tag(self) -> str:
        """Changes with what is told, and when the list is renewed before it ends."""
        return f"{self.told}-{int(self.made_at.timestamp()) // _RENEWED_AFTER.seconds}"


@dataclass(kw_only=True)
class StatusLists:
    """Makes and keeps the signed lists of this process."""

    slots: StatusSlots
    keys: KeySource
    clock: Clock
    address: str
    _loader: ClosedLoader = field(default_factory=ClosedLoader)
    _kept: dict[tuple[int, str], Published] = field(default_factory=dict)

    def published(self, list_number: int, purpose: str) -> Published:
        """The list as it is now.

        Raises:
            NotFound: ``status_list.not_found``.
        """
        if purpose not in PURPOSES or not 1 <= list_number <= self.slots.list_count():
            raise NotFound("status_list.not_found", "there is no such status list")
        indices = self.slots.set_indices(list_number, purpose)
        now, ring = self.clock(), self.keys.ring()
        told = _told(indices, ring.current.verification_method)
        kept = self._kept.get((list_number, purpose))
        if kept is None or kept.told != told or now - kept.made_at > _RENEWED_AFTER:
            listed = list_credential(
                url=list_url(self.address, list_number, purpose),
                purpose=purpose,
                indices=indices,
                issuer_did=ring.issuer_did,
                made_at=now,
                lifetime=LIFETIME,
                ttl=TTL,
            )
            for suite in (RDFC, JCS):
                listed = add_proof(
                    listed,
                    key=ring.current,
                    created_at=now,
                    cryptosuite=suite,
                    loader=self._loader,
                )
            kept = Published(credential=listed, told=told, made_at=now)
            self._kept[list_number, purpose] = kept
        return kept


def _told(indices: Sequence[int], method: str) -> str:
    text = ",".join(map(str, indices))
    return sha256(f"{method} {text}".encode()).hexdigest()[:32]
