"""An application under way: its call, its form, what was kept of it, and how more is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort

from chassis.access import Actor
from chassis.errors import StaleVersion
from services.console.api.pages import go
from services.console.api.visit import visit
from services.console.backends.registration import Item, Registration
from services.console.domain.form import (
    Form,
    form_of,
    kept_answers,
    missing_codes,
    shown_sections,
)

PREFERENCES = "preferences"


@dataclass(frozen=True)
class Started:
    """An application under way: the call, its form, and what was kept so far."""

    call: Item
    form: Form
    application: Item

    @property
    def answers(self) -> dict[str, Any]:
        """What was kept so far."""
        answers: dict[str, Any] = self.application["answers"]
        return answers

    def steps(self) -> list[dict[str, Any]]:
        """Sections that are shown, and whether each is complete."""
        return [
            {
                "code": section.code,
                "titles": section.titles,
                "is_done": not missing_codes(self.form, section, self.answers),
                "is_begun": any(question.code in self.answers for question in section.questions),
            }
            for section in shown_sections(self.form, self.answers)
        ]


def started_of(registration: Registration, call_id: str) -> Started:
    """The visitor's application, or the call's page where none was begun."""
    actor = visit().actor
    application = registration.own_application(call_id, actor)
    if application is None:
        abort(go("calls.one", call_id=call_id))
    call = registration.call(call_id, actor)
    return Started(call, form_of(call["form"]), application)


def common_of(started: Started) -> dict[str, Any]:
    """What every page of an application shows."""
    steps = started.steps()
    has_places = len(started.call["cohort_ids"]) > 1
    return {
        "call": started.call,
        "application": started.application,
        "steps": steps,
        "done_count": sum(step["is_done"] for step in steps),
        "has_places": has_places,
        "is_complete": all(step["is_done"] for step in steps)
        and bool(started.application[PREFERENCES]),
    }


def save(
    registration: Registration, started: Started, *, preferences: Sequence[str], answers: Any
) -> None:
    """Keep it; when another tab saved meanwhile, on top of what that one kept."""
    actor = visit().actor
    try:
        registration.save(
            started.application, preferences=preferences, answers=answers, actor=actor
        )
    except StaleVersion:
        newer = registration.application(started.application["id"], actor)
        merged = {**newer["answers"], **_changes(started.answers, answers)}
        registration.save(
            newer,
            preferences=preferences or newer[PREFERENCES],
            answers=kept_answers(started.form, merged),
            actor=actor,
        )


def _changes(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    codes = before.keys() | after.keys()
    return {code: after.get(code) for code in codes if before.get(code) != after.get(code)}


def cohorts_of(registration: Registration, call: Item, actor: Actor) -> list[Item]:
    """The cohorts of a call, in its order."""
    return [registration.cohort(cohort_id, actor) for cohort_id in call["cohort_ids"]]
