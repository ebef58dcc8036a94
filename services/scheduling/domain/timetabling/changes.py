"""What happens after a timetable was announced: teachers fall ill, rooms are closed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from services.scheduling.domain.timetabling.instance import Instance

T = TypeVar("T")

_DAY = {"type": "integer", "minimum": 0, "description": "From 0; left out: every day."}
_PERIODS = {
    "type": "array",
    "items": {"type": "integer", "minimum": 0},
    "minItems": 1,
    "description": "Periods of the day, from 0; left out: the whole day.",
}
_NAME = {"type": "string", "minLength": 1}


def _event(kind: str, description: str, required: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "description": description,
        "properties": {"kind": {"const": kind}, **required, **more},
        "required": ["kind", *required],
        "additionalProperties": False,
    }


_TIME: dict[str, Any] = {"day": _DAY, "periods": _PERIODS}
_COUNT = {"type": "integer", "minimum": 0, "maximum": 1_000_000}
_EVENTS = {
    "teacher_unavailable": _event(
        "teacher_unavailable", "A teacher cannot teach then.", {"teacher": _NAME}, **_TIME
    ),
    "course_unavailable": _event(
        "course_unavailable", "A course cannot be taught then.", {"course": _NAME}, **_TIME
    ),
    "room_closed": _event("room_closed", "A room cannot be used then.", {"room": _NAME}, **_TIME),
    "room_capacity": _event(
        "room_capacity", "A room has other seats.", {"room": _NAME, "seats": _COUNT}
    ),
    "course_size": _event(
        "course_size", "A course has other students.", {"course": _NAME, "students": _COUNT}
    ),
}

CHANGE_SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "What has changed since a timetable was made",
    "type": "object",
    "properties": {
        "events": {
            "type": "array",
            "maxItems": 10_000,
            "items": {
                "type": "object",
                "properties": {"kind": {"enum": list(_EVENTS)}},
                "required": ["kind"],
                "allOf": [
                    {"if": {"properties": {"kind": {"const": kind}}}, "then": event}
                    for kind, event in _EVENTS.items()
                ],
            },
        }
    },
    "required": ["events"],
    "additionalProperties": False,
}
"""JSON Schema (2020-12) of a change file."""


class UnknownName(ValueError):
    """An event names what the instance does not have."""


def changed(instance: Instance, events: Sequence[Mapping[str, Any]]) -> Instance:
    """The instance after the events.

    Args:
        events: as ``CHANGE_SCHEMA`` admits them.

    Raises:
        UnknownName: of a teacher, course, room, day or period.
    """
    for number, event in enumerate(events):
        try:
            instance = _after(instance, event)
        except UnknownName as error:
            raise UnknownName(f"events[{number}]: {error}") from error
    return instance


def _after(instance: Instance, event: Mapping[str, Any]) -> Instance:
    kind = event["kind"]
    if kind == "teacher_unavailable":
        courses = _known(instance.taught_by, event["teacher"], "teacher")
        return _closed(instance, courses, event)
    if kind == "course_unavailable":
        course = _known(instance.course_numbers, event["course"], "course")
        return _closed(instance, (course,), event)
    if kind == "course_size":
        course = _known(instance.course_numbers, event["course"], "course")
        other = replace(instance.courses[course], student_count=event["students"])
        return replace(instance, courses=_with(instance.courses, course, other))
    room = _known(instance.room_numbers, event["room"], "room")
    if kind == "room_capacity":
        resized = replace(instance.rooms[room], seat_count=event["seats"])
        return replace(instance, rooms=_with(instance.rooms, room, resized))
    closed = {(room, period) for period in _periods(instance, event)}
    return replace(instance, rooms_closed=instance.rooms_closed | closed)


def _closed(instance: Instance, courses: Sequence[int], event: Mapping[str, Any]) -> Instance:
    closed = {(course, period) for course in courses for period in _periods(instance, event)}
    return replace(instance, unavailable=instance.unavailable | closed)


def _periods(instance: Instance, event: Mapping[str, Any]) -> list[int]:
    days = [event["day"]] if "day" in event else range(instance.day_count)
    hours = event.get("periods", range(instance.periods_per_day))
    for day in days:
        if day >= instance.day_count:
            raise UnknownName(f"there is no day {day}")
    for hour in hours:
        if hour >= instance.periods_per_day:
            raise UnknownName(f"there is no period {hour}")
    return [day * instance.periods_per_day + hour for day in days for hour in hours]


def _known(names: Mapping[str, T], name: str, what: str) -> T:
    if name not in names:
        raise UnknownName(f"unknown {what} {name[:40]}")
    return names[name]


def _with(values: tuple[T, ...], number: int, value: T) -> tuple[T, ...]:
    return (*values[:number], value, *values[number + 1 :])
