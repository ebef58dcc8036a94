"""How a person can be reached, as received: sealed."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.aggregate import Aggregate


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """An opened contact: exists only while one message is made and sent."""

    name: str
    email: str
    language_code: str


@dataclass(kw_only=True)
class Contact(Aggregate):
    """One person's sealed contact data.

    Rules
      R1  what arrives for a forgotten person is not kept, however late it comes

    Attributes:
        sealed: ciphertext under the person's own key, which only registration has; ``None`` when
            the person is forgotten.
    """

    subject_id: str
    country_code: str
    language_code: str | None = None
    key_id: str | None = None
    sealed: str | None = None
    is_forgotten: bool = False

    def keep(self, *, language_code: str, key_id: str, sealed: str) -> None:
        """Take the newest data (R1)."""
        if not self.is_forgotten:
            self.language_code, self.key_id, self.sealed = language_code, key_id, sealed

    def forget(self) -> bool:
        """Remove all but the mark that the person is forgotten; whether there was something."""
        had_data = self.sealed is not None
        self.language_code = self.key_id = self.sealed = None
        self.is_forgotten = True
        return had_data
