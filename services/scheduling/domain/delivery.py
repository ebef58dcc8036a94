"""How people meet."""

from __future__ import annotations

from enum import StrEnum


class Delivery(StrEnum):
    """How a training is given."""

    ONSITE = "onsite"
    ONLINE = "online"
    HYBRID = "hybrid"
    VISIT = "visit"

    @property
    def needs_room(self) -> bool:
        """Onsite and hybrid trainings take a room of ours; a visit is a guest elsewhere."""
        return self in (Delivery.ONSITE, Delivery.HYBRID)
