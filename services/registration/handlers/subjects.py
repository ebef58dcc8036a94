"""Handlers of persons: vault, contact, sign-in."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from chassis.access import EVERYTHING
from chassis.clock import Clock
from chassis.ports import Timers
from chassis.sealing import CONTACT
from services.registration.domain.commands.subjects import (
    CorrectSubject,
    RegisterSubject,
    RequestSignIn,
    SealContact,
)
from services.registration.domain.contact import Contact
from services.registration.domain.erasure import Erasure
from services.registration.domain.ports import (
    Addresses,
    Contacts,
    Erasures,
    SignIns,
    Subjects,
    Vault,
)
from services.registration.domain.retention import Retention
from services.registration.domain.signin import SignIn
from services.registration.domain.subject import PersonalDetails, Subject
from services.registration.handlers.scheduled import CONTACT_SEALING, RETENTION_END

DETAILS = "subject"
"""Purpose the sealed personal details are bound to."""


def register_subject(
    command: RegisterSubject,
    *,
    subjects: Subjects,
    addresses: Addresses,
    vault: Vault,
    timers: Timers,
    retention: Retention,
    clock: Clock,
) -> str:
    """Take a person in, unless the address is known; returns the id of whoever has it.

    Raises:
        AlreadyExists: another took the address in at the same moment.
    """
    address_key = addresses.key_of(command.details.email)
    known_id = addresses.find(address_key)
    if known_id is not None:
        return known_id
    now = clock()
    vault.create_key(command.subject_id)
    subject = Subject.register(
        subject_id=command.subject_id,
        country_code=command.country_code,
        language_code=command.language_code,
        sealed=vault.seal(command.subject_id, plain_details(command.details), purpose=DETAILS),
        address_key=address_key,
        consent_codes=command.consent_codes,
        retain_until_on=retention.until(now),
        now=now,
    )
    subjects.save(subject, scope=EVERYTHING)  # nobody's scope holds a person not yet there
    timers.set(CONTACT_SEALING, subject.subject_id, now)
    timers.set(RETENTION_END, subject.subject_id, retention.end_of(subject.retain_until_on))
    return subject.subject_id


def correct_subject(
    command: CorrectSubject,
    *,
    subjects: Subjects,
    addresses: Addresses,
    vault: Vault,
    timers: Timers,
    clock: Clock,
) -> None:
    """Replace what is known of a person.

    Raises:
        NotFound: ``subject.not_found`` or ``subject.erased``.
        StaleVersion.
        AlreadyExists: another person has the address.
    """
    scope = command.actor.scope
    subject = subjects.get(
        command.subject_id, scope=scope, expected_version=command.expected_version
    )
    now = clock()
    subject.correct(
        language_code=command.language_code,
        language_codes=command.language_codes,
        consent_codes=command.consent_codes,
        sealed=vault.seal(command.subject_id, plain_details(command.details), purpose=DETAILS),
        address_key=addresses.key_of(command.details.email),
        now=now,
    )
    subjects.save(subject, scope=scope)
    timers.set(CONTACT_SEALING, subject.subject_id, now)


def seal_contact(
    command: SealContact,
    *,
    contacts: Contacts,
    subjects: Subjects,
    erasures: Erasures,
    vault: Vault,
) -> None:
    """Announce, sealed, how a person can be reached; nothing for one who is being forgotten."""
    scope = command.actor.scope
    if erasures.find(command.subject_id, scope=scope) is not None:
        return
    subject = subjects.get(command.subject_id, scope=scope)
    details = opened_details(subject, vault)
    contact = contacts.find(command.subject_id, scope=scope) or Contact.of(
        subject_id=subject.subject_id, country_code=subject.country_code
    )
    content = {
        "legal_name": details.legal_name,
        "email": details.email,
        "language_code": subject.language_code,
    }
    contact.seal(
        language_code=subject.language_code,
        key_id=vault.key_id(subject.subject_id),
        sealed=vault.seal(subject.subject_id, content, purpose=CONTACT),
        subject_version=subject.version,
    )
    contacts.save(contact, scope=scope)


def request_sign_in(
    command: RequestSignIn,
    *,
    signins: SignIns,
    subjects: Subjects,
    erasures: Erasures,
    addresses: Addresses,
    clock: Clock,
) -> None:
    """Have a link mailed, if the address is known; the caller is told the same either way."""
    subject_id = addresses.find(addresses.key_of(command.email))
    if subject_id is None or _is_being_forgotten(subject_id, erasures):
        return
    now = clock()
    id_ = SignIn.id_for(subject_id=subject_id, now=now)
    if signins.find(id_, scope=EVERYTHING) is None:
        subject = subjects.get(subject_id, scope=EVERYTHING)
        signins.save(SignIn.request(subject, now=now), scope=EVERYTHING)


def opened_details(subject: Subject, vault: Vault) -> PersonalDetails:
    """Who somebody is, in clear.

    Raises:
        NotFound: ``subject.erased``.
    """
    return details_from(vault.open(subject.subject_id, subject.require_known(), purpose=DETAILS))


def details_from(content: dict[str, Any]) -> PersonalDetails:
    """Personal details from their JSON."""
    birth_on = content.pop("birth_on", None)
    return PersonalDetails(
        **content, birth_on=None if birth_on is None else date.fromisoformat(birth_on)
    )


def plain_details(details: PersonalDetails) -> dict[str, Any]:
    """Personal details as JSON."""
    content = asdict(details)
    if details.birth_on is not None:
        content["birth_on"] = details.birth_on.isoformat()
    return content


def _is_being_forgotten(subject_id: str, erasures: Erasures) -> Erasure | None:
    return erasures.find(subject_id, scope=EVERYTHING)
