"""Shapes of bodies and answers."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from chassis.http.paging import PageQuery
from services.certification.domain.award import AwardStatus
from services.certification.domain.awarding.terms import (
    AwardTerms,
    Confirmation,
    ExcusedPolicy,
    Grade,
    HoursMinimum,
    Kind,
    PartMinimum,
    RequiredTraining,
)
from services.certification.domain.certificate import CertificateStatus
from services.certification.domain.content import Signatory

_CODE = validate.Regexp(r"^[a-z0-9][a-z0-9_.-]{0,49}\Z")
_PERCENT = validate.Range(1, 100)
_MINUTES = validate.Range(1, 1_000_000)


def code_field() -> fields.String:
    """A stable code, lower case, at most 50 characters."""
    return fields.String(required=True, validate=_CODE)


def texts_field() -> fields.Dict:
    """Language code -> text."""
    return fields.Dict(
        keys=fields.String(validate=validate.Regexp(r"^[a-z]{2}\Z")),
        values=fields.String(validate=validate.Length(1, 300)),
        required=True,
        validate=validate.Length(1, 20),
    )


class HoursBody(Schema):
    """A lower bound: percent of what counts, minutes, or both."""

    percent = fields.Integer(load_default=None, allow_none=True, strict=True, validate=_PERCENT)
    minutes = fields.Integer(load_default=None, allow_none=True, strict=True, validate=_MINUTES)

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> HoursMinimum:
        return HoursMinimum(**data)


class PartBody(Schema):
    """A lower bound within one part."""

    part_code = code_field()
    hours = fields.Nested(HoursBody, required=True)

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> PartMinimum:
        return PartMinimum(**data)


class RequiredTrainingBody(Schema):
    """A training nobody may miss."""

    training_code = code_field()
    percent = fields.Integer(required=True, strict=True, validate=_PERCENT)

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> RequiredTraining:
        return RequiredTraining(**data)


class GradeBody(Schema):
    """What one kind of certificate asks."""

    kind_code = fields.Enum(Kind, by_value=True, required=True)
    overall = fields.Nested(HoursBody, load_default=HoursMinimum)
    parts = fields.List(fields.Nested(PartBody), load_default=list, validate=validate.Length(0, 50))
    required_trainings = fields.List(
        fields.Nested(RequiredTrainingBody), load_default=list, validate=validate.Length(0, 200)
    )
    placement_minutes = fields.Integer(
        load_default=None, allow_none=True, strict=True, validate=_MINUTES
    )

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> Grade:
        for name in ("parts", "required_trainings"):
            data[name] = tuple(data[name])
        return Grade(**data)


class AwardTermsBody(Schema):
    """Body of ``PUT /award-rules/{cohort_id}``."""

    grades = fields.List(
        fields.Nested(GradeBody), required=True, validate=validate.Length(1, len(Kind))
    )
    excused = fields.Enum(ExcusedPolicy, by_value=True, load_default=ExcusedPolicy.AS_ABSENT)
    refuses_unrecorded = fields.Boolean(load_default=True, truthy={True}, falsy={False})
    confirmation = fields.Enum(Confirmation, by_value=True, load_default=Confirmation.AUTOMATIC)
    hold_minutes = fields.Integer(
        load_default=0, strict=True, validate=validate.Range(0, 60 * 24 * 60)
    )

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {"terms": AwardTerms(**data | {"grades": tuple(data["grades"])})}


class HoursView(Schema):
    """A lower bound."""

    percent = fields.Integer(required=True, allow_none=True)
    minutes = fields.Integer(required=True, allow_none=True)


class PartView(Schema):
    """A lower bound within one part."""

    part_code = fields.String(required=True)
    hours = fields.Nested(HoursView, required=True)


class RequiredTrainingView(Schema):
    """A training nobody may miss."""

    training_code = fields.String(required=True)
    percent = fields.Integer(required=True)


class GradeView(Schema):
    """What one kind of certificate asks."""

    kind_code = fields.String(required=True)
    overall = fields.Nested(HoursView, required=True)
    parts = fields.List(fields.Nested(PartView), required=True)
    required_trainings = fields.List(fields.Nested(RequiredTrainingView), required=True)
    placement_minutes = fields.Integer(required=True, allow_none=True)


class TermsView(Schema):
    """Terms as they were published."""

    grades = fields.List(fields.Nested(GradeView), required=True)
    excused = fields.String(required=True)
    refuses_unrecorded = fields.Boolean(required=True)
    confirmation = fields.String(required=True)
    hold_minutes = fields.Integer(required=True)


class RuleVersionView(Schema):
    """One version of a rule."""

    rule_version = fields.Integer(required=True)
    sha256 = fields.String(required=True)
    published_at = fields.DateTime(required=True, format="iso")


class RuleVersionDetail(RuleVersionView):
    """One version of a rule with its terms."""

    terms = fields.Nested(TermsView, required=True)


class AwardRuleView(Schema):
    """A cohort's rule; the last version is in force."""

    id = fields.UUID(required=True)
    cohort_id = fields.UUID(required=True)
    country_code = fields.String(required=True)
    versions = fields.List(fields.Nested(RuleVersionDetail), required=True)


