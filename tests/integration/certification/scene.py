"""Certification whole, on a real database: its API, its intake, its timers and jobs."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask, Response, jsonify
from werkzeug.serving import make_server

from chassis.access import Actor, Role, Scope
from chassis.codec import decode
from chassis.ids import derived_id, new_id
from chassis.mongo.connection import Database
from chassis.mongo.documents import OutboxRow
from chassis.mongo.jobs import claim
from chassis.running import Platform, api_app
from chassis.tokens import TokenIssuer, ensure_keys
from chassis.worker.jobber import JobLoop
from chassis.worker.timekeeper import TimerLoop
from contracts.event import Event
from contracts.registration import (
    CohortAnnounced,
    CohortCompleted,
    ParticipantEnrolled,
    ParticipantLeft,
    SubjectErasureRequested,
)
from contracts.scheduling import (
    AttendanceCorrected,
    AttendanceEntry,
    AttendanceRecorded,
    PlacedSession,
    TimetableReleased,
)
from services.certification.settings import CertificationSettings
from services.certification.wiring import build
from tests.builders.certification import NOON

SEAL_PASSPHRASE = "open sesame"
COHORT = derived_id("cohort")
SESSIONS = [derived_id("session", str(n)) for n in range(4)]


def person(number: int) -> tuple[str, str]:
    """Participant id and subject id."""
    return derived_id("participant", str(number)), derived_id("subject", str(number))


class Vault:
    """Registration's vault as certification sees it: one route."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.asked = 0

    def app(self) -> Flask:
        app = Flask("registration")

        @app.get("/subjects/<subject_id>/legal-name")
        def legal_name(subject_id: str) -> tuple[Response, int]:
            self.asked += 1
            if subject_id not in self.names:
                problem = {"code": "subject.not_found", "detail": "no such person"}
                return jsonify(problem), 404
            return jsonify(legal_name=self.names[subject_id]), 200

        return app

    @contextmanager
    def serving(self) -> Iterator[str]:
        server = make_server("127.0.0.1", 0, self.app())
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
        server.server_close()


class Scene:
    """One service over one database; ``seal.p12`` in the folder is its seal."""

    def __init__(self, database: Database, folder: Path, vault: Vault, vault_url: str) -> None:
        self.vault = vault
        ensure_keys(folder, ["certification", "cli"])
        settings = CertificationSettings(
            mode="test",
            keys_dir=folder,
            registration_url=vault_url,
            console_url="https://rtcm.example",
            seal_file=seal if (seal := folder / "seal.p12").exists() else None,
            seal_passphrase=SEAL_PASSPHRASE,
        )
        self.platform = Platform("certification", settings)
        self.platform.database = database
        self.now = NOON
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

    def fire(self) -> None:
        """Fire due timers."""
        TimerLoop(
            handlers=self.parts.on_timer,
            unit_of_work=self.platform.unit_of_work,
            clock=self.platform.clock,
            wake=threading.Event(),
            stop=threading.Event(),
        ).fire_due()

    def settle(self) -> None:
        """Fire due timers and do waiting jobs, until nothing is left."""
        self.fire()
        jobs = JobLoop(
            handlers=self.parts.on_job,
            unit_of_work=self.platform.unit_of_work,
            wake=threading.Event(),
            stop=threading.Event(),
        )
        while (job := claim(tuple(self.parts.on_job))) is not None:
            jobs._do(job)

    def call(
        self,
        method: str,
        path: str,
        *,
        role: Role | None = Role.OPERATOR,
        scope: Scope | None = None,
        **rest: Any,
    ) -> Any:
        """One request; ``role=None`` comes without a token."""
        headers = rest.pop("headers", {})
        if role is not None:
            actor = Actor(actor_id="someone", roles=frozenset({role}), scope=scope or Scope())
            token = self._tokens.for_actor(actor, audience="certification")
            headers["Authorization"] = f"Bearer {token}"
        return self.http.open(path, method=method, headers=headers, **rest)

    def announced(self, kind: str) -> list[Event]:
        """Events of a type in the outbox, in order."""
        rows = OutboxRow._get_collection().find({"event_type": kind}).sort("ordinal", 1)
        return [decode(row["event_type"], json.loads(row["body"])["data"]) for row in rows]


def cohort_announced() -> CohortAnnounced:
    return CohortAnnounced(
        cohort_id=COHORT,
        programme_id=derived_id("programme"),
        programme_code="migration-school",
        edition_code="ms-3",
        titles={"az": "Miqrasiya Məktəbi", "en": "Migration School"},
        country_code="AZ",
        country_codes=("AZ",),
        starts_on=date(2021, 1, 9),
        ends_on=date(2021, 7, 3),
        zone="Asia/Baku",
        delivery="hybrid",
        language_code="az",
        seat_count=24,
        announced_at=NOON,
    )


def enrolled(number: int) -> ParticipantEnrolled:
    participant_id, subject_id = person(number)
    return ParticipantEnrolled(
        participant_id=participant_id,
        cohort_id=COHORT,
        subject_id=subject_id,
        country_code="AZ",
        route="open",
        cause_id=derived_id("offer", str(number)),
        language_code="az",
        enrolled_at=NOON,
    )


def left(number: int) -> ParticipantLeft:
    participant_id, subject_id = person(number)
    return ParticipantLeft(
        participant_id=participant_id,
        cohort_id=COHORT,
        subject_id=subject_id,
        country_code="AZ",
        reason_code="own_wish",
        left_at=NOON,
    )


def released() -> TimetableReleased:
    return TimetableReleased(
        timetable_id=derived_id("timetable"),
        cohort_id=COHORT,
        country_code="AZ",
        release_version=1,
        sessions=tuple(
            PlacedSession(
                session_id=session_id,
                training_code=f"the-{n}",
                part_code="theory",
                titles={"en": "Training"},
                starts_at=NOON + timedelta(days=n),
                ends_at=NOON + timedelta(days=n, minutes=90),
                zone="Asia/Baku",
                delivery="onsite",
                calendar_sequence=0,
            )
            for n, session_id in enumerate(SESSIONS)
        ),
        released_at=NOON,
    )


def recorded(session: int, minutes: dict[int, int]) -> AttendanceRecorded:
    return AttendanceRecorded(
        register_id=derived_id("register", str(session)),
        session_id=SESSIONS[session],
        cohort_id=COHORT,
        country_code="AZ",
        training_code=f"the-{session}",
        part_code="theory",
        planned_minutes=90,
        entries=tuple(_entry(number, present) for number, present in minutes.items()),
        recorded_at=NOON + timedelta(hours=session),
    )


def corrected(session: int, number: int, minutes: int, *, at: datetime) -> AttendanceCorrected:
    return AttendanceCorrected(
        register_id=derived_id("register", str(session)),
        session_id=SESSIONS[session],
        cohort_id=COHORT,
        country_code="AZ",
        training_code=f"the-{session}",
        part_code="theory",
        planned_minutes=90,
        entry=_entry(number, minutes),
        previous_minutes_present=0,
        reason_code="misread",
        corrected_at=at,
    )


def completed() -> CohortCompleted:
    return CohortCompleted(cohort_id=COHORT, country_code="AZ", completed_at=NOON)


def erasure_requested(number: int) -> SubjectErasureRequested:
    return SubjectErasureRequested(
        subject_id=person(number)[1], country_code="AZ", requested_at=NOON
    )


def _entry(number: int, minutes: int) -> AttendanceEntry:
    return AttendanceEntry(
        participant_id=person(number)[0],
        status_code="present" if minutes else "absent",
        minutes_present=minutes,
        mode_code="onsite",
    )
