"""Shapes of bodies, queries and answers."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from marshmallow import Schema, ValidationError, fields, validate

from chassis.http.paging import PageQuery

CODE = validate.Regexp(r"^[a-z0-9][a-z0-9_.-]{0,63}\Z")
PERSON = validate.Regexp(r"^[A-Za-z0-9][A-Za-z0-9:_.-]{0,99}\Z")
_POINTS = validate.Range(0, 100)


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _is_zone(name: str) -> None:
    if name not in _zones():
        raise ValidationError("not an IANA time zone")


def _is_near(instant: datetime) -> None:
    if not 2000 <= instant.year < 2100:
        raise ValidationError("not between 2000 and 2100")


class Instant(fields.AwareDateTime):
    """An instant with its offset; read into UTC."""

    def __init__(self, **named: Any) -> None:
        super().__init__(format="iso", validate=_is_near, **named)


def utc(instant: datetime) -> datetime:
    """The same instant in UTC."""
    return instant.astimezone(UTC)


class NewRuleSet(Schema):
    """Body of ``POST /rulesets``."""

    cohort_id = fields.UUID(required=True)
    document = fields.Dict(keys=fields.String(), required=True)


class NewDocument(Schema):
    """Body of a revision."""

    document = fields.Dict(keys=fields.String(), required=True)


class RuleSetAnswer(Schema):
    """A rule set."""

    id = fields.UUID(required=True)
    cohort_id = fields.UUID(required=True)
    country_code = fields.String(required=True)
    ruleset_version = fields.Integer(required=True)
    sha256 = fields.String(required=True)
    frozen_at = fields.AwareDateTime(required=True, allow_none=True, format="iso")
    document = fields.Dict(required=True)
    version = fields.Integer(required=True)


class OfCohort(PageQuery):
    """Query of a list: of one cohort, in one state."""

    cohort_id = fields.UUID(load_default=None)
    status = fields.String(load_default=None, validate=CODE)


class OfRun(PageQuery):
    """Query of a list: of one run or cohort, in one state."""

    run_id = fields.UUID(load_default=None)
    cohort_id = fields.UUID(load_default=None)
    application_id = fields.UUID(load_default=None)
    status = fields.String(load_default=None, validate=CODE)


class OfCall(PageQuery):
    """Query of a list: of one call, in one state."""

    call_id = fields.UUID(load_default=None)
    status = fields.String(load_default=None, validate=CODE)


class OneCohort(Schema):
    """Query about a cohort."""

    cohort_id = fields.UUID(required=True)


class ChosenAnswer(Schema):
    """An answer of the form."""

    question_code = fields.String(required=True)
    option_codes = fields.List(fields.String(), required=True)


class GivenScore(Schema):
    """Points for one criterion."""

    criterion_code = fields.String(required=True, validate=CODE)
    points = fields.Integer(required=True, strict=True, validate=_POINTS)


class ReviewAnswer(Schema):
    """One reviewer's sheet."""

    reviewer_id = fields.String(required=True)
    status = fields.String(required=True)
    scores = fields.List(fields.Nested(GivenScore), required=True)
    sealed_at = fields.AwareDateTime(required=True, allow_none=True, format="iso")
    conflict_code = fields.String(required=True, allow_none=True)


class ScreeningAnswer(Schema):
    """A screening as the centre sees it."""

    id = fields.UUID(required=True)
    application_id = fields.UUID(required=True)
    call_id = fields.UUID(required=True)
    cohort_id = fields.UUID(required=True)
    subject_id = fields.UUID(required=True, allow_none=True)
    country_code = fields.String(required=True)
    route = fields.String(required=True)
    preferences = fields.List(fields.UUID(), required=True)
    eligible_cohort_ids = fields.List(fields.UUID(), required=True)
    status = fields.String(required=True)
    clause_code = fields.String(required=True, allow_none=True)
    missing_question_codes = fields.List(fields.String(), required=True)
    answers = fields.List(fields.Nested(ChosenAnswer), required=True)
    reviews = fields.List(fields.Nested(ReviewAnswer), required=True)
    review_milli = fields.Integer(required=True, allow_none=True)
    adjusted_milli = fields.Integer(required=True, allow_none=True)
    version = fields.Integer(required=True)


