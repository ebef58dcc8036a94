"""Content lines of iCalendar (RFC 5545, 3.1): escaped, folded, ended by CRLF.

Written plainly because a feed of a thousand sessions has ten thousand of them, and a general
library spends half a second there; the tests read every line back with one.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

_OCTETS = 75
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


def escaped(text: str) -> str:
    """A value of type TEXT (3.3.11); control characters, which it may not hold, are left out."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROLS.sub("", plain).translate(_ESCAPES)


def utc(instant: datetime) -> str:
    """A value of type DATE-TIME in UTC (3.3.5, form 2)."""
    return f"{instant.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def folded(lines: list[str]) -> bytes:
    """Lines as octets, each at most 75 long; no character is cut in two."""
    return b"".join(_folded(line.encode()) for line in lines)


def _folded(line: bytes) -> bytes:
    if len(line) <= _OCTETS:
        return line + b"\r\n"
    pieces: list[bytes] = []
    start = 0
    while start < len(line):
        end = min(len(line), start + (_OCTETS if not pieces else _OCTETS - 1))
        while end < len(line) and line[end] & 0xC0 == 0x80:  # the middle of a character
            end -= 1
        pieces.append(line[start:end])
        start = end
    return b"\r\n ".join(pieces) + b"\r\n"
