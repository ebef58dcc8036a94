"""Shapes of offers, waiting-list places and appeals."""

from __future__ import annotations

from marshmallow import Schema, fields

from services.selection.api.schemas.shapes import CODE


class OfferAnswer(Schema):
    """An offer."""

    id = fields.UUID(required=True)
    run_id = fields.UUID(required=True)
    round_number = fields.Integer(required=True)
    application_id = fields.UUID(required=True)
    cohort_id = fields.UUID(required=True)
    subject_id = fields.UUID(required=True, allow_none=True)
    country_code = fields.String(required=True)
    route = fields.String(required=True)
    answer_by = fields.AwareDateTime(required=True, format="iso")
    status = fields.String(required=True)
    reason_code = fields.String(required=True, allow_none=True)
    version = fields.Integer(required=True)


class PlaceAnswer(Schema):
    """A place on a waiting list."""

    id = fields.UUID(required=True)
    run_id = fields.UUID(required=True)
    application_id = fields.UUID(required=True)
    cohort_id = fields.UUID(required=True)
    subject_id = fields.UUID(required=True, allow_none=True)
    country_code = fields.String(required=True)
    rank = fields.Integer(required=True)
    ended_code = fields.String(required=True, allow_none=True)


class NewAppeal(Schema):
    """Body of ``POST /appeals``."""

    application_id = fields.UUID(required=True)
    ground_code = fields.String(required=True, validate=CODE)


class Examination(Schema):
    """Body of examining an appeal."""

    admissible = fields.Boolean(required=True, truthy={True}, falsy={False})


class AppealDecision(Schema):
    """Body of deciding an appeal."""

    granted = fields.Boolean(required=True, truthy={True}, falsy={False})


class AppealAnswer(Schema):
    """An appeal."""

    id = fields.UUID(required=True)
    application_id = fields.UUID(required=True)
    cohort_id = fields.UUID(required=True)
    subject_id = fields.UUID(required=True, allow_none=True)
    country_code = fields.String(required=True)
    ground_code = fields.String(required=True)
    status = fields.String(required=True)
    filed_at = fields.AwareDateTime(required=True, format="iso")
    version = fields.Integer(required=True)
