"""Step 4: curriculum, trainers, rooms, timetable, release, one training moved."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from rtcm.demo.stage import BAKU, Stage, only

_SCHOOL_TERMS = {
    "weekdays": [5, 6],
    "preferred_weekdays": [6],
    "start_minutes": [600, 840],
    "earliest_minute": 600,
    "latest_minute": 1140,
    "sessions_per_day": 2,
}
"""Saturdays, and Fridays where 26 Saturdays do not hold 33 trainings; Baku's clock."""

_COURSE_TERMS = {
    "weekdays": [1, 2, 3, 4, 5],
    "start_minutes": [660, 840],
    "earliest_minute": 540,
    "latest_minute": 1080,
    "sessions_per_day": 2,
}

_COURSE_TOPICS = {
    "rc-concepts": ("Əsas anlayışlar", "Key concepts of migration"),
    "rc-trends": ("Dünyada və regionda meyillər", "Trends in the world and the region"),
    "rc-policy": ("Siyasət və əməkdaşlıq", "Policy and cooperation"),
}

_SOLVING_WORK = 12.0


def plan_school(stage: Stage) -> None:
    """The 33 trainings on real days, with trainers of the right kind."""
    cohort_id = stage.cast.school_id
    curriculum = stage.facts["curriculum"]
    parts = [
        {"part_code": part["code"], "titles": {"en": part["title"]}} for part in curriculum["parts"]
    ]
    trainings = [
        {
            "training_code": module["code"].lower(),
            "part_code": module["part"],
            "titles": {"en": module["title"]},
            "minutes": 180,
            "trainer_kind_code": module["trainer_kind"],
            "delivery": "hybrid",
            "room_kind_code": "classroom",
        }
        for module in curriculum["modules"]
    ]
    _add_people_and_rooms(stage)
    stage.put("scheduling", f"/cohorts/{cohort_id}/terms", _SCHOOL_TERMS)
    body = {"parts": parts, "trainings": trainings}
    timetable_id = _solved(stage, cohort_id, body)
    stage.post("scheduling", f"/timetables/{timetable_id}/releases", key="release-school")
    stage.settle()
    stage.cast.sessions = sorted(
        stage.all("scheduling", "/sessions", cohort_id=cohort_id), key=lambda one: one["starts_at"]
    )
    days = {_day(one) for one in stage.cast.sessions}
    saturdays = sum(day.weekday() == 5 for day in days)
    stage.hold(len(stage.cast.sessions) == 33, f"{len(stage.cast.sessions)} sessions released")
    stage.cast.counts |= {"trainings": len(stage.cast.sessions), "training_days": len(days)}
    stage.say(
        f"33 trainings lie on {len(days)} days, {saturdays} of them Saturdays, none on a holiday; "
        "the parts follow each other and no trainer is in two places."
    )


def move_one(stage: Stage) -> None:
    """A trainer travels: the engine finds another time for one training, and moves no other."""
    cast = stage.cast
    timetable = stage.all("scheduling", "/timetables", cohort_id=cast.school_id)[0]
    before = stage.all("notifications", "/messages", type_code="session_moved")
    held = cast.sessions[-2]
    path = f"/timetables/{timetable['id']}/repairs"
    body = {
        "session_id": held["id"],
        "reason_code": "trainer-travels",
        "seed": 2021,
        "work": _SOLVING_WORK,
    }
    made = stage.post("scheduling", path, body, key="move-one")
    stage.settle()
    repair = stage.get("scheduling", f"{path}/{made.body['id']}")
    stage.hold(repair["status"] == "done", f"the repair is {repair['status']}")
    after = stage.all("notifications", "/messages", type_code="session_moved")
    told = len(after) - len(before)
    stage.hold(told == len(_members(stage)), f"{told} were told of the move")
    cast.sessions = sorted(
        stage.all("scheduling", "/sessions", cohort_id=cast.school_id),
        key=lambda one: one["starts_at"],
    )
    moved = only(
        (one for one in cast.sessions if one["id"] == held["id"]), "sessions with the moved id"
    )
    stage.hold(moved["starts_at"] != held["starts_at"], "the training has not moved")
    cast.counts["told_of_the_move"] = told
    stage.say(
        f"A trainer travels: the engine found another time for one training and moved no other; "
        f"the {told} participants of the school were told, with their calendars updated, and "
        "nobody else."
    )


