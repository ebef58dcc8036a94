"""Repair of gaps: missing events come from the producer's own record."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from chassis.http.client import ServiceClient


class Repair:
    """Fetches events of one aggregate from the outbox of the service that announced them."""

    def __init__(self, client: Callable[[str], ServiceClient]) -> None:
        self._client = client
        self._clients: dict[str, ServiceClient] = {}

    def __call__(self, topic: str, aggregate_id: str, after: int) -> Sequence[bytes]:
        service = topic.split(".")[1]
        if service not in self._clients:
            self._clients[service] = self._client(service)
        reply = self._clients[service].get(
            f"/feed/{topic}/{aggregate_id}", query={"after": after, "limit": 200}
        )
        return [event.encode() for event in reply.body["events"]]
