"""Persons, focal points, nominations, participants, erasures."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from services.registration.api.schemas.shapes import (
    CODE,
    COUNTRY,
    EMAIL,
    LANGUAGE,
    ONE_LINE,
    PHONE,
    Instant,
    codes,
)


def _is_birthday(day: Any) -> None:
    if not 1900 <= day.year < 2100:
        raise ValidationError("Not a day somebody could be born on.")


class Person(Schema):
    """Who somebody is."""

    legal_name = fields.String(required=True, validate=ONE_LINE)
    native_name = fields.String(load_default=None, allow_none=True, validate=ONE_LINE)
    email = fields.String(required=True, validate=EMAIL)
    phone = fields.String(load_default=None, allow_none=True, validate=PHONE)
    birth_on = fields.Date(load_default=None, allow_none=True, validate=_is_birthday)
    language_code = fields.String(required=True, validate=LANGUAGE)


class NewSubject(Person):
    """Body of ``POST /subjects``."""

    country_code = fields.String(required=True, validate=COUNTRY)
    consent_codes = codes(load_default=list)


class ChangedSubject(Person):
    """Body of ``PUT /subjects/{id}``; all of it replaces what was known."""

    language_codes = fields.List(
        fields.String(validate=LANGUAGE), load_default=list, validate=validate.Length(max=50)
    )
    consent_codes = codes(load_default=list)


class ConsentAnswer(Schema):
    """What was agreed to."""

    purpose_code = fields.String(required=True)
    given_at = Instant(required=True)


class SubjectAnswer(Schema):
    """A person as the vault knows them."""

    id = fields.UUID(required=True)
    country_code = fields.String(required=True)
    language_code = fields.String(required=True)
    language_codes = fields.List(fields.String(), required=True)
    legal_name = fields.String(required=True)
    native_name = fields.String(required=True, allow_none=True)
    email = fields.String(required=True)
    phone = fields.String(required=True, allow_none=True)
    birth_on = fields.String(required=True, allow_none=True)
    consents = fields.List(fields.Nested(ConsentAnswer), required=True)
    retain_until_on = fields.String(required=True)
    registered_at = Instant(required=True)
    version = fields.Integer(required=True)


class KeyAnswer(Schema):
    """A person's key, base64; for services that open what was sealed for them."""

    key_id = fields.UUID(required=True)
    key = fields.String(required=True)


class NameAnswer(Schema):
    """A person's name as it stands on paper."""

    legal_name = fields.String(required=True)
    native_name = fields.String(required=True, allow_none=True)
    language_code = fields.String(required=True)


class SignInBody(Schema):
    """Body of ``POST /signins``."""

    email = fields.String(required=True, validate=EMAIL)


class ErasureAnswer(Schema):
    """How far the forgetting of a person is."""

    status = fields.String(required=True)
    receipts = fields.List(fields.String(), required=True)
    awaited = fields.List(fields.String(), required=True)
    own_removed_count = fields.Integer(required=True, allow_none=True)
    requested_at = Instant(required=True)
    erased_at = Instant(required=True, allow_none=True)


class CohortErasureAnswer(Schema):
    """How far the forgetting of a cohort's people is; ``done``: everybody was looked at."""

    status = fields.String(required=True)
    round_no = fields.Integer(required=True)
    requested_by = fields.String(required=True)
    requested_at = Instant(required=True)
    done_at = Instant(required=True, allow_none=True)


class CohortPersonAnswer(Schema):
    """A person of a cohort who is still known.

    ``reasons``: ``participation``, ``application``, ``nomination``, ``focal_point`` of something
    that is not over or, for a participation, not to be forgotten; ``certificate`` under way.
    """

    subject_id = fields.UUID(required=True)
    is_going = fields.Boolean(required=True, metadata={"description": "their erasure has begun"})
    reasons = fields.List(fields.String(), required=True)


class NewFocalPoint(Schema):
    """Body of ``POST /focal-points``."""

    call_id = fields.UUID(required=True)
    cohort_id = fields.UUID(required=True)
    organisation_code = fields.String(required=True, validate=CODE)
    country_code = fields.String(required=True, validate=COUNTRY)
    place_count = fields.Integer(required=True, strict=True, validate=validate.Range(1, 1_000))
    person = fields.Nested(Person, required=True)


class FocalPointAnswer(Schema):
    """A focal point."""

    id = fields.UUID(required=True)
    call_id = fields.UUID(required=True)
    cohort_id = fields.UUID(required=True)
    subject_id = fields.UUID(required=True, allow_none=True)
    country_code = fields.String(required=True)
    organisation_code = fields.String(required=True)
    place_count = fields.Integer(required=True)
    invited_at = Instant(required=True)
    version = fields.Integer(required=True)


class NewNomination(Schema):
    """Body of ``POST /nominations``."""

    focal_point_id = fields.UUID(required=True)
    person = fields.Nested(Person, required=True)


class NewNominee(Schema):
    """Body of a replacement."""

    person = fields.Nested(Person, required=True)


class NominationAnswer(Schema):
    """A nomination; ``legal_name`` only for the focal point and the centre, one at a time."""

    id = fields.UUID(required=True)
    focal_point_id = fields.UUID(required=True)
    call_id = fields.UUID(required=True)
    cohort_id = fields.UUID(required=True)
    subject_id = fields.UUID(required=True, allow_none=True)
    country_code = fields.String(required=True)
    organisation_code = fields.String(required=True)
    place_no = fields.Integer(required=True)
    replaces_nomination_id = fields.UUID(required=True, allow_none=True)
    status = fields.String(required=True)
    nominated_at = Instant(required=True)
    version = fields.Integer(required=True)


class NamedNominationAnswer(NominationAnswer):
    """A nomination with the name, ``None`` once the person is forgotten."""

    legal_name = fields.String(required=True, allow_none=True)


class Details(Schema):
    """Body of the second form."""

    answers = fields.Dict(keys=fields.String(validate=CODE), required=True)


class ParticipantAnswer(Schema):
    """A participant."""

    id = fields.UUID(required=True)
    cohort_id = fields.UUID(required=True)
    subject_id = fields.UUID(required=True, allow_none=True)
    country_code = fields.String(required=True)
    route = fields.String(required=True)
    cause_id = fields.UUID(required=True)
    language_code = fields.String(required=True)
    status = fields.String(required=True)
    enrolled_at = Instant(required=True)
    version = fields.Integer(required=True)


class RosterEntry(Schema):
    """A participant by name, for who teaches; ``None`` once the person is forgotten."""

    id = fields.UUID(required=True)
    legal_name = fields.String(required=True, allow_none=True)
    native_name = fields.String(required=True, allow_none=True)
    country_code = fields.String(required=True)
    status = fields.String(required=True)


class FunnelAnswer(Schema):
    """People of a cohort at each stage: counts only."""

    cohort_id = fields.UUID(required=True)
    counts = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