class BlindScreening(Schema):
    """A screening as its reviewer sees it: no person, no country, nobody else's open sheet."""

    id = fields.UUID(required=True)
    cohort_id = fields.UUID(required=True)
    status = fields.String(required=True)
    answers = fields.List(fields.Nested(ChosenAnswer), required=True)
    reviews = fields.List(fields.Nested(ReviewAnswer), required=True)


class BlindScreenings(Schema):
    """A reviewer's queue."""

    items = fields.List(fields.Nested(BlindScreening), required=True)


class Decision(Schema):
    """Body of a person's decision on eligibility."""

    eligible = fields.Boolean(required=True, truthy={True}, falsy={False})


class NewReviewer(Schema):
    """Body of an assignment."""

    reviewer_id = fields.String(required=True, validate=PERSON)


class Recusal(Schema):
    """Body of stepping back."""

    conflict_code = fields.String(required=True, validate=CODE)


class ScoreSheet(Schema):
    """Body of sealing a sheet."""

    scores = fields.List(fields.Nested(GivenScore), required=True, validate=validate.Length(1, 50))


class NewShortlist(Schema):
    """Body of ``POST /shortlists``."""

    cohort_id = fields.UUID(required=True)


class ShortlistAnswer(Schema):
    """A drawn shortlist."""

    id = fields.UUID(required=True)
    cohort_id = fields.UUID(required=True)
    ranked_by = fields.String(required=True)
    cut_off_milli = fields.Integer(required=True, allow_none=True)
    shortlisted_ids = fields.List(fields.UUID(), required=True)
    rejected_ids = fields.List(fields.UUID(), required=True)
    drawn_at = fields.AwareDateTime(required=True, format="iso")


class SlotBody(Schema):
    """When, where and how an interview is held."""

    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    zone = fields.String(required=True, validate=_is_zone)
    mode = fields.String(required=True, validate=validate.OneOf(["onsite", "online"]))


class NewInterview(SlotBody):
    """Body of ``POST /interviews``."""

    application_id = fields.UUID(required=True)
    panelist_ids = fields.List(
        fields.String(validate=PERSON), required=True, validate=validate.Length(1, 9)
    )


class NewPanelist(Schema):
    """Body of joining somebody to a panel."""

    panelist_id = fields.String(required=True, validate=PERSON)


class SlotAnswer(Schema):
    """A slot."""

    starts_at = fields.AwareDateTime(required=True, format="iso")
    ends_at = fields.AwareDateTime(required=True, format="iso")
    zone = fields.String(required=True)
    mode = fields.String(required=True)


class InterviewAnswer(Schema):
    """An interview; open sheets of other panelists are left out."""

    id = fields.UUID(required=True)
    application_id = fields.UUID(required=True)
    cohort_id = fields.UUID(required=True)
    subject_id = fields.UUID(required=True, allow_none=True)
    country_code = fields.String(required=True)
    slot = fields.Nested(SlotAnswer, required=True)
    panelist_ids = fields.List(fields.String(), required=True)
    sheets = fields.List(fields.Nested(ReviewAnswer), required=True)
    status = fields.String(required=True)
    interview_milli = fields.Integer(required=True, allow_none=True)
    version = fields.Integer(required=True)


class Interviews(Schema):
    """A panelist's interviews."""

    items = fields.List(fields.Nested(InterviewAnswer), required=True)


class NewRun(Schema):
    """Body of ``POST /runs``."""

    call_id = fields.UUID(required=True)
    public_value_name = fields.String(required=True, validate=CODE)


class PublicValue(Schema):
    """Body of a draw: the value that was named, now that everybody knows it."""

    public_value = fields.String(required=True, validate=validate.Length(1, 500))


