"""Aggregates to documents and back.

Like ``chassis.codec``, but instants stay instants: MongoDB stores them, and indexes work on them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields
from datetime import UTC, date, datetime
from functools import cache
from types import NoneType
from typing import Any, TypeVar, get_args, get_type_hints

import cattrs
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override

from chassis.aggregate import Aggregate

A = TypeVar("A", bound=Aggregate)

_KEPT_APART: dict[str, Any] = {
    name: override(omit=True) for name in ("version", "event_count", "last_event_ms", "recorded")
}


def _converter() -> cattrs.Converter:
    converter = cattrs.Converter()
    converter.register_unstructure_hook(datetime, lambda instant: instant)
    converter.register_structure_hook(datetime, lambda stored, _: _instant(stored))
    converter.register_unstructure_hook(date, lambda day: day.isoformat())
    converter.register_structure_hook(date, lambda stored, _: date.fromisoformat(stored))
    converter.register_unstructure_hook_func(
        lambda kind: getattr(kind, "__origin__", kind) is frozenset,
        lambda members: sorted(converter.unstructure(member) for member in members),
    )
    converter.register_unstructure_hook_factory(
        _is_aggregate, lambda kind: make_dict_unstructure_fn(kind, converter, **_KEPT_APART)
    )
    converter.register_structure_hook_factory(
        _is_aggregate, lambda kind: make_dict_structure_fn(kind, converter, **_KEPT_APART)
    )
    return converter


def _is_aggregate(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Aggregate)


def _instant(stored: datetime | str) -> datetime:
    instant = datetime.fromisoformat(stored) if isinstance(stored, str) else stored
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


_CONVERTER = _converter()


def to_fields(aggregate: Aggregate) -> dict[str, Any]:
    """The aggregate's attributes as MongoDB takes them, by name."""
    members: dict[str, Any] = _CONVERTER.unstructure(aggregate)
    return members


def from_fields(aggregate: type[A], stored: Mapping[str, Any]) -> A:
    """The aggregate from stored attributes; what it does not know is ignored.

    mongoengine stores no ``None``: an attribute that may be it and is not there was it.
    """
    kind: Any = aggregate
    return _CONVERTER.structure({**dict.fromkeys(_may_be_absent(kind)), **stored}, aggregate)


@cache
def _may_be_absent(aggregate: type[Aggregate]) -> tuple[str, ...]:
    """Attributes that may be ``None`` and have no default."""
    hints = get_type_hints(aggregate)
    return tuple(
        field.name
        for field in fields(aggregate)
        if field.default is MISSING
        and field.default_factory is MISSING
        and NoneType in get_args(hints[field.name])
    )


def plain(value: Any) -> Any:
    """Any value of the domain as MongoDB takes it."""
    return _CONVERTER.unstructure(value)
