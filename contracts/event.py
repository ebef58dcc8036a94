"""What an event is, and the register of all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, TypeVar, dataclass_transform

from contracts.types import EVENT_TYPE

REGISTRY: dict[str, type[Event]] = {}
"""Event type on the wire -> class."""


class Event:
    """Base of all events: a frozen fact, named by a subject and a past participle.

    Events carry opaque ids only; names, addresses and free text never (``contracts.privacy``
    refuses them).
    """

    __slots__ = ()

    event_type: ClassVar[str]
    key_field: ClassVar[str]
    private: ClassVar[bool]

    @property
    def key(self) -> str:
        """Id of the aggregate the event is about: the message key, so order holds per aggregate."""
        key = getattr(self, self.key_field)
        assert isinstance(key, str)
        return key


E = TypeVar("E", bound=Event)


@dataclass_transform(frozen_default=True, kw_only_default=True)
def event(event_type: str, *, key: str, private: bool = False) -> Callable[[type[E]], type[E]]:
    """Declare an event class and register it.

    Args:
        event_type: ``rtcm.<service>.<aggregate>.<participle>.v<major>``.
        key: the field that holds the aggregate's id.
        private: sealed personal data travel in it, so its topic is compacted, closed to all
            but the services named in "Heard by", and never shown to partners.

    Raises:
        ValueError: the type is misspelt or already taken.
    """
    if not EVENT_TYPE.admits(event_type):
        raise ValueError(f"{event_type!r} is not rtcm.<service>.<aggregate>.<participle>.v<n>")

    def declare(cls: type[E]) -> type[E]:
        declared = dataclass(frozen=True, kw_only=True)(cls)
        if event_type in REGISTRY:
            raise ValueError(f"{event_type!r} is declared twice")
        if key not in declared.__dataclass_fields__:  # type: ignore[attr-defined]  # -- a dataclass since the line above
            raise ValueError(f"{event_type!r} has no field {key!r} to be its key")
        declared.event_type = event_type
        declared.key_field = key
        declared.private = private
        REGISTRY[event_type] = declared
        return declared

    return declare


def topic_of(event_type: str) -> str:
    """Topic of a type: the type without participle and version."""
    return event_type.rsplit(".", 2)[0]


def private_topics() -> frozenset[str]:
    """Topics with sealed personal data: compacted, mirrored nowhere, not open to partners."""
    return frozenset(topic_of(type_) for type_, cls in REGISTRY.items() if cls.private)


def service_of(event_type: str) -> str:
    """Publishing service of a type: its second word."""
    return event_type.split(".", 2)[1]