def plan_course(stage: Stage) -> None:
    """Three online days within working hours of all ten countries."""
    cohort_id = stage.cast.course_id
    parts = [{"part_code": "course", "titles": {"az": "Kurs", "en": "Course"}}]
    trainings = [
        {
            "training_code": code,
            "part_code": "course",
            "titles": {"az": az, "en": en},
            "minutes": 120,
            "trainer_kind_code": "international",
            "delivery": "online",
        }
        for code, (az, en) in _COURSE_TOPICS.items()
    ]
    stage.put("scheduling", f"/cohorts/{cohort_id}/terms", _COURSE_TERMS | {"sessions_per_day": 1})
    timetable_id = _solved(stage, cohort_id, {"parts": parts, "trainings": trainings})
    stage.post("scheduling", f"/timetables/{timetable_id}/releases", key="release-course")
    stage.settle()
    sessions = stage.all("scheduling", "/sessions", cohort_id=cohort_id)
    days = sorted({_day(one) for one in sessions})
    stage.hold(
        days == [date(2021, 5, 25), date(2021, 5, 26), date(2021, 5, 27)],
        f"the course lies on {days}",
    )
    stage.say("The regional course lies on 25, 26 and 27 May, within everybody's working hours.")


def _solved(stage: Stage, cohort_id: str, curriculum: dict[str, Any]) -> str:
    stage.put("scheduling", f"/cohorts/{cohort_id}/curriculum", curriculum)
    versions = f"/cohorts/{cohort_id}/curriculum/versions"
    stage.post("scheduling", versions, key=f"curriculum-{cohort_id}")
    made = stage.post("scheduling", "/timetables", {"cohort_id": cohort_id}, key=f"tt-{cohort_id}")
    timetable_id: str = made.body["id"]
    solving = {"seed": 2021, "work": _SOLVING_WORK}
    stage.post(
        "scheduling", f"/timetables/{timetable_id}/solving", solving, key=f"solve-{cohort_id}"
    )
    stage.settle()
    timetable = stage.get("scheduling", f"/timetables/{timetable_id}")
    stage.hold(
        timetable["status"] == "solved",
        f"no plan was found: {timetable['status']}, {timetable['obstacles']}",
    )
    return timetable_id


def _add_people_and_rooms(stage: Stage) -> None:
    for kind in stage.facts["trainer_kinds"]:
        for number in range(2):
            body = {
                "country_code": "*",
                "kind_code": kind,
                "organisation_code": kind,
                "language_codes": ["az", "en"],
            }
            made = stage.post("scheduling", "/trainers", body, key=f"trainer-{kind}-{number}")
            path = f"/trainers/{made.body['id']}/confirmation"
            stage.post("scheduling", path, key=f"confirm-{kind}-{number}")
    for number in (1, 2):
        room = {
            "room_code": f"sms-{number}",
            "country_code": "AZ",
            "titles": {"az": f"DMX, otaq {number}", "en": f"SMS building, room {number}"},
            "kind_code": "classroom",
            "seat_count": 30,
        }
        stage.post("scheduling", "/rooms", room, key=f"room-{number}")


def _members(stage: Stage) -> list[Any]:
    path = f"/cohorts/{stage.cast.school_id}/members"
    return [one for one in stage.all("scheduling", path) if one["left_at"] is None]


def _day(session: dict[str, Any]) -> date:
    return datetime.fromisoformat(session["starts_at"]).astimezone(BAKU).date()
