"""The PDFs, as they were made."""

from __future__ import annotations

from typing import Any

from chassis.mongo.reading import reading
from services.certification.storage.documents import PaperDocument


class Papers:
    """Documents by certificate (``domain.ports.DocumentShelf``)."""

    def put(self, certificate_id: str, document: bytes) -> None:
        """Keep one, in the transaction around us."""
        _papers().replace_one(
            {"_id": certificate_id}, {"_id": certificate_id, "document": document}, upsert=True
        )

    def get(self, certificate_id: str) -> bytes | None:
        """One of them, or ``None``."""
        with reading():
            found = _papers().find_one({"_id": certificate_id})
        return None if found is None else bytes(found["document"])

    def remove(self, certificate_id: str) -> None:
        """Destroy one; nothing happens when there is none."""
        _papers().delete_one({"_id": certificate_id})


def _papers() -> Any:
    return PaperDocument._get_collection()
