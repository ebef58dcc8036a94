"""Answers to commands with an ``Idempotency-Key`` (``chassis.http.idempotency``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chassis.clock import wall_now
from chassis.http.idempotency import StoredAnswer
from chassis.mongo.documents import AnswerRow, as_stored
from chassis.mongo.unit_of_work import current_transaction


class MongoAnswers:
    """Stores an answer in the transaction of its command: both are there, or neither."""

    def find(self, command_id: str) -> StoredAnswer | None:
        """The answer given before, or ``None``."""
        row = _rows().find_one({"_id": command_id})
        if row is None:
            return None
        return StoredAnswer(
            fingerprint=row["fingerprint"],
            status=row["status"],
            headers=row.get("headers", {}),
            body=row.get("body"),
        )

    def put(
        self,
        command_id: str,
        fingerprint: str,
        status: int,
        headers: Mapping[str, str],
        body: str | None,
    ) -> None:
        """Remember it for seven days."""
        row = {
            "id": command_id,
            "fingerprint": fingerprint,
            "status": status,
            "headers": dict(headers),
            "body": body,
            "created_at": wall_now(),
        }
        _rows().insert_one(as_stored(AnswerRow, row))
        current_transaction().proofs.append(
            lambda: _rows().find_one({"_id": command_id}) is not None
        )


def _rows() -> Any:
    return AnswerRow._get_collection()
