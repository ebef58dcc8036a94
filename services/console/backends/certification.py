"""What the console asks of certification."""

from __future__ import annotations

from base64 import b64encode
from typing import Any
from urllib.parse import quote

from chassis.access import PUBLIC_ACTOR, Actor
from chassis.http.client import ServiceClient
from services.console.backends.lists import all_items

Item = dict[str, Any]


class Certification:
    """Certificates: one's own, a cohort's counts, and the public check."""

    def __init__(self, client: ServiceClient) -> None:
        self._client = client

    def verify(self, check_code: str) -> Item:
        """Every fact a certificate shows, for whoever has its code."""
        path = f"/verify/{quote(check_code, safe='')}"
        found: Item = self._client.get(path, actor=PUBLIC_ACTOR).body
        return found

    def credential(self, check_code: str) -> bytes:
        """The signed credential, for whoever has the certificate's code."""
        path = f"/verify/{quote(check_code, safe='')}/credential?renewed=yes"
        content: bytes = self._client.get(path, actor=PUBLIC_ACTOR).body
        return content

    def compare(self, content: bytes) -> Item:
        """A file beside the certificate that was issued, for whoever was shown it."""
        body = {"content": b64encode(content).decode("ascii")}
        found: Item = self._client.post("/verify/comparison", body, actor=PUBLIC_ACTOR).body
        return found

    def verified_document(self, check_code: str) -> bytes:
        """The certificate as it was printed, for whoever has its code."""
        path = f"/verify/{quote(check_code, safe='')}/document"
        content: bytes = self._client.get(path, actor=PUBLIC_ACTOR).body
        return content

    def did_document(self) -> Item:
        """The issuer's public keys."""
        found: Item = self._client.get("/.well-known/did.json", actor=PUBLIC_ACTOR).body
        return found

    def status_list(self, list_number: int, purpose: str) -> Item:
        """A signed status list."""
        path = f"/status-lists/{list_number}/{quote(purpose, safe='')}"
        found: Item = self._client.get(path, actor=PUBLIC_ACTOR).body
        return found

    def own_certificates(self, actor: Actor) -> list[Item]:
        """Certificates of the signed-in person, the newest first."""
        found = all_items(self._client, "/certificates", actor)
        return sorted(found, key=lambda each: str(each["issued_at"]), reverse=True)

    def summary(self, cohort_id: str, actor: Actor) -> Item:
        """Awards and certificates of a cohort, counted by status."""
        found: Item = self._client.get(f"/cohorts/{cohort_id}/summary", actor=actor).body
        return found
