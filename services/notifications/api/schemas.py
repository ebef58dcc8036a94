"""Shapes of queries and answers."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from chassis.http.paging import PageQuery
from services.notifications.domain.message import Status
from services.notifications.domain.message_types import MESSAGE_TYPES


class OfCohort(Schema):
    """Query of counts."""

    cohort_id = fields.UUID(load_default=None)


class MessagesQuery(PageQuery):
    """Query of ``GET /messages``."""

    cohort_id = fields.UUID(load_default=None)
    status = fields.Enum(Status, by_value=True, load_default=None)
    type_code = fields.String(load_default=None, validate=validate.OneOf(sorted(MESSAGE_TYPES)))


class MessageAnswer(Schema):
    """One message; neither name nor address nor text is kept."""

    message_id = fields.UUID(required=True, attribute="id")
    type_code = fields.String(required=True)
    message_class = fields.String(required=True)
    subject_id = fields.String(required=True)
    cohort_id = fields.String(required=True, allow_none=True)
    country_code = fields.String(required=True)
    channel = fields.String(required=True)
    caused_by_event_id = fields.String(required=True)
    occurrence = fields.String(required=True)
    status = fields.String(required=True)
    reason_code = fields.String(required=True, allow_none=True)
    language_code = fields.String(required=True, allow_none=True)
    content_sha256 = fields.String(required=True, allow_none=True)
    attempt_count = fields.Integer(required=True)
    planned_at = fields.DateTime(required=True, format="iso")
    expires_at = fields.DateTime(required=True, format="iso", allow_none=True)
    settled_at = fields.DateTime(required=True, format="iso", allow_none=True)


class CountsAnswer(Schema):
    """How many messages."""

    by_status = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    by_type = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)


class Made(Schema):
    """The id of what was made."""

    id = fields.UUID(required=True)


class TemplateAnswer(Schema):
    """One message type and the languages it is written in."""

    type_code = fields.String(required=True)
    message_class = fields.String(required=True)
    promise = fields.String(required=True)
    languages = fields.List(fields.String(), required=True)


class TemplatesAnswer(Schema):
    """All message types."""

    items = fields.List(fields.Nested(TemplateAnswer), required=True)


class PreviewAnswer(Schema):
    """A template filled with synthetic values."""

    language_code = fields.String(required=True)
    subject = fields.String(required=True)
    text = fields.String(required=True)
    html = fields.String(required=True)


class MailHeaders(Schema):
    """One mail of the local sink."""

    id = fields.UUID(required=True)
    message_id = fields.String(required=True)
    type_code = fields.String(required=True)
    to = fields.String(required=True)
    sender = fields.String(required=True, attribute="from")
    subject = fields.String(required=True)
    date = fields.String(required=True)
    language_code = fields.String(required=True)


class Attachment(Schema):
    """One attachment; calendars and other texts only."""

    filename = fields.String(required=True)
    content_type = fields.String(required=True)
    content = fields.String(required=True)


class MailAnswer(MailHeaders):
    """One mail of the local sink in its parts."""

    text = fields.String(required=True)
    html = fields.String(required=True)
    attachments = fields.List(fields.Nested(Attachment), required=True)
