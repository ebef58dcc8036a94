"""What the console asks of scheduling."""

from __future__ import annotations

from typing import Any

from chassis.access import Actor
from chassis.http.client import ServiceClient
from services.console.backends.lists import all_items

Item = dict[str, Any]


class Scheduling:
    """Timetables, sessions, calendars, work plans."""

    def __init__(self, client: ServiceClient) -> None:
        self._client = client

    def sessions(self, cohort_id: str, actor: Actor) -> list[Item]:
        """Released sessions of a cohort, the earliest first."""
        found = all_items(self._client, "/sessions", actor, {"cohort_id": cohort_id})
        return sorted(found, key=lambda session: str(session["starts_at"]))

    def sessions_for_members(self, cohort_id: str) -> list[Item]:
        """The same for somebody of the cohort, who may not list sessions themselves.

        Asked as the console: whoever calls this has made sure that the person belongs to the
        cohort. Sessions say nothing about people.
        """
        found = all_items(self._client, "/sessions", None, {"cohort_id": cohort_id})
        return sorted(found, key=lambda session: str(session["starts_at"]))

    def calendar(self, participant_id: str, language_code: str, actor: Actor) -> bytes:
        """The sessions of one participant as iCalendar."""
        path = f"/participants/{participant_id}/calendar.ics"
        content: bytes = self._client.get(path, actor=actor, query={"language": language_code}).body
        return content

    def work_plans(self, actor: Actor) -> list[Item]:
        """Annual activity plans."""
        return all_items(self._client, "/work-plans", actor)

    def work_plan(self, workplan_id: str, actor: Actor) -> Item:
        """One plan with its rows."""
        found: Item = self._client.get(f"/work-plans/{workplan_id}", actor=actor).body
        return found
