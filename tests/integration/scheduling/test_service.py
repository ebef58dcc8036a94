"""The scheduling service on the embedded database: HTTP in, state, events and jobs out."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import icalendar
import pytest
from flask.testing import FlaskClient

from chassis.access import Actor, Role, Scope
from chassis.clock import monotonic
from chassis.codec import decode
from chassis.envelope import Envelope
from chassis.ids import derived_id
from chassis.mongo.connection import Database
from chassis.mongo.documents import OutboxRow
from chassis.running import Parts, Platform, api_app
from chassis.tokens import TokenIssuer, ensure_keys
from chassis.worker.jobber import JobLoop
from contracts.event import Event
from contracts.registration import (
    CohortAnnounced,
    ParticipantEnrolled,
    ParticipantLeft,
    SubjectErasureRequested,
)
from contracts.scheduling import (
    AttendanceCorrected,
    AttendanceRecorded,
    ErasureConfirmed,
    PlacementCompleted,
    SessionCancelled,
    SessionMoved,
    TimetableReleased,
    WorkPlanItemProgressed,
)
from services.scheduling.settings import SchedulingSettings
from services.scheduling.wiring import build

COHORT_ID = derived_id("ms-3")
KINDS = ("sms", "iom", "partner", "ngo", "international", "local")
PARTS = {"introduction": 8, "theory": 15, "practice": 10}


def person(number: int) -> str:
    return derived_id("person", str(number))


def participant(number: int) -> str:
    return derived_id("participant", str(number))


class Service:
    """The API, the handlers of heard events, and the job loop, in one process."""

    def __init__(self, database: Database, keys: Path) -> None:
        ensure_keys(keys, ["console", "scheduling"])
        settings = SchedulingSettings(mode="test", keys_dir=keys, log_url="sqlite:///unused.db")
        self.now = datetime(2021, 1, 2, tzinfo=UTC)
        self.platform = Platform("scheduling", settings)
        self.platform.clock = lambda: self.now
        self.platform.database = database
        self.parts: Parts = build(self.platform)
        app = api_app(self.platform, build)
        app.testing = True
        self.client: FlaskClient = app.test_client()
        self.issuer = TokenIssuer("console", keys)
        self.stop = threading.Event()

    def call(self, method: str, path: str, body: Any = None, **more: Any) -> Any:
        actor = more.pop("actor", Actor(actor_id="operator-1", roles=frozenset({Role.OPERATOR})))
        token = self.issuer.for_actor(actor, audience="scheduling")
        headers = {"Authorization": f"Bearer {token}", **more.pop("headers", {})}
        return self.client.open(path, method=method, json=body, headers=headers, **more)

    def ok(self, method: str, path: str, body: Any = None, **more: Any) -> Any:
        response = self.call(method, path, body, **more)
        assert response.status_code < 300, response.get_data(as_text=True)
        return response.json if response.is_json else response.data

    def refused(self, method: str, path: str, body: Any = None, **more: Any) -> tuple[int, str]:
        response = self.call(method, path, body, **more)
        assert response.status_code >= 400
        return response.status_code, response.json["code"]

    def hear(self, event: Event) -> None:
        self.platform.unit_of_work.run(
            lambda: self.parts.on_event[type(event)](event), command_id=derived_id(repr(event))
        )

    def announced(self, kind: type[Event]) -> list[Any]:
        rows = OutboxRow.objects(event_type=kind.event_type).order_by("ordinal")
        envelopes = [Envelope.from_bytes(row.body.encode()) for row in rows]
        return [decode(each.event_type, each.body) for each in envelopes]

    def run_jobs_until(self, path: str) -> dict[str, Any]:
        loop = JobLoop(
            handlers=self.parts.on_job,
            unit_of_work=self.platform.unit_of_work,
            wake=threading.Event(),
            stop=self.stop,
        )
        thread = threading.Thread(target=loop.run)
        thread.start()
        deadline = monotonic() + 300
        try:
            while monotonic() < deadline:
                state = self.ok("GET", path)
                if state["status"] in ("done", "failed"):
                    return state
                self.stop.wait(0.05)
        finally:
            self.stop.set()
            thread.join()
            self.stop.clear()
        raise AssertionError(state)


@pytest.fixture
def service(database: Database, tmp_path: Path) -> Iterator[Service]:
    yield Service(database, tmp_path / "keys")


def announce(service: Service) -> None:
    service.hear(
        CohortAnnounced(
            cohort_id=COHORT_ID,
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
            announced_at=service.now,
        )
    )


def enrol(service: Service, count: int) -> None:
    for number in range(count):
        service.hear(
            ParticipantEnrolled(
                participant_id=participant(number),
                cohort_id=COHORT_ID,
                subject_id=person(number),
                country_code="AZ",
                route="open",
                cause_id=derived_id("offer", str(number)),
                language_code="az",
                enrolled_at=service.now,
            )
        )


def a_curriculum() -> dict[str, Any]:
    trainings = [
        {
            "training_code": f"{part[:3]}-{number:02}",
            "part_code": part,
            "titles": {"az": f"Təlim {number}", "en": f"Training {number}"},
            "minutes": 120,
            "trainer_kind_code": KINDS[number % len(KINDS)],
            "delivery": "hybrid",
        }
        for part, count in PARTS.items()
        for number in range(1, count + 1)
    ]
    parts = [{"part_code": part, "titles": {"en": part}} for part in PARTS]
    return {"parts": parts, "trainings": trainings}


def prepare(service: Service) -> str:
    """Cohort, people, curriculum, trainers, hall and a drafted timetable; its path."""
    announce(service)
    enrol(service, 4)
    service.ok("PUT", f"/cohorts/{COHORT_ID}/curriculum", a_curriculum())
    service.ok("POST", f"/cohorts/{COHORT_ID}/curriculum/versions")
    for kind in KINDS:
        made = service.ok(
            "POST",
            "/trainers",
            {
                "country_code": "AZ",
                "kind_code": kind,
                "organisation_code": kind,
                "language_codes": ["az"],
                "availability": {"unavailable_on": ["2021-02-06"]},
            },
        )
        service.ok("POST", f"/trainers/{made['id']}/confirmation")
    service.ok(
        "POST",
        "/rooms",
        {
            "room_code": "sms-hall",
            "country_code": "AZ",
            "titles": {"az": "Akt zalı", "en": "Assembly hall"},
            "kind_code": "hall",
            "seat_count": 40,
        },
    )
    made = service.ok("POST", "/timetables", {"cohort_id": COHORT_ID})
    return f"/timetables/{made['id']}"


def release(service: Service, *, work: float = 1) -> str:
    """Plan and release; little work gives a plan that holds, more a good one."""
    path = prepare(service)
    number = service.ok("POST", f"{path}/solving", {"seed": 3, "work": work})["number"]
    state = service.run_jobs_until(f"{path}/solving/{number}")
    assert state["status"] == "done", state
    assert service.ok("GET", path)["status"] == "solved"
    service.ok("POST", f"{path}/releases")
    return path


def test_the_school_is_planned_released_moved_and_cancelled(service: Service) -> None:
    path = release(service, work=4)

    [released] = service.announced(TimetableReleased)
    assert len(released.sessions) == 33
    assert service.ok("GET", f"{path}/violations") == {"items": []}
    days = [each.starts_at.date() for each in released.sessions]
    assert all(day.isoweekday() == 6 for day in days)
    assert date(2021, 3, 20) not in days
    assert [each.part_code for each in released.sessions] == sorted(
        (each.part_code for each in released.sessions), key=list(PARTS).index
    )

    # One person has left: the move concerns the others alone.
    gone = ParticipantLeft(
        participant_id=participant(0),
        cohort_id=COHORT_ID,
        subject_id=person(0),
        country_code="AZ",
        reason_code="work",
        left_at=service.now,
    )
    service.hear(gone)
    last = released.sessions[-1]
    to = last.starts_at - timedelta(days=1)
    move = {"session_id": last.session_id, "starts_at": to.isoformat(), "reason_code": "trainer"}
    service.ok("POST", f"{path}/moves", move)
    [moved] = service.announced(SessionMoved)
    assert (moved.previous_starts_at, moved.starts_at) == (last.starts_at, to)
    assert moved.calendar_sequence == 1
    assert set(moved.participant_ids) == {participant(number) for number in (1, 2, 3)}

    novruz = datetime(2021, 3, 20, 6, tzinfo=UTC).isoformat()
    assert service.refused("POST", f"{path}/moves", {**move, "starts_at": novruz}) == (
        409,
        "timetable.breaks_rules",
    )

    first = released.sessions[0]
    asked = {"session_id": first.session_id, "reason_code": "trainer"}
    made = service.ok("POST", f"{path}/repairs", asked)
    assert service.run_jobs_until(f"{path}/repairs/{made['id']}")["status"] == "done"
    shown = service.ok("GET", f"{path}/repairs/{made['id']}")
    assert (shown["moves"], shown["last_error"]) == (1, None)
    service.ok("DELETE", f"{path}/repairs/{made['id']}")  # too late: what is done stays done
    repaired = service.announced(SessionMoved)[1:]
    assert [each.session_id for each in repaired] == [first.session_id]
    assert service.ok("GET", f"{path}/violations") == {"items": []}

    service.ok("POST", f"{path}/cancellations", {**asked, "session_id": last.session_id})
    [cancelled] = service.announced(SessionCancelled)
    assert (cancelled.session_id, cancelled.calendar_sequence) == (last.session_id, 2)
    log = [change["kind"] for change in service.ok("GET", path)["changes"]]
    assert log == ["released", "moved", "moved", "cancelled"]

    feed = icalendar.Calendar.from_ical(
        service.ok("GET", f"/participants/{participant(1)}/calendar.ics?language=en")
    )
    entries = {str(each["uid"]).split("@")[0]: each for each in feed.walk("VEVENT")}
    assert len(entries) == 33
    assert str(entries[last.session_id]["status"]) == "CANCELLED"
    assert str(entries[first.session_id]["location"]) == "Assembly hall"


def test_attendance_adds_up_is_corrected_and_fills_the_work_plan(service: Service) -> None:
    path = release(service)
    session = service.ok("GET", path)["placed"][0]
    session_id = session["session_id"]
    starts_at = datetime.fromisoformat(session["starts_at"])
    register = f"/sessions/{session_id}"
    plan = service.ok("POST", "/work-plans", a_plan())
    row = f"/work-plans/{plan['id']}/items"

    evidence = [
        {
            "participant_id": participant(0),
            "source": source,
            "mode": "onsite",
            "joined_at": (starts_at + timedelta(minutes=first)).isoformat(),
            "left_at": (starts_at + timedelta(minutes=last)).isoformat(),
        }
        for source, first, last in (("qr", 0, 70), ("trainer", 60, 90))
    ]
    service.ok("POST", f"{register}/evidence", {"items": evidence})
    service.ok("POST", f"{register}/excuses", {"participant_id": participant(1)})
    assert service.refused("POST", f"{register}/attendance") == (409, "attendance.too_early")
    service.now = starts_at + timedelta(hours=3)
    service.ok("POST", f"{register}/attendance")

    [recorded] = service.announced(AttendanceRecorded)
    entries = {each.participant_id: each for each in recorded.entries}
    assert (entries[participant(0)].minutes_present, entries[participant(0)].status_code) == (
        90,
        "left_early",
    )
    assert entries[participant(1)].status_code == "excused"
    assert entries[participant(2)].status_code == "absent"

    correction = {
        "participant_id": participant(0),
        "status": "present",
        "minutes_present": 120,
        "mode": "onsite",
        "reason_code": "trainer.sheet",
    }
    service.ok("POST", f"{register}/corrections", correction)
    [corrected] = service.announced(AttendanceCorrected)
    assert (corrected.previous_minutes_present, corrected.entry.minutes_present) == (90, 120)
    [audit] = service.ok("GET", f"{register}/register")["corrections"]
    assert (audit["reason_code"], audit["actor_id"]) == ("trainer.sheet", "operator-1")

    # A row tied after the fact counts what has happened; the event itself counts once.
    rule = {"counts": "attendance.recorded", "target_count": 4, "cohort_ids": [COHORT_ID]}
    service.ok("PUT", f"{row}/1.1/rule", rule)
    service.hear(recorded)
    service.hear(recorded)
    service.ok("PUT", f"{row}/5.1/progress", {"progress_percent": 60})
    shown = {
        each["item_no"]: each for each in service.ok("GET", f"/work-plans/{plan['id']}")["items"]
    }
    assert (shown["1.1"]["progress_percent"], shown["1.1"]["counted"]) == (25, 1)
    assert shown["5.1"]["period"] == {
        "first_on": "2025-05-01",
        "last_on": "2025-05-31",
        "recurring": False,
    }
    assert [each.progress_percent for each in service.announced(WorkPlanItemProgressed)] == [25, 60]


def a_plan() -> dict[str, Any]:
    rows = (("1.1", "current year", ["2.3.1", "4.3.3"]), ("5.1", "May", []))
    return {
        "country_code": "AZ",
        "year": 2025,
        "organisation": {"en": "University centre of social services for veterans"},
        "items": [
            {
                "item_no": number,
                "direction": {"en": "Normative base"},
                "task": {"en": "Trainings"},
                "methods": [{"en": "Invite lawyers"}],
                "responsible": [{"en": "Service centre"}],
                "when": {"en": when},
                "strategy_clauses": clauses,
                "expected_result": {"en": "Better knowledge"},
            }
            for number, when, clauses in rows
        ],
    }


def test_a_forgotten_person_leaves_counts_and_no_link(service: Service) -> None:
    announce(service)
    enrol(service, 2)
    wanted = {
        "participant_id": participant(0),
        "unit_code": "asylum",
        "starts_on": "2021-02-01",
        "ends_on": "2021-02-05",
    }
    placement = service.ok("POST", "/placements", wanted)
    service.now = datetime(2021, 2, 5, tzinfo=UTC)
    service.ok("POST", f"/placements/{placement['id']}/completion", {"minutes": 600})
    [completed] = service.announced(PlacementCompleted)
    assert (completed.subject_id, completed.minutes) == (person(0), 600)

    request = SubjectErasureRequested(
        subject_id=person(0), country_code="AZ", requested_at=service.now
    )
    service.hear(request)
    service.hear(request)

    [receipt] = service.announced(ErasureConfirmed)
    assert (receipt.subject_id, receipt.removed_count) == (person(0), 2)
    members = service.ok("GET", f"/cohorts/{COHORT_ID}/members")["items"]
    assert {each["id"]: each["subject_id"] for each in members} == {
        participant(0): None,
        participant(1): person(1),
    }


def test_another_country_neither_sees_nor_changes_a_timetable(service: Service) -> None:
    path = prepare(service)
    stranger = Actor(
        actor_id="coordinator-ge",
        roles=frozenset({Role.COORDINATOR}),
        scope=Scope(countries=frozenset({"GE"})),
    )

    assert service.refused("GET", path, actor=stranger) == (404, "timetable.not_found")
    assert service.refused("POST", f"{path}/solving", {}, actor=stranger) == (
        404,
        "timetable.not_found",
    )
    assert service.ok("GET", "/timetables", actor=stranger)["items"] == []
    assert service.refused(
        "POST",
        "/trainers",
        {
            "country_code": "AZ",
            "kind_code": "sms",
            "organisation_code": "sms",
            "language_codes": ["az"],
        },
        actor=stranger,
    ) == (403, "access.outside_scope")


def test_a_plan_that_cannot_be_is_explained_and_can_be_asked_for_again(service: Service) -> None:
    path = prepare(service)
    terms = {
        "weekdays": [6],
        "start_minutes": [600],
        "earliest_minute": 540,
        "latest_minute": 1080,
        "sessions_per_day": 1,
    }
    service.ok("PUT", f"/cohorts/{COHORT_ID}/terms", terms)
    number = service.ok("POST", f"{path}/solving", {})["number"]
    assert service.refused("POST", f"{path}/solving", {}) == (409, "timetable.solving")

    service.run_jobs_until(f"{path}/solving/{number}")

    found = service.ok("GET", path)
    assert found["status"] == "impossible"
    assert found["obstacles"] == [
        {
            "az": "33 sessiya var, 24 açıq gündə isə 24 yer.",
            "en": "33 sessions on 24 open days, which hold 24.",
        }
    ]
    assert service.refused("POST", f"{path}/releases") == (409, "timetable.not_solved")
    assert service.ok("POST", f"{path}/solving", {})["number"] == number + 1
    service.ok("DELETE", f"{path}/solving")
    assert service.ok("GET", path)["status"] == "draft"


def test_a_repeated_command_with_the_same_key_is_done_once(service: Service) -> None:
    path = prepare(service)
    headers = {"Idempotency-Key": "solve-once"}

    first = service.ok("POST", f"{path}/solving", {}, headers=headers)
    again = service.ok("POST", f"{path}/solving", {}, headers=headers)

    assert first == again
    etag = service.call("GET", path).headers["ETag"]
    session_id = service.ok("GET", path)["sessions"][0]["session_id"]
    pin = {"starts_at": "2021-01-09T10:00:00+04:00"}
    service.ok("PUT", f"{path}/pins/{session_id}", pin, headers={"If-Match": etag})
    assert service.refused("PUT", f"{path}/pins/{session_id}", pin, headers={"If-Match": etag}) == (
        412,
        "timetable.changed_meanwhile",
    )
