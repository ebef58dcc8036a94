"""Persons: vault entry, contact, sign-in, erasure, retention."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from chassis.errors import NotFound
from contracts.registration import (
    ContactErased,
    ContactSealed,
    SignInRequested,
    SubjectErased,
    SubjectErasureRequested,
)
from services.registration.domain.contact import Contact
from services.registration.domain.erasure import OTHER_SERVICES, Erasure, ErasureStatus
from services.registration.domain.retention import Retention
from services.registration.domain.signin import SignIn
from services.registration.domain.subject import Consent, SubjectStatus, folded_address
from tests.builders.registration import NOON, SUBJECT_ID, a_subject, an_erasure

LATER = NOON + timedelta(days=1)


@pytest.mark.parametrize(
    "written",
    ["sara@example.org", " Sara@Example.ORG ", "ｓａｒａ@example.org"],
)
def test_an_address_is_one_however_it_is_written(written: str) -> None:
    assert folded_address(written) == "sara@example.org"


def test_the_dotted_capital_i_folds_to_i() -> None:
    assert folded_address("İLHAM@example.org") == folded_address("ilham@example.org")


def test_a_correction_keeps_when_a_consent_was_given() -> None:
    subject = a_subject()

    subject.correct(
        language_code="en",
        language_codes=("en", "az"),
        consent_codes=("photos", "privacy-notice"),
        sealed="corrected",
        address_key="other key",
        now=LATER,
    )

    assert subject.consents == (
        Consent(purpose_code="photos", given_at=LATER),
        Consent(purpose_code="privacy-notice", given_at=NOON),
    )
    assert (subject.sealed, subject.address_key, subject.language_code) == (
        "corrected",
        "other key",
        "en",
    )
    assert subject.recorded == []


def test_an_erased_entry_keeps_id_and_country_alone() -> None:  # R3
    subject = a_subject()

    subject.erase()

    assert subject.status is SubjectStatus.ERASED
    assert (subject.subject_id, subject.country_code) == (SUBJECT_ID, "AZ")
    assert (subject.sealed, subject.address_key, subject.consents) == (None, None, ())
    with pytest.raises(NotFound) as refused:
        subject.require_known()
    assert refused.value.code == "subject.erased"


def test_retention_ends_with_its_last_day() -> None:
    retention = Retention(days=10, cohort_keep_days=30)

    assert retention.until(NOON) == date(2020, 11, 30)
    assert retention.end_of(date(2020, 11, 30)) == datetime(2020, 12, 1, tzinfo=UTC)


def seal(contact: Contact, version: int) -> None:
    contact.seal(
        language_code="az", key_id="key", sealed=f"sealed {version}", subject_version=version
    )


def test_a_contact_is_announced_once_per_version() -> None:
    contact = Contact.of(subject_id=SUBJECT_ID, country_code="AZ")

    for version in (1, 1, 3, 2):
        seal(contact, version)

    assert contact.recorded == [
        ContactSealed(
            subject_id=SUBJECT_ID,
            country_code="AZ",
            language_code="az",
            key_id="key",
            sealed=f"sealed {version}",
        )
        for version in (1, 3)
    ]


def test_an_erased_contact_is_never_sealed_again() -> None:
    contact = Contact.of(subject_id=SUBJECT_ID, country_code="AZ")

    contact.erase(now=NOON)
    contact.erase(now=NOON)
    seal(contact, 1)

    assert contact.recorded == [
        ContactErased(subject_id=SUBJECT_ID, country_code="AZ", erased_at=NOON)
    ]


def test_a_person_gets_one_link_a_minute() -> None:
    signin = SignIn.request(a_subject(), now=NOON)

    assert signin.recorded == [
        SignInRequested(
            signin_id=signin.signin_id,
            subject_id=SUBJECT_ID,
            country_code="AZ",
            language_code="az",
            requested_at=NOON,
        )
    ]
    assert SignIn.id_for(subject_id=SUBJECT_ID, now=NOON + timedelta(seconds=59)) == (
        signin.signin_id
    )
    assert SignIn.id_for(subject_id=SUBJECT_ID, now=NOON + timedelta(seconds=60)) != (
        signin.signin_id
    )


def test_an_erasure_is_announced_when_requested() -> None:
    erasure = Erasure.request(
        subject_id=SUBJECT_ID, country_code="AZ", requested_by="operator-1", now=NOON
    )

    assert erasure.recorded == [
        SubjectErasureRequested(subject_id=SUBJECT_ID, country_code="AZ", requested_at=NOON)
    ]


@pytest.mark.parametrize("own_comes_first", [True, False])
def test_a_person_is_erased_when_all_have_confirmed(own_comes_first: bool) -> None:  # R2, R3
    erasure = an_erasure()
    if own_comes_first:
        erasure.confirm_own(removed_count=4, now=NOON)
    for service in sorted(OTHER_SERVICES):
        assert erasure.status is ErasureStatus.REQUESTED
        erasure.take_receipt(service=service, removed_count=1, now=NOON)
        erasure.take_receipt(service=service, removed_count=1, now=NOON)
    if not own_comes_first:
        assert erasure.recorded == []
        erasure.confirm_own(removed_count=4, now=NOON)
    erasure.confirm_own(removed_count=4, now=LATER)

    assert erasure.status is ErasureStatus.ERASED
    assert erasure.recorded == [
        SubjectErased(subject_id=SUBJECT_ID, country_code="AZ", receipt_count=5, erased_at=NOON)
    ]


def test_an_erasure_names_whom_it_waits_for() -> None:
    erasure = an_erasure()

    erasure.take_receipt(service="selection", removed_count=2, now=NOON)

    assert erasure.awaited_services == OTHER_SERVICES - {"selection"}
