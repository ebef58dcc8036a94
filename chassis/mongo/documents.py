"""What the platform keeps beside a service's own aggregates.

Rows that wait carry a small indexed field only while they wait (``pending``, ``waiting_until``),
so that finding them costs the same however long the history is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from mongoengine import (
    BooleanField,
    DateTimeField,
    DictField,
    Document,
    FieldDoesNotExist,
    IntField,
    ListField,
    LongField,
    StringField,
    ValidationError,
)


class AggregateDocument(Document):
    """Base of a service's documents: one aggregate, its version and its scope marks."""

    meta: ClassVar[dict[str, Any]] = {"abstract": True, "auto_create_index": False}

    id = StringField(primary_key=True)
    version = IntField(required=True, min_value=1)
    event_count = IntField(required=True, min_value=0)
    last_event_ms = LongField(required=True, default=0)
    command_id = StringField(required=True)
    cohort_id = StringField()
    country_code = StringField(required=True)
    subject_id = StringField()


class OutboxRow(Document):
    """One event as announced: the log of record. Never deleted."""

    meta = {
        "collection": "outbox",
        "auto_create_index": False,
        "indexes": [{"fields": ("pending",), "sparse": True}],
    }

    # topic|aggregate|sequence: unique as it must be, and a range of it is one aggregate's events
    id = StringField(primary_key=True)
    event_id = StringField(required=True)
    aggregate_id = StringField(required=True)
    sequence = IntField(required=True, min_value=1)
    topic = StringField(required=True)
    event_type = StringField(required=True)
    body = StringField(required=True)  # the CloudEvent as sent, JSON; empty: a tombstone
    command_id = StringField(required=True)
    ordinal = LongField(required=True)  # shard and time: order of publication within a shard
    pending = LongField()  # same value, only until published
    committed_at = DateTimeField(required=True)
    published_at = DateTimeField()


class InboxMark(Document):
    """How far a consumer has come with one aggregate of another service."""

    meta = {"collection": "inbox_mark", "auto_create_index": False}

    id = StringField(primary_key=True)  # consumer|topic|aggregate
    sequence = IntField(required=True)
    blocked = BooleanField()


class ParkedEvent(Document):
    """An event a consumer could not take, or one waiting behind such an event."""

    meta = {
        "collection": "parked",
        "auto_create_index": False,
        "indexes": [
            {"fields": ("waiting",), "sparse": True},
            {"fields": ("mark_id", "sequence")},
        ],
    }

    id = StringField(primary_key=True)  # consumer|event id, or consumer|topic|partition|offset
    waiting = BooleanField()  # present only while it is parked
    mark_id = StringField()
    consumer = StringField(required=True)
    topic = StringField(required=True)
    partition = IntField(required=True)
    offset = LongField(required=True)
    key = StringField(required=True)
    event_id = StringField()
    event_type = StringField()
    sequence = IntField()
    body = StringField(required=True)  # as received, base64
    reason = StringField(required=True)  # stable code; "behind" when it only waits
    detail = StringField(required=True)
    attempts = IntField(required=True)
    parked_at = DateTimeField(required=True)
    outcome = StringField()  # redriven | skipped
    outcome_by = StringField()
    outcome_reason = StringField()
    outcome_at = DateTimeField()


class TimerRow(Document):
    """Something that has to happen at an instant of domain time."""

    meta = {
        "collection": "timer",
        "auto_create_index": False,
        "indexes": [{"fields": ("waiting_until",), "sparse": True}],
    }

    id = StringField(primary_key=True)  # kind|key
    kind = StringField(required=True)
    key = StringField(required=True)
    payload = DictField()
    due_at = DateTimeField(required=True)
    waiting_until = DateTimeField()  # = due_at, only until it fired
    fired_at = DateTimeField()


class JobRow(Document):
    """Slow or outside work: mail, documents, solving, webhooks. Done once, retried until done."""

    meta = {
        "collection": "job",
        "auto_create_index": False,
        "indexes": [
            {"fields": ("waiting_until",), "sparse": True},
            {"fields": ("status", "kind")},
        ],
    }

    id = StringField(primary_key=True)  # kind|key
    kind = StringField(required=True)
    key = StringField(required=True)
    payload = DictField()
    status = StringField(required=True)  # waiting | running | done | failed | cancelled
    waiting_until = DateTimeField()  # machine time of the next try; while running, end of the lease
    attempts = IntField(required=True, default=0)
    claim = StringField()
    progress = DictField()
    last_error = StringField()
    created_at = DateTimeField(required=True)
    finished_at = DateTimeField()


class LeaseRow(Document):
    """Who holds a piece of work that only one may do at a time; ``epoch`` fences the others."""

    meta = {"collection": "lease", "auto_create_index": False}

    id = StringField(primary_key=True)
    holder = StringField(required=True)
    epoch = LongField(required=True)
    expires_at = DateTimeField(required=True)


class AnswerRow(Document):
    """The answer given to a command with an ``Idempotency-Key``."""

    meta = {
        "collection": "answer",
        "auto_create_index": False,
        "indexes": [{"fields": ("created_at",), "expireAfterSeconds": 7 * 24 * 3600}],
    }

    id = StringField(primary_key=True)  # command id
    fingerprint = StringField(required=True)
    status = IntField(required=True)
    headers = DictField()
    body = StringField()
    created_at = DateTimeField(required=True)


class AuditRow(Document):
    """Who did what to the running of the platform (redrive, skip, rebuild, erasure)."""

    meta = {"collection": "audit", "auto_create_index": False}

    id = StringField(primary_key=True)
    actor_id = StringField(required=True)
    action = StringField(required=True)
    target = StringField(required=True)
    reason = StringField()
    details = ListField(StringField())
    at = DateTimeField(required=True)


class WorkerRow(Document):
    """A worker's last sign of life."""

    meta = {"collection": "worker", "auto_create_index": False}

    id = StringField(primary_key=True)
    beat_at = DateTimeField(required=True)
    state = DictField()


def as_stored(document: type[Document], values: Mapping[str, Any]) -> dict[str, Any]:
    """What a document of these values is in the database, each field checked.

    The same as making the document, ``validate()`` and ``to_mongo()``, without the document: its
    tracking of changes is of no use to what is written once, and takes most of the time.

    Raises:
        FieldDoesNotExist, ValidationError: mongoengine's own, for the first field that is wrong.
    """
    fields = document._fields
    if unknown := values.keys() - fields.keys():
        raise FieldDoesNotExist(f"{document.__name__} has no {', '.join(sorted(unknown))}")
    raw: dict[str, Any] = {}
    for name, field in fields.items():
        value = values.get(name)
        if value is None and not field.null:
            value = field.default() if callable(field.default) else field.default
        if value is not None:
            field._validate(value)
            raw[field.db_field] = field.to_mongo(value)
        elif field.required:
            raise ValidationError(f"{document.__name__}.{name} is required", field_name=name)
        elif field.null:
            raw[field.db_field] = None
    return raw


PLATFORM_DOCUMENTS = (
    OutboxRow,
    InboxMark,
    ParkedEvent,
    TimerRow,
    JobRow,
    LeaseRow,
    AnswerRow,
    AuditRow,
    WorkerRow,
)
