"""How notifications' aggregates lie in MongoDB; fields are named as their attributes."""

from __future__ import annotations

from mongoengine import (
    BooleanField,
    DateTimeField,
    DictField,
    IntField,
    ListField,
    StringField,
)

from chassis.mongo.documents import AggregateDocument


class MessageDocument(AggregateDocument):
    """One message; no name, address or text."""

    meta = {
        "collection": "message",
        "auto_create_index": False,
        "indexes": [
            {"fields": ("cohort_id", "_id")},
            {"fields": ("subject_id", "status")},
            {"fields": ("status", "_id")},
        ],
    }

    type_code = StringField(required=True)
    channel = StringField(required=True)
    caused_by_event_id = StringField(required=True)
    occurrence = StringField()
    params = DictField()
    planned_at = DateTimeField(required=True)
    expires_at = DateTimeField()
    status = StringField(required=True)
    reason_code = StringField()
    language_code = StringField()
    content_sha256 = StringField()
    attempt_count = IntField(required=True)
    settled_at = DateTimeField()


class ContactDocument(AggregateDocument):
    """One person's sealed contact; its id is the subject's."""

    meta = {"collection": "contact", "auto_create_index": False}

    language_code = StringField()
    key_id = StringField()
    sealed = StringField()
    is_forgotten = BooleanField(required=True)


class CohortDocument(AggregateDocument):
    """What messages need to know of a cohort; its id is the cohort's."""

    meta = {
        "collection": "cohort",
        "auto_create_index": False,
        "indexes": [{"fields": ("members.subject_id",)}],
    }

    titles = DictField()
    zone = StringField()
    starts_on = StringField()
    ends_on = StringField()
    delivery = StringField()
    members = ListField(DictField())
    sessions = ListField(DictField())
    release_version = IntField(required=True)


class CallDocument(AggregateDocument):
    """When a call closes."""

    meta = {"collection": "call", "auto_create_index": False}

    closes_at = DateTimeField(required=True)


class ErasureDocument(AggregateDocument):
    """A receipt."""

    meta = {"collection": "erasure", "auto_create_index": False}

    removed_count = IntField(required=True)
    confirmed_at = DateTimeField(required=True)


DOCUMENTS = (MessageDocument, ContactDocument, CohortDocument, CallDocument, ErasureDocument)
