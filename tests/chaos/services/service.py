"""A small service on the real chassis: takes commands, announces, listens, keeps timers, does jobs.

Three of them run under the names of real ones, because event types belong to a service.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any
from zlib import crc32

from flask import Blueprint
from marshmallow import Schema, fields, validate

from chassis.access import Role
from chassis.errors import RuleViolation, Unavailable
from chassis.hearing import heard
from chassis.http.operation import ApiCall, operation
from chassis.ids import derived_id
from chassis.mongo.repository import Repository
from chassis.ports import Job, Timer
from chassis.running import Parts, Platform, main
from chassis.settings import ServiceSettings
from contracts.event import Event, topic_of
from tests.chaos import breaks
from tests.chaos.services.counting import (
    EVENT_OF,
    NOON,
    Counter,
    CounterDocument,
    EffectDocument,
    TallyDocument,
    leave_effect,
    step,
)

CHAIN_NOTE = "chain"
"""A step with this note makes its hearers announce a step of their own."""

_STUMBLE_EVERY = 40
_stumbled: set[str] = set()


class StepBody(Schema):
    """How the step is to be made."""

    way = fields.String(
        load_default="now", validate=validate.OneOf(("now", "refused", "chain", "timer", "job"))
    )


class StepAnswer(Schema):
    """The step made."""

    value = fields.Integer(required=True)


def counters_of(platform: Platform[ServiceSettings]) -> Repository[Counter]:
    """All counters of a service."""
    event = EVENT_OF[platform.service](derived_id("sample"), "sample")
    return platform.repository(
        aggregate=Counter,
        document=CounterDocument,
        id_field="counter_id",
        name="counter",
        topic=topic_of(event.event_type),
    )


def steps_blueprint(platform: Platform[ServiceSettings]) -> Blueprint:
    """One command: a step of a counter."""
    routes = Blueprint("steps", __name__, url_prefix="/counters")
    counters = counters_of(platform)

    @routes.post("/<uuid:counter_id>/steps")
    @operation(
        summary="One step of a counter",
        roles=(Role.OPERATOR,),
        body=StepBody,
        answer=StepAnswer,
        status=201,
        errors=("counter.refused",),
    )
    def make_step(call: ApiCall, counter_id: str) -> Any:
        way = call.body["way"]
        if way == "timer":
            platform.timers.set("step", f"{counter_id}|{call.command_id}", NOON)
            return {"value": 0}
        if way == "job":
            platform.jobs.add("step", f"{counter_id}|{call.command_id}", {})
            return {"value": 0}
        value = step(counters, platform.service, counter_id, way)
        if way == "refused":  # late, so that something is there to be taken back
            raise RuleViolation("counter.refused", "this step was not to be made")
        return {"value": value}

    return routes


def hearer(platform: Platform[ServiceSettings]) -> Callable[[Event], None]:
    """Leaves one effect for each event; stumbles now and then, as handlers do."""
    counters = counters_of(platform)
    consumer = f"rtcm.{platform.service}"

    def hear(event: Event) -> None:
        event_id = heard().event_id
        leave_effect(consumer)
        if _stumbles(event_id):
            raise Unavailable("chaos.stumbled", "somebody else was away for a moment")
        if CHAIN_NOTE in (getattr(event, "code", ""), getattr(event, "kind_code", "")):
            own_id = derived_id(platform.service, event.key)
            step(counters, platform.service, own_id, "chained")

    return hear


def _stumbles(event_id: str) -> bool:
    """Once a process for every fortieth event, after its effect was written."""
    if crc32(event_id.encode()) % _STUMBLE_EVERY or event_id in _stumbled:
        return False
    _stumbled.add(event_id)
    return True


def run(service: str, hears: tuple[type[Event], ...] = ()) -> int:
    """Run the API or the worker of one chaos service."""

    def build(platform: Platform[ServiceSettings]) -> Parts:
        counters = counters_of(platform)

        def on_timer(timer: Timer) -> None:
            step(counters, service, timer.key.partition("|")[0], "timer")

        def on_job(job: Job) -> Callable[[], Any]:
            return lambda: step(counters, service, job.key.partition("|")[0], "job")

        handlers: Mapping[type[Event], Any] = dict.fromkeys(hears, hearer(platform))
        return Parts(
            documents=[CounterDocument, EffectDocument, TallyDocument],  # type: ignore[list-item]  # -- plain rows are indexed alike
            blueprints=[steps_blueprint(platform)],
            on_event=handlers,
            on_timer={"step": on_timer},
            on_job={"step": on_job},
        )

    breaks.apply(os.environ.get(breaks.VARIABLE, ""))
    return main(service, ServiceSettings, build)
