"""The keys of persons, and sealing under them (``domain.ports.Vault``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chassis import sealing
from chassis.ids import new_id
from chassis.mongo.documents import as_stored
from chassis.mongo.reading import reading
from chassis.sealing import MasterKey
from services.registration.domain.subject import subject_erased
from services.registration.storage.documents import SubjectKey


class MongoVault:
    """Keys lie in a collection of their own, wrapped under a master key that lies in a file.

    A backup of the database alone opens nothing, and one that still has a destroyed key opens
    nothing without the file.
    """

    def __init__(self, master: MasterKey) -> None:
        self._master = master

    def create_key(self, subject_id: str) -> None:
        """Make the person's key, in the transaction around us."""
        row = {
            "id": subject_id,
            "key_id": new_id(),
            "wrapped": self._master.wrap(sealing.new_key(), subject_id=subject_id),
        }
        _rows().insert_one(as_stored(SubjectKey, row))

    def destroy_key(self, subject_id: str) -> bool:
        """Destroy it, in the transaction around us."""
        return bool(_rows().delete_one({"_id": subject_id}).deleted_count)

    def key_id(self, subject_id: str) -> str:
        """The id of the person's key.

        Raises:
            NotFound: ``subject.erased``.
        """
        return str(self._row(subject_id)["key_id"])

    def key(self, subject_id: str) -> tuple[str, bytes]:
        """Id and bytes of the person's key; raises as ``key_id``."""
        row = self._row(subject_id)
        return row["key_id"], self._master.unwrap(row["wrapped"], subject_id=subject_id)

    def seal(self, subject_id: str, content: Mapping[str, Any], *, purpose: str) -> str:
        """JSON content as ciphertext in base64; raises as ``key_id``."""
        _, key = self.key(subject_id)
        return sealing.seal(key, content, purpose=purpose, subject_id=subject_id)

    def open(self, subject_id: str, sealed: str, *, purpose: str) -> dict[str, Any]:
        """The content that was sealed; raises as ``key_id``."""
        _, key = self.key(subject_id)
        return sealing.open_sealed(key, sealed, purpose=purpose, subject_id=subject_id)

    def _row(self, subject_id: str) -> dict[str, Any]:
        with reading():
            row: dict[str, Any] | None = _rows().find_one({"_id": subject_id})
        if row is None:
            raise subject_erased()
        return row


def _rows() -> Any:
    return SubjectKey._get_collection()
