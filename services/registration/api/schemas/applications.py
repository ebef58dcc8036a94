"""Applications."""

from __future__ import annotations

from marshmallow import Schema, fields

from services.registration.api.schemas.forms import FormAnswer
from services.registration.api.schemas.shapes import CODE, Instant, ids


def _answers() -> fields.Dict:
    # Their form is the call's: the aggregate checks them and names each problem by its path.
    return fields.Dict(keys=fields.String(validate=CODE), load_default=dict)


class FilledForm(Schema):
    """Body of a draft or amendment; replaces what was kept before."""

    preferences = ids(load_default=list)
    answers = _answers()


class NewApplication(FilledForm):
    """Body of ``POST /applications``."""

    call_id = fields.UUID(required=True)


class ApplicationAnswer(Schema):
    """An application; ``answers`` are all for who wrote them, else those to closed questions."""

    id = fields.UUID(required=True)
    call_id = fields.UUID(required=True)
    cohort_id = fields.UUID(required=True)
    subject_id = fields.UUID(required=True, allow_none=True)
    country_code = fields.String(required=True)
    language_code = fields.String(required=True)
    preferences = fields.List(fields.UUID(), required=True)
    answers = fields.Dict(required=True)
    form_version = fields.Integer(required=True)
    status = fields.String(required=True)
    saved_at = Instant(required=True)
    submitted_at = Instant(required=True, allow_none=True)
    version = fields.Integer(required=True)


class BlindAnswer(Schema):
    """What a reviewer reads: nothing that says who it is."""

    id = fields.UUID(required=True)
    call_id = fields.UUID(required=True)
    cohort_id = fields.UUID(required=True)
    preferences = fields.List(fields.UUID(), required=True)
    answers = fields.Dict(required=True)
    form = fields.Nested(FormAnswer, required=True)
    status = fields.String(required=True)
