"""What many shapes have in common: codes, instants, queries of lists."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from marshmallow import Schema, ValidationError, fields, validate

from chassis.http.paging import PageQuery

CODE = validate.Regexp(r"^[a-z0-9][a-z0-9_.-]{0,63}\Z")
COUNTRY = validate.Regexp(r"^[A-Z]{2}\Z")
PERSON = validate.Regexp(r"^[A-Za-z0-9][A-Za-z0-9:_.-]{0,99}\Z")
_POINTS = validate.Range(0, 100)


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def is_zone(name: str) -> None:
    """Refuse what is no IANA time zone."""
    if name not in _zones():
        raise ValidationError("not an IANA time zone")


def _is_near(instant: datetime) -> None:
    if not 2000 <= instant.year < 2100:
        raise ValidationError("not between 2000 and 2100")


class Instant(fields.AwareDateTime):
    """An instant with its offset; read into UTC."""

    def __init__(self, **named: Any) -> None:
        super().__init__(format="iso", validate=_is_near, **named)


def utc(instant: datetime) -> datetime:
    """The same instant in UTC."""
    return instant.astimezone(UTC)


class OfCohort(PageQuery):
    """Query of a list: of one cohort, in one state."""

    cohort_id = fields.UUID(load_default=None)
    status = fields.String(load_default=None, validate=CODE)


class OfRun(PageQuery):
    """Query of a list: of one run or cohort, in one state."""

    run_id = fields.UUID(load_default=None)
    cohort_id = fields.UUID(load_default=None)
    application_id = fields.UUID(load_default=None)
    status = fields.String(load_default=None, validate=CODE)


class OfCall(PageQuery):
    """Query of a list: of one call, in one state."""

    call_id = fields.UUID(load_default=None)
    status = fields.String(load_default=None, validate=CODE)


class OneCohort(Schema):
    """Query about a cohort."""

    cohort_id = fields.UUID(required=True)


class OneCall(Schema):
    """Query about a call."""

    call_id = fields.UUID(required=True)


class Made(Schema):
    """What a command made."""

    id = fields.UUID(required=True)


class Recusal(Schema):
    """Body of stepping back."""

    conflict_code = fields.String(required=True, validate=CODE)


class Reason(Schema):
    """Body of taking something back."""

    reason_code = fields.String(required=True, validate=CODE)


class GivenScore(Schema):
    """Points for one criterion."""

    criterion_code = fields.String(required=True, validate=CODE)
    points = fields.Integer(required=True, strict=True, validate=_POINTS)


class ScoreSheet(Schema):
    """Body of sealing a sheet."""

    scores = fields.List(fields.Nested(GivenScore), required=True, validate=validate.Length(1, 50))


class ReviewAnswer(Schema):
    """One reviewer's sheet."""

    reviewer_id = fields.String(required=True)
    status = fields.String(required=True)
    scores = fields.List(fields.Nested(GivenScore), required=True)
    sealed_at = fields.AwareDateTime(required=True, allow_none=True, format="iso")
    conflict_code = fields.String(required=True, allow_none=True)
