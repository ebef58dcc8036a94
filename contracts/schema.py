"""JSON Schema (draft 2020-12) of an event's body, made from its class.

Members a schema does not name are allowed, because readers ignore what they do not know. A field
with a default is not required; its default is part of the schema, since a body without the field
means that value.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime
from functools import cache
from itertools import pairwise
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from contracts.event import Event, topic_of
from contracts.types import Form, OneOf, Range

Schema = dict[str, Any]

_SIMPLE: dict[Any, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    float: {"type": "number"},
    datetime: {"type": "string", "format": "date-time"},
    date: {"type": "string", "format": "date"},
}


def schema_of(event_class: type[Event]) -> Schema:
    """The schema of an event's body.

    Raises:
        TypeError: a field has a type that has no schema here.
    """
    event_type = event_class.event_type
    body = _object_schema(event_class)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:rtcm:schema:{event_type}",
        "x-topic": topic_of(event_type),
        "x-key": event_class.key_field,
        "x-private": event_class.private,
        **body,
    }


@cache
def field_notes(declared: type[Any]) -> Mapping[str, str]:
    """The texts that stand below the fields of a class: field name -> text."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(declared)))
    except (OSError, TypeError):  # made without a source file, as in a console
        return {}
    body = tree.body[0].body if isinstance(tree.body[0], ast.ClassDef) else []
    notes = {}
    for field, below in pairwise(body):
        if not isinstance(field, ast.AnnAssign) or not isinstance(field.target, ast.Name):
            continue
        match below:
            case ast.Expr(value=ast.Constant(value=str(note))):
                notes[field.target.id] = " ".join(note.split())
    return notes


def _object_schema(declared: type[Any]) -> Schema:
    hints = get_type_hints(declared, include_extras=True)
    notes = field_notes(declared)  # type: ignore[arg-type]  # -- classes are hashable
    properties: dict[str, Schema] = {}
    required: list[str] = []
    for field in fields(declared):
        schema = _schema(hints[field.name])
        if field.name in notes:
            schema = {"description": notes[field.name], **schema}
        if _has_default(field):
            schema = {**schema, "default": _default(field)}
        else:
            required.append(field.name)
        properties[field.name] = schema
    return {
        "title": declared.__name__,
        "description": _first_sentence(declared),
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": True,
    }


def _schema(hint: Any) -> Schema:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _ruled(arguments[0], arguments[1:])
    if origin in (Union, UnionType):
        return _optional(hint)
    if origin is tuple and len(arguments) == 2 and arguments[1] is Ellipsis:
        return {"type": "array", "items": _schema(arguments[0])}
    if isinstance(origin, type) and issubclass(origin, Mapping):
        names = _schema(arguments[0])
        return {
            "type": "object",
            "propertyNames": {key: names[key] for key in names if key != "type"},
            "additionalProperties": _schema(arguments[1]),
        }
    if isinstance(hint, type) and is_dataclass(hint):
        return _object_schema(hint)
    if hint in _SIMPLE:
        return dict(_SIMPLE[hint])
    raise TypeError(f"{hint!r} has no place in an event")


def _ruled(base: Any, marks: tuple[Any, ...]) -> Schema:
    schema = _schema(base)
    for mark in marks:
        match mark:
            case Form():
                schema |= {"pattern": mark.pattern, "maxLength": mark.max_length}
            case OneOf():
                schema |= {"enum": list(mark.choices)}
            case Range():
                schema |= {"minimum": mark.lowest, "maximum": mark.highest}
    return schema


def _optional(hint: Any) -> Schema:
    inner = [each for each in get_args(hint) if each is not NoneType]
    if len(inner) != 1:
        raise TypeError(f"{hint!r}: an event's field has one type, or one type or None")
    schema = _schema(inner[0])
    schema["type"] = [schema["type"], "null"]
    if "enum" in schema:
        schema["enum"] = [*schema["enum"], None]
    return schema


def _has_default(field: Field[Any]) -> bool:
    return field.default is not MISSING or field.default_factory is not MISSING


def _default(field: Field[Any]) -> Any:
    if field.default_factory is not MISSING:
        value: Any = field.default_factory()
    else:
        value = field.default
    if isinstance(value, tuple):
        return list(value)
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise TypeError(f"{field.name}: a default is None, a number, a text or an empty tuple")


def _first_sentence(declared: type[Any]) -> str:
    return " ".join((declared.__doc__ or "").strip().split("\n\n", 1)[0].split())
