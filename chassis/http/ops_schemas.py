"""What ``/ops`` and ``/feed`` take and answer."""

from __future__ import annotations

from marshmallow import Schema, fields, validate


class JobCounts(Schema):
    """Jobs by how they stand."""

    waiting = fields.Integer(required=True)
    failed = fields.Integer(required=True)


class FlowState(Schema):
    """How the event flow of a service stands."""

    service = fields.String(required=True)
    now = fields.String(required=True, metadata={"description": "domain time"})
    announced = fields.Integer(required=True, metadata={"description": "events ever; only grows"})
    pending = fields.Integer(required=True, metadata={"description": "not yet in the log"})
    parked = fields.Integer(required=True)
    jobs = fields.Nested(JobCounts, required=True)
    next_timer_at = fields.String(required=True, allow_none=True)
    timer_due = fields.Boolean(required=True)
    workers = fields.List(
        fields.Dict(keys=fields.String()),
        required=True,
        metadata={"description": "as each living worker tells of itself"},
    )
    log = fields.String(required=True, validate=validate.OneOf(("there", "away", "not read")))
    lag = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        required=True,
        metadata={"description": "topic -> records not yet taken"},
    )


class Waiting(Schema):
    """Something that is under way."""

    what = fields.String(required=True)
    since = fields.DateTime(required=True, allow_none=True, format="iso")


class RestState(Schema):
    """Whether a service is at rest."""

    service = fields.String(required=True)
    waiting = fields.Nested(
        Waiting, required=True, allow_none=True, metadata={"description": "the first that is found"}
    )
    reached = fields.Integer(
        required=True,
        metadata={"description": "records ever appended to the topics it hears; only grows"},
    )
    next_timer_at = fields.DateTime(
        required=True,
        allow_none=True,
        format="iso",
        metadata={"description": "domain time; unset while busy"},
    )


class ParkedItem(Schema):
    """One parked event."""

    id = fields.UUID(required=True)
    consumer = fields.String(required=True)
    topic = fields.String(required=True)
    partition = fields.Integer(required=True)
    offset = fields.Integer(required=True)
    key = fields.String(required=True)
    event_id = fields.String(required=True, allow_none=True)
    event_type = fields.String(required=True, allow_none=True)
    sequence = fields.Integer(required=True, allow_none=True)
    reason = fields.String(required=True)
    detail = fields.String(required=True)
    attempts = fields.Integer(required=True)
    parked_at = fields.DateTime(required=True, format="iso")


class ParkedItemDetail(ParkedItem):
    """One parked event with what was received."""

    received = fields.String(required=True)


class ParkedList(Schema):
    """All that is parked."""

    items = fields.List(fields.Nested(ParkedItem), required=True)


class Redriven(Schema):
    """How many events were taken."""

    taken = fields.Integer(required=True)


class SkipReason(Schema):
    """Body of a skip: it is on record for ever."""

    reason = fields.String(required=True, validate=validate.Length(3, 500))


class FailedJob(Schema):
    """One job that was given up."""

    kind = fields.String(required=True)
    key = fields.String(required=True)
    attempts = fields.Integer(required=True)
    last_error = fields.String(required=True, allow_none=True)


class FailedJobs(Schema):
    """All jobs that were given up."""

    items = fields.List(fields.Nested(FailedJob), required=True)


class RetryJob(Schema):
    """Body of a retry."""

    kind = fields.String(required=True, validate=validate.Length(1, 100))
    key = fields.String(required=True, validate=validate.Length(1, 200))


class AuditEntry(Schema):
    """Who did what."""

    actor_id = fields.String(required=True)
    action = fields.String(required=True)
    target = fields.String(required=True)
    reason = fields.String(required=True, allow_none=True)
    at = fields.String(required=True, metadata={"description": "machine time, UTC"})


class AuditTrail(Schema):
    """The newest entries first."""

    items = fields.List(fields.Nested(AuditEntry), required=True)


class Republished(Schema):
    """How many events are sent again."""

    count = fields.Integer(required=True)


class FeedQuery(Schema):
    """Query of a feed."""

    after = fields.Integer(load_default=0, validate=validate.Range(0, 2**31))
    limit = fields.Integer(load_default=200, validate=validate.Range(1, 500))


class FeedPage(Schema):
    """Events as announced, each a CloudEvent in JSON text."""

    events = fields.List(fields.String(), required=True)
