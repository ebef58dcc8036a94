import pytest

from chassis.errors import RuleViolation
from contracts.certification import (
    CertificateIssued,
    CertificateReinstated,
    CertificateRevoked,
    CertificateSuperseded,
    CertificateSuspended,
)
from services.certification.domain.certificate import CertificateStatus
from tests.builders.certification import (
    COHORT,
    NOON,
    PARTICIPANT,
    SUBJECT,
    a_certificate,
    an_award,
    certificate_id,
    content,
    later,
)

MARKS = {"subject_id": SUBJECT, "cohort_id": COHORT, "country_code": "AZ"}


def refusal(action, **arguments) -> str:
    with pytest.raises(RuleViolation) as refused:
        action(**arguments)
    return refused.value.code


def test_issue_freezes_the_content_under_its_hash():  # R1
    certificate = a_certificate()
    assert certificate.recorded == [
        CertificateIssued(
            certificate_id=certificate_id(1),
            award_id=an_award().award_id,
            participant_id=PARTICIPANT,
            kind_code="completion",
            serial=content().serial,
            content_sha256=content().sha256(),
            issued_at=NOON,
            **MARKS,
        )
    ]
    assert certificate.is_active


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"holder_name": " "}, "certificate.name_missing"),
        ({"holder_name": "Aygu\u0308n"}, "certificate.name_not_normal"),
        ({"holder_name": "A\nB"}, "certificate.name_not_normal"),
        ({"ends_on": content().starts_on.replace(year=2020)}, "certificate.dates_reversed"),
        ({"titles": {"en": "X"}}, "certificate.language_missing"),
    ],
)
def test_content_that_cannot_stand_is_refused(change, code):  # R1
    assert refusal(a_certificate, **change) == code


def test_a_corrected_certificate_takes_the_place_of_the_first():  # R2
    first = a_certificate()
    first.recorded.clear()
    assert first.supersede(reason_code="misspelt_name", now=later(days=1)) == certificate_id(2)
    assert first.recorded == [
        CertificateSuperseded(
            certificate_id=certificate_id(1),
            successor_id=certificate_id(2),
            reason_code="misspelt_name",
            superseded_at=later(days=1),
            **MARKS,
        )
    ]
    second = a_certificate(ordinal=2, holder_name="Aygün Əliyeva")
    assert second.certificate_id == certificate_id(2)
    assert second.replaces_certificate_id == certificate_id(1)


def test_revoked_and_superseded_are_final():  # R3
    revoked = a_certificate()
    revoked.recorded.clear()
    revoked.revoke(reason_code="fraud", now=NOON)
    assert revoked.recorded == [
        CertificateRevoked(
            certificate_id=certificate_id(1), reason_code="fraud", revoked_at=NOON, **MARKS
        )
    ]
    superseded = a_certificate()
    superseded.supersede(reason_code="x", now=NOON)
    for certificate in (revoked, superseded):
        for action in (certificate.supersede, certificate.revoke, certificate.suspend):
            assert refusal(action, reason_code="x", now=NOON) == "certificate.final"
        assert (
            refusal(certificate.reinstate, reason_code="x", now=NOON) == "certificate.not_suspended"
        )


def test_suspended_can_be_reinstated_and_the_history_is_kept():  # R4
    certificate = a_certificate()
    certificate.recorded.clear()
    certificate.suspend(reason_code="inquiry", now=NOON)
    assert not certificate.is_active
    assert refusal(certificate.suspend, reason_code="x", now=NOON) == "certificate.not_issued"
    certificate.reinstate(reason_code="cleared", now=later(days=2))
    assert certificate.is_active
    assert certificate.recorded == [
        CertificateSuspended(
            certificate_id=certificate_id(1), reason_code="inquiry", suspended_at=NOON, **MARKS
        ),
        CertificateReinstated(
            certificate_id=certificate_id(1),
            reason_code="cleared",
            reinstated_at=later(days=2),
            **MARKS,
        ),
    ]
    assert [change.status for change in certificate.history] == [
        CertificateStatus.SUSPENDED,
        CertificateStatus.ISSUED,
    ]


def test_erasure_removes_the_name_and_keeps_hash_serial_and_status():  # R5
    certificate = a_certificate()
    kept = (certificate.serial, certificate.content_sha256, certificate.holder_hash)
    assert certificate.erase(now=NOON) is True
    assert certificate.erase(now=later(days=1)) is False
    assert (certificate.content, certificate.paperwork) == (None, None)
    assert (certificate.serial, certificate.content_sha256, certificate.holder_hash) == kept
    assert certificate.erased_at == NOON
    assert refusal(certificate.supersede, reason_code="x", now=NOON) == "certificate.erased"
    certificate.revoke(reason_code="fraud", now=NOON)
    assert certificate.status is CertificateStatus.REVOKED
