"""Cohorts: the list, and one with its funnel and numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, request

from chassis.access import Actor, Role
from chassis.clock import Clock
from services.console.api import dates
from services.console.api.me import Gathering
from services.console.api.pages import is_part, needs, page
from services.console.api.visit import visit
from services.console.backends.certification import Certification
from services.console.backends.operations import Operations
from services.console.backends.registration import Registration
from services.console.backends.scheduling import Scheduling
from services.console.backends.selection import Selection
from services.console.pictures.funnel import Step, steps

_STAFF = (Role.OPERATOR, Role.COORDINATOR, Role.AUDITOR)

Counts = Mapping[str, int] | None


@dataclass(frozen=True, kw_only=True)
class Sources:
    """The services a dashboard is made from."""

    registration: Registration
    selection: Selection
    scheduling: Scheduling
    certification: Certification
    operations: Operations


def cohorts_pages(sources: Sources, clock: Clock) -> Blueprint:
    """Build the pages."""
    routes = Blueprint("cohorts", __name__, url_prefix="/cohorts")

    @routes.get("")
    @needs(*_STAFF)
    def all_cohorts() -> Any:
        cohorts = sources.registration.cohorts(visit().actor)
        today = clock().date()
        shown = [{**cohort, "stage": _stage(cohort, today.isoformat())} for cohort in cohorts]
        shown.sort(key=lambda cohort: str(cohort["starts_on"]), reverse=True)
        return page("cohorts/list.html", cohorts=shown, done=request.args.get("done"))

    @routes.get("/<uuid:cohort_id>")
    @needs(*_STAFF)
    def one(cohort_id: object) -> Any:
        actor = visit().actor
        cohort = sources.registration.cohort(str(cohort_id), actor)
        template = "cohorts/_numbers.html" if is_part() else "cohorts/one.html"
        return page(
            template,
            cohort=cohort,
            stage=_stage(cohort, clock().date().isoformat()),
            now=clock(),
            **_numbers(sources, cohort, actor, clock()),
        )

    return routes


def _stage(cohort: Mapping[str, Any], today: str) -> str:
    if cohort["status"] == "completed" or today > str(cohort["ends_on"]):
        return "completed"
    return "running" if today >= str(cohort["starts_on"]) else "coming"


def _numbers(
    sources: Sources, cohort: Mapping[str, Any], actor: Actor, now: datetime
) -> dict[str, Any]:
    gathering, cohort_id = Gathering(), str(cohort["id"])
    registration: Counts = gathering.ask(
        "registration", lambda: sources.registration.funnel(cohort_id, actor), None
    )
    selection: Counts = gathering.ask(
        "selection", lambda: sources.selection.funnel(cohort_id, actor), None
    )
    sessions = gathering.ask(
        "scheduling", lambda: sources.scheduling.sessions(cohort_id, actor), None
    )
    awards = gathering.ask(
        "certification", lambda: sources.certification.summary(cohort_id, actor), None
    )
    return {
        "funnel": funnel_of(registration, selection, awards),
        "registration": registration,
        "selection": selection,
        "sessions": sessions,
        "upcoming": _upcoming(sessions, now),
        "awards": awards,
        "parked": _parked(sources, actor),
        "missing": gathering.missing,
    }


def funnel_of(
    registration: Counts, selection: Counts, awards: Mapping[str, Any] | None
) -> list[Step]:
    """The way to a certificate; a step whose service is away has no number.

    A cohort filled by nomination alone has a way of its own.
    """
    certified = None if awards is None else int(awards["certificates"].get("issued", 0))
    enrolled = _starting_with(registration, "participants_")
    sent = _sum(registration, ("applications_submitted", "applications_withdrawn"))
    started = _starting_with(registration, "applications_")
    named = _starting_with(registration, "nominations_")
    if named and not started:
        confirmed = _sum(registration, ("nominations_confirmed", "nominations_replaced"))
        return steps(
            [
                ("named", named),
                ("confirmed", confirmed),
                ("enrolled", enrolled),
                ("certified", certified),
            ]
        )
    return steps(
        [
            ("started", started),
            ("sent", sent),
            ("shortlisted", _sum(selection, ("shortlisted",))),
            ("interviewed", _sum(selection, ("interviews_scored",))),
            ("offered", _starting_with(selection, "offers_")),
            ("enrolled", enrolled),
            ("certified", certified),
        ]
    )


def _starting_with(counts: Counts, beginning: str) -> int | None:
    if counts is None:
        return None
    return sum(count for code, count in counts.items() if code.startswith(beginning))


def _sum(counts: Counts, codes: tuple[str, ...]) -> int | None:
    return None if counts is None else sum(counts.get(code, 0) for code in codes)


def _parked(sources: Sources, actor: Actor) -> int | None:
    if not actor.has(Role.OPERATOR):
        return None
    told = sources.operations.flows(actor)
    return sum(int(each.answer["parked"]) for each in told if each.answer is not None)


def _upcoming(
    sessions: Sequence[Mapping[str, Any]] | None, now: datetime, *, count: int = 6
) -> list[Mapping[str, Any]]:
    """The next sessions that take place."""
    held = [one for one in sessions or () if one["status"] != "cancelled"]
    return [one for one in held if dates.as_instant(one["ends_at"]) > now][:count]
