"""What the value of a setting may be: how its text is read, and what to say when it is wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar
from urllib.parse import urlsplit

T_co = TypeVar("T_co", covariant=True)

_YES = frozenset({"1", "true", "yes", "on"})
_NO = frozenset({"0", "false", "no", "off"})


@dataclass(frozen=True)
class Kind(Generic[T_co]):
    """A kind of value.

    Attributes:
        wanted: completes "wanted: ...", for example "a whole number from 1 to 64".
        read: text -> value; raises ``ValueError`` when the text is none of this kind.
    """

    wanted: str
    read: Callable[[str], T_co]


def whole_number(minimum: int, maximum: int) -> Kind[int]:
    """A whole number within both bounds."""

    def read(text: str) -> int:
        value = int(text)
        if not minimum <= value <= maximum:
            raise ValueError
        return value

    return Kind(f"a whole number from {minimum} to {maximum}", read)


def number(minimum: float, maximum: float) -> Kind[float]:
    """A number within both bounds; never NaN."""

    def read(text: str) -> float:
        value = float(text)
        if not minimum <= value <= maximum:
            raise ValueError
        return value

    return Kind(f"a number from {minimum:g} to {maximum:g}", read)


def one_of(*choices: str) -> Kind[str]:
    """One word of a closed list."""

    def read(text: str) -> str:
        if text not in choices:
            raise ValueError
        return text

    return Kind(f"one of: {', '.join(choices)}", read)


def address(*schemes: str) -> Kind[str]:
    """An URL with one of ``schemes`` and a host, without a slash at its end."""

    def read(text: str) -> str:
        parts = urlsplit(text)
        if parts.scheme not in schemes or not parts.hostname or parts.query or parts.fragment:
            raise ValueError
        return text.rstrip("/")

    return Kind(f"an address that starts with {' or '.join(f'{s}://' for s in schemes)}", read)


def starting_with(*beginnings: str) -> Kind[str]:
    """A text with one of ``beginnings``, which says what the rest means."""

    def read(text: str) -> str:
        if not any(text.startswith(begin) and len(text) > len(begin) for begin in beginnings):
            raise ValueError
        return text

    return Kind(f"a text that starts with {' or '.join(beginnings)}", read)


def _flag(text: str) -> bool:
    if text.lower() in _YES:
        return True
    if text.lower() in _NO:
        return False
    raise ValueError


def _words(text: str) -> tuple[str, ...]:
    words = tuple(word.strip() for word in text.split(","))
    if not all(words):
        raise ValueError
    return words


TEXT: Kind[str] = Kind("a text", str)
FLAG: Kind[bool] = Kind("true or false", _flag)
PATH: Kind[Path] = Kind("a path", Path)
WORDS: Kind[tuple[str, ...]] = Kind("words separated by commas", _words)
