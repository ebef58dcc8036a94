"""Shapes of runs and of what proves them."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.selection.api.schemas.shapes import CODE


class NewRun(Schema):
    """Body of ``POST /runs``."""

    call_id = fields.UUID(required=True)
    public_value_name = fields.String(required=True, validate=CODE)


class PublicValue(Schema):
    """Body of a draw: the value that was named, now that everybody knows it."""

    public_value = fields.String(required=True, validate=validate.Length(1, 500))


class RoundAnswer(Schema):
    """One round of a run."""

    number = fields.Integer(required=True)
    cause_code = fields.String(required=True)
    gone_count = fields.Integer(required=True)
    kept_count = fields.Integer(required=True)
    placed_count = fields.Integer(required=True)
    result_sha256 = fields.String(required=True)
    recorded_at = fields.AwareDateTime(required=True, format="iso")


class RunAnswer(Schema):
    """A run; the secret is in the manifest once it is drawn."""

    id = fields.UUID(required=True)
    call_id = fields.UUID(required=True)
    cohort_ids = fields.List(fields.UUID(), required=True)
    country_code = fields.String(required=True)
    status = fields.String(required=True)
    lottery_commitment_sha256 = fields.String(required=True)
    public_value_name = fields.String(required=True)
    public_value = fields.String(required=True, allow_none=True)
    pool_sha256 = fields.String(required=True, allow_none=True)
    candidate_count = fields.Integer(required=True)
    placed_count = fields.Integer(required=True)
    rounds = fields.List(fields.Nested(RoundAnswer), required=True)
    version = fields.Integer(required=True)


class ManifestAnswer(Schema):
    """What anybody needs to check a run's lottery and hashes."""

    manifest = fields.Dict(required=True)
    manifest_sha256 = fields.String(required=True)


class BundleAnswer(Schema):
    """Everything a run was decided from (``domain/audit/schemas/bundle.json``)."""

    manifest = fields.Dict(required=True)
    rule_sets = fields.Dict(required=True)
    inputs = fields.List(fields.Dict(), required=True)
    tree = fields.Dict(required=True)
    sheets = fields.Dict(required=True)
    lottery = fields.Dict(required=True)
    rounds = fields.List(fields.Dict(), required=True)
    assignment = fields.Dict(required=True)
    seal = fields.Dict(required=True)
