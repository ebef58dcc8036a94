"""How an event travels: CloudEvents 1.0, structured JSON.

Besides the standard attributes an envelope carries five extensions: ``sequence`` (place of the
event in its aggregate's history, zero-padded so that it sorts as text), ``partitionkey``,
``cohortid``, ``countrycode`` and ``traceparent``. What is read here may come from anywhere, so
nothing is believed: everything but a sound envelope raises ``MalformedEvent``, whose message never
repeats what was read (it goes to logs and to the parked events' list).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from contracts.event import service_of
from contracts.types import EVENT_TYPE

CONTENT_TYPE = "application/cloudevents+json"
"""Media type of an envelope's bytes."""

MAX_BYTES = 900_000
"""Largest envelope, under Kafka's default record limit of 1 MiB with room for batching."""

_MAX_SEQUENCE = 9_999_999_999
_TOKEN = re.compile(r"[A-Za-z0-9._:~-]{1,128}")
_SEQUENCE = re.compile(r"[0-9]{10}")
_COUNTRY = re.compile(r"[A-Z]{2}|\*")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)", re.ASCII)
_TRACE = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
_ESCAPED_SURROGATE = re.compile(rb"\\u[dD][89abAB]|\\u[dD][c-fC-F]")


class MalformedEvent(ValueError):
    """What was read is not an event of ours; reading it again will not help."""


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """One event with all that is needed to carry, order and scope it without opening it.

    Attributes:
        event_id: unique for ever (UUIDv7), made in the transaction of the change.
        event_type: ``rtcm.<service>.<aggregate>.<participle>.v<n>``.
        source: ``/rtcm/<service>``.
        key: id of the aggregate.
        sequence: 1, 2, 3, ... per aggregate, without gaps.
        occurred_at: domain time, UTC.
        cohort_id: whose cohort it is, where it is one cohort's.
        country_code: ISO 3166-1 alpha-2, or ``*`` for the centre.
        traceparent: W3C trace context of the request that caused it.
        body: the event itself, as ``chassis.codec.encode`` wrote it.
    """

    event_id: str
    event_type: str
    source: str
    key: str
    sequence: int
    occurred_at: datetime
    cohort_id: str | None
    country_code: str | None
    traceparent: str | None
    body: dict[str, Any]

    def to_bytes(self) -> bytes:
        """Write the envelope as one JSON object in UTF-8.

        Raises:
            MalformedEvent: longer than ``MAX_BYTES``, or ``occurred_at`` without a zone.
        """
        written = json.dumps(
            self.to_json(), ensure_ascii=False, separators=(",", ":"), allow_nan=False
        ).encode()
        if len(written) > MAX_BYTES:
            raise MalformedEvent(f"the event takes {len(written)} bytes, at most {MAX_BYTES} fit")
        return written

    def to_json(self) -> dict[str, Any]:
        """The CloudEvents attributes and ``data``; attributes that are not set are left out."""
        attributes: dict[str, Any] = {
            "specversion": "1.0",
            "id": self.event_id,
            "type": self.event_type,
            "source": self.source,
            "subject": self.key,
            "time": instant_text(self.occurred_at),
            "datacontenttype": "application/json",
            "dataschema": schema_uri(self.event_type),
            "sequence": f"{self.sequence:010}",
            "partitionkey": self.key,
        }
        if self.cohort_id is not None:
            attributes["cohortid"] = self.cohort_id
        if self.country_code is not None:
            attributes["countrycode"] = self.country_code
        if self.traceparent is not None:
            attributes["traceparent"] = self.traceparent
        attributes["data"] = self.body
        return attributes

    @classmethod
    def from_bytes(cls, written: bytes) -> Envelope:
        """Read an envelope; attributes we do not know are ignored.

        Raises:
            MalformedEvent: it is not a sound envelope of ours; the sentence says why.
        """
        read = _object(written)
        _constant(read, "specversion", "1.0")
        _constant(read, "datacontenttype", "application/json")
        event_type = _event_type(read)
        key = _text(read, "subject", _TOKEN)
        _agreeing(read, "dataschema", "type", schema_uri(event_type))
        _agreeing(read, "source", "type", source_of(event_type))
        _agreeing(read, "partitionkey", "subject", key)
        body = read.get("data")
        if type(body) is not dict:
            raise MalformedEvent("'data' is not an object")
        return cls(
            event_id=_text(read, "id", _TOKEN),
            event_type=event_type,
            source=source_of(event_type),
            key=key,
            sequence=_sequence(read),
            occurred_at=_instant(read),
            cohort_id=_optional_text(read, "cohortid", _TOKEN),
            country_code=_optional_text(read, "countrycode", _COUNTRY),
            traceparent=_optional_text(read, "traceparent", _TRACE),
            body=body,
        )


