"""Reads: for the API, and to find a person in what is kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chassis.access import EVERYTHING, Scope
from chassis.mongo.reading import Page, count, read_all, read_one, read_page
from services.notifications.domain.message import Status
from services.notifications.domain.message_types import MESSAGE_TYPES
from services.notifications.storage.documents import CohortDocument, MessageDocument


class MessageQueries:
    """Messages as the API shows them."""

    def page(self, *, scope: Scope, where: dict[str, Any], after: str | None, limit: int) -> Page:
        """Some messages in id order."""
        return read_page(MessageDocument, scope=scope, where=where, after=after, limit=limit)

    def one(self, message_id: str, *, scope: Scope) -> dict[str, Any] | None:
        """One message, or ``None``."""
        return read_one(MessageDocument, message_id, scope=scope)

    def counts(self, *, scope: Scope, where: dict[str, Any]) -> dict[str, dict[str, int]]:
        """How many by status and by type."""
        return {
            "by_status": {
                status.value: self._count(scope, {**where, "status": status.value})
                for status in Status
            },
            "by_type": {
                code: self._count(scope, {**where, "type_code": code}) for code in MESSAGE_TYPES
            },
        }

    def _count(self, scope: Scope, where: dict[str, Any]) -> int:
        return count(MessageDocument, scope=scope, where=where)


class MongoFindings:
    """Where a person is found (``domain.ports.Findings``)."""

    def cohort_ids_of(self, subject_id: str) -> Sequence[str]:
        """Cohorts the person is a member of."""
        return _ids(
            read_all(CohortDocument, scope=EVERYTHING, where={"members.subject_id": subject_id})
        )

    def open_message_ids_of(self, subject_id: str) -> Sequence[str]:
        """Messages to the person that are not settled."""
        where = {
            "subject_id": subject_id,
            "status": {"$in": [Status.PLANNED.value, Status.SENDING.value]},
        }
        return _ids(read_all(MessageDocument, scope=EVERYTHING, where=where))


def _ids(rows: list[dict[str, Any]]) -> list[str]:
    return [row["id"] for row in rows]
