"""What has changed since a plan was made: a problem as it is now."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from rtcm.commands.files import Unreadable, read_json
from rtcm.timetabling.centre_files import schema_of, structured
from services.scheduling.domain.availability import Availability
from services.scheduling.domain.solver.problem import Pin, Problem


@dataclass(frozen=True, kw_only=True)
class Changed:
    """A problem after a change.

    Attributes:
        leaving: a session that has to go to any other time.
        spare: so many more moves than needed are allowed, if they make the plan cheaper.
    """

    problem: Problem
    leaving: str | None
    spare: int


def read_change(path: Path, problem: Problem) -> Changed:
    """Apply a change file to a problem.

    Raises:
        Unreadable: not of the schema, or it names what the problem does not have.
    """
    value = read_json(path, schema_of("change"))
    leaving: list[str] = []
    for place, change in enumerate(value["changes"]):
        where = f"changes[{place}]"
        _require_known(path, where, change, problem)
        if change["kind"] == "session-moves" and "starts_at" not in change:
            leaving.append(change["session_id"])
            continue
        problem = _applied(path, problem, change)
    if len(leaving) > 1:
        raise Unreadable(f"{path}: changes: at most one session moves without a `starts_at`")
    return Changed(
        problem=problem, leaving=leaving[0] if leaving else None, spare=value.get("spare", 0)
    )


def _require_known(path: Path, where: str, change: dict[str, Any], problem: Problem) -> None:
    known: dict[str, Collection[str]] = {
        "session_id": problem.needs,
        "cohort_id": problem.terms,
        "trainer_id": problem.offers,
        "room_code": {room.room_code for room in problem.rooms},
    }
    for field, ids in known.items():
        if field in change and change[field] not in ids:
            raise Unreadable(f"{path}: {where}.{field}: the problem has no {change[field]!r}")


def _applied(path: Path, problem: Problem, change: dict[str, Any]) -> Problem:
    if change["kind"] == "session-moves":
        session_id = change["session_id"]
        starts_at: datetime = structured(path, change["starts_at"], datetime)
        others = tuple(pin for pin in problem.pins if pin.session_id != session_id)
        return replace(problem, pins=(*others, Pin(session_id=session_id, starts_at=starts_at)))
    if change["kind"] == "trainer-gone":
        gone = change["trainer_id"]
        kept = tuple(each for each in problem.trainers if each.trainer_id != gone)
        return replace(problem, trainers=kept)
    if change["kind"] == "day-closed":
        day: date = structured(path, change["day"], date)
        return replace(
            problem,
            cohorts=tuple(
                replace(terms, closed_on=(*terms.closed_on, day))
                if terms.cohort_id == change["cohort_id"]
                else terms
                for terms in problem.cohorts
            ),
        )
    days: tuple[date, ...] = structured(path, change["days"], tuple[date, ...])
    return replace(
        problem,
        trainers=tuple(
            replace(each, availability=_without(each.availability, days))
            if each.trainer_id == change.get("trainer_id")
            else each
            for each in problem.trainers
        ),
        rooms=tuple(
            replace(each, availability=_without(each.availability, days))
            if each.room_code == change.get("room_code")
            else each
            for each in problem.rooms
        ),
    )


def _without(availability: Availability, days: tuple[date, ...]) -> Availability:
    taken = tuple(sorted({*availability.unavailable_on, *days}))
    return replace(availability, unavailable_on=taken)
