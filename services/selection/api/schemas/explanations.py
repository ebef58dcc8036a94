"""Shapes of explanations."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from chassis.http.paging import PageQuery

_MANY = validate.Length(max=500)


class ExplanationQuery(PageQuery):
    """Query of ``GET /runs/{id}/explanations``."""

    application_id = fields.UUID(load_default=None)


class PriorityAnswer(Schema):
    """A standing: lower band, higher score, lower lottery number are better."""

    band = fields.Integer(required=True)
    score_milli = fields.Integer(required=True)
    lottery = fields.String(required=True)


class StepAnswer(Schema):
    """One preference; ``closed_by`` is null where the person is placed."""

    cohort_id = fields.UUID(required=True)
    standing = fields.Nested(PriorityAnswer, required=True)
    closed_by = fields.String(required=True, allow_none=True)
    cut_off = fields.Nested(PriorityAnswer, required=True, allow_none=True)


class ExplanationAnswer(Schema):
    """One person's preferences, down to the place they have."""

    application_id = fields.UUID(required=True)
    country_code = fields.String(required=True)
    cohort_id = fields.UUID(required=True, allow_none=True)
    steps = fields.List(fields.Nested(StepAnswer), required=True)


class WhatIf(Schema):
    """Body of a question: ``cohorts`` and ``group_caps`` as in a market document.

    A cohort names its ``id`` and only what is changed; ``group_caps`` replaces all of them.
    """

    cohorts = fields.List(fields.Dict(keys=fields.String()), load_default=None, validate=_MANY)
    group_caps = fields.List(fields.Dict(keys=fields.String()), load_default=None, validate=_MANY)


class MovedAnswer(Schema):
    """One person who would be placed elsewhere; ``cause`` says what closed the worse place."""

    applicant_id = fields.UUID(required=True)
    before = fields.UUID(required=True, allow_none=True)
    after = fields.UUID(required=True, allow_none=True)
    better = fields.Boolean(required=True)
    cause = fields.Nested(StepAnswer, required=True, allow_none=True)


class WhatIfAnswer(Schema):
    """Everybody the caller may see who would be placed elsewhere; how many are placed now."""

    placed_count = fields.Integer(required=True)
    moved = fields.List(fields.Nested(MovedAnswer), required=True)