class MissingView(Schema):
    """One item that is not fulfilled yet."""

    code = fields.String(required=True)
    minutes = fields.Integer(required=True)
    is_reachable = fields.Boolean(required=True)
    session_ids = fields.List(fields.String(), required=True)


class MinutesView(Schema):
    """Time in one part, or overall."""

    part_code = fields.String(required=True, allow_none=True)
    credited = fields.Integer(required=True)
    counted = fields.Integer(required=True)
    ahead = fields.Integer(required=True)


class GradeVerdictView(Schema):
    """How a participant stands to one grade."""

    kind_code = fields.String(required=True)
    standing = fields.String(required=True)
    missing = fields.List(fields.Nested(MissingView), required=True)


class VerdictView(Schema):
    """How a participant stands to an award."""

    standing = fields.String(required=True)
    kind_code = fields.String(required=True)
    grades = fields.List(fields.Nested(GradeVerdictView), required=True)
    overall = fields.Nested(MinutesView, required=True)
    parts = fields.List(fields.Nested(MinutesView), required=True)


class AwardView(Schema):
    """One participant's way to a certificate, with its forecast."""

    id = fields.UUID(required=True)
    participant_id = fields.UUID(required=True)
    subject_id = fields.UUID(allow_none=True)
    cohort_id = fields.UUID(required=True)
    country_code = fields.String(required=True)
    status = fields.String(required=True)
    verdict = fields.Nested(VerdictView, allow_none=True)
    rule_version = fields.Integer(allow_none=True)
    hold_until = fields.DateTime(format="iso", allow_none=True)
    reached_at = fields.DateTime(format="iso", allow_none=True)
    is_doubted = fields.Boolean()
    certificate_count = fields.Integer()
    closed_reason_code = fields.String(allow_none=True)


class AwardsQuery(PageQuery):
    """Query of ``GET /awards``."""

    cohort_id = fields.UUID(load_default=None)
    status = fields.Enum(AwardStatus, by_value=True, load_default=None)


class CertificatesQuery(PageQuery):
    """Query of ``GET /certificates``."""

    cohort_id = fields.UUID(load_default=None)
    subject_id = fields.UUID(load_default=None)
    status = fields.Enum(CertificateStatus, by_value=True, load_default=None)


class AlumniQuery(PageQuery):
    """Query of ``GET /alumni``."""

    cohort_id = fields.UUID(load_default=None)


class StatusChangeView(Schema):
    """One change of what a certificate is worth."""

    status = fields.String(required=True)
    reason_code = fields.String(required=True)
    changed_at = fields.DateTime(required=True, format="iso")


