"""What may change in a published event, and what breaks somebody.

Two things must hold for ever: today's readers take every body that was ever published, and
readers of every past release take today's bodies. Readers are strict about the fields they know
and ignore the others. So an existing field keeps its schema, word for word but for its
description; objects may gain fields that have a default; everything else needs a ``.v2`` beside
the ``.v1``. Widening counts as a break too: a past reader refuses the value it does not know.
"""

from __future__ import annotations

from typing import Any

from contracts.schema import Schema

_ANNOTATIONS = frozenset({"$schema", "title", "description", "examples"})

_SENTENCES = {
    "enum": "its closed list changed: past bodies or past readers hold the former one",
    "pattern": "its pattern changed: past bodies or past readers hold the former one",
    "format": "its format changed",
    "maxLength": "its greatest length changed",
    "minimum": "its lowest number changed",
    "maximum": "its highest number changed",
    "default": "its default changed, and with it the meaning of every body without the field",
    "x-key": "its key changed: the order of past events would be lost",
    "x-topic": "its topic changed: its listeners would hear nothing any more",
    "x-private": "it changed between private and public",
    "additionalProperties": "what else it may hold changed",
    "propertyNames": "the form of its member names changed",
}


def breaks(old: Schema, new: Schema, *, where: str) -> list[str]:
    """What in ``new`` breaks past bodies or past readers of ``old``, one sentence each.

    Args:
        where: what the sentences start with: the event type, then the path of the field.
    """
    if _types(old) != _types(new):
        return [f"{where}: its type changed from {_said(old)} to {_said(new)}"]
    problems = _field_breaks(old, new, where=where)
    for word in sorted((old.keys() | new.keys()) - _ANNOTATIONS - {"type"}):
        before, after = old.get(word), new.get(word)
        if word in ("properties", "required") or before == after:
            continue
        if word == "items" or (word == "additionalProperties" and _are_schemas(before, after)):
            problems += breaks(before or {}, after or {}, where=f"{where}[]")
        elif not (word == "enum" and _same_members(before, after)):
            problems.append(f"{where}: {_SENTENCES.get(word, f'{word!r} changed')}")
    return problems


def vanished(published: set[str], declared: set[str]) -> list[str]:
    """A sentence for each type that was published and is declared no more."""
    return [
        f"{event_type}: it was published and is not declared any more"
        for event_type in sorted(published - declared)
    ]


def _field_breaks(old: Schema, new: Schema, *, where: str) -> list[str]:
    before, after = old.get("properties", {}), new.get("properties", {})
    needed_before, needed_after = set(old.get("required", ())), set(new.get("required", ()))
    problems = []
    for name in before:
        place = f"{where}.{name}"
        if name not in after:
            problems.append(f"{place}: the field was removed or renamed")
            continue
        if name in needed_after - needed_before:
            problems.append(f"{place}: it became required, but past bodies lack it")
        elif name in needed_before - needed_after:
            problems.append(f"{place}: it became optional, but past readers need it")
            continue
        problems += breaks(before[name], after[name], where=place)
    problems += [
        f"{where}.{name}: a new field needs a default, because past bodies lack it"
        for name in after
        if name not in before and name in needed_after
    ]
    return problems


def _types(schema: Schema) -> frozenset[str]:
    stated = schema.get("type", ())
    return frozenset([stated] if isinstance(stated, str) else stated)


def _said(schema: Schema) -> str:
    return " or ".join(sorted(_types(schema))) or "anything"


def _are_schemas(*found: Any) -> bool:
    return all(isinstance(each, dict) for each in found)


def _same_members(before: Any, after: Any) -> bool:
    return isinstance(before, list) and isinstance(after, list) and set(before) == set(after)
