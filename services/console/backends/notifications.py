"""What the console asks of notifications: the local mail sink, where there is one."""

from __future__ import annotations

from typing import Any

from chassis.access import Actor
from chassis.http.client import ServiceClient


class Notifications:
    """Mails the platform sent to its own sink, and how its messages stand."""

    def __init__(self, client: ServiceClient) -> None:
        self._client = client

    def mails(self, actor: Actor, *, cursor: str | None) -> dict[str, Any]:
        """One page of mails, the newest first."""
        query = {"cursor": cursor, "limit": 50}
        found: dict[str, Any] = self._client.get("/sink/mails", actor=actor, query=query).body
        return found

    def mail(self, mail_id: str, actor: Actor) -> dict[str, Any]:
        """One mail with its parts."""
        found: dict[str, Any] = self._client.get(f"/sink/mails/{mail_id}", actor=actor).body
        return found

    def counts(self, cohort_id: str, actor: Actor) -> dict[str, int]:
        """Messages of a cohort by status."""
        reply = self._client.get("/messages/counts", actor=actor, query={"cohort_id": cohort_id})
        counts: dict[str, int] = reply.body["by_status"]
        return counts
