"""Shapes of rule sets."""

from __future__ import annotations

from marshmallow import Schema, fields


class NewRuleSet(Schema):
    """Body of ``POST /rulesets``."""

    cohort_id = fields.UUID(required=True)
    document = fields.Dict(keys=fields.String(), required=True)


class NewDocument(Schema):
    """Body of a revision."""

    document = fields.Dict(keys=fields.String(), required=True)


class RuleSetAnswer(Schema):
    """A rule set."""

    id = fields.UUID(required=True)
    cohort_id = fields.UUID(required=True)
    country_code = fields.String(required=True)
    ruleset_version = fields.Integer(required=True)
    sha256 = fields.String(required=True)
    frozen_at = fields.AwareDateTime(required=True, allow_none=True, format="iso")
    document = fields.Dict(required=True)
    version = fields.Integer(required=True)
