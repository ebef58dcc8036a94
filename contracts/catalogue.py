"""The event catalogue for readers: ``docs/reference/events.md``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from contracts.event import Event, service_of, topic_of
from contracts.schema import Schema, schema_of
from contracts.types import FORMS

_PARTS = re.compile(
    r"(?P<summary>.+?)\n\s*Heard by: (?P<heard_by>.+?\.)\s*Personal data: (?P<personal>.+)",
    re.DOTALL,
)

_FORM_NAMES = {form.pattern: form.name for form in FORMS}

_HEAD = """# Events

What every service announces, in its own words. This page is generated from `contracts/` by
`python -m contracts.publish`; the same is there for programs as JSON Schemas
(`contracts/schemas/`), as an AsyncAPI 3.0 document (`contracts/asyncapi.json`) and as one golden
sample per type (`contracts/samples/`).

Every event travels as CloudEvents 1.0 in structured JSON, on the topic named below, keyed by the
id of its aggregate. Fields marked *optional* are left out when they hold their default. Readers
ignore fields they do not know; `contracts/compatibility.py` says what may change.
"""


@dataclass(frozen=True)
class Account:
    """What the docstring of an event says."""

    summary: str
    heard_by: str
    personal_data: str


def account_of(event_class: type[Event]) -> Account:
    """Read the docstring of an event.

    Raises:
        ValueError: it does not say who hears the event or what personal data are in it.
    """
    parts = _PARTS.fullmatch((event_class.__doc__ or "").strip())
    if parts is None:
        raise ValueError("its docstring lacks 'Heard by: ...' followed by 'Personal data: ...'")
    summary, heard_by, personal_data = (" ".join(part.split()) for part in parts.groups())
    return Account(summary=summary, heard_by=heard_by, personal_data=personal_data)


def catalogue(registry: Mapping[str, type[Event]]) -> str:
    """The page as Markdown."""
    lines = [_HEAD]
    for service, types in groupby(sorted(registry), key=service_of):
        lines.append(f"## {service}\n")
        for event_type in types:
            lines += _section(registry[event_type])
    return "\n".join(lines)


def _section(event_class: type[Event]) -> Iterator[str]:
    event_type, account = event_class.event_type, account_of(event_class)
    private = " (private, compacted)" if event_class.private else ""
    yield f"### `{event_type}`\n"
    yield f"{_code(account.summary)}\n"
    yield f"- class: `{event_class.__module__}.{event_class.__name__}`"
    yield f"- topic: `{topic_of(event_type)}`{private}, key `{event_class.key_field}`"
    yield f"- heard by: {_code(account.heard_by)}"
    yield f"- personal data: {_code(account.personal_data)}\n"
    yield "| field | holds | |\n|---|---|---|"
    yield from _rows(schema_of(event_class))
    yield ""


def _rows(schema: Schema, prefix: str = "") -> Iterator[str]:
    for name, member in schema["properties"].items():
        path = f"{prefix}{name}"
        optional = "" if name in schema["required"] else f"optional, `{member['default']}`"
        note = "; ".join(filter(None, (optional, _code(member.get("description", "")))))
        inner = member.get("items", member)
        if "properties" in inner:
            listed = "list of objects" if "items" in member else "object"
            yield f"| `{path}` | {listed} | {note if inner is not member else optional} |"
            yield from _rows(inner, f"{path}[]." if "items" in member else f"{path}.")
        else:
            yield f"| `{path}` | {_holds(member)} | {note} |"


def _holds(schema: Schema) -> str:
    stated = schema["type"]
    kind = stated if isinstance(stated, str) else stated[0]
    if kind == "array":
        return f"list: {_holds(schema['items'])}"
    if kind == "object":
        return "language code → title"
    if "enum" in schema:
        return " \\| ".join(f"`{choice}`" for choice in schema["enum"] if choice is not None)
    if "pattern" in schema:
        return _FORM_NAMES[schema["pattern"]]
    if "minimum" in schema:
        highest = schema["maximum"]
        upward = " or more" if highest >= 2**52 else f" to {highest}"
        return f"integer, {schema['minimum']}{upward}"
    return {"date-time": "instant, UTC", "date": "date"}.get(schema.get("format", ""), kind)


def _code(text: str) -> str:
    return text.replace("``", "`")
