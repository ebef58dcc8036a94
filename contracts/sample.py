"""A golden sample for a type that has none yet: plainly synthetic, and one story across types.

The same field gives the same value in every sample, so that ``application_id`` of an offer is
that of the application. Once written, a sample is never generated again: it stands for all the
bodies that were published in its time.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from contracts.event import Event
from contracts.schema import Schema, schema_of

_OCCURRED_AT = "2021-01-04T09:30:00Z"

_VALUES: dict[str, Any] = {
    "answer_by": "2021-01-07T20:00:00Z",
    "class_code": "hard",
    "clause_code": "degree_level",
    "closes_at": "2020-12-20T20:00:00Z",
    "code": "migration-school",
    "confirmed_nomination_count": 30,
    "country_code": "AZ",
    "country_codes": ["AZ"],
    "caused_by_event_id": "01900000-0000-7000-8000-0000000e0001",
    "cause_event_type": "rtcm.certification.certificate.issued.v1",
    "channel": "email",
    "delivery": "hybrid",
    "edition_code": "ms-3",
    "ends_at": "2021-01-16T08:00:00Z",
    "ends_on": "2021-07-03",
    "event_types": [
        "rtcm.registration.cohort.announced.v1",
        "rtcm.certification.certificate.issued.v1",
    ],
    "gcm_objectives": [1, 23],
    "grace_minutes": 15,
    "item_no": "1.2",
    "language_code": "az",
    "message_type_code": "offer_made",
    "minutes": 960,
    "minutes_present": 95,
    "missing_codes": ["hours.practice"],
    "missing_question_codes": ["degree_level"],
    "mode": "online",
    "mode_code": "online",
    "opens_at": "2020-12-01T05:00:00Z",
    "option_codes": ["master"],
    "organisation_code": "state-migration-service",
    "outcome_code": "upheld",
    "part_code": "theory",
    "partner_code": "partner-one",
    "place_count": 3,
    "placed_count": 24,
    "planned_minutes": 120,
    "preference_limit": 2,
    "previous_minutes_present": 60,
    "previous_starts_at": "2021-01-15T06:00:00Z",
    "programme_code": "migration-school",
    "progress_percent": 40,
    "public_value_name": "beacon-2020-12-21",
    "question_code": "degree_level",
    "rank": 3,
    "reason_code": "on_request",
    "receipt_count": 5,
    "removed_count": 2,
    "room_code": "room-1",
    "routes": ["open", "nomination"],
    "sdgs": [10, 17],
    "sealed": "c3ludGhldGljIGNpcGhlcnRleHQsIG9wZW5zIG5vdGhpbmc=",
    "seat_count": 24,
    "serial": "RTCM-2021-000001",
    "starts_at": "2021-01-16T06:00:00Z",
    "starts_on": "2021-01-09",
    "status_code": "late",
    "submitted_count": 120,
    "titles": {"az": "Miqrasiya Məktəbi", "en": "Migration School"},
    "training_code": "the-01",
    "training_count": 33,
    "unit_code": "call-centre",
    "waitlisted_count": 12,
    "zone": "Asia/Baku",
}

_TRAINING_TITLES = {
    "az": "Miqrasiya proseslərinin tənzimlənməsi",
    "en": "Regulation of migration processes",
}

_SAME_ID = {
    "cohort_ids": "cohort_id",
    "preferences": "cohort_id",
    "participant_ids": "participant_id",
    "cause_id": "offer_id",
    "successor_id": "certificate_id",
}


def sample_of(event_class: type[Event]) -> dict[str, Any]:
    """A full body of a type, optional fields included; those at their default are left out."""
    body: dict[str, Any] = _value("", schema_of(event_class))
    return body


def _value(name: str, schema: Schema) -> Any:
    stated = schema["type"]
    kind = stated if isinstance(stated, str) else stated[0]
    if kind == "object" and "properties" in schema:
        return _members(schema["properties"])
    if name in _VALUES:
        return _VALUES[name]
    if kind == "array":
        return [_value(name, schema["items"])]
    if kind == "integer":
        return max(1, schema.get("minimum", 1))
    if kind == "string":
        return _text(name, schema)
    return {"boolean": True, "number": 1.5, "object": {}}[kind]


def _members(properties: dict[str, Schema]) -> dict[str, Any]:
    body = {
        name: value
        for name, inner in properties.items()
        if (value := _value(name, inner)) != inner.get("default", _REQUIRED)
    }
    if "training_code" in body and "titles" in body:
        body["titles"] = _TRAINING_TITLES
    return body


_REQUIRED = object()


def _text(name: str, schema: Schema) -> str:
    if "enum" in schema:
        return str(schema["enum"][0])
    match schema:
        case {"format": "date-time"}:
            return _OCCURRED_AT
        case {"format": "date"}:
            return _OCCURRED_AT[:10]
        case {"maxLength": 36}:
            return _id(name)
        case {"maxLength": 64, "pattern": "^[0-9a-f]{64}$"}:
            return sha256(name.encode()).hexdigest()
    return f"{name.removesuffix('_code').replace('_', '-')}-1"


def _id(name: str) -> str:
    """An id that shows by its zeros that nobody drew it, and is the same for the same field."""
    tail = sha256(_SAME_ID.get(name, name).encode()).hexdigest()[:6]
    return f"01900000-0000-7000-8000-000000{tail}"
