"""Files of the centre's own planning: problem, plan and change, as JSON with a schema of each."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import cattrs

from chassis.errors import RuleViolation
from rtcm.commands.files import Unreadable, read_json
from services.scheduling.domain.calendar import require_zone
from services.scheduling.domain.solver.problem import Placed, Plan, Problem

_SCHEMAS = Path(__file__).parents[1] / "commands" / "schemas"

PROBLEM_FORMAT = "rtcm.centre-problem.v1"
PLAN_FORMAT = "rtcm.centre-plan.v1"


@lru_cache
def schema_of(name: str) -> dict[str, Any]:
    """One of the schemas: ``problem``, ``plan`` or ``change``."""
    schema: dict[str, Any] = json.loads((_SCHEMAS / f"centre-{name}.json").read_text("utf-8"))
    return schema


def read_problem(path: Path) -> Problem:
    """Read a problem.

    Raises:
        Unreadable: it is not there, is not of the schema, or contradicts itself.
    """
    value = read_json(path, schema_of("problem"))
    problem: Problem = structured(path, {k: v for k, v in value.items() if k != "format"}, Problem)
    fault = _fault(problem)
    if fault is not None:
        raise Unreadable(f"{path}: {fault}")
    return problem


def problem_document(problem: Problem) -> dict[str, Any]:
    """A problem as JSON; what is as by default is left out."""
    document: dict[str, Any] = _converter().unstructure(problem)
    return {"format": PROBLEM_FORMAT, **document}


def read_plan(path: Path) -> Plan:
    """Read a plan; what it tells of the sessions beside their places is not looked at.

    Raises:
        Unreadable: it is not there, not of the schema, or places a session twice.
    """
    value = read_json(path, schema_of("plan"))
    wanted = ("session_id", "starts_at", "ends_at", "trainer_id", "room_code")
    places = [{key: each[key] for key in wanted if key in each} for each in value["sessions"]]
    placed: tuple[Placed, ...] = structured(path, places, tuple[Placed, ...])
    ids = [place.session_id for place in placed]
    twice = (
        sorted({each for each in ids if ids.count(each) > 1}) if len(set(ids)) < len(ids) else []
    )
    if twice:
        raise Unreadable(f"{path}: sessions: {twice[0]!r} is placed twice")
    return Plan(placed=tuple(sorted(placed, key=lambda place: place.session_id)))


def plan_document(problem: Problem, plan: Plan, **told: Any) -> dict[str, Any]:
    """A plan as JSON, with enough of the problem to draw and compare it by itself."""
    sessions = []
    for place in plan.placed:
        need = problem.needs[place.session_id]
        zone = problem.terms[need.cohort_id].zone
        sessions.append(
            {
                "session_id": place.session_id,
                "cohort_id": need.cohort_id,
                "training_code": need.training_code,
                "part_rank": need.part_rank,
                "delivery": need.delivery.value,
                "zone": zone,
                "local_start": place.starts_at.astimezone(ZoneInfo(zone)).strftime("%F %R"),
                "starts_at": place.starts_at.isoformat(),
                "ends_at": place.ends_at.isoformat(),
                "trainer_id": place.trainer_id,
                "room_code": place.room_code,
            }
        )
    return {"format": PLAN_FORMAT, "problem_sha256": problem.digest(), **told, "sessions": sessions}


def structured(path: Path, value: Any, kind: Any) -> Any:
    """A value of a file as one of our classes.

    Raises:
        Unreadable: a date, instant or value that the class refuses, with its place.
    """
    try:
        return _converter().structure(value, kind)
    except (cattrs.BaseValidationError, ValueError, RuleViolation) as error:
        mistake, _, place = cattrs.transform_error(error)[0].partition(" @ ")
        where = place.removeprefix("$").removeprefix(".") or "the whole"
        raise Unreadable(f"{path}: {where}: {mistake}") from error


def _fault(problem: Problem) -> str | None:
    """What contradicts itself, in one sentence that names the field."""
    for fault in (_ids_fault(problem), _terms_fault(problem), _links_fault(problem)):
        if fault is not None:
            return fault
    return None


def _ids_fault(problem: Problem) -> str | None:
    lists = {
        "sessions": [each.session_id for each in problem.sessions],
        "trainers": [each.trainer_id for each in problem.trainers],
        "rooms": [each.room_code for each in problem.rooms],
        "cohorts": [each.cohort_id for each in problem.cohorts],
        "pins": [each.session_id for each in problem.pins],
    }
    for name, ids in lists.items():
        seen: set[str] = set()
        for place, each in enumerate(ids):
            if each in seen:
                return f"{name}[{place}]: {each!r} is there twice"
            seen.add(each)
    holders: dict[str, str] = {}
    for name in ("trainers", "rooms", "cohorts"):
        for each in lists[name]:
            if each in holders:
                return f"{name}: {each!r} names one of the {holders[each]} already"
            holders[each] = name
    return None


def _terms_fault(problem: Problem) -> str | None:
    for place, terms in enumerate(problem.cohorts):
        where = f"cohorts[{place}]"
        if terms.ends_on < terms.starts_on:
            return f"{where}.ends_on: lies before starts_on"
        if (terms.ends_on - terms.starts_on).days > 1100:
            return f"{where}.ends_on: a cohort lasts three years at most"
        for zone in (terms.zone, *(hours.zone for hours in terms.hours)):
            try:
                require_zone(zone)
            except RuleViolation as refused:
                return f"{where}: {refused.detail}"
    for place, engagement in enumerate(problem.engagements):
        if engagement.ends_at <= engagement.starts_at:
            return f"engagements[{place}].ends_at: lies not after starts_at"
    return None


def _links_fault(problem: Problem) -> str | None:
    known = problem.needs
    cohort_ids = {terms.cohort_id for terms in problem.cohorts}
    for place, need in enumerate(problem.sessions):
        if need.cohort_id not in cohort_ids:
            return f"sessions[{place}].cohort_id: there is no cohort {need.cohort_id!r}"
        for other in need.after:
            if other not in known or known[other].cohort_id != need.cohort_id:
                return f"sessions[{place}].after: there is no session {other!r} in its cohort"
    circle = _circle(problem)
    if circle is not None:
        return f"sessions: {circle!r} waits for itself, by way of `after`"
    for place, pin in enumerate(problem.pins):
        if pin.session_id not in known:
            return f"pins[{place}].session_id: there is no session {pin.session_id!r}"
    return None


def _circle(problem: Problem) -> str | None:
    """A session of those that wait for each other in a circle."""
    waiting = {need.session_id: set(need.after) for need in problem.sessions}
    while waiting:
        free = {each for each, others in waiting.items() if not others & waiting.keys()}
        if not free:
            return min(waiting)
        waiting = {each: others for each, others in waiting.items() if each not in free}
    return None


@lru_cache
def _converter() -> cattrs.Converter:
    converter = cattrs.Converter(omit_if_default=True, forbid_extra_keys=True)
    converter.register_structure_hook(date, lambda text, _: date.fromisoformat(text))
    converter.register_unstructure_hook(date, date.isoformat)
    converter.register_structure_hook(datetime, lambda text, _: _instant(text))
    converter.register_unstructure_hook(datetime, datetime.isoformat)
    return converter


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(f"{text!r} has no offset from UTC, as in 2027-01-09T10:00:00+04:00")
    return instant.astimezone(UTC)
