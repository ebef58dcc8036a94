"""How scheduling's aggregates are stored: fields named as their attributes.

Nothing here decides anything: the shapes are the aggregates', the checks are theirs too.
"""

from __future__ import annotations

from mongoengine import BooleanField, DateTimeField, DictField, IntField, ListField, StringField

from chassis.mongo.documents import AggregateDocument


class CohortDocument(AggregateDocument):
    """``Cohort``."""

    meta = {"collection": "cohort", "auto_create_index": False}

    country_codes = ListField(StringField())
    titles = DictField()
    starts_on = StringField(required=True)
    ends_on = StringField(required=True)
    zone = StringField(required=True)
    delivery = StringField(required=True)
    language_code = StringField(required=True)
    seat_count = IntField(required=True)
    terms = DictField()
    completed = BooleanField()


class MemberDocument(AggregateDocument):
    """``Member``."""

    meta = {
        "collection": "member",
        "auto_create_index": False,
        "indexes": [{"fields": ("cohort_id",)}, {"fields": ("subject_id",)}],
    }

    enrolled_at = DateTimeField(required=True)
    left_at = DateTimeField()


class CurriculumDocument(AggregateDocument):
    """``Curriculum``."""

    meta = {
        "collection": "curriculum",
        "auto_create_index": False,
        "indexes": [{"fields": ("cohort_id",)}],
    }

    parts = ListField(DictField())
    trainings = ListField(DictField())
    versions = ListField(DictField())


class TrainerDocument(AggregateDocument):
    """``Trainer``."""

    meta = {
        "collection": "trainer",
        "auto_create_index": False,
        "indexes": [{"fields": ("country_code",)}, {"fields": ("subject_id",)}],
    }

    kind_code = StringField(required=True)
    organisation_code = StringField(required=True)
    language_codes = ListField(StringField())
    availability = DictField()
    status = StringField(required=True)


class RoomDocument(AggregateDocument):
    """``Room``."""

    meta = {
        "collection": "room",
        "auto_create_index": False,
        "indexes": [{"fields": ("room_code",), "unique": True}, {"fields": ("country_code",)}],
    }

    room_code = StringField(required=True)
    titles = DictField()
    kind_code = StringField(required=True)
    seat_count = IntField(required=True)
    availability = DictField()


class TimetableDocument(AggregateDocument):
    """``Timetable``."""

    meta = {
        "collection": "timetable",
        "auto_create_index": False,
        "indexes": [{"fields": ("cohort_id",)}],
    }

    curriculum_id = StringField(required=True)
    curriculum_version = IntField(required=True)
    sessions = ListField(DictField())
    status = StringField(required=True)
    pins = ListField(DictField())
    solving_number = IntField(required=True)
    proposal = ListField(DictField())
    solution = DictField(null=True)
    obstacles = ListField(DictField())
    placed = ListField(DictField())
    release_version = IntField(required=True)
    changes = ListField(DictField())


class SessionDocument(AggregateDocument):
    """``Session``."""

    meta = {
        "collection": "session",
        "auto_create_index": False,
        "indexes": [
            {"fields": ("cohort_id",)},
            {"fields": ("timetable_id",)},
            {"fields": ("starts_at",)},
        ],
    }

    timetable_id = StringField(required=True)
    training_code = StringField(required=True)
    part_code = StringField(required=True)
    titles = DictField()
    zone = StringField(required=True)
    delivery = StringField(required=True)
    starts_at = DateTimeField(required=True)
    ends_at = DateTimeField(required=True)
    trainer_id = StringField(required=True)
    changed_at = DateTimeField(required=True)
    room_code = StringField()
    calendar_sequence = IntField(required=True)
    status = StringField(required=True)


class RegisterDocument(AggregateDocument):
    """``Register``."""

    meta = {
        "collection": "register",
        "auto_create_index": False,
        "indexes": [{"fields": ("cohort_id",)}],
    }

    session_id = StringField(required=True)
    training_code = StringField(required=True)
    part_code = StringField(required=True)
    starts_at = DateTimeField(required=True)
    ends_at = DateTimeField(required=True)
    evidence = ListField(DictField())
    excused_ids = ListField(StringField())
    attendances = ListField(DictField())
    corrections = ListField(DictField())
    recorded_at = DateTimeField()


class PlacementDocument(AggregateDocument):
    """``Placement``."""

    meta = {
        "collection": "placement",
        "auto_create_index": False,
        "indexes": [{"fields": ("cohort_id",)}, {"fields": ("subject_id",)}],
    }

    participant_id = StringField(required=True)
    unit_code = StringField(required=True)
    starts_on = StringField(required=True)
    ends_on = StringField(required=True)
    minutes = IntField(required=True)
    status = StringField(required=True)


class WorkPlanDocument(AggregateDocument):
    """``WorkPlan``."""

    meta = {"collection": "work_plan", "auto_create_index": False}

    year = IntField(required=True)
    organisation = DictField()
    items = ListField(DictField())
    status = StringField(required=True)
    signed_at = DateTimeField()


class ErasureDocument(AggregateDocument):
    """``Erasure``."""

    meta = {"collection": "erasure", "auto_create_index": False}

    removed_count = IntField(required=True)
    confirmed_at = DateTimeField()


DOCUMENTS = (
    CohortDocument,
    MemberDocument,
    CurriculumDocument,
    TrainerDocument,
    RoomDocument,
    TimetableDocument,
    SessionDocument,
    RegisterDocument,
    PlacementDocument,
    WorkPlanDocument,
    ErasureDocument,
)
