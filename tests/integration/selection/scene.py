"""Selection whole, on a real database: its API, its intake, its timers and jobs."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from chassis.access import Actor
from chassis.codec import decode
from chassis.ids import new_id
from chassis.mongo.connection import Database
from chassis.mongo.documents import JobRow, OutboxRow
from chassis.mongo.jobs import claim
from chassis.running import Platform, api_app
from chassis.tokens import TokenIssuer, ensure_keys
from chassis.worker.jobber import JobLoop
from chassis.worker.timekeeper import TimerLoop
from contracts.event import Event
from contracts.registration import (
    ApplicationSubmitted,
    CallClosed,
    CallOpened,
    CohortAnnounced,
)
from services.selection.settings import SelectionSettings
from services.selection.wiring import build
from tests.builders.selection import (
    CALL,
    COHORT,
    DAY,
    GOOD_ANSWERS,
    NOON,
    a_cohort,
    a_document,
    application_id,
)
from tests.builders.selection_world import OPERATOR, a_person, a_reviewer

REVIEWERS = ("reviewer-1", "reviewer-2")
PANEL = ("panelist-1", "panelist-2")


def subject_id(number: int) -> str:
    """The person behind an application."""
    return f"00000000-0000-7000-9000-{number:012d}"


class Scene:
    """One service over one database."""

    def __init__(self, database: Database, folder: Path) -> None:
        ensure_keys(folder, ["selection", "cli"])
        settings = SelectionSettings(mode="test", keys_dir=folder)
        self.platform = Platform("selection", settings)
        self.platform.database = database
        self.now: datetime = NOON
        self.platform.clock = lambda: self.now
        self.parts = build(self.platform)
        self.http = api_app(self.platform, build).test_client()
        self._tokens = TokenIssuer("cli", folder)

    def hear(self, *events: Event) -> None:
        """Take events as the consumer does: each in a transaction."""
        for event in events:
            handler = self.parts.on_event[type(event)]
            self.platform.unit_of_work.run(
                lambda handler=handler, event=event: handler(event), command_id=new_id()
            )

    def settle(self) -> None:
        """Fire due timers and do waiting jobs, until nothing is left."""
        stop = threading.Event()
        common = {
            "unit_of_work": self.platform.unit_of_work,
            "wake": threading.Event(),
            "stop": stop,
        }
        timers = TimerLoop(handlers=self.parts.on_timer, clock=self.platform.clock, **common)
        jobs = JobLoop(handlers=self.parts.on_job, **common)
        timers.fire_due()
        while (job := claim(tuple(self.parts.on_job))) is not None:
            jobs._do(job)
        assert JobRow.objects(status__ne="done").count() == 0

    def ask(
        self, method: str, path: str, body: Any = None, *, actor: Actor = OPERATOR, **headers: str
    ) -> Any:
        """One request; the response."""
        token = self._tokens.for_actor(actor, audience="selection")
        sent = {"Authorization": f"Bearer {token}", **headers}
        return self.http.open(path, method=method, json=body, headers=sent)

    def ok(self, method: str, path: str, body: Any = None, *, actor: Actor = OPERATOR) -> Any:
        """One request that succeeds; the answer."""
        response = self.ask(method, path, body, actor=actor)
        assert response.status_code < 300, response.get_data(as_text=True)
        return response.get_json() if response.data else None

    def announced(self, event_class: type[Event]) -> list[Any]:
        """Events of a class in the outbox, in order."""
        where = {"event_type": event_class.event_type}
        rows = OutboxRow._get_collection().find(where).sort("ordinal", 1)
        return [decode(row["event_type"], json.loads(row["body"])["data"]) for row in rows]

    def open_call(self, **document: Any) -> str:
        """Cohort, rules, call and the bound lottery; id of the run."""
        cohort = a_cohort()
        self.hear(
            CohortAnnounced(
                cohort_id=COHORT,
                programme_id=new_id(),
                programme_code="migration-school",
                edition_code="ms-3",
                titles={"az": "Miqrasiya Məktəbi", "en": "Migration School"},
                country_code="AZ",
                country_codes=("AZ",),
                starts_on=cohort.starts_on,
                ends_on=cohort.ends_on,
                zone=cohort.zone,
                delivery="hybrid",
                language_code="az",
                seat_count=2,
                announced_at=NOON,
            )
        )
        self.ok("POST", "/rulesets", {"cohort_id": COHORT, "document": a_document(**document)})
        self.hear(
            CallOpened(
                call_id=CALL,
                cohort_ids=(COHORT,),
                country_code="AZ",
                routes=("open",),
                opens_at=NOON - DAY,
                closes_at=NOON + DAY,
                grace_minutes=10,
                preference_limit=5,
                opened_at=NOON - DAY,
            )
        )
        run = {"call_id": CALL, "public_value_name": "az-lottery-5"}
        return str(self.ok("POST", "/runs", run)["id"])

    def submit(self, number: int, answers: Any = GOOD_ANSWERS, *, country_code: str = "AZ") -> None:
        """One application."""
        self.hear(
            ApplicationSubmitted(
                application_id=application_id(number),
                call_id=CALL,
                cohort_id=COHORT,
                subject_id=subject_id(number),
                country_code=country_code,
                preferences=(COHORT,),
                answers=answers,
                language_code="az",
                submitted_at=NOON,
            )
        )

    def close_call(self) -> None:
        """Nobody applies any more."""
        self.hear(
            CallClosed(
                call_id=CALL,
                cohort_ids=(COHORT,),
                country_code="AZ",
                closed_at=NOON + DAY,
                submitted_count=0,
                confirmed_nomination_count=0,
            )
        )
        self.now = NOON + DAY

    def review(self, screening_id: str, points: int) -> None:
        """Two reviewers give the same points."""
        self.sheets(screening_id, dict.fromkeys(REVIEWERS, points))

    def sheets(self, screening_id: str, points: Mapping[str, int]) -> None:
        """Each of these reviewers is asked and gives their points."""
        for reviewer, given in points.items():
            self.ok("POST", f"/screenings/{screening_id}/reviewers", {"reviewer_id": reviewer})
            self.seal(screening_id, reviewer, given)

    def seal(self, screening_id: str, reviewer: str, points: int) -> None:
        """A reviewer who was asked gives these points for everything."""
        scores = [{"criterion_code": code, "points": points} for code in ("motivation", "ideas")]
        path = f"/reviews/{screening_id}/sealing"
        self.ok("POST", path, {"scores": scores}, actor=a_reviewer(reviewer))

    def interview(self, application: str, points: int) -> None:
        """Two panelists give the same points."""
        body = {
            "application_id": application,
            "starts_at": self.now.isoformat(),
            "ends_at": (self.now + timedelta(minutes=30)).isoformat(),
            "zone": "Asia/Baku",
            "mode": "online",
            "panelist_ids": list(PANEL),
        }
        interview_id = self.ok("POST", "/interviews", body)["id"]
        points_by_code = {"world_view": points, "logical_thinking": points, "foreign_languages": 0}
        scores = [{"criterion_code": c, "points": p} for c, p in points_by_code.items()]
        for panelist in PANEL:
            path = f"/interviews/{interview_id}/scores"
            self.ok("POST", path, {"scores": scores}, actor=a_reviewer(panelist))


def applicant(number: int) -> Actor:
    """The person behind an application, signed in."""
    return a_person(subject_id(number))
