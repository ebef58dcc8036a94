"""Whether a body fits a schema: the few words of JSON Schema that ``contracts.schema`` writes.

The publishing command needs nothing but the standard library; ``tests/contract`` compares this
with the ``jsonschema`` package on every sample and on spoilt ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from contracts.schema import Schema

_KINDS: dict[str, tuple[type[Any], ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
    "null": (type(None),),
}


def misfits(value: Any, schema: Schema, *, where: str) -> Iterator[str]:
    """Sentences on what in ``value`` the schema does not allow; none when it fits."""
    stated = schema.get("type", [])
    kinds = [stated] if isinstance(stated, str) else stated
    if kinds and not any(_is_kind(value, kind) for kind in kinds):
        yield f"{where} is not {' or '.join(kinds)}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{where} is not on the closed list"
    if value is None:
        return
    if isinstance(value, str):
        yield from _text_misfits(value, schema, where)
    elif isinstance(value, dict):
        yield from _object_misfits(value, schema, where)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from misfits(item, schema.get("items", {}), where=f"{where}[{index}]")
    elif "minimum" in schema and not schema["minimum"] <= value <= schema["maximum"]:
        yield f"{where} is out of its range"


def _is_kind(value: Any, kind: str) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    return isinstance(value, _KINDS[kind])


def _text_misfits(value: str, schema: Schema, where: str) -> Iterator[str]:
    pattern = schema.get("pattern", "")
    # Patterns are anchored; Python's "$" would also match before a final newline.
    if pattern and not re.fullmatch(pattern.removeprefix("^").removesuffix("$"), value):
        yield f"{where} has not the form {pattern}"
    if len(value) > schema.get("maxLength", len(value)):
        yield f"{where} is too long"
    parse = {"date-time": datetime.fromisoformat, "date": date.fromisoformat}
    if schema.get("format") in parse:
        try:
            parse[schema["format"]](value)
        except ValueError:
            yield f"{where} is not a {schema['format']}"


def _object_misfits(value: dict[str, Any], schema: Schema, where: str) -> Iterator[str]:
    for name in schema.get("required", ()):
        if name not in value:
            yield f"{where}.{name} is missing"
    known = schema.get("properties", {})
    others = schema.get("additionalProperties", True)
    for name, member in value.items():
        place = f"{where}.{name}"
        yield from _text_misfits(name, schema.get("propertyNames", {}), place)
        rule = known.get(name, others)
        if isinstance(rule, dict):
            yield from misfits(member, rule, where=place)
