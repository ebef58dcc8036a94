"""Shapes of interview plans."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.selection.api.schemas.shapes import CODE, COUNTRY, PERSON, Instant, is_zone

_MODE = validate.OneOf(["onsite", "online"])
_MANY = validate.Length(max=1000)


class NewSession(Schema):
    """A time in which panels sit side by side, all examining one language."""

    session_id = fields.String(required=True, validate=CODE)
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    mode = fields.String(required=True, validate=_MODE)
    language_code = fields.String(required=True, validate=CODE)
    panel_count = fields.Integer(strict=True, load_default=1, validate=validate.Range(1, 20))


class NewPanelistRecord(Schema):
    """Somebody who may sit in panels."""

    panelist_id = fields.String(required=True, validate=PERSON)
    organisation_code = fields.String(required=True, validate=CODE)
    language_codes = fields.List(fields.String(validate=CODE), load_default=list, validate=_MANY)
    free_session_ids = fields.List(fields.String(validate=CODE), required=True, validate=_MANY)
    conflict_application_ids = fields.List(fields.UUID(), load_default=list, validate=_MANY)
    most_panels = fields.Integer(
        strict=True, load_default=None, allow_none=True, validate=validate.Range(0, 1000)
    )


class CountryZone(Schema):
    """Where a country's people are taken to live."""

    country_code = fields.String(required=True, validate=COUNTRY)
    zone = fields.String(required=True, validate=is_zone)


class NewInterviewPlan(Schema):
    """Body of ``POST /interview-plans``."""

    call_id = fields.UUID(required=True)
    sessions = fields.List(
        fields.Nested(NewSession), required=True, validate=validate.Length(1, 200)
    )
    panelists = fields.List(
        fields.Nested(NewPanelistRecord), required=True, validate=validate.Length(1, 500)
    )
    panel_size = fields.Integer(strict=True, load_default=3, validate=validate.Range(1, 9))
    organisations = fields.Integer(strict=True, load_default=2, validate=validate.Range(1, 9))
    minutes = fields.Integer(required=True, strict=True, validate=validate.Range(5, 480))
    reserve_permille = fields.Integer(
        strict=True, load_default=100, validate=validate.Range(0, 1000)
    )
    language_code = fields.String(required=True, validate=CODE)
    language_question_code = fields.String(load_default=None, allow_none=True, validate=CODE)
    country_zones = fields.List(fields.Nested(CountryZone), load_default=list, validate=_MANY)


class SeatAnswer(Schema):
    """One interview a panel can hold; ``application_id`` is null where it is kept free."""

    application_id = fields.UUID(required=True, allow_none=True)
    starts_at = fields.AwareDateTime(required=True, format="iso")
    ends_at = fields.AwareDateTime(required=True, format="iso")
    mode = fields.String(required=True)
    language_code = fields.String(required=True)
    panelist_ids = fields.List(fields.String(), required=True)


class UnmannedAnswer(Schema):
    """A panel that cannot be made, and why."""

    session_id = fields.String(required=True)
    reason = fields.String(required=True)


class InterviewPlanAnswer(Schema):
    """A plan; ``kept_count`` people had an interview already and keep it."""

    id = fields.UUID(required=True)
    call_id = fields.UUID(required=True)
    status = fields.String(required=True)
    kept_count = fields.Integer(required=True)
    seats = fields.List(fields.Nested(SeatAnswer), required=True)
    reserve_seats = fields.List(fields.Nested(SeatAnswer), required=True)
    unplaced_application_ids = fields.List(fields.UUID(), required=True)
    unmanned = fields.List(fields.Nested(UnmannedAnswer), required=True)
    version = fields.Integer(required=True)
