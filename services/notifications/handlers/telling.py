"""How a heard event becomes a message to one person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from chassis.access import Actor, service_actor
from chassis.aggregate import Handle
from contracts.event import Event
from services.notifications.domain.commands import PlanMessage

ACTOR: Actor = service_actor("notifications")

Cause = Callable[[], str]
"""Id of the event being heard."""


def tell(
    event: Event,
    type_code: str,
    *,
    params: dict[str, str],
    handle: Handle,
    cause: Cause,
    subject_id: str | None = None,
    expires_at: datetime | None = None,
) -> None:
    """Plan one message about what an event says, to its subject or another one."""
    marks = vars(event)
    handle(
        PlanMessage(
            actor=ACTOR,
            type_code=type_code,
            subject_id=subject_id or marks["subject_id"],
            country_code=marks["country_code"],
            cohort_id=marks.get("cohort_id"),
            caused_by_event_id=cause(),
            params=params,
            expires_at=expires_at,
        )
    )