def source_of(event_type: str) -> str:
    """CloudEvents ``source`` of a type: the service that publishes it."""
    return f"/rtcm/{service_of(event_type)}"


def schema_uri(event_type: str) -> str:
    """CloudEvents ``dataschema`` of a type, and ``$id`` of its JSON Schema."""
    return f"urn:rtcm:schema:{event_type}"


def instant_text(instant: datetime) -> str:
    """RFC 3339 in UTC: ``2021-01-09T08:00:00Z``.

    Raises:
        MalformedEvent: ``instant`` has no zone, so nobody knows when it is.
    """
    if instant.tzinfo is None:
        raise MalformedEvent("an instant has no time zone")
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def read_instant(text: str) -> datetime:
    """An RFC 3339 instant, in UTC.

    Raises:
        ValueError: it is none, or it has no zone.
    """
    if not _INSTANT.fullmatch(text):
        raise ValueError("is not an RFC 3339 instant with a zone")
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("is no instant that exists") from None


def _object(written: bytes) -> dict[str, Any]:
    if len(written) > MAX_BYTES:
        raise MalformedEvent(
            f"{len(written)} bytes are more than the {MAX_BYTES} an event may take"
        )
    try:
        read = json.loads(
            written.decode(), parse_constant=_no_constant, object_pairs_hook=_each_name_once
        )
    except UnicodeDecodeError:
        raise MalformedEvent("it is not UTF-8") from None
    except RecursionError:
        raise MalformedEvent("it is nested too deeply") from None
    except MalformedEvent:
        raise
    except ValueError:
        raise MalformedEvent("it is not JSON") from None
    if type(read) is not dict:
        raise MalformedEvent("it is not a JSON object")
    if _ESCAPED_SURROGATE.search(written) and not _is_writable(read):
        raise MalformedEvent("it holds half a character (a lone surrogate)")
    return read


def _each_name_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) != len(pairs):
        # Readers differ in which of the two they believe, so believe neither.
        raise MalformedEvent("an object has two members of the same name")
    return read


def _no_constant(_: str) -> None:
    raise MalformedEvent("it holds a number that JSON does not have (NaN or Infinity)")


def _is_writable(read: dict[str, Any]) -> bool:
    try:
        json.dumps(read, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _constant(read: Mapping[str, Any], name: str, expected: str) -> None:
    if read.get(name) != expected:
        raise MalformedEvent(f"{name!r} is not {expected!r}")


def _agreeing(read: Mapping[str, Any], name: str, other: str, expected: str) -> None:
    if read.get(name) != expected:
        raise MalformedEvent(f"{name!r} does not agree with {other!r}")


def _event_type(read: Mapping[str, Any]) -> str:
    value = read.get("type")
    if type(value) is not str or not EVENT_TYPE.admits(value):
        raise MalformedEvent("'type' is not rtcm.<service>.<aggregate>.<participle>.v<n>")
    return value


def _text(read: Mapping[str, Any], name: str, form: re.Pattern[str]) -> str:
    value = read.get(name)
    if type(value) is not str:
        raise MalformedEvent(f"{name!r} is missing or not a text")
    if not form.fullmatch(value):
        raise MalformedEvent(f"{name!r} does not match {form.pattern}")
    return value


def _optional_text(read: Mapping[str, Any], name: str, form: re.Pattern[str]) -> str | None:
    return None if read.get(name) is None else _text(read, name, form)


def _sequence(read: Mapping[str, Any]) -> int:
    sequence = int(_text(read, "sequence", _SEQUENCE))
    if not 1 <= sequence <= _MAX_SEQUENCE:
        raise MalformedEvent("'sequence' counts from 1")
    return sequence


def _instant(read: Mapping[str, Any]) -> datetime:
    try:
        return read_instant(_text(read, "time", _INSTANT))
    except MalformedEvent:
        raise
    except ValueError as problem:
        raise MalformedEvent(f"'time' {problem}") from None
