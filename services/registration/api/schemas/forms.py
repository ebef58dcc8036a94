"""Forms as JSON; read into ``domain.form``."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from services.registration.api.schemas.shapes import CODE, Choice, codes, long_texts, texts
from services.registration.domain.form.definition import (
    Condition,
    Form,
    Option,
    Question,
    QuestionKind,
    Section,
)

_LIMIT = validate.Range(0, 10**12)


class ConditionShape(Schema):
    """Shown only when an earlier question was answered so."""

    question_code = fields.String(required=True, validate=CODE)
    option_codes = codes(required=True)

    @post_load
    def _made(self, read: dict[str, Any], **_: Any) -> Condition:
        return Condition(
            question_code=read["question_code"], option_codes=tuple(read["option_codes"])
        )


class OptionShape(Schema):
    """One choice."""

    code = fields.String(required=True, validate=CODE)
    labels = texts(required=True)

    @post_load
    def _made(self, read: dict[str, Any], **_: Any) -> Option:
        return Option(**read)


class QuestionShape(Schema):
    """One question."""

    code = fields.String(required=True, validate=CODE)
    kind = Choice(QuestionKind, required=True)
    labels = long_texts(required=True)
    hints = long_texts(load_default=None, allow_none=True)
    required = fields.Boolean(load_default=True)
    personal = fields.Boolean(load_default=False)
    options = fields.List(
        fields.Nested(OptionShape), load_default=list, validate=validate.Length(max=300)
    )
    visible_when = fields.Nested(ConditionShape, load_default=None, allow_none=True)
    lowest = fields.Integer(load_default=None, allow_none=True, strict=True, validate=_LIMIT)
    highest = fields.Integer(load_default=None, allow_none=True, strict=True, validate=_LIMIT)
    longest = fields.Integer(
        load_default=None, allow_none=True, strict=True, validate=validate.Range(1, 20_000)
    )

    @post_load
    def _made(self, read: dict[str, Any], **_: Any) -> Question:
        return Question(**{**read, "options": tuple(read["options"])})


class SectionShape(Schema):
    """Questions of one page."""

    code = fields.String(required=True, validate=CODE)
    titles = texts(required=True)
    questions = fields.List(
        fields.Nested(QuestionShape), required=True, validate=validate.Length(max=200)
    )
    visible_when = fields.Nested(ConditionShape, load_default=None, allow_none=True)

    @post_load
    def _made(self, read: dict[str, Any], **_: Any) -> Section:
        return Section(**{**read, "questions": tuple(read["questions"])})


class FormShape(Schema):
    """A form to be used; its version is counted here, not by who writes it."""

    sections = fields.List(
        fields.Nested(SectionShape), required=True, validate=validate.Length(max=50)
    )

    @post_load
    def _made(self, read: dict[str, Any], **_: Any) -> Form:
        return Form(sections=tuple(read["sections"]))


class NewForm(Schema):
    """Body of a revision."""

    form = fields.Nested(FormShape, required=True)


class FormAnswer(Schema):
    """A form as it is shown."""

    version = fields.Integer(required=True)
    sections = fields.List(fields.Nested(SectionShape), required=True)
