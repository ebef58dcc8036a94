"""How registration's aggregates are stored: the same names, nested values as objects.

A person's id is stored as null once the person is forgotten.
"""

from __future__ import annotations

from mongoengine import (
    BooleanField,
    DateTimeField,
    DictField,
    Document,
    IntField,
    ListField,
    StringField,
)

from chassis.mongo.documents import AggregateDocument


class ProgrammeDocument(AggregateDocument):
    """Programmes."""

    meta = {"collection": "programme", "auto_create_index": False}
    code = StringField(required=True)
    titles = DictField(required=True)
    descriptions = DictField(required=True)
    gcm_objectives = ListField(IntField())
    sdgs = ListField(IntField())
    organisation_codes = ListField(StringField())
    published_at = DateTimeField(required=True)


class CohortDocument(AggregateDocument):
    """Cohorts; dates as ISO texts, which sort like dates."""

    meta = {
        "collection": "cohort",
        "auto_create_index": False,
        "indexes": [{"fields": ("programme_id",)}],
    }
    programme_id = StringField(required=True)
    programme_code = StringField(required=True)
    edition_code = StringField(required=True)
    titles = DictField(required=True)
    country_codes = ListField(StringField(), required=True)
    starts_on = StringField(required=True)
    ends_on = StringField(required=True)
    zone = StringField(required=True)
    delivery = StringField(required=True)
    language_code = StringField(required=True)
    seat_count = IntField(required=True)
    seat_pools = ListField(DictField())
    details_form = DictField(null=True)
    status = StringField(required=True)
    announced_at = DateTimeField(required=True)


class CallDocument(AggregateDocument):
    """Calls with their forms."""

    meta = {
        "collection": "call",
        "auto_create_index": False,
        "indexes": [{"fields": ("status",)}, {"fields": ("cohort_ids",)}],
    }
    cohort_ids = ListField(StringField(), required=True)
    titles = DictField(required=True)
    routes = ListField(StringField(), required=True)
    opens_at = DateTimeField(required=True)
    closes_at = DateTimeField(required=True)
    grace_minutes = IntField(required=True)
    preference_limit = IntField(required=True)
    form = DictField(required=True)
    status = StringField(required=True)
    closed_at = DateTimeField()


class ApplicationDocument(AggregateDocument):
    """Applications: coded answers in clear, all others sealed."""

    meta = {
        "collection": "application",
        "auto_create_index": False,
        "indexes": [
            {"fields": ("call_id", "status")},
            {"fields": ("cohort_id", "status")},
            {"fields": ("subject_id",)},
        ],
    }
    subject_id = StringField(null=True)
    call_id = StringField(required=True)
    language_code = StringField(required=True)
    preferences = ListField(StringField())
    answers = DictField()
    sealed_answers = StringField()
    form_version = IntField(required=True)
    status = StringField(required=True)
    saved_at = DateTimeField(required=True)
    submitted_at = DateTimeField()


class FocalPointDocument(AggregateDocument):
    """Focal points of state bodies."""

    meta = {
        "collection": "focal_point",
        "auto_create_index": False,
        "indexes": [{"fields": ("call_id",)}, {"fields": ("subject_id",)}],
    }
    subject_id = StringField(null=True)
    call_id = StringField(required=True)
    organisation_code = StringField(required=True)
    place_count = IntField(required=True)
    invited_at = DateTimeField(required=True)


class NominationDocument(AggregateDocument):
    """Nominations."""

    meta = {
        "collection": "nomination",
        "auto_create_index": False,
        "indexes": [
            {"fields": ("call_id", "status")},
            {"fields": ("cohort_id", "status")},
            {"fields": ("focal_point_id",)},
            {"fields": ("subject_id",)},
        ],
    }
    subject_id = StringField(null=True)
    focal_point_id = StringField(required=True)
    call_id = StringField(required=True)
    organisation_code = StringField(required=True)
    place_no = IntField(required=True)
    language_code = StringField(required=True)
    replaces_nomination_id = StringField()
    status = StringField(required=True)
    nominated_at = DateTimeField(required=True)


class ParticipantDocument(AggregateDocument):
    """Participants, the second form sealed."""

    meta = {
        "collection": "participant",
        "auto_create_index": False,
        "indexes": [{"fields": ("cohort_id", "status")}, {"fields": ("subject_id",)}],
    }
    subject_id = StringField(null=True)
    route = StringField(required=True)
    cause_id = StringField(required=True)
    language_code = StringField(required=True)
    sealed_details = StringField()
    status = StringField(required=True)
    enrolled_at = DateTimeField(required=True)


class SubjectDocument(AggregateDocument):
    """The vault: sealed details, and the keyed hash of the address while the person is known."""

    meta = {
        "collection": "subject",
        "auto_create_index": False,
        "indexes": [{"fields": ("address_key",), "unique": True, "sparse": True}],
    }
    language_code = StringField(required=True)
    language_codes = ListField(StringField())
    sealed = StringField()
    address_key = StringField()
    consents = ListField(DictField())
    retain_until_on = StringField(required=True)
    status = StringField(required=True)
    registered_at = DateTimeField(required=True)


class SubjectKey(Document):
    """A person's key, wrapped under the master key; removed when it is destroyed."""

    meta = {"collection": "subject_key", "auto_create_index": False}

    id = StringField(primary_key=True)  # subject id
    key_id = StringField(required=True)
    wrapped = StringField(required=True)


class ContactDocument(AggregateDocument):
    """What was announced of contacts: no contact itself."""

    meta = {"collection": "contact", "auto_create_index": False}
    subject_version = IntField(required=True)
    erased = BooleanField(required=True)


class SignInDocument(AggregateDocument):
    """Requests for a link."""

    meta = {"collection": "signin", "auto_create_index": False}
    requested_at = DateTimeField(required=True)


class ErasureDocument(AggregateDocument):
    """Erasures with their receipts; never removed."""

    meta = {
        "collection": "erasure",
        "auto_create_index": False,
        "indexes": [{"fields": ("status",)}],
    }
    requested_by = StringField(required=True)
    receipts = ListField(DictField())
    own_removed_count = IntField()
    status = StringField(required=True)
    requested_at = DateTimeField(required=True)
    erased_at = DateTimeField()


class CohortErasureDocument(AggregateDocument):
    """Cohorts whose people were asked to be forgotten."""

    meta = {"collection": "cohort_erasure", "auto_create_index": False}
    status = StringField(required=True)
    round_no = IntField(required=True)
    requested_by = StringField(required=True)
    requested_at = DateTimeField(required=True)
    done_at = DateTimeField()


DOCUMENTS: tuple[type[Document], ...] = (
    ProgrammeDocument,
    CohortDocument,
    CallDocument,
    ApplicationDocument,
    FocalPointDocument,
    NominationDocument,
    ParticipantDocument,
    SubjectDocument,
    SubjectKey,
    ContactDocument,
    SignInDocument,
    ErasureDocument,
    CohortErasureDocument,
)
