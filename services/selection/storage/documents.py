"""How selection's aggregates are stored: the same names, nested values as objects."""

from __future__ import annotations

from mongoengine import BooleanField, DateTimeField, DictField, IntField, ListField, StringField

from chassis.mongo.documents import AggregateDocument


class CohortDocument(AggregateDocument):
    """Cohorts of registration."""

    meta = {"collection": "cohort", "auto_create_index": False}
    starts_on = StringField(required=True)
    ends_on = StringField(required=True)
    zone = StringField(required=True)


class CallDocument(AggregateDocument):
    """Calls of registration."""

    meta = {
        "collection": "call",
        "auto_create_index": False,
        "indexes": [{"fields": ("cohort_ids",)}],
    }
    cohort_ids = ListField(StringField(), required=True)
    opens_at = DateTimeField(required=True)
    closes_at = DateTimeField(required=True)
    closed_at = DateTimeField()


class RuleSetDocument(AggregateDocument):
    """Rule sets."""

    meta = {
        "collection": "ruleset",
        "auto_create_index": False,
        "indexes": [{"fields": ("cohort_id",)}],
    }
    ruleset_version = IntField(required=True)
    document = StringField(required=True)
    sha256 = StringField(required=True)
    frozen_at = DateTimeField()


class ScreeningDocument(AggregateDocument):
    """Screenings with their reviews."""

    meta = {
        "collection": "screening",
        "auto_create_index": False,
        "indexes": [
            {"fields": ("cohort_id", "status")},
            {"fields": ("call_id", "status")},
            {"fields": ("preferences", "status")},
            {"fields": ("application_id",)},
            {"fields": ("reviews.reviewer_id",)},
            {"fields": ("subject_id",)},
        ],
    }
    application_id = StringField(required=True)
    call_id = StringField(required=True)
    route = StringField(required=True)
    preferences = ListField(StringField(), required=True)
    answers = ListField(DictField())
    status = StringField(required=True)
    possible_cohort_ids = ListField(StringField())
    eligible_cohort_ids = ListField(StringField())
    clause_code = StringField()
    missing_question_codes = ListField(StringField())
    reviews = ListField(DictField())
    review_milli = IntField()
    adjusted_milli = IntField()


class ShortlistDocument(AggregateDocument):
    """Shortlists."""

    meta = {"collection": "shortlist", "auto_create_index": False}
    ranked_by = StringField(required=True)
    cut_off_milli = IntField()
    shortlisted_ids = ListField(StringField())
    rejected_ids = ListField(StringField())
    calibration = DictField(null=True)
    drawn_at = DateTimeField(required=True)


class InterviewDocument(AggregateDocument):
    """Interviews with their scores."""

    meta = {
        "collection": "interview",
        "auto_create_index": False,
        "indexes": [
            {"fields": ("application_id",)},
            {"fields": ("cohort_id", "status")},
            {"fields": ("sheets.reviewer_id",)},
            {"fields": ("subject_id",)},
        ],
    }
    application_id = StringField(required=True)
    slot = DictField(required=True)
    sheets = ListField(DictField())
    status = StringField(required=True)
    interview_milli = IntField()


class RunDocument(AggregateDocument):
    """Runs with their snapshot and latest outcome."""

    meta = {
        "collection": "run",
        "auto_create_index": False,
        "indexes": [{"fields": ("call_id",)}],
    }
    call_id = StringField(required=True)
    cohort_ids = ListField(StringField(), required=True)
    secret = StringField(required=True)
    lottery_commitment_sha256 = StringField(required=True)
    public_value_name = StringField(required=True)
    status = StringField(required=True)
    quotas = ListField(DictField())
    groups = ListField(DictField())
    candidates = ListField(DictField())
    sheets = ListField(DictField())
    pool_sha256 = StringField()
    public_value = StringField()
    seed_hex = StringField()
    seats = ListField(DictField())
    gone_ids = ListField(StringField())
    kept = ListField(DictField())
    rounds = ListField(DictField())


class OfferDocument(AggregateDocument):
    """Offers."""

    meta = {
        "collection": "offer",
        "auto_create_index": False,
        "indexes": [
            {"fields": ("run_id",)},
            {"fields": ("application_id",)},
            {"fields": ("subject_id",)},
            {"fields": ("cohort_id", "status")},
        ],
    }
    run_id = StringField(required=True)
    round_number = IntField(required=True)
    application_id = StringField(required=True)
    route = StringField(required=True)
    answer_by = DateTimeField(required=True)
    status = StringField(required=True)
    reason_code = StringField()


class PlaceDocument(AggregateDocument):
    """Places on waiting lists."""

    meta = {
        "collection": "place",
        "auto_create_index": False,
        "indexes": [{"fields": ("run_id",)}, {"fields": ("subject_id",)}],
    }
    run_id = StringField(required=True)
    application_id = StringField(required=True)
    rank = IntField(required=True)
    ended_code = StringField()


class AppealDocument(AggregateDocument):
    """Appeals."""

    meta = {
        "collection": "appeal",
        "auto_create_index": False,
        "indexes": [{"fields": ("subject_id",)}],
    }
    application_id = StringField(required=True)
    ground_code = StringField(required=True)
    first_deciders = ListField(StringField())
    status = StringField(required=True)
    filed_at = DateTimeField(required=True)


class ErasureDocument(AggregateDocument):
    """Receipts of erasure."""

    meta = {"collection": "erasure", "auto_create_index": False}
    erased_subject_id = StringField(required=True)
    removed_count = IntField(required=True)


class ReviewerAssignmentDocument(AggregateDocument):
    """Assignments of reviewers."""

    meta = {
        "collection": "reviewer_assignment",
        "auto_create_index": False,
        "indexes": [{"fields": ("call_id",)}],
    }
    call_id = StringField(required=True)
    reviewers = ListField(DictField())
    organisation_question_codes = ListField(StringField())
    language_question_code = StringField()
    bridge_permille = IntField(required=True)
    own_country = BooleanField(required=True)
    asked_at = DateTimeField(required=True)
    status = StringField(required=True)
    reason = StringField()
    lacking_application_ids = ListField(StringField())
    review_loads = ListField(DictField())
    bridge_permille_reached = IntField()


class InterviewPlanDocument(AggregateDocument):
    """Interview plans."""

    meta = {
        "collection": "interview_plan",
        "auto_create_index": False,
        "indexes": [{"fields": ("call_id",)}],
    }
    call_id = StringField(required=True)
    terms = DictField(required=True)
    sessions = ListField(DictField())
    panelists = ListField(DictField())
    candidates = ListField(DictField())
    busy = ListField(DictField())
    kept_count = IntField(required=True)
    asked_at = DateTimeField(required=True)
    status = StringField(required=True)
    seats = ListField(DictField())
    reserve_seats = ListField(DictField())
    unplaced_application_ids = ListField(StringField())
    unmanned = ListField(DictField())


DOCUMENTS = (
    CohortDocument,
    CallDocument,
    RuleSetDocument,
    ScreeningDocument,
    ShortlistDocument,
    InterviewDocument,
    RunDocument,
    OfferDocument,
    PlaceDocument,
    AppealDocument,
    ErasureDocument,
    ReviewerAssignmentDocument,
    InterviewPlanDocument,
)
