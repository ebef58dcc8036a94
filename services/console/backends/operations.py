"""What every service tells its operators: ``/ops/*`` of ``chassis.http.ops``."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from typing import Any

from chassis.access import Actor
from chassis.errors import NotFound, RtcmError
from chassis.http.client import ServiceClient


@dataclass(frozen=True)
class Told:
    """What one service answered, or why it did not."""

    service: str
    answer: Any
    error: RtcmError | None = None


class Operations:
    """State, parked events, jobs and audit of all services."""

    def __init__(self, clients: Mapping[str, ServiceClient]) -> None:
        self._clients = clients

    @property
    def services(self) -> list[str]:
        """Names of the services, in the order of the story."""
        return list(self._clients)

    def flows(self, actor: Actor) -> list[Told]:
        """How the flow of each service stands."""
        return self._ask_all("/ops/flow", actor)

    def parked(self, actor: Actor) -> list[Told]:
        """Parked events of each service."""
        return self._ask_all("/ops/parked", actor)

    def failed_jobs(self, actor: Actor) -> list[Told]:
        """Jobs each service has given up."""
        return self._ask_all("/ops/jobs/failed", actor)

    def audits(self, actor: Actor) -> list[Told]:
        """Who did what to the running of each service."""
        return self._ask_all("/ops/audit", actor)

    def parked_one(self, service: str, parked_id: str, actor: Actor) -> dict[str, Any]:
        """One parked event with what was received."""
        reply = self._client(service).get(f"/ops/parked/{parked_id}", actor=actor)
        found: dict[str, Any] = reply.body
        return found

    def redrive(self, service: str, parked_id: str, actor: Actor) -> int:
        """Take it and those behind it, in order; returns how many were taken."""
        path = f"/ops/parked/{parked_id}/redrive"
        return int(self._client(service).post(path, actor=actor).body["taken"])

    def skip(self, service: str, parked_id: str, reason: str, actor: Actor) -> None:
        """Let it go without its effects; the reason stays on record."""
        path = f"/ops/parked/{parked_id}/skip"
        self._client(service).post(path, {"reason": reason}, actor=actor)

    def retry_job(self, service: str, kind: str, key: str, actor: Actor) -> None:
        """Try a failed job again."""
        self._client(service).post("/ops/jobs/retry", {"kind": kind, "key": key}, actor=actor)

    def _client(self, service: str) -> ServiceClient:
        if service not in self._clients:
            raise NotFound("service.not_found", f"there is no service {service}")
        return self._clients[service]

    def _ask_all(self, path: str, actor: Actor) -> list[Told]:
        """Ask all at once; one that is away holds nobody up."""
        with ThreadPoolExecutor(max_workers=len(self._clients)) as pool:
            asked = [
                pool.submit(copy_context().run, self._ask, service, path, actor)
                for service in self._clients
            ]
            return [each.result() for each in asked]

    def _ask(self, service: str, path: str, actor: Actor) -> Told:
        try:
            return Told(service, self._clients[service].get(path, actor=actor).body)
        except RtcmError as error:
            return Told(service, None, error)
