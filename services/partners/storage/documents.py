"""How partners' aggregates lie in MongoDB."""

from __future__ import annotations

from mongoengine import (
    DateTimeField,
    DictField,
    Document,
    IntField,
    ListField,
    LongField,
    StringField,
)

from chassis.mongo.documents import AggregateDocument


class SubscriptionDocument(AggregateDocument):
    """``domain.subscription.Subscription``."""

    meta = {
        "collection": "subscription",
        "auto_create_index": False,
        "indexes": [
            {"fields": ("api_key_sha256",), "unique": True},
            {"fields": ("status", "event_types")},
        ],
    }

    partner_code = StringField(required=True)
    agreement_reference = StringField(required=True)
    event_types = ListField(StringField())
    country_codes = ListField(StringField())
    api_key_sha256 = StringField(required=True)
    activated_at = DateTimeField(required=True)
    expires_at = DateTimeField()
    status = StringField(required=True)
    ended_at = DateTimeField()
    end_reason_code = StringField()


class EndpointDocument(AggregateDocument):
    """``domain.endpoint.Endpoint``; its id is its subscription's."""

    meta = {"collection": "endpoint", "auto_create_index": False}

    secrets = ListField(DictField())
    url = StringField()
    status = StringField(required=True)
    disabled_reason_code = StringField()


class DeliveryDocument(AggregateDocument):
    """``domain.delivery.Delivery``."""

    meta = {
        "collection": "delivery",
        "auto_create_index": False,
        "indexes": [{"fields": ("subscription_id", "number"), "unique": True}],
    }

    subscription_id = StringField(required=True)
    number = LongField(required=True)
    event_id = StringField(required=True)
    event_type = StringField(required=True)
    status = StringField(required=True)
    round = IntField(required=True)
    tries = IntField(required=True)
    attempts = ListField(DictField())
    next_attempt_at = DateTimeField()


class ErasureDocument(AggregateDocument):
    """``domain.erasure.Erasure``."""

    meta = {"collection": "erasure", "auto_create_index": False}

    removed_count = IntField(required=True)
    confirmed_at = DateTimeField(required=True)


class FeedDocument(Document):
    """The last number given in a feed; every entry is written in a transaction that moves it."""

    meta = {"collection": "feed", "auto_create_index": False}

    id = StringField(primary_key=True)  # subscription id
    last_number = LongField(required=True)


class FeedEntryDocument(Document):
    """``domain.feed.FeedEntry``: never changed."""

    meta = {
        "collection": "feed_entry",
        "auto_create_index": False,
        "indexes": [
            {"fields": ("subscription_id", "number"), "unique": True},
            {"fields": ("subscription_id", "person_id"), "sparse": True},
        ],
    }

    id = StringField(primary_key=True)  # the partner's own id of the event
    subscription_id = StringField(required=True)
    number = LongField(required=True)
    event_type = StringField(required=True)
    person_id = StringField()
    content = StringField(required=True)


DOCUMENTS = (
    SubscriptionDocument,
    EndpointDocument,
    DeliveryDocument,
    ErasureDocument,
    FeedDocument,
    FeedEntryDocument,
)
