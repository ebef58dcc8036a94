"""The forms a value in an event may have.

An event holds no free text, so every text is of a closed form: an id, a code, a hash. The aliases
are plain ``str`` and ``int`` to mypy and to callers; the markers inside them become patterns of
the JSON Schemas and are checked whenever an event is encoded or decoded.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, get_args, get_origin


@dataclass(frozen=True)
class Form:
    """A text that matches ``pattern`` in full and is at most ``max_length`` characters long."""

    name: str
    pattern: str
    max_length: int

    @cached_property
    def expression(self) -> re.Pattern[str]:
        """``pattern``, for ``fullmatch``."""
        # Python's "$" also matches before a final newline; JSON Schema's does not.
        return re.compile(self.pattern.removeprefix("^").removesuffix("$"))

    def admits(self, text: str) -> bool:
        """Whether ``text`` has this form."""
        return len(text) <= self.max_length and self.expression.fullmatch(text) is not None

    def __str__(self) -> str:
        return f"a text of the form {self.name!r} ({self.pattern}, at most {self.max_length} long)"


class OneOf:
    """A text out of a closed list."""

    __slots__ = ("choices",)

    def __init__(self, *choices: str) -> None:
        self.choices = choices

    def admits(self, text: str) -> bool:
        """Whether ``text`` is on the list."""
        return text in self.choices

    def __str__(self) -> str:
        return f"one of {', '.join(self.choices)}"


@dataclass(frozen=True, slots=True)
class Range:
    """A whole number from ``lowest`` to ``highest``, both included."""

    lowest: int
    highest: int = 2**53 - 1  # beyond it JSON readers in other languages lose digits

    def admits(self, number: int) -> bool:
        """Whether ``number`` lies inside."""
        return self.lowest <= number <= self.highest

    def __str__(self) -> str:
        return f"a whole number from {self.lowest} to {self.highest}"


Id = Annotated[
    str, Form("id", r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$", 36)
]
"""A UUID in canonical form, opaque: it says nothing about whom it stands for."""

Code = Annotated[str, Form("code", r"^[a-z0-9][a-z0-9_.-]*$", 64)]
"""A stable word of ours or of the centre's lists, in lower case: ``theory``, ``the-01``."""

CountryCode = Annotated[str, Form("country code", r"^[A-Z]{2}$", 2)]
"""ISO 3166-1 alpha-2."""

CountryMark = Annotated[str, Form("country mark", r"^([A-Z]{2}|\*)$", 2)]
"""Whose country the fact belongs to; ``*`` is the whole centre."""

LanguageCode = Annotated[str, Form("language code", r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", 35)]
"""BCP 47."""

Sha256 = Annotated[str, Form("sha256", r"^[0-9a-f]{64}$", 64)]
"""SHA-256 in lower-case hexadecimal digits."""

Zone = Annotated[str, Form("zone", r"^[A-Z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}$", 50)]
"""IANA time zone: ``Asia/Baku``."""

Serial = Annotated[str, Form("serial", r"^[A-Z0-9]+(-[A-Z0-9]+)*$", 40)]
"""The number printed on a certificate; made by us, never from a person's data."""

EVENT_TYPE = Form("event type", r"^rtcm\.[a-z]+(\.[a-z_]+){2,3}\.v[1-9][0-9]*$", 120)
EventType = Annotated[str, EVENT_TYPE]
"""The type of an event, as in ``contracts.event.REGISTRY``."""

Sealed = Annotated[str, Form("sealed", r"^[A-Za-z0-9+/]+={0,2}$", 65_536)]
"""Ciphertext in base64 that only the holder of the person's key can open; private events only."""

Title = Annotated[str, Form("title", r"^[^\x00-\x1f\x7f]+$", 300)]
"""What a programme or training is called; never used for people (``contracts.privacy``)."""

LanguageMap = Mapping[LanguageCode, Title]
"""Language code -> title."""

Count = Annotated[int, Range(0)]
Number = Annotated[int, Range(1)]
"""Counted from 1: versions, ranks."""
Percent = Annotated[int, Range(0, 100)]

Delivery = Annotated[str, OneOf("onsite", "online", "hybrid")]
Presence = Annotated[str, OneOf("onsite", "online")]
Route = Annotated[str, OneOf("open", "nomination")]
"""How a person comes to a place: by an own application, or named by a state body."""

FORMS = tuple(
    mark
    for alias in tuple(globals().values())
    if get_origin(alias) is Annotated
    for mark in get_args(alias)[1:]
    if isinstance(mark, Form)
)
"""All forms a text may have; ``contracts.privacy`` admits no other."""
