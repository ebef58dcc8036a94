"""Programmes, cohorts and calls."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from services.registration.api.schemas.forms import FormAnswer, FormShape
from services.registration.api.schemas.shapes import (
    CODE,
    COUNTRY,
    COUNTRY_OR_CENTRE,
    LANGUAGE,
    Choice,
    Instant,
    codes,
    country_codes,
    ids,
    is_near,
    is_zone,
    long_texts,
    texts,
)
from services.registration.domain.call import Route
from services.registration.domain.cohort import SeatPool

_DELIVERY = validate.OneOf(("onsite", "online", "hybrid"))
_SEATS = validate.Range(1, 100_000)
_YEAR_IN_MINUTES = 525_600


class NewProgramme(Schema):
    """Body of ``POST /programmes``."""

    country_code = fields.String(load_default="*", validate=COUNTRY_OR_CENTRE)
    code = fields.String(required=True, validate=CODE)
    titles = texts(required=True)
    descriptions = long_texts(required=True)
    gcm_objectives = fields.List(
        fields.Integer(strict=True), load_default=list, validate=validate.Length(max=23)
    )
    sdgs = fields.List(
        fields.Integer(strict=True), load_default=list, validate=validate.Length(max=17)
    )
    organisation_codes = codes(load_default=list)


class ProgrammeAnswer(Schema):
    """A programme."""

    id = fields.UUID(required=True)
    country_code = fields.String(required=True)
    code = fields.String(required=True)
    titles = fields.Dict(required=True)
    descriptions = fields.Dict(required=True)
    gcm_objectives = fields.List(fields.Integer(), required=True)
    sdgs = fields.List(fields.Integer(), required=True)
    organisation_codes = fields.List(fields.String(), required=True)
    published_at = Instant(required=True)
    version = fields.Integer(required=True)


class SeatPoolShape(Schema):
    """Seats kept for a route, perhaps of one country."""

    route = Choice(Route, required=True)
    country_code = fields.String(load_default=None, allow_none=True, validate=COUNTRY)
    seat_count = fields.Integer(required=True, strict=True, validate=_SEATS)
    reviewed = fields.Boolean(load_default=True)

    @post_load
    def _made(self, read: dict[str, Any], **_: Any) -> SeatPool:
        return SeatPool(**read)


class Dates(Schema):
    """Body of a change of dates; all of it replaces what held before."""

    starts_on = fields.Date(required=True, validate=is_near)
    ends_on = fields.Date(required=True, validate=is_near)
    zone = fields.String(required=True, validate=is_zone)
    delivery = fields.String(required=True, validate=_DELIVERY)


class NewCohort(Dates):
    """Body of ``POST /cohorts``."""

    programme_id = fields.UUID(required=True)
    edition_code = fields.String(required=True, validate=CODE)
    titles = texts(required=True)
    country_code = fields.String(load_default="*", validate=COUNTRY_OR_CENTRE)
    country_codes = country_codes(required=True)
    language_code = fields.String(required=True, validate=LANGUAGE)
    seat_count = fields.Integer(required=True, strict=True, validate=_SEATS)
    seat_pools = fields.List(
        fields.Nested(SeatPoolShape), load_default=list, validate=validate.Length(max=500)
    )
    details_form = fields.Nested(FormShape, load_default=None, allow_none=True)


class CohortAnswer(Schema):
    """A cohort."""

    id = fields.UUID(required=True)
    programme_id = fields.UUID(required=True)
    programme_code = fields.String(required=True)
    edition_code = fields.String(required=True)
    titles = fields.Dict(required=True)
    country_code = fields.String(required=True)
    country_codes = fields.List(fields.String(), required=True)
    starts_on = fields.String(required=True)
    ends_on = fields.String(required=True)
    zone = fields.String(required=True)
    delivery = fields.String(required=True)
    language_code = fields.String(required=True)
    seat_count = fields.Integer(required=True)
    seat_pools = fields.List(fields.Nested(SeatPoolShape), required=True)
    details_form = fields.Nested(FormAnswer, required=True, allow_none=True)
    status = fields.String(required=True)
    announced_at = Instant(required=True)
    version = fields.Integer(required=True)


class NewCall(Schema):
    """Body of ``POST /calls``."""

    cohort_ids = ids(required=True)
    country_code = fields.String(load_default="*", validate=COUNTRY_OR_CENTRE)
    titles = texts(required=True)
    routes = fields.List(Choice(Route), required=True, validate=validate.Length(1, 2))
    opens_at = Instant(required=True)
    closes_at = Instant(required=True)
    grace_minutes = fields.Integer(
        load_default=0, strict=True, validate=validate.Range(0, _YEAR_IN_MINUTES)
    )
    preference_limit = fields.Integer(load_default=1, strict=True, validate=validate.Range(1, 100))
    form = fields.Nested(FormShape, required=True)


class CallAnswer(Schema):
    """A call with its form."""

    id = fields.UUID(required=True)
    cohort_ids = fields.List(fields.UUID(), required=True)
    country_code = fields.String(required=True)
    titles = fields.Dict(required=True)
    routes = fields.List(fields.String(), required=True)
    opens_at = Instant(required=True)
    closes_at = Instant(required=True)
    preference_limit = fields.Integer(required=True)
    form = fields.Nested(FormAnswer, required=True)
    status = fields.String(required=True)
    closed_at = Instant(required=True, allow_none=True)
    version = fields.Integer(required=True)


class StaffCallAnswer(CallAnswer):
    """A call as the centre sees it: the grace is not for everybody."""

    grace_minutes = fields.Integer(required=True)
