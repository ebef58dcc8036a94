"""How certification's aggregates lie in MongoDB."""

from __future__ import annotations

from mongoengine import (
    BinaryField,
    BooleanField,
    DateTimeField,
    DictField,
    Document,
    IntField,
    ListField,
    StringField,
)

from chassis.mongo.documents import AggregateDocument


class AwardRuleDocument(AggregateDocument):
    """``domain.award_rule.AwardRule``."""

    meta = {"collection": "award_rule", "auto_create_index": False}

    versions = ListField(DictField())


class CohortRecordDocument(AggregateDocument):
    """``domain.cohort_record.CohortRecord``; its ``cohort_id`` is its id and its mark."""

    meta = {"collection": "cohort_record", "auto_create_index": False}

    announced = DictField(null=True)
    dates = DictField(null=True)
    plan = DictField()


class AwardDocument(AggregateDocument):
    """``domain.award.Award``."""

    meta = {
        "collection": "award",
        "auto_create_index": False,
        "indexes": [{"fields": ("cohort_id", "id")}, {"fields": ("subject_id",)}],
    }

    participant_id = StringField(required=True)
    status = StringField(required=True)
    evidence = DictField()
    verdict = DictField(null=True)
    rule_version = IntField()
    hold_until = DateTimeField()
    reached_at = DateTimeField()
    is_confirmed = BooleanField()
    was_held = BooleanField()
    is_doubted = BooleanField()
    certificate_count = IntField()
    is_erased = BooleanField()
    closed_reason_code = StringField()


class CertificateDocument(AggregateDocument):
    """``domain.certificate.Certificate``."""

    meta = {
        "collection": "certificate",
        "auto_create_index": False,
        "indexes": [
            {"fields": ("check_code",), "unique": True},
            {"fields": ("serial",), "unique": True},
            {"fields": ("award_id", "ordinal"), "unique": True},
            {"fields": ("status_slot",), "unique": True},
            {"fields": ("status", "status_slot")},
            {"fields": ("cohort_id", "id")},
            {"fields": ("subject_id",)},
        ],
    }

    award_id = StringField(required=True)
    ordinal = IntField(required=True)
    participant_id = StringField(required=True)
    kind_code = StringField(required=True)
    serial = StringField(required=True)
    check_code = StringField(required=True)
    content_sha256 = StringField(required=True)
    holder_hash = StringField(required=True)
    issued_at = DateTimeField(required=True)
    status_slot = IntField(required=True)
    content = DictField(null=True)
    paperwork = DictField(null=True)
    status = StringField(required=True)
    history = ListField(DictField())
    replaces_certificate_id = StringField()
    successor_id = StringField()
    erased_at = DateTimeField()


class AlumnusDocument(AggregateDocument):
    """``domain.alumnus.Alumnus``."""

    meta = {
        "collection": "alumnus",
        "auto_create_index": False,
        "indexes": [{"fields": ("cohort_id", "id")}],
    }

    joined_at = DateTimeField(required=True)


class ErasureDocument(AggregateDocument):
    """``domain.erasure.Erasure``."""

    meta = {"collection": "erasure", "auto_create_index": False}

    removed_count = IntField(required=True)
    confirmed_at = DateTimeField(required=True)


class LetterheadDocument(AggregateDocument):
    """``domain.letterhead.Letterhead``."""

    meta = {"collection": "letterhead", "auto_create_index": False}

    centre_names = DictField()
    signatories = ListField(DictField())


class PaperDocument(Document):
    """One PDF as it was made, beside its certificate."""

    meta = {"collection": "paper", "auto_create_index": False}

    id = StringField(primary_key=True)  # certificate id
    document = BinaryField(required=True)


DOCUMENTS = (
    AwardRuleDocument,
    CohortRecordDocument,
    AwardDocument,
    CertificateDocument,
    AlumnusDocument,
    ErasureDocument,
    LetterheadDocument,
)