class RoundAnswer(Schema):
    """One round of a run."""

    number = fields.Integer(required=True)
    cause_code = fields.String(required=True)
    gone_count = fields.Integer(required=True)
    kept_count = fields.Integer(required=True)
    placed_count = fields.Integer(required=True)
    result_sha256 = fields.String(required=True)
    recorded_at = fields.AwareDateTime(required=True, format="iso")


class RunAnswer(Schema):
    """A run; the secret is in the manifest once it is drawn."""

    id = fields.UUID(required=True)
    call_id = fields.UUID(required=True)
    cohort_ids = fields.List(fields.UUID(), required=True)
    country_code = fields.String(required=True)
    status = fields.String(required=True)
    lottery_commitment_sha256 = fields.String(required=True)
    public_value_name = fields.String(required=True)
    public_value = fields.String(required=True, allow_none=True)
    pool_sha256 = fields.String(required=True, allow_none=True)
    candidate_count = fields.Integer(required=True)
    placed_count = fields.Integer(required=True)
    rounds = fields.List(fields.Nested(RoundAnswer), required=True)
    version = fields.Integer(required=True)


class ManifestAnswer(Schema):
    """What anybody needs to check a run's lottery and hashes."""

    manifest = fields.Dict(required=True)
    manifest_sha256 = fields.String(required=True)


class BundleAnswer(Schema):
    """Everything a run was decided from (``domain/audit/schemas/bundle.json``)."""

    manifest = fields.Dict(required=True)
    rule_sets = fields.Dict(required=True)
    inputs = fields.List(fields.Dict(), required=True)
    tree = fields.Dict(required=True)
    sheets = fields.Dict(required=True)
    lottery = fields.Dict(required=True)
    rounds = fields.List(fields.Dict(), required=True)
    assignment = fields.Dict(required=True)


class OfferAnswer(Schema):
    """An offer."""

    id = fields.UUID(required=True)
    run_id = fields.UUID(required=True)
    round_number = fields.Integer(required=True)
    application_id = fields.UUID(required=True)
    cohort_id = fields.UUID(required=True)
    subject_id = fields.UUID(required=True, allow_none=True)
    country_code = fields.String(required=True)
    route = fields.String(required=True)
    answer_by = fields.AwareDateTime(required=True, format="iso")
    status = fields.String(required=True)
    reason_code = fields.String(required=True, allow_none=True)
    version = fields.Integer(required=True)


class Reason(Schema):
    """Body of taking something back."""

    reason_code = fields.String(required=True, validate=CODE)


class PlaceAnswer(Schema):
    """A place on a waiting list."""

    id = fields.UUID(required=True)
    run_id = fields.UUID(required=True)
    application_id = fields.UUID(required=True)
    cohort_id = fields.UUID(required=True)
    subject_id = fields.UUID(required=True, allow_none=True)
    country_code = fields.String(required=True)
    rank = fields.Integer(required=True)
    ended_code = fields.String(required=True, allow_none=True)


class NewAppeal(Schema):
    """Body of ``POST /appeals``."""

    application_id = fields.UUID(required=True)
    ground_code = fields.String(required=True, validate=CODE)


class Examination(Schema):
    """Body of examining an appeal."""

    admissible = fields.Boolean(required=True, truthy={True}, falsy={False})


class AppealDecision(Schema):
    """Body of deciding an appeal."""

    granted = fields.Boolean(required=True, truthy={True}, falsy={False})


class AppealAnswer(Schema):
    """An appeal."""

    id = fields.UUID(required=True)
    application_id = fields.UUID(required=True)
    cohort_id = fields.UUID(required=True)
    subject_id = fields.UUID(required=True, allow_none=True)
    country_code = fields.String(required=True)
    ground_code = fields.String(required=True)
    status = fields.String(required=True)
    filed_at = fields.AwareDateTime(required=True, format="iso")
    version = fields.Integer(required=True)


class Made(Schema):
    """What a command made."""

    id = fields.UUID(required=True)


class Funnel(Schema):
    """People of a cohort at each stage."""

    counts = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
