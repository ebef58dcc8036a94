"""What the console asks of registration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from chassis.access import PUBLIC_ACTOR, Actor
from chassis.http.client import ServiceClient
from services.console.backends.lists import all_items

Item = dict[str, Any]


class Registration:
    """Calls, applications, nominations, cohorts and people."""

    def __init__(self, client: ServiceClient) -> None:
        self._client = client

    def calls(self, actor: Actor) -> list[Item]:
        """Calls that are public."""
        return all_items(self._client, "/public/calls", actor)

    def call(self, call_id: str, actor: Actor) -> Item:
        """One call with its form."""
        return self._one(f"/public/calls/{call_id}", actor)

    def cohorts(self, actor: Actor) -> list[Item]:
        """Cohorts within the actor's sight."""
        return all_items(self._client, "/cohorts", actor)

    def cohort(self, cohort_id: str, actor: Actor) -> Item:
        """One cohort."""
        return self._one(f"/cohorts/{cohort_id}", actor)

    def funnel(self, cohort_id: str, actor: Actor) -> dict[str, int]:
        """Applications, nominations and participants of a cohort by status."""
        reply = self._client.get("/funnel", actor=actor, query={"cohort_id": cohort_id})
        counts: dict[str, int] = reply.body["counts"]
        return counts

    def register_person(self, person: Mapping[str, Any], *, key: str) -> None:
        """Take in somebody who has not been here before."""
        self._client.post("/subjects", dict(person), actor=PUBLIC_ACTOR, key=key)

    def request_link(self, mail: str) -> None:
        """Have a link mailed, if anybody is known by the address."""
        self._client.post("/signins", {"email": mail}, actor=PUBLIC_ACTOR)

    def own_applications(self, actor: Actor) -> list[Item]:
        """The signed-in person's applications."""
        return all_items(self._client, "/applications", actor)

    def own_application(self, call_id: str, actor: Actor) -> Item | None:
        """The signed-in person's application to a call, its answers opened, and its ``etag``."""
        for application in self.own_applications(actor):
            if application["call_id"] == call_id:
                return self.application(application["id"], actor)
        return None

    def application(self, application_id: str, actor: Actor) -> Item:
        """One application with its answers."""
        return self._one(f"/applications/{application_id}", actor)

    def start(
        self,
        call_id: str,
        *,
        preferences: Sequence[str],
        answers: Mapping[str, Any],
        actor: Actor,
        key: str,
    ) -> None:
        """Begin a draft."""
        body = {"call_id": call_id, "preferences": list(preferences), "answers": dict(answers)}
        self._client.post("/applications", body, actor=actor, key=key)

    def save(
        self,
        application: Item,
        *,
        preferences: Sequence[str],
        answers: Mapping[str, Any],
        actor: Actor,
    ) -> None:
        """Keep a draft, or replace what was sent."""
        body = {"preferences": list(preferences), "answers": dict(answers)}
        path = f"/applications/{application['id']}"
        is_draft = application["status"] == "draft"
        self._client.send(
            "PUT" if is_draft else "POST",
            f"{path}/draft" if is_draft else f"{path}/amendment",
            body=body,
            actor=actor,
            if_match=application["etag"],
        )

    def submit(self, application: Item, *, actor: Actor, key: str) -> None:
        """Send a draft."""
        self._client.post(f"/applications/{application['id']}/submission", actor=actor, key=key)

    def withdraw(self, application_id: str, *, actor: Actor, key: str) -> None:
        """Take an application back."""
        self._client.post(f"/applications/{application_id}/withdrawal", actor=actor, key=key)

    def participations(self, actor: Actor) -> list[Item]:
        """The signed-in person's places in cohorts."""
        return all_items(self._client, "/participants", actor)

    def focal_points(self, actor: Actor) -> list[Item]:
        """What the signed-in focal point may name people for."""
        return all_items(self._client, "/focal-points", actor)

    def focal_point(self, focal_point_id: str, actor: Actor) -> Item:
        """One of them."""
        return self._one(f"/focal-points/{focal_point_id}", actor)

    def nominations(self, focal_point_id: str, actor: Actor) -> list[Item]:
        """People named so far."""
        query = {"focal_point_id": focal_point_id}
        found = all_items(self._client, "/nominations", actor, query)
        return sorted(found, key=lambda each: (each["place_no"], str(each["nominated_at"])))

    def nomination(self, nomination_id: str, actor: Actor) -> Item:
        """One nomination."""
        return self._one(f"/nominations/{nomination_id}", actor)

    def nominate(
        self, focal_point_id: str, person: Mapping[str, Any], *, actor: Actor, key: str
    ) -> None:
        """Name a person for the next free place."""
        body = {"focal_point_id": focal_point_id, "person": dict(person)}
        self._client.post("/nominations", body, actor=actor, key=key)

    def confirm_nomination(self, nomination_id: str, *, actor: Actor, key: str) -> None:
        """Make a nomination firm."""
        self._client.post(f"/nominations/{nomination_id}/confirmation", actor=actor, key=key)

    def replace_nominee(
        self, nomination_id: str, person: Mapping[str, Any], *, actor: Actor, key: str
    ) -> None:
        """Name another person for the same place."""
        path = f"/nominations/{nomination_id}/replacement"
        self._client.post(path, {"person": dict(person)}, actor=actor, key=key)

    def _one(self, path: str, actor: Actor) -> Item:
        reply = self._client.get(path, actor=actor)
        return {**reply.body, "etag": reply.etag}
