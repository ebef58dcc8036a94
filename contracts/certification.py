"""What certification announces: award rules, awards, certificates, alumni."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from contracts.event import Event, event
from contracts.types import Code, Count, CountryMark, Id, Number, OneOf, Serial, Sha256

AwardKind = Annotated[str, OneOf("completion", "participation")]


@event("rtcm.certification.award_rule.published.v1", key="award_rule_id")
class AwardRulePublished(Event):
    """What a cohort's participants must fulfil was fixed in a version.

    Heard by: partners (projects it).
    Personal data: none.
    """

    award_rule_id: Id
    cohort_id: Id
    country_code: CountryMark
    rule_version: Number
    sha256: Sha256
    published_at: datetime


@event("rtcm.certification.award.reached.v1", key="award_id")
class AwardReached(Event):
    """A participant fulfilled the award rule.

    Heard by: notifications (tells the participant).
    Personal data: none; ``subject_id`` is opaque.
    """

    award_id: Id
    participant_id: Id
    subject_id: Id
    cohort_id: Id
    country_code: CountryMark
    kind_code: AwardKind
    rule_version: Number
    reached_at: datetime


@event("rtcm.certification.award.unreachable.v1", key="award_id")
class AwardUnreachable(Event):
    """A participant cannot fulfil the award rule any more.

    Heard by: notifications (tells the participant what is missing).
    Personal data: none; ``subject_id`` is opaque.
    """

    award_id: Id
    participant_id: Id
    subject_id: Id
    cohort_id: Id
    country_code: CountryMark
    kind_code: AwardKind
    rule_version: Number
    missing_codes: tuple[Code, ...]
    decided_at: datetime


@event("rtcm.certification.certificate.issued.v1", key="certificate_id")
class CertificateIssued(Event):
    """A certificate was issued; its content is frozen under the hash.

    Heard by: notifications (mails the link), partners (projects it).
    Personal data: none; ``subject_id`` is opaque, the content itself is not in it.
    """

    certificate_id: Id
    award_id: Id
    participant_id: Id
    subject_id: Id
    cohort_id: Id
    country_code: CountryMark
    kind_code: AwardKind
    serial: Serial
    content_sha256: Sha256
    replaces_certificate_id: Id | None = None
    issued_at: datetime


@event("rtcm.certification.certificate.superseded.v1", key="certificate_id")
class CertificateSuperseded(Event):
    """A corrected certificate took the place of this one.

    Heard by: notifications (tells the holder), partners (projects it).
    Personal data: none; ``subject_id`` is opaque.
    """

    certificate_id: Id
    subject_id: Id
    cohort_id: Id
    country_code: CountryMark
    successor_id: Id
    reason_code: Code
    superseded_at: datetime


@event("rtcm.certification.certificate.revoked.v1", key="certificate_id")
class CertificateRevoked(Event):
    """A certificate is not valid any more, for good.

    Heard by: notifications (tells the holder), partners (projects it).
    Personal data: none; ``subject_id`` is opaque.
    """

    certificate_id: Id
    subject_id: Id
    cohort_id: Id
    country_code: CountryMark
    reason_code: Code
    revoked_at: datetime


@event("rtcm.certification.certificate.suspended.v1", key="certificate_id")
class CertificateSuspended(Event):
    """A certificate does not count for the time being.

    Heard by: notifications (tells the holder), partners (projects it).
    Personal data: none; ``subject_id`` is opaque.
    """

    certificate_id: Id
    subject_id: Id
    cohort_id: Id
    country_code: CountryMark
    reason_code: Code
    suspended_at: datetime


@event("rtcm.certification.certificate.reinstated.v1", key="certificate_id")
class CertificateReinstated(Event):
    """A suspended certificate counts again.

    Heard by: notifications (tells the holder), partners (projects it).
    Personal data: none; ``subject_id`` is opaque.
    """

    certificate_id: Id
    subject_id: Id
    cohort_id: Id
    country_code: CountryMark
    reason_code: Code
    reinstated_at: datetime


@event("rtcm.certification.alumnus.joined.v1", key="alumnus_id")
class AlumnusJoined(Event):
    """A person with a certificate joined the alumni.

    Heard by: notifications (welcomes), partners (projects it).
    Personal data: none; ``subject_id`` is opaque.
    """

    alumnus_id: Id
    subject_id: Id
    cohort_id: Id
    country_code: CountryMark
    joined_at: datetime


@event("rtcm.certification.volunteer.accepted.v1", key="volunteer_id")
class VolunteerAccepted(Event):
    """An alumnus was accepted as a volunteer.

    Heard by: notifications (confirms it), partners (projects it).
    Personal data: none; ``subject_id`` is opaque.
    """

    volunteer_id: Id
    subject_id: Id
    cohort_id: Id
    country_code: CountryMark
    accepted_at: datetime


@event("rtcm.certification.erasure.confirmed.v1", key="erasure_id")
class ErasureConfirmed(Event):
    """Certification removed what it held about a person.

    Heard by: registration (counts the receipt).
    Personal data: none; ``subject_id`` is opaque.
    """

    erasure_id: Id
    subject_id: Id
    country_code: CountryMark
    removed_count: Count
    confirmed_at: datetime
