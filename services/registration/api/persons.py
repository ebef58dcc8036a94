"""Persons in bodies, and their names in answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from chassis.aggregate import Handle
from chassis.http.operation import ApiCall
from services.registration.domain.commands.subjects import RegisterSubject
from services.registration.domain.subject import PersonalDetails

NameOf = Callable[[str | None], Mapping[str, str | None]]
"""Subject id -> ``legal_name`` and ``native_name``; empty when the person is forgotten."""


def details_of(person: Mapping[str, Any]) -> PersonalDetails:
    """Personal details of a body."""
    return PersonalDetails(
        legal_name=person["legal_name"],
        native_name=person["native_name"],
        email=person["email"],
        phone=person["phone"],
        birth_on=person["birth_on"],
    )


def new_subject(
    handle: Handle,
    call: ApiCall,
    person: Mapping[str, Any],
    *,
    country_code: str,
    consent_codes: tuple[str, ...] = (),
) -> str:
    """Register a person unless their address is known; the id of whoever has it."""
    subject_id: str = handle(
        RegisterSubject(
            actor=call.actor,
            subject_id=call.id_for("subject"),
            country_code=country_code,
            language_code=person["language_code"],
            details=details_of(person),
            consent_codes=consent_codes,
        )
    )
    return subject_id
