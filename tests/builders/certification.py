"""Certification's values and aggregates, with sensible parts where a test says nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.certification.domain.award import Award
from services.certification.domain.award_rule import AwardRule, RuleVersion
from services.certification.domain.awarding.facts import (
    Attendance,
    Attended,
    Evidence,
    Placed,
    Plan,
    Registered,
    Timed,
)
from services.certification.domain.awarding.terms import AwardTerms, Grade, HoursMinimum, Kind
from services.certification.domain.certificate import (
    Certificate,
    Holder,
    Paperwork,
    certificate_id_of,
)
from services.certification.domain.content import CertificateContent, Signatory, serial_of
from services.certification.domain.credentials.keys import SigningKey
from services.certification.domain.credentials.multikey import did_key_method
from services.certification.domain.credentials.open_badge import open_badge
from services.certification.domain.credentials.proofs import add_proof

NOON = datetime(2021, 7, 5, 12, tzinfo=UTC)


def an_id(number: int) -> str:
    """A canonical UUID that is easy to tell apart."""
    return f"00000000-0000-4000-8000-{number:012d}"


COHORT, PARTICIPANT, SUBJECT = an_id(1), an_id(2), an_id(3)


def terms(**changes: Any) -> AwardTerms:
    """80 percent of all hours for completion."""
    grade = Grade(kind_code=Kind.COMPLETION, overall=HoursMinimum(percent=80))
    return replace(AwardTerms(grades=(grade,)), **changes)


def a_rule(asked: AwardTerms | None = None) -> RuleVersion:
    """A published version."""
    rule = AwardRule.for_cohort(cohort_id=COHORT, country_code="AZ")
    rule.publish(asked or terms(), now=NOON)
    return rule.current


def a_plan(session_count: int = 5, *, recorded: int = 0, minutes: int = 100) -> Plan:
    """Sessions ``s0``, ``s1`` ... of 100 minutes in part ``theory``; the first are recorded."""
    plan = Plan().with_release(
        1,
        tuple(
            Placed(
                session_id=f"s{i}", training_code=f"the-{i}", part_code="theory", release_version=1
            )
            for i in range(session_count)
        ),
        tuple(
            Timed(session_id=f"s{i}", calendar_sequence=0, planned_minutes=minutes)
            for i in range(session_count)
        ),
    )
    for i in range(recorded):
        plan = plan.with_register(a_register(f"s{i}", minutes=minutes))
    return plan


def a_register(session_id: str, *, minutes: int = 100, part_code: str = "theory") -> Registered:
    """The register of a session of ``a_plan``."""
    return Registered(
        session_id=session_id,
        training_code=session_id.replace("s", "the-"),
        part_code=part_code,
        planned_minutes=minutes,
        as_of=NOON,
    )


def attended(session_id: str, minutes: int = 100, **changes: Any) -> Attended:
    """Present for some minutes."""
    fact = Attended(
        session_id=session_id,
        status_code=Attendance.PRESENT,
        minutes_present=minutes,
        as_of=NOON,
    )
    return replace(fact, **changes)


def evidence(*facts: Attended) -> Evidence:
    """What registers say of one participant."""
    gathered = Evidence()
    for fact in facts:
        gathered = gathered.with_attendance(fact)
    return gathered


def an_award(*, enrolled: bool = True) -> Award:
    """The award of one participant."""
    award = Award.expect(participant_id=PARTICIPANT, cohort_id=COHORT, country_code="AZ")
    if enrolled:
        award.enrol(subject_id=SUBJECT, country_code="AZ")
    return award


def content(**changes: Any) -> CertificateContent:
    """The school's certificate in Azerbaijani and English."""
    whole = CertificateContent(
        serial=serial_of(an_id(9), edition_code="ms-3", year=2021),
        salt="5a" * 16,
        kind_code=Kind.COMPLETION,
        holder_name="Aygün Əliyeva-Şıxlı",
        titles={"az": "Miqrasiya Məktəbi", "en": "Migration School"},
        edition_code="ms-3",
        starts_on=date(2021, 1, 9),
        ends_on=date(2021, 7, 3),
        minutes=5430,
        parts=(),
        rule_version=1,
        rule_sha256="0" * 64,
        centre_names={
            "az": "Miqrasiya üzrə Regional Tədris Mərkəzi",
            "en": "Regional Training Centre on Migration",
        },
        signatories=(
            Signatory(name="A. Məmmədov", titles={"az": "Mərkəzin rəhbəri", "en": "Head"}),
        ),
        language_codes=("az", "en"),
        verify_url="https://rtcm.example/verify/9WBXB-9S1XJ-4Z3EY-KFPK3",
        template_version=1,
        issued_at=NOON,
    )
    return replace(whole, **changes)


def a_certificate(*, ordinal: int = 1, **changes: Any) -> Certificate:
    """A certificate just issued."""
    award_id = an_award().award_id
    return Certificate.issue(
        holder=Holder(
            award_id=award_id,
            participant_id=PARTICIPANT,
            subject_id=SUBJECT,
            cohort_id=COHORT,
            country_code="AZ",
        ),
        ordinal=ordinal,
        check_code="9WBXB-9S1XJ-4Z3EY-KFPK3",
        status_slot=94_567,
        content=content(**changes),
        paperwork=Paperwork(credential={"id": "urn:x"}, document_sha256="1" * 64),
    )


def certificate_id(ordinal: int) -> str:
    """Id of the n-th certificate of ``an_award``."""
    return certificate_id_of(an_award().award_id, ordinal)


def a_key(number: int = 1) -> SigningKey:
    """A fixed key that names itself by ``did:key``."""
    private = Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32)
    return SigningKey(verification_method=did_key_method(private.public_key()), private_key=private)


def a_credential(of: CertificateContent) -> dict[str, Any]:
    """A content's credential, signed by ``a_key``."""
    issuer_did = a_key().verification_method.partition("#")[0]
    bare = open_badge(of, certificate_id=an_id(9), issuer_did=issuer_did)
    return add_proof(bare, key=a_key(), created_at=of.issued_at)


def later(**span: int) -> datetime:
    """Some time after ``NOON``."""
    return NOON + timedelta(**span)
