"""Request bodies: JSON that everything behind the door can hold, or a refusal."""

from __future__ import annotations

import json
import math
from typing import Any

from chassis.errors import BadInput, RtcmError

_DEEPEST = 32
_LARGEST_WHOLE = 2**63 - 1
"""The database's widest whole number."""


def read_object(raw: bytes, *, mimetype: str) -> dict[str, Any]:
    """The JSON object of a body.

    Raises:
        BadInput: ``body.not_json``: another media type (415); broken UTF-8 or JSON, no object,
            nested deeper than 32, a number or character that could not be stored (400).
    """
    if mimetype != "application/json":
        raise _not_json("send the body as application/json", 415)
    try:
        text = raw.decode()
        read = json.loads(text, parse_constant=_refused, parse_float=_finite, parse_int=_storable)
    except (ValueError, RecursionError) as error:
        raise _not_json("the body is not JSON in UTF-8 with numbers of at most 64 bits") from error
    if not isinstance(read, dict):
        raise _not_json("the body has to be a JSON object")
    # Looked for in the text first: nearly every body has none of these.
    if text.count("{") + text.count("[") > _DEEPEST and _depth(read) > _DEEPEST:
        raise _not_json(f"the body is nested deeper than {_DEEPEST}")
    if "\\u" in text and not _is_storable(json.dumps(read, ensure_ascii=False)):
        raise _not_json("the body has the character NUL or half of a surrogate pair")
    return read


def _not_json(detail: str, status: int = 400) -> RtcmError:
    error = BadInput("body.not_json", detail)
    error.status = status
    return error


def _refused(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("larger than any number")
    return number


def _storable(text: str) -> int:
    number = int(text)
    if not -_LARGEST_WHOLE <= number <= _LARGEST_WHOLE:
        raise ValueError("wider than 64 bits")
    return number


def _depth(read: Any) -> int:
    depth, level = 0, [read]
    while level:
        depth += 1
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
    return depth


def _is_storable(dumped: str) -> bool:
    try:
        dumped.encode()
    except UnicodeEncodeError:
        return False
    # json.dumps writes NUL as an escape; an escaped backslash before it is text, not an escape.
    return "\\u0000" not in dumped.replace("\\\\", "")
