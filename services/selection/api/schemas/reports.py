"""Shapes of reports."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.selection.api.schemas.shapes import CODE, OneCohort


class FairnessQuery(OneCohort):
    """Query of ``GET /fairness``."""

    group_by = fields.String(load_default="country", validate=CODE)


class GroupRateAnswer(Schema):
    """One group at one stage; rates are 0 to 1."""

    group_code = fields.String(required=True)
    decided_count = fields.Integer(required=True)
    passed_count = fields.Integer(required=True)
    rate = fields.Float(required=True)
    impact_ratio = fields.Float(required=True, allow_none=True)
    p_value = fields.Float(required=True, allow_none=True)
    flagged = fields.Boolean(required=True)


class StageAnswer(Schema):
    """One stage; counts are null where they are small."""

    stage_code = fields.String(required=True)
    decided_count = fields.Integer(required=True, allow_none=True)
    passed_count = fields.Integer(required=True, allow_none=True)
    groups = fields.List(fields.Nested(GroupRateAnswer), required=True)
    hidden_group_codes = fields.List(fields.String(), required=True)


class FairnessAnswer(Schema):
    """Selection rates; a flag asks for a look and says nothing of why."""

    group_by = fields.String(required=True)
    stages = fields.List(fields.Nested(StageAnswer), required=True)


class AdjustedAnswer(Schema):
    """One application's mean, raw and adjusted, in points."""

    application_id = fields.UUID(required=True)
    review_count = fields.Integer(required=True)
    raw_mean = fields.Float(required=True)
    adjusted_mean = fields.Float(required=True, allow_none=True)


class SeverityAnswer(Schema):
    """One reviewer, in points; positive is strict."""

    reviewer_id = fields.String(required=True)
    review_count = fields.Integer(required=True)
    points = fields.Float(required=True)
    half_width = fields.Float(required=True, allow_none=True)
    misfit = fields.Float(required=True, allow_none=True)


class AlphaAnswer(Schema):
    """Agreement on one criterion; null where there is nothing to compare."""

    criterion_code = fields.String(required=True)
    alpha_interval = fields.Float(required=True, allow_none=True)


class CohortCalibration(Schema):
    """One cohort's reviews, by first preference."""

    cohort_id = fields.UUID(required=True)
    connected = fields.Boolean(required=True)
    refused = fields.String(
        required=True,
        allow_none=True,
        validate=validate.OneOf(["not_connected", "one_reviewer", "no_reviews"]),
    )
    reviewer_groups = fields.List(fields.List(fields.String()), required=True)
    applications = fields.List(fields.Nested(AdjustedAnswer), required=True)
    severities = fields.List(fields.Nested(SeverityAnswer), required=True)
    agreement = fields.List(fields.Nested(AlphaAnswer), required=True)


class CalibrationAnswer(Schema):
    """What reviewers' severity does to a call's scores, within what the caller may see."""

    call_id = fields.UUID(required=True)
    cohorts = fields.List(fields.Nested(CohortCalibration), required=True)
