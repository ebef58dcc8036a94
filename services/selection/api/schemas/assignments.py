"""Shapes of assignments of reviewers."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.selection.api.schemas.shapes import CODE, COUNTRY, PERSON

_FEW = validate.Length(max=50)


class NewReviewerRecord(Schema):
    """Somebody who may be asked."""

    reviewer_id = fields.String(required=True, validate=PERSON)
    country_code = fields.String(required=True, validate=COUNTRY)
    organisation_codes = fields.List(fields.String(validate=CODE), load_default=list, validate=_FEW)
    language_codes = fields.List(fields.String(validate=CODE), load_default=list, validate=_FEW)
    conflict_application_ids = fields.List(
        fields.UUID(), load_default=list, validate=validate.Length(max=1000)
    )
    most_reviews = fields.Integer(
        strict=True, load_default=None, allow_none=True, validate=validate.Range(0, 100_000)
    )


class NewAssignment(Schema):
    """Body of ``POST /reviewer-assignments``."""

    call_id = fields.UUID(required=True)
    reviewers = fields.List(
        fields.Nested(NewReviewerRecord), required=True, validate=validate.Length(1, 2000)
    )
    organisation_question_codes = fields.List(
        fields.String(validate=CODE), load_default=list, validate=_FEW
    )
    language_question_code = fields.String(load_default=None, allow_none=True, validate=CODE)
    bridge_permille = fields.Integer(
        strict=True, load_default=100, validate=validate.Range(0, 1000)
    )
    own_country = fields.Boolean(load_default=True)


class LoadAnswer(Schema):
    """One reviewer's load."""

    reviewer_id = fields.String(required=True)
    review_count = fields.Integer(required=True)


class AssignmentAnswer(Schema):
    """An assignment; ``reason`` and ``lacking_application_ids`` where it is impossible."""

    id = fields.UUID(required=True)
    call_id = fields.UUID(required=True)
    status = fields.String(required=True)
    bridge_permille = fields.Integer(required=True)
    bridge_permille_reached = fields.Integer(required=True, allow_none=True)
    own_country = fields.Boolean(required=True)
    reason = fields.String(required=True, allow_none=True)
    lacking_application_ids = fields.List(fields.UUID(), required=True)
    review_loads = fields.List(fields.Nested(LoadAnswer), required=True)
    version = fields.Integer(required=True)
