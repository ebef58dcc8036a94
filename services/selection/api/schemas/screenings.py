"""Shapes of screenings, blind reviews and the shortlist."""

from __future__ import annotations

from marshmallow import Schema, fields

from services.selection.api.schemas.shapes import PERSON, ReviewAnswer


class ChosenAnswer(Schema):
    """An answer of the form."""

    question_code = fields.String(required=True)
    option_codes = fields.List(fields.String(), required=True)


class ScreeningAnswer(Schema):
    """A screening as the centre sees it."""

    id = fields.UUID(required=True)
    application_id = fields.UUID(required=True)
    call_id = fields.UUID(required=True)
    cohort_id = fields.UUID(required=True)
    subject_id = fields.UUID(required=True, allow_none=True)
    country_code = fields.String(required=True)
    route = fields.String(required=True)
    preferences = fields.List(fields.UUID(), required=True)
    eligible_cohort_ids = fields.List(fields.UUID(), required=True)
    status = fields.String(required=True)
    clause_code = fields.String(required=True, allow_none=True)
    missing_question_codes = fields.List(fields.String(), required=True)
    answers = fields.List(fields.Nested(ChosenAnswer), required=True)
    reviews = fields.List(fields.Nested(ReviewAnswer), required=True)
    review_milli = fields.Integer(required=True, allow_none=True)
    adjusted_milli = fields.Integer(required=True, allow_none=True)
    version = fields.Integer(required=True)


class BlindScreening(Schema):
    """A screening as its reviewer sees it: no person, no country, nobody else's open sheet."""

    id = fields.UUID(required=True)
    cohort_id = fields.UUID(required=True)
    status = fields.String(required=True)
    answers = fields.List(fields.Nested(ChosenAnswer), required=True)
    reviews = fields.List(fields.Nested(ReviewAnswer), required=True)


class BlindScreenings(Schema):
    """A reviewer's queue."""

    items = fields.List(fields.Nested(BlindScreening), required=True)


class Decision(Schema):
    """Body of a person's decision on eligibility."""

    eligible = fields.Boolean(required=True, truthy={True}, falsy={False})


class NewReviewer(Schema):
    """Body of an assignment."""

    reviewer_id = fields.String(required=True, validate=PERSON)


class NewShortlist(Schema):
    """Body of ``POST /shortlists``."""

    cohort_id = fields.UUID(required=True)


class ShortlistAnswer(Schema):
    """A drawn shortlist."""

    id = fields.UUID(required=True)
    cohort_id = fields.UUID(required=True)
    ranked_by = fields.String(required=True)
    cut_off_milli = fields.Integer(required=True, allow_none=True)
    shortlisted_ids = fields.List(fields.UUID(), required=True)
    rejected_ids = fields.List(fields.UUID(), required=True)
    drawn_at = fields.AwareDateTime(required=True, format="iso")


class Funnel(Schema):
    """People of a cohort at each stage."""

    counts = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
