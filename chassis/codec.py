"""Between our values and JSON, both ways, believing nothing that is read.

Instants are RFC 3339 in UTC, dates ISO 8601, enumerations their values, tuples lists, sets sorted
lists, dataclasses objects. Reading is strict: the number ``"5"``, a naive instant, or a text that
has not the form its field declares (``contracts.types``) is refused; members nobody knows are
ignored, so that events may grow. Messages name fields and types, never values.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from datetime import datetime
from typing import Any, TypeVar, cast, get_type_hints

from cattrs.errors import AttributeValidationNote, BaseValidationError, IterableValidationNote

from chassis.converter import converter
from chassis.envelope import Envelope, MalformedEvent, source_of
from contracts.event import REGISTRY, Event

T = TypeVar("T")

_WRONG = (ValueError, TypeError, KeyError, AttributeError)

_plain = converter()
_wire = converter(omit_defaults=True)
_explaining = converter(explain=True)


class UnknownEventType(MalformedEvent):
    """A type this release does not know: published by a newer one, or never by us."""


def unstructure(value: object) -> Any:
    """Turn a value into what ``json.dumps`` takes.

    Raises:
        ValueError: a naive instant, or a text that has not its field's form.
    """
    return _plain.unstructure(value)


def structure(value: Any, type_: type[T]) -> T:
    """Read a value of a type out of JSON.

    Raises:
        ValueError: it is none; the sentence names each wrong field.
    """
    try:
        return _plain.structure(value, type_)
    except _WRONG:
        raise ValueError(_explanation(value, type_)) from None


def encode(event: Event) -> dict[str, Any]:
    """Write an event's body; optional fields that hold their default are left out.

    Raises:
        MalformedEvent: a field has not the form it declares, so no reader would take it.
    """
    try:
        return cast(dict[str, Any], _wire.unstructure(event))
    except _WRONG as problem:
        raise MalformedEvent(f"{event.event_type}: {_wrong_fields(event) or problem}") from None


def decode(event_type: str, body: dict[str, Any]) -> Event:
    """Read an event's body.

    Raises:
        UnknownEventType: no such type in this release.
        MalformedEvent: the body is not of that type; the sentence names each wrong field.
    """
    event_class = REGISTRY.get(event_type)
    if event_class is None:
        raise UnknownEventType(f"{event_type} is not a type this release knows")
    try:
        return _wire.structure(body, event_class)
    except _WRONG:
        raise MalformedEvent(f"{event_type}: {_explanation(body, event_class)}") from None


def enclose(
    event: Event, *, event_id: str, sequence: int, occurred_at: datetime, traceparent: str | None
) -> Envelope:
    """Put an event into its envelope; the scope marks are copied from its fields.

    Raises:
        MalformedEvent: as ``encode``.
    """
    return Envelope(
        event_id=event_id,
        event_type=event.event_type,
        source=source_of(event.event_type),
        key=event.key,
        sequence=sequence,
        occurred_at=occurred_at,
        cohort_id=getattr(event, "cohort_id", None),
        country_code=getattr(event, "country_code", None),
        traceparent=traceparent,
        body=encode(event),
    )


def _explanation(value: Any, type_: type[object]) -> str:
    # Slow, with the path of each problem; the readers above are fast and say nothing.
    try:
        _explaining.structure(value, type_)
    except BaseValidationError as problems:
        return "; ".join(_sentences(problems, ""))
    except _WRONG as problem:
        return _sentence(problem)
    return "it cannot be read"


def _sentences(problems: BaseValidationError, path: str) -> list[str]:
    found: list[str] = []
    for problem in problems.exceptions:
        place = path + _place(problem)
        if isinstance(problem, BaseValidationError):
            found.extend(_sentences(problem, place))
        else:
            found.append(f"{place.lstrip('.')} {_sentence(problem)}")
    return found


def _place(problem: Exception) -> str:
    for note in getattr(problem, "__notes__", ()):
        if isinstance(note, IterableValidationNote):
            return f"[{note.index}]"
        if isinstance(note, AttributeValidationNote):
            return f".{note.name}"
    return ""


def _sentence(problem: Exception) -> str:
    return "is missing" if isinstance(problem, KeyError) else str(problem)


def _wrong_fields(event: Event) -> str:
    hints = get_type_hints(type(event), include_extras=True)
    found = []
    for field in fields(cast(Any, event)):
        write: Callable[[object], object] = _wire.get_unstructure_hook(hints[field.name])
        try:
            write(getattr(event, field.name))
        except _WRONG as problem:
            found.append(f"{field.name} {problem}")
    return "; ".join(found)
