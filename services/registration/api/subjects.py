"""Persons over HTTP: the vault's door, sign-in and erasure."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

from flask import Blueprint

from chassis.access import Role
from chassis.aggregate import Handle
from chassis.http.operation import Answer, ApiCall, operation
from services.registration.api.persons import details_of, new_subject
from services.registration.api.reads import STAFF, Reads, made, one
from services.registration.api.schemas.people import (
    ChangedSubject,
    ErasureAnswer,
    KeyAnswer,
    NameAnswer,
    NewSubject,
    SignInBody,
    SubjectAnswer,
)
from services.registration.api.schemas.shapes import Made
from services.registration.domain.commands.subjects import (
    CorrectSubject,
    RequestErasure,
    RequestSignIn,
)
from services.registration.domain.erasure import OTHER_SERVICES
from services.registration.domain.ports import Subjects, Vault
from services.registration.domain.subject import subject_erased
from services.registration.handlers.subjects import opened_details, plain_details

_SELF_OR_STAFF = (Role.PARTICIPANT, Role.FOCAL_POINT, *STAFF)
_SERVICE = (Role.SERVICE,)

KeyOf = Callable[[str], tuple[str, bytes]]
"""Subject id -> key id and key; raises ``NotFound`` ``subject.erased``."""


def subjects_blueprint(
    handle: Handle, reads: Reads, *, subjects: Subjects, vault: Vault, key_of: KeyOf
) -> Blueprint:
    """Build the routes; ``handle`` runs one command, ``key_of`` hands a key to a service."""
    routes = Blueprint("subjects", __name__, url_prefix="/subjects")

    @routes.post("")
    @operation(
        summary="Register a person; the answer does not tell whether the address was known",
        public=True,
        body=NewSubject,
        answer=Made,
        status=201,
    )
    def register(call: ApiCall) -> Answer:
        subject_id = new_subject(
            handle,
            call,
            call.body,
            country_code=call.body["country_code"],
            consent_codes=tuple(call.body["consent_codes"]),
        )
        # Who is not the centre gets an id either way; of a known address it leads nowhere, and
        # signing in by mail leads to the person.
        trusted = call.actor.has(*STAFF, *_SERVICE)
        return made("subjects", subject_id if trusted else call.id_for("subject"))

    @routes.get("/<uuid:subject_id>")
    @operation(
        summary="What is known of a person: for themselves and the centre",
        roles=_SELF_OR_STAFF,
        answer=SubjectAnswer,
        errors=("subject.not_found", "subject.erased"),
    )
    def show(call: ApiCall, subject_id: str) -> Answer:
        row = _kept(reads, subject_id, call)
        subject = subjects.get(subject_id, scope=call.actor.scope)
        details = plain_details(opened_details(subject, vault))
        return Answer(body={**row, **details}, version=row["version"])

    @routes.put("/<uuid:subject_id>")
    @operation(
        summary="Correct what is known of a person",
        roles=_SELF_OR_STAFF,
        body=ChangedSubject,
        errors=("subject.not_found", "subject.erased", "document.already_exists"),
        versioned=True,
    )
    def correct(call: ApiCall, subject_id: str) -> None:
        language_code = call.body["language_code"]
        handle(
            CorrectSubject(
                actor=call.actor,
                expected_version=call.expected_version,
                subject_id=subject_id,
                language_code=language_code,
                language_codes=tuple(call.body["language_codes"]) or (language_code,),
                details=details_of(call.body),
                consent_codes=tuple(call.body["consent_codes"]),
            )
        )

    @routes.get("/<uuid:subject_id>/key")
    @operation(
        summary="A person's key, for a service that opens what was sealed for it",
        roles=_SERVICE,
        answer=KeyAnswer,
        errors=("subject.not_found", "subject.erased"),
    )
    def show_key(call: ApiCall, subject_id: str) -> dict[str, str]:
        _kept(reads, subject_id, call)
        key_id, key = key_of(subject_id)
        return {"key_id": key_id, "key": base64.b64encode(key).decode()}

    @routes.get("/<uuid:subject_id>/legal-name")
    @operation(
        summary="A person's name as it stands on paper",
        roles=_SERVICE,
        answer=NameAnswer,
        errors=("subject.not_found", "subject.erased"),
    )
    def show_name(call: ApiCall, subject_id: str) -> dict[str, Any]:
        _kept(reads, subject_id, call)
        subject = subjects.get(subject_id, scope=call.actor.scope)
        details = plain_details(opened_details(subject, vault))
        return {**details, "language_code": subject.language_code}

    _erasing(routes, handle, reads)
    return routes


def signins_blueprint(handle: Handle) -> Blueprint:
    """Build the route; ``handle`` runs one command."""
    routes = Blueprint("signins", __name__, url_prefix="/signins")

    @routes.post("")
    @operation(
        summary="Have a link mailed; the answer does not tell whether the address is known",
        public=True,
        body=SignInBody,
        status=202,
    )
    def request(call: ApiCall) -> None:
        handle(RequestSignIn(actor=call.actor, email=call.body["email"]))

    return routes


def _erasing(routes: Blueprint, handle: Handle, reads: Reads) -> None:
    @routes.post("/<uuid:subject_id>/erasure")
    @operation(
        summary="Have a person forgotten by every service",
        roles=(Role.PARTICIPANT, *STAFF),
        status=202,
        errors=("subject.not_found",),
    )
    def erase(call: ApiCall, subject_id: str) -> None:
        handle(RequestErasure(actor=call.actor, subject_id=subject_id))

    @routes.get("/<uuid:subject_id>/erasure")
    @operation(
        summary="How far the forgetting of a person is",
        roles=(Role.PARTICIPANT, Role.AUDITOR, *STAFF),
        answer=ErasureAnswer,
        errors=("erasure.not_found",),
    )
    def show_erasure(call: ApiCall, subject_id: str) -> dict[str, Any]:
        row = one(reads, "erasure", subject_id, scope=call.actor.scope)
        receipts = sorted(receipt["service"] for receipt in row["receipts"])
        return {
            "own_removed_count": None,
            "erased_at": None,
            **row,
            "receipts": receipts,
            "awaited": sorted(OTHER_SERVICES.difference(receipts)),
        }


def _kept(reads: Reads, subject_id: str, call: ApiCall) -> dict[str, Any]:
    """The vault's entry.

    Refused at once for who is being forgotten, even while the worker that does it is away.

    Raises:
        NotFound: ``subject.not_found`` or ``subject.erased``.
    """
    scope = call.actor.scope
    if reads.one("erasure", subject_id, scope=scope) is not None:
        raise subject_erased()
    return one(reads, "subject", subject_id, scope=scope)