class CertificateView(Schema):
    """One certificate as operators and its holder see it."""

    id = fields.UUID(required=True)
    award_id = fields.UUID(required=True)
    ordinal = fields.Integer(required=True)
    participant_id = fields.UUID(required=True)
    subject_id = fields.UUID(required=True)
    cohort_id = fields.UUID(required=True)
    country_code = fields.String(required=True)
    kind_code = fields.String(required=True)
    serial = fields.String(required=True)
    check_code = fields.String(required=True)
    content_sha256 = fields.String(required=True)
    status = fields.String(required=True)
    issued_at = fields.DateTime(required=True, format="iso")
    history = fields.List(fields.Nested(StatusChangeView), required=True)
    replaces_certificate_id = fields.UUID(allow_none=True)
    successor_id = fields.UUID(allow_none=True)
    erased_at = fields.DateTime(format="iso", allow_none=True)


class ReasonBody(Schema):
    """Body of a change of status: why, as a code of the centre's list."""

    reason_code = code_field()


class SuccessorView(Schema):
    """The certificate that follows."""

    successor_id = fields.UUID(required=True)


class SignatoryShape(Schema):
    """Who signs; an empty name leaves a line to sign on."""

    name = fields.String(required=True, validate=validate.Length(0, 120))
    titles = texts_field()

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> Signatory:
        return Signatory(**data)


class LetterheadBody(Schema):
    """Body of ``PUT /letterheads/{country_code}``."""

    centre_names = texts_field()
    signatories = fields.List(
        fields.Nested(SignatoryShape), required=True, validate=validate.Length(1, 3)
    )


class LetterheadView(LetterheadBody):
    """A letterhead in force."""

    country_code = fields.String(required=True)


class AlumnusView(Schema):
    """One membership."""

    id = fields.UUID(required=True)
    subject_id = fields.UUID(required=True)
    cohort_id = fields.UUID(required=True)
    country_code = fields.String(required=True)
    joined_at = fields.DateTime(required=True, format="iso")


class SummaryView(Schema):
    """Counts of a cohort, by status."""

    cohort_id = fields.UUID(required=True)
    awards = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    certificates = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    alumnus_count = fields.Integer(required=True)


class PartHoursView(Schema):
    """Minutes credited in one part."""

    part_code = fields.String(required=True)
    minutes = fields.Integer(required=True)


class VerificationView(Schema):
    """Every printed fact, and what became of the certificate.

    The facts are missing once the holder's data are erased; serial, status and hash stay.
    """

    check_code = fields.String(required=True)
    serial = fields.String(required=True)
    kind_code = fields.String(required=True)
    status = fields.String(required=True)
    is_valid = fields.Boolean(required=True)
    is_erased = fields.Boolean(required=True)
    proof_holds = fields.Boolean(required=True, allow_none=True)
    issued_at = fields.DateTime(required=True, format="iso")
    content_sha256 = fields.String(required=True)
    document_sha256 = fields.String(required=True, allow_none=True)
    history = fields.List(fields.Nested(StatusChangeView), required=True)
    replaces_serial = fields.String(required=True, allow_none=True)
    successor_serial = fields.String(required=True, allow_none=True)
    holder_name = fields.String()
    titles = fields.Dict(keys=fields.String(), values=fields.String())
    edition_code = fields.String()
    starts_on = fields.String()
    ends_on = fields.String()
    minutes = fields.Integer()
    parts = fields.List(fields.Nested(PartHoursView))
    centre_names = fields.Dict(keys=fields.String(), values=fields.String())
    signatories = fields.List(fields.Nested(SignatoryShape))
    language_codes = fields.List(fields.String())
    rule_version = fields.Integer()
    rule_sha256 = fields.String()
    verify_url = fields.String()


class CredentialView(Schema):
    """A signed credential or a DID document, as it is."""

    def dump(self, obj: Any, **_: Any) -> Any:
        return obj
