"""Shapes of interviews."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.selection.api.schemas.shapes import PERSON, Instant, ReviewAnswer, is_zone


class SlotBody(Schema):
    """When, where and how an interview is held."""

    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    zone = fields.String(required=True, validate=is_zone)
    mode = fields.String(required=True, validate=validate.OneOf(["onsite", "online"]))


class NewInterview(SlotBody):
    """Body of ``POST /interviews``."""

    application_id = fields.UUID(required=True)
    panelist_ids = fields.List(
        fields.String(validate=PERSON), required=True, validate=validate.Length(1, 9)
    )


class NewPanelist(Schema):
    """Body of joining somebody to a panel."""

    panelist_id = fields.String(required=True, validate=PERSON)


class SlotAnswer(Schema):
    """A slot."""

    starts_at = fields.AwareDateTime(required=True, format="iso")
    ends_at = fields.AwareDateTime(required=True, format="iso")
    zone = fields.String(required=True)
    mode = fields.String(required=True)


class InterviewAnswer(Schema):
    """An interview; open sheets of other panelists are left out."""

    id = fields.UUID(required=True)
    application_id = fields.UUID(required=True)
    cohort_id = fields.UUID(required=True)
    subject_id = fields.UUID(required=True, allow_none=True)
    country_code = fields.String(required=True)
    slot = fields.Nested(SlotAnswer, required=True)
    panelist_ids = fields.List(fields.String(), required=True)
    sheets = fields.List(fields.Nested(ReviewAnswer), required=True)
    status = fields.String(required=True)
    interview_milli = fields.Integer(required=True, allow_none=True)
    version = fields.Integer(required=True)


class Interviews(Schema):
    """A panelist's interviews."""

    items = fields.List(fields.Nested(InterviewAnswer), required=True)
