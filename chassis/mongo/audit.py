"""Who did what to the running of the platform; only ever added to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from chassis.clock import wall_now
from chassis.ids import new_id
from chassis.mongo.documents import AuditRow, as_stored
from chassis.mongo.reading import reading


def note(
    *,
    actor_id: str,
    action: str,
    target: str,
    at: datetime,
    reason: str | None = None,
    details: Sequence[str] = (),
) -> None:
    """Add one entry; inside a unit of work it is stored with what it speaks of."""
    row = {
        "id": new_id(),
        "actor_id": actor_id,
        "action": action,
        "target": target,
        "reason": reason,
        "details": list(details),
        "at": at,
    }
    _rows().insert_one(as_stored(AuditRow, row))


class MongoAudit:
    """The audit as handlers add to it (``chassis.ports.Audit``)."""

    def note(self, *, actor_id: str, action: str, target: str, details: Sequence[str]) -> None:
        """Add one entry, in the transaction around us."""
        note(actor_id=actor_id, action=action, target=target, at=wall_now(), details=details)


def latest(*, limit: int = 100) -> list[dict[str, Any]]:
    """The newest entries first."""
    with reading():
        return list(_rows().find().sort("_id", -1).limit(limit))


def _rows() -> Any:
    return AuditRow._get_collection()
