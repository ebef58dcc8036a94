"""Shapes of bodies and answers."""

from __future__ import annotations

from typing import Any

from marshmallow import INCLUDE, Schema, fields, validate

from chassis.http.paging import PageQuery
from services.certification.api.rule_schemas import SignatoryShape, code_field
from services.certification.domain.award import AwardStatus
from services.certification.domain.certificate import CertificateStatus
from services.certification.domain.credentials.proofs import JCS, RDFC

LARGEST_FILE = 6_000_000
"""Characters of base64: files of 4 MiB."""


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


class AlumnusView(Schema):
    """One membership."""

    id = fields.UUID(required=True)
    subject_id = fields.UUID(required=True)
    cohort_id = fields.UUID(required=True)
    country_code = fields.String(required=True)
    joined_at = fields.DateTime(required=True, format="iso")


class SettlementView(Schema):
    """``is_settled``: no certificate is under way, and none can be earned any more."""

    is_settled = fields.Boolean(required=True)


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


class ComparisonBody(Schema):
    """Body of ``POST /verify/comparison``: a file that somebody was shown, in base64."""

    content = fields.String(required=True, validate=validate.Length(1, LARGEST_FILE))


class DifferenceView(Schema):
    """One fact that is not as issued."""

    fact = fields.String(required=True)
    issued = fields.String(required=True)
    presented = fields.String(required=True)


class ComparisonView(Schema):
    """A file that somebody was shown beside the certificate that was issued.

    ``is_same_file`` is null where there is no file to compare with: a credential was shown, or
    the holder's data are erased. ``proof_holds`` speaks of the credential in the file.
    """

    form = fields.String(required=True)
    is_same_file = fields.Boolean(required=True, allow_none=True)
    proof_holds = fields.Boolean(required=True, allow_none=True)
    differences = fields.List(fields.Nested(DifferenceView), required=True)
    certificate = fields.Nested(VerificationView, required=True)


class CredentialQuery(Schema):
    """Query of a credential: one proof alone, for verifiers that take no set; proofs of today's
    key, for verifiers that believe no other."""

    proof = fields.String(load_default=None, validate=validate.OneOf((JCS, RDFC)))
    renewed = fields.String(load_default="no", validate=validate.OneOf(("yes", "no")))


class RotationBody(Schema):
    """Body of a rotation: the key that is to be replaced, as the DID document names it."""

    current_name = fields.String(required=True, validate=validate.Regexp(r"^key-[1-9][0-9]{0,5}$"))


class RotationView(Schema):
    """The key that signs now."""

    current_name = fields.String(required=True)
    verification_method = fields.String(required=True)


class CredentialView(Schema):
    """A signed credential or a DID document, as it is."""

    class Meta:
        """Its members are those of its own standard."""

        unknown = INCLUDE

    def dump(self, obj: Any, **_: Any) -> Any:
        return obj
