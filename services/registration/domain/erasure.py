"""How a person is forgotten by the whole platform, and how that is proved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chassis.aggregate import Aggregate
from contracts.registration import SubjectErased, SubjectErasureRequested

OTHER_SERVICES = frozenset(
    {"selection", "scheduling", "certification", "notifications", "partners"}
)
"""Services that hold something of a person and give a receipt when it is gone."""


class ErasureStatus(StrEnum):
    """Where an erasure stands."""

    REQUESTED = "requested"
    ERASED = "erased"


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """A service's word that it holds nothing more.

    Attributes:
        removed_count: how many of its records were emptied or removed.
    """

    service: str
    removed_count: int
    received_at: datetime


@dataclass(kw_only=True)
class Erasure(Aggregate):
    """The forgetting of one person; stays for ever, so that no replay brings the person back.

    Rules
      R1  a person is forgotten once: the id is the person's
      R2  a service's receipt counts once
      R3  the person is erased when our own data are gone and every other service gave its receipt

    Attributes:
        own_removed_count: records of this service; ``None`` until they are gone.
    """

    subject_id: str
    country_code: str
    requested_by: str
    receipts: tuple[Receipt, ...] = ()
    own_removed_count: int | None = None
    status: ErasureStatus = ErasureStatus.REQUESTED
    requested_at: datetime
    erased_at: datetime | None = None

    @classmethod
    def request(
        cls, *, subject_id: str, country_code: str, requested_by: str, now: datetime
    ) -> Erasure:
        """Begin; records ``SubjectErasureRequested`` (R1)."""
        erasure = cls(
            subject_id=subject_id,
            country_code=country_code,
            requested_by=requested_by,
            requested_at=now,
        )
        erasure.record(
            SubjectErasureRequested(
                subject_id=subject_id, country_code=country_code, requested_at=now
            )
        )
        return erasure

    def confirm_own(self, *, removed_count: int, now: datetime) -> None:
        """Note that this service's data are gone (R3). Repeating changes nothing."""
        if self.own_removed_count is None:
            self.own_removed_count = removed_count
            self._complete_when_all_are_done(now)

    def take_receipt(self, *, service: str, removed_count: int, now: datetime) -> None:
        """Note a service's word (R2, R3). Repeating changes nothing."""
        if service in self.confirmed_services:
            return
        receipt = Receipt(service=service, removed_count=removed_count, received_at=now)
        self.receipts = (*self.receipts, receipt)
        self._complete_when_all_are_done(now)

    @property
    def confirmed_services(self) -> frozenset[str]:
        """Services whose receipt is here."""
        return frozenset(receipt.service for receipt in self.receipts)

    @property
    def awaited_services(self) -> frozenset[str]:
        """Services whose receipt is not here yet."""
        return OTHER_SERVICES - self.confirmed_services

    def _complete_when_all_are_done(self, now: datetime) -> None:
        if self.awaited_services or self.own_removed_count is None:
            return
        self.status = ErasureStatus.ERASED
        self.erased_at = now
        self.record(
            SubjectErased(
                subject_id=self.subject_id,
                country_code=self.country_code,
                receipt_count=len(self.receipts),
                erased_at=now,
            )
        )
