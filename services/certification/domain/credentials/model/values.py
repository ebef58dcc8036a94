"""Single values as the data models define them: URLs, instants, languages, texts."""

from __future__ import annotations

import base64
import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import base58

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x20]+")
_WEB = re.compile(r"https?://[^/?#]+", re.IGNORECASE)
_TERM = re.compile(r"[^\s:/@][^\s:/]*")
_INSTANT = re.compile(
    r"(?P<year>-?(?:[1-9]\d{3,}|0\d{3}))-(?P<month>\d\d)-(?P<day>\d\d)"
    r"T(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)(?P<fraction>\.\d+)?"
    r"(?P<zone>Z|[+-]\d\d:\d\d)?"
)
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_MEDIA_TYPE = re.compile(r"[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+(\s*;.*)?")
_INTEGRITY = re.compile(r"sha(256|384|512)-[A-Za-z0-9+/_-]+={0,2}(\?\S*)?")
_LONGEST_DIGEST = 200
_LANGUAGE_MEMBERS = {"@value", "@language", "@direction"}


def is_url(value: object) -> bool:
    """An absolute URL, by the rules of its scheme where that is http(s) or did."""
    if not isinstance(value, str) or _URL.fullmatch(value) is None:
        return False
    scheme, _, rest = value.partition(":")
    if scheme.lower() in ("http", "https"):
        return _WEB.match(value) is not None
    if scheme == "did":
        method, _, name = rest.partition(":")
        return re.fullmatch(r"[a-z0-9]+", method) is not None and bool(name)
    return True


def is_term(value: object) -> bool:
    """What a context may define: a word, or prefix:word."""
    return isinstance(value, str) and (
        _TERM.fullmatch(value) is not None or _URL.fullmatch(value) is not None
    )


def is_media_type(value: object) -> bool:
    """For example ``application/json``."""
    return isinstance(value, str) and _MEDIA_TYPE.fullmatch(value) is not None


def is_integrity(value: object) -> bool:
    """W3C Subresource Integrity metadata: one or several hashes, spaces between."""
    parts = value.split() if isinstance(value, str) else []
    return bool(parts) and all(_INTEGRITY.fullmatch(part) is not None for part in parts)


def is_multihash(value: object) -> bool:
    """A Multibase text (``z`` or ``u``) of a Multihash: code, length, so many bytes.

    Other bases are allowed by the specification and taken as they are.
    """
    if not isinstance(value, str) or not 2 <= len(value) <= _LONGEST_DIGEST:
        return False
    base, text = value[0], value[1:]
    try:
        if base == "z":
            raw = bytes(base58.b58decode(text))
        elif base == "u":
            raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        else:
            return base.isalpha()
    except ValueError:
        return False
    # A code above 127 takes two bytes; lengths of digests fit one.
    start = 1 if raw and raw[0] < 0x80 else 2
    return len(raw) > start and raw[start] == len(raw) - start - 1


def is_language(value: object) -> bool:
    """Well-formed by BCP 47."""
    return isinstance(value, str) and _LANGUAGE.fullmatch(value) is not None


def instant_of(value: object, *, zone_needed: bool = True) -> datetime | None:
    """An XML Schema ``dateTimeStamp`` (``dateTime`` where no zone is needed), or ``None``.

    An instant without a zone counts as UTC; years that no calendar here knows are refused.
    """
    found = _INSTANT.fullmatch(value) if isinstance(value, str) else None
    if found is None or (zone_needed and found["zone"] is None):
        return None
    zone = _zone(found["zone"] or "Z")
    midnight = (found["hour"], found["minute"], found["second"]) == ("24", "00", "00")
    if zone is None or (midnight and (found["fraction"] or ".0").strip(".0")):
        return None
    try:
        read = datetime(
            int(found["year"]),
            int(found["month"]),
            int(found["day"]),
            0 if midnight else int(found["hour"]),
            int(found["minute"]),
            int(found["second"]),
            int(((found["fraction"] or "").lstrip(".") + "000000")[:6]),
            tzinfo=zone,
        )
        return (read + timedelta(days=1) if midnight else read).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _zone(text: str) -> timezone | None:
    if text == "Z":
        return UTC
    hours, minutes = int(text[1:3]), int(text[4:6])
    if hours > 14 or minutes > 59 or (hours == 14 and minutes):
        return None
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if text[0] == "-" else offset)


def text_problem(value: Any) -> str | None:
    """What keeps a value from being a text or language value objects; ``None`` when it is."""
    if isinstance(value, str):
        return None
    listed = value if isinstance(value, list) else [value]
    if not listed:
        return "an empty list is no text"
    for item in listed:
        if isinstance(item, str):
            continue
        if not isinstance(item, dict) or not isinstance(item.get("@value"), str):
            return "neither a text nor a language value object with a text @value"
        odd = sorted(set(item) - _LANGUAGE_MEMBERS)
        if odd:
            return f"a language value object has no member {odd[0]}"
        if "@language" in item and not is_language(item["@language"]):
            return "@language is no language tag"
        if "@direction" in item and item["@direction"] not in ("ltr", "rtl"):
            return "@direction is ltr or rtl"
    return None
