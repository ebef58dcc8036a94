"""Over HTTP: calendars that are sent when something in them changed, logs of online meetings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import icalendar
import pytest

from chassis.access import Actor, Role, Scope
from chassis.mongo.connection import Database
from chassis.mongo.documents import AnswerRow
from contracts.scheduling import AttendanceRecorded
from services.scheduling.storage.documents import RegisterDocument
from tests.integration.scheduling.test_service import (
    COHORT_ID,
    Service,
    participant,
    release,
)


@pytest.fixture
def service(database: Database, tmp_path: Path) -> Iterator[Service]:
    yield Service(database, tmp_path / "keys")


def feed_of(service: Service, path: str, tag: str | None = None) -> Any:
    return service.call("GET", path, headers={"If-None-Match": tag} if tag else {})


def test_a_calendar_is_sent_again_only_when_something_in_it_changed(service: Service) -> None:
    timetable = release(service)
    paths = (f"/cohorts/{COHORT_ID}/calendar.ics", f"/participants/{participant(0)}/calendar.ics")
    first = {path: feed_of(service, path) for path in paths}
    for path, feed in first.items():
        tag = feed.headers["ETag"]
        assert feed.status_code == 200
        assert feed.mimetype == "text/calendar"
        same = feed_of(service, path, tag)
        assert (same.status_code, same.data, same.headers["ETag"]) == (304, b"", tag)
        assert feed_of(service, path, f'"other", W/{tag}').status_code == 304
        assert feed_of(service, path, '"other"').data == feed.data
        english = feed_of(service, f"{path}?language=en", tag)
        assert (english.status_code, english.headers["ETag"] == tag) == (200, False)

    last = service.ok("GET", timetable)["placed"][-1]
    to = datetime.fromisoformat(last["starts_at"]) - timedelta(days=1)
    move = {"session_id": last["session_id"], "starts_at": to.isoformat(), "reason_code": "x"}
    service.ok("POST", f"{timetable}/moves", move)

    for path, feed in first.items():
        changed = feed_of(service, path, feed.headers["ETag"])
        assert changed.status_code == 200
        entries = {
            str(each["uid"]).split("@")[0]: each
            for each in icalendar.Calendar.from_ical(changed.data).walk("VEVENT")
        }
        moved = entries[last["session_id"]]
        assert (int(moved["sequence"]), moved["dtstart"].dt) == (1, to)
        assert feed_of(service, path, changed.headers["ETag"]).status_code == 304


def a_line(name: str, starts_at: datetime, first: int, last: int | None) -> dict[str, Any]:
    def at(minutes: int) -> str:
        return (starts_at + timedelta(minutes=minutes)).isoformat()

    return {"name": name, "joined_at": at(first), "left_at": None if last is None else at(last)}


def a_log(starts_at: datetime) -> dict[str, Any]:
    """A restart at 50, a second device, a repeated line, a device's name, a line without an end."""
    lines = [
        a_line("Participant Nought", starts_at, -5, 50),
        a_line("participant  nought", starts_at, 52, 125),
        a_line("P. One", starts_at, 0, 60),
        a_line("Participant One", starts_at, 30, 90),
        a_line("P. One", starts_at, 0, 60),
        a_line("iPad", starts_at, 0, 120),
        a_line("Participant Two", starts_at, 0, None),
    ]
    names = {
        participant(0): ["Participant Nought"],
        participant(1): ["Participant One", "P. One"],
        participant(2): ["Participant Two"],
    }
    participants = [{"participant_id": each, "names": own} for each, own in names.items()]
    return {"lines": lines, "participants": participants}


def test_a_log_of_a_meeting_becomes_presence_and_its_doubts_are_named(service: Service) -> None:
    path = release(service)
    session = service.ok("GET", path)["placed"][0]
    starts_at = datetime.fromisoformat(session["starts_at"])
    session_path = f"/sessions/{session['session_id']}"
    log = a_log(starts_at)
    keyed = {"headers": {"Idempotency-Key": "the-same-log-twice-over"}}

    said = service.ok("POST", f"{session_path}/online-log", log, **keyed)
    again = service.ok("POST", f"{session_path}/online-log", log, **keyed)

    assert said == again
    minutes = {each["participant_id"]: each["minutes_present"] for each in said["participants"]}
    assert minutes == {participant(0): 118, participant(1): 90}
    assert said["repeated"] == [5]
    conflicts = [(each["doubt"], each["name"], each["lines"]) for each in said["conflicts"]]
    assert conflicts == [("unknown_name", "iPad", [6]), ("no_end", "Participant Two", [7])]
    assert set(said["conflicts"][0]["sentence"]) == {"az", "en"}
    # What came back names people; what is stored does not.
    assert AnswerRow.objects.count() == 0
    [kept] = RegisterDocument._get_collection().find()
    assert "nought" not in str(kept).lower()
    assert len(kept["evidence"]) == 3

    service.now = starts_at + timedelta(hours=3)
    service.ok("POST", f"{session_path}/attendance")
    [recorded] = service.announced(AttendanceRecorded)
    shown = {each.participant_id: each for each in recorded.entries}
    assert [(shown[participant(n)].status_code, shown[participant(n)].minutes_present)
            for n in range(4)] == [("present", 118), ("left_early", 90), ("absent", 0),
                                   ("absent", 0)]  # fmt: skip
    assert shown[participant(0)].mode_code == "online"
    assert service.refused("POST", f"{session_path}/online-log", log) == (
        409,
        "attendance.recorded",
    )


def test_a_log_that_cannot_be_taken_is_refused_whole(service: Service) -> None:
    path = release(service)
    session = service.ok("GET", path)["placed"][0]
    starts_at = datetime.fromisoformat(session["starts_at"])
    route = f"/sessions/{session['session_id']}/online-log"

    yesterday = a_log(starts_at - timedelta(days=1))
    refusal = service.call("POST", route, yesterday)
    assert (refusal.status_code, refusal.mimetype) == (409, "application/problem+json")
    assert refusal.json["code"] == "attendance.other_time"
    assert f"{starts_at:%Y-%m-%d %H:%M}" in refusal.json["detail"]

    stranger = a_log(starts_at)
    stranger["participants"].append({"participant_id": participant(9), "names": ["iPad"]})
    assert service.refused("POST", route, stranger) == (409, "attendance.not_on_roster")

    backwards = {**a_log(starts_at), "lines": [a_line("P. One", starts_at, 60, 0)]}
    said = service.ok("POST", route, backwards)
    assert [each["doubt"] for each in said["conflicts"]] == ["ends_before_start"]
    assert said["participants"] == []

    assert service.refused("POST", route, {"lines": [], "participants": []}) == (
        422,
        "body.invalid",
    )
    assert service.refused("POST", f"/sessions/{COHORT_ID}/online-log", a_log(starts_at)) == (
        404,
        "session.not_found",
    )
    learner = Actor(actor_id="somebody", roles=frozenset({Role.PARTICIPANT}))
    assert service.refused("POST", route, a_log(starts_at), actor=learner) == (
        403,
        "access.role_missing",
    )
    georgian = Actor(
        actor_id="coordinator-ge",
        roles=frozenset({Role.COORDINATOR}),
        scope=Scope(countries=frozenset({"GE"})),
    )
    assert service.refused("POST", route, a_log(starts_at), actor=georgian) == (
        404,
        "session.not_found",
    )
    evidence = [row.get("evidence") for row in RegisterDocument._get_collection().find()]
    assert evidence in ([], [[]], [None])
