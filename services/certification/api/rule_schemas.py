"""Shapes of award rules and letterheads."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from services.certification.domain.awarding.terms import (
    AwardTerms,
    Confirmation,
    ExcusedPolicy,
    Grade,
    HoursMinimum,
    Kind,
    PartMinimum,
    RequiredTraining,
)
from services.certification.domain.content import Signatory

_CODE = validate.Regexp(r"^[a-z0-9][a-z0-9_.-]{0,49}\Z")
_PERCENT = validate.Range(1, 100)
_MINUTES = validate.Range(1, 1_000_000)


def code_field() -> fields.String:
    """A stable code, lower case, at most 50 characters."""
    return fields.String(required=True, validate=_CODE)


def texts_field() -> fields.Dict:
    """Language code -> text."""
    return fields.Dict(
        keys=fields.String(validate=validate.Regexp(r"^[a-z]{2}\Z")),
        values=fields.String(validate=validate.Length(1, 300)),
        required=True,
        validate=validate.Length(1, 20),
    )


class HoursBody(Schema):
    """A lower bound: percent of what counts, minutes, or both."""

    percent = fields.Integer(load_default=None, allow_none=True, strict=True, validate=_PERCENT)
    minutes = fields.Integer(load_default=None, allow_none=True, strict=True, validate=_MINUTES)

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> HoursMinimum:
        return HoursMinimum(**data)


class PartBody(Schema):
    """A lower bound within one part."""

    part_code = code_field()
    hours = fields.Nested(HoursBody, required=True)

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> PartMinimum:
        return PartMinimum(**data)


class RequiredTrainingBody(Schema):
    """A training nobody may miss."""

    training_code = code_field()
    percent = fields.Integer(required=True, strict=True, validate=_PERCENT)

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> RequiredTraining:
        return RequiredTraining(**data)


class GradeBody(Schema):
    """What one kind of certificate asks."""

    kind_code = fields.Enum(Kind, by_value=True, required=True)
    overall = fields.Nested(HoursBody, load_default=HoursMinimum)
    parts = fields.List(fields.Nested(PartBody), load_default=list, validate=validate.Length(0, 50))
    required_trainings = fields.List(
        fields.Nested(RequiredTrainingBody), load_default=list, validate=validate.Length(0, 200)
    )
    placement_minutes = fields.Integer(
        load_default=None, allow_none=True, strict=True, validate=_MINUTES
    )

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> Grade:
        for name in ("parts", "required_trainings"):
            data[name] = tuple(data[name])
        return Grade(**data)


class AwardTermsBody(Schema):
    """Body of ``PUT /award-rules/{cohort_id}``."""

    grades = fields.List(
        fields.Nested(GradeBody), required=True, validate=validate.Length(1, len(Kind))
    )
    excused = fields.Enum(ExcusedPolicy, by_value=True, load_default=ExcusedPolicy.AS_ABSENT)
    refuses_unrecorded = fields.Boolean(load_default=True, truthy={True}, falsy={False})
    confirmation = fields.Enum(Confirmation, by_value=True, load_default=Confirmation.AUTOMATIC)
    hold_minutes = fields.Integer(
        load_default=0, strict=True, validate=validate.Range(0, 60 * 24 * 60)
    )

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {"terms": AwardTerms(**data | {"grades": tuple(data["grades"])})}


class HoursView(Schema):
    """A lower bound."""

    percent = fields.Integer(required=True, allow_none=True)
    minutes = fields.Integer(required=True, allow_none=True)


class PartView(Schema):
    """A lower bound within one part."""

    part_code = fields.String(required=True)
    hours = fields.Nested(HoursView, required=True)


class RequiredTrainingView(Schema):
    """A training nobody may miss."""

    training_code = fields.String(required=True)
    percent = fields.Integer(required=True)


class GradeView(Schema):
    """What one kind of certificate asks."""

    kind_code = fields.String(required=True)
    overall = fields.Nested(HoursView, required=True)
    parts = fields.List(fields.Nested(PartView), required=True)
    required_trainings = fields.List(fields.Nested(RequiredTrainingView), required=True)
    placement_minutes = fields.Integer(required=True, allow_none=True)


class TermsView(Schema):
    """Terms as they were published."""

    grades = fields.List(fields.Nested(GradeView), required=True)
    excused = fields.String(required=True)
    refuses_unrecorded = fields.Boolean(required=True)
    confirmation = fields.String(required=True)
    hold_minutes = fields.Integer(required=True)


class RuleVersionView(Schema):
    """One version of a rule."""

    rule_version = fields.Integer(required=True)
    sha256 = fields.String(required=True)
    published_at = fields.DateTime(required=True, format="iso")


class RuleVersionDetail(RuleVersionView):
    """One version of a rule with its terms."""

    terms = fields.Nested(TermsView, required=True)


class AwardRuleView(Schema):
    """A cohort's rule; the last version is in force."""

    id = fields.UUID(required=True)
    cohort_id = fields.UUID(required=True)
    country_code = fields.String(required=True)
    versions = fields.List(fields.Nested(RuleVersionDetail), required=True)


class SignatoryShape(Schema):
    """Who signs; an empty name leaves a line to sign on."""

    name = fields.String(required=True, validate=validate.Length(0, 120))
    titles = texts_field()

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> Signatory:
        return Signatory(**data)


class LetterheadBody(Schema):
    """Body of ``PUT /letterheads/{country_code}``."""

    centre_names = texts_field()
    signatories = fields.List(
        fields.Nested(SignatoryShape), required=True, validate=validate.Length(1, 3)
    )


class LetterheadView(LetterheadBody):
    """A letterhead in force."""

    country_code = fields.String(required=True)
