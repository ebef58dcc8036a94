"""What the console asks of selection."""

from __future__ import annotations

from typing import Any

from chassis.access import Actor
from chassis.http.client import ServiceClient
from services.console.backends.lists import all_items


class Selection:
    """Where people stand, and their offers."""

    def __init__(self, client: ServiceClient) -> None:
        self._client = client

    def funnel(self, cohort_id: str, actor: Actor) -> dict[str, int]:
        """People of a cohort at each stage."""
        reply = self._client.get("/funnel", actor=actor, query={"cohort_id": cohort_id})
        counts: dict[str, int] = reply.body["counts"]
        return counts

    def own_offers(self, actor: Actor) -> list[dict[str, Any]]:
        """Offers to the signed-in person."""
        return all_items(self._client, "/offers", actor)

    def own_places(self, actor: Actor) -> list[dict[str, Any]]:
        """Their places on waiting lists."""
        return all_items(self._client, "/places", actor)

    def offer(self, offer_id: str, actor: Actor) -> dict[str, Any]:
        """One offer."""
        found: dict[str, Any] = self._client.get(f"/offers/{offer_id}", actor=actor).body
        return found

    def accept(self, offer_id: str, *, actor: Actor, key: str) -> None:
        """Take the place."""
        self._client.post(f"/offers/{offer_id}/acceptance", actor=actor, key=key)

    def decline(self, offer_id: str, *, actor: Actor, key: str) -> None:
        """Leave the place to others."""
        self._client.post(f"/offers/{offer_id}/refusal", actor=actor, key=key)
