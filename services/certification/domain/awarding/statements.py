"""Facts about one participant as plain data, in the form of ``schemas/facts.json``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from services.certification.domain.awarding.facts import (
    Attendance,
    Attended,
    Evidence,
    Placed,
    PlacementDone,
    Plan,
    Registered,
    Timed,
)

_BEFORE_ALL = datetime.min.replace(tzinfo=UTC)

Json = dict[str, Any]


class FactsContradict(ValueError):
    """The facts cannot all be true, or do not say which of two is newer."""


@cache
def schema(name: str) -> Json:
    """The JSON Schema of ``rules`` or ``facts``."""
    package = files("services.certification.domain.awarding") / "schemas" / f"{name}.json"
    found: Json = json.loads(package.read_text("utf-8"))
    return found


def read_facts(stated: Json) -> tuple[Plan, Evidence]:
    """The plan and one participant's evidence.

    Args:
        stated: as ``schema("facts")`` admits it.

    Raises:
        FactsContradict: names the place in the data.
    """
    attended = _attended(stated)
    named = {entry.session_id for entry in attended}
    sessions: dict[str, Json] = {}
    for number, session in enumerate(stated["sessions"]):
        where, session_id = f"sessions[{number}]", session["session_id"]
        if session_id in sessions:
            raise FactsContradict(f"{where}.session_id: {session_id} is there twice")
        sessions[session_id] = session
        if session_id in named and session.get("is_recorded") is False:
            raise FactsContradict(f"{where}.is_recorded: attendance names {session_id}")
        if _is_recorded(session, named) and session.get("is_cancelled", False):
            raise FactsContradict(f"{where}.is_cancelled: {session_id} took place")
    for number, entry in enumerate(stated.get("attendance", [])):
        if entry["session_id"] not in sessions:
            raise FactsContradict(
                f"attendance[{number}].session_id: there is no session {entry['session_id']}"
            )
    plan = Plan(is_closed=stated.get("is_closed", False)).with_release(
        1,
        [_placed(session) for session in sessions.values()],
        [_timed(session) for session in sessions.values()],
    )
    for session in sessions.values():
        if _is_recorded(session, named):
            plan = plan.with_register(_registered(session))
    evidence = Evidence()
    for one in attended:
        evidence = evidence.with_attendance(_within(one, sessions[one.session_id]))
    for placement in _placements(stated):
        evidence = evidence.with_placement(placement)
    return plan, evidence


def _is_recorded(session: Json, named: set[str]) -> bool:
    return bool(session.get("is_recorded", session["session_id"] in named))


def _attended(stated: Json) -> list[Attended]:
    found: dict[tuple[str, datetime, bool], Attended] = {}
    for number, entry in enumerate(stated.get("attendance", [])):
        where = f"attendance[{number}]"
        attended = Attended(
            session_id=entry["session_id"],
            status_code=Attendance(entry["status_code"]),
            minutes_present=int(entry.get("minutes_present", -1)),
            as_of=_instant(entry.get("as_of"), f"{where}.as_of"),
            is_correction=entry.get("is_correction", False),
        )
        key = (attended.session_id, attended.as_of, attended.is_correction)
        if found.setdefault(key, attended) != attended:
            raise FactsContradict(
                f"{where}.as_of: two entries about {attended.session_id}, and none is newer"
            )
    return list(found.values())


def _within(entry: Attended, session: Mapping[str, Any]) -> Attended:
    """The entry with its minutes, where they were left out."""
    if entry.minutes_present >= 0:
        return entry
    stayed = entry.status_code is Attendance.PRESENT
    return Attended(
        session_id=entry.session_id,
        status_code=entry.status_code,
        minutes_present=int(session["planned_minutes"]) if stayed else 0,
        as_of=entry.as_of,
        is_correction=entry.is_correction,
    )


def _placements(stated: Json) -> list[PlacementDone]:
    found: dict[str, PlacementDone] = {}
    for number, placement in enumerate(stated.get("placements", [])):
        placement_id = placement["placement_id"]
        if placement_id in found:
            raise FactsContradict(
                f"placements[{number}].placement_id: {placement_id} is there twice"
            )
        found[placement_id] = PlacementDone(
            placement_id=placement_id, minutes=int(placement["minutes"]), as_of=_BEFORE_ALL
        )
    return list(found.values())


def _placed(session: Json) -> Placed:
    return Placed(
        session_id=session["session_id"],
        training_code=session["training_code"],
        part_code=session["part_code"],
        release_version=1,
    )


def _timed(session: Json) -> Timed:
    return Timed(
        session_id=session["session_id"],
        calendar_sequence=0,
        planned_minutes=int(session["planned_minutes"]),
        is_cancelled=session.get("is_cancelled", False),
    )


def _registered(session: Json) -> Registered:
    return Registered(
        session_id=session["session_id"],
        training_code=session["training_code"],
        part_code=session["part_code"],
        planned_minutes=int(session["planned_minutes"]),
        as_of=_BEFORE_ALL,
    )


def _instant(text: str | None, where: str) -> datetime:
    if text is None:
        return _BEFORE_ALL
    try:
        at = datetime.fromisoformat(text)
        if at.tzinfo is None:
            raise FactsContradict(f"{where}: {text} has no offset from UTC")
        return at.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        if isinstance(error, FactsContradict):
            raise
        raise FactsContradict(f"{where}: {text!r} is no instant, as 2027-01-09T10:00:00Z") from None
