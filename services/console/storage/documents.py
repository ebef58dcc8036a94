"""What the console keeps: accounts, sessions, counts of attempts, links that were used."""

from __future__ import annotations

from mongoengine import DateTimeField, Document, IntField, ListField, StringField


class AccountRow(Document):
    """A local account."""

    meta = {"collection": "account", "auto_create_index": False}

    id = StringField(primary_key=True)  # name
    account_id = StringField(required=True)
    role = StringField(required=True)
    country_code = StringField()
    password_hash = StringField(required=True)
    actor_id = StringField(required=True)


class SessionRow(Document):
    """A session; the server's own sweep removes ended ones."""

    meta = {
        "collection": "session",
        "auto_create_index": False,
        "indexes": [{"fields": ("expires_at",), "expireAfterSeconds": 0}],
    }

    id = StringField(primary_key=True)  # hash of the secret
    actor_id = StringField(required=True)
    roles = ListField(StringField())
    countries = ListField(StringField(), default=None)
    cohorts = ListField(StringField(), default=None)
    subject_id = StringField()
    name = StringField()
    began_at = DateTimeField(required=True)
    expires_at = DateTimeField(required=True)
    idle_until = DateTimeField(required=True)


class AttemptRow(Document):
    """Attempts of one kind and subject in one window."""

    meta = {
        "collection": "attempt",
        "auto_create_index": False,
        "indexes": [{"fields": ("expires_at",), "expireAfterSeconds": 0}],
    }

    id = StringField(primary_key=True)  # kind|hash of the subject|window
    attempt_count = IntField(required=True)
    expires_at = DateTimeField(required=True)


class UsedLinkRow(Document):
    """A link that works no more."""

    meta = {
        "collection": "used_link",
        "auto_create_index": False,
        "indexes": [{"fields": ("expires_at",), "expireAfterSeconds": 0}],
    }

    id = StringField(primary_key=True)
    expires_at = DateTimeField(required=True)


DOCUMENTS = (AccountRow, SessionRow, AttemptRow, UsedLinkRow)
