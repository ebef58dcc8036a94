"""Partners' keys (``domain.ports.Keys``): all hang on one master key, in a file."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from chassis.sealing import MasterKey


class PartnerKeys:
    """The file is made when a key is first needed; it lies apart from the database."""

    def __init__(self, file: Path) -> None:
        self._file = file

    @cached_property
    def _master(self) -> MasterKey:
        return MasterKey.in_file(self._file)

    def person_key(self, partner_code: str) -> bytes:
        """The partner's own key for ids of people; the same for ever."""
        return bytes.fromhex(self._master.keyed_hash(f"partner|{partner_code}"))

    def seal(self, secret: bytes, subscription_id: str) -> str:
        """A webhook secret as it may be stored."""
        return self._master.wrap(secret, subject_id=_bound_to(subscription_id))

    def open(self, sealed: str, subscription_id: str) -> bytes:
        """The webhook secret; raises ``SealBroken`` when it is another subscription's."""
        return self._master.unwrap(sealed, subject_id=_bound_to(subscription_id))


def _bound_to(subscription_id: str) -> str:
    return f"webhook|{subscription_id}"
