"""The platform's audit as certification adds to it (``domain.ports.Audit``)."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.clock import wall_now
from chassis.mongo import audit


class MongoAudit:
    """Adds entries; what is there is never changed."""

    def note(self, *, actor_id: str, action: str, target: str, details: Sequence[str]) -> None:
        """Add one entry, in the transaction around us."""
        audit.note(actor_id=actor_id, action=action, target=target, at=wall_now(), details=details)
