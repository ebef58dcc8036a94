"""How a person can be reached, sealed for the service that writes to people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chassis.aggregate import Aggregate
from contracts.registration import ContactErased, ContactSealed


@dataclass(kw_only=True)
class Contact(Aggregate):
    """What notifications may know of a person: name, address and language, under their key.

    Rules
      R1  what is announced is sealed; the newest replaces all before
      R2  once erased it is never sealed again

    Attributes:
        subject_id: also the id of the contact: a person has one.
        subject_version: of the vault's entry it was made from.
    """

    subject_id: str
    country_code: str
    subject_version: int
    erased: bool = False

    @classmethod
    def of(cls, *, subject_id: str, country_code: str) -> Contact:
        """A contact nothing was announced of yet."""
        return cls(subject_id=subject_id, country_code=country_code, subject_version=0)

    def seal(self, *, language_code: str, key_id: str, sealed: str, subject_version: int) -> None:
        """Announce how the person can be reached; records ``ContactSealed`` (R1, R2).

        A version announced before, or an erased person, changes nothing: what asks for it is
        repeated, and an erasure may overtake it.
        """
        if self.erased or subject_version <= self.subject_version:
            return
        self.subject_version = subject_version
        self.record(
            ContactSealed(
                subject_id=self.subject_id,
                country_code=self.country_code,
                language_code=language_code,
                key_id=key_id,
                sealed=sealed,
            )
        )

    def erase(self, *, now: datetime) -> None:
        """Have it forgotten; records ``ContactErased`` once (R2)."""
        if self.erased:
            return
        self.erased = True
        self.record(
            ContactErased(subject_id=self.subject_id, country_code=self.country_code, erased_at=now)
        )
