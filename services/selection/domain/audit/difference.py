"""What a bundle does not give again, in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn


class Different(Exception):
    """The bundle does not give what it says; the message says where and how."""


def differ(sentence: str) -> NoReturn:
    """End the check with a sentence.

    Raises:
        Different: always.
    """
    raise Different(sentence)


def same_names(what: str, found: Mapping[str, Any], expected: Mapping[str, Any]) -> None:
    """Refuse names that are missing or do not belong.

    Raises:
        Different: names the first.
    """
    for name in sorted(expected.keys() - found.keys()):
        differ(f"{what} {name} is missing")
    for name in sorted(found.keys() - expected.keys()):
        differ(f"{what} {name} does not belong there")
