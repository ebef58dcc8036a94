"""Fields that several schemas share, and answers every blueprint gives."""

from __future__ import annotations

from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar
from zoneinfo import available_timezones

from marshmallow import Schema, ValidationError, fields, validate

from chassis.http.paging import PageQuery

E = TypeVar("E", bound=StrEnum)

CODE = validate.Regexp(r"^[a-z0-9][a-z0-9_.-]{0,63}\Z", error="Not a code in lower case.")
COUNTRY = validate.Regexp(r"^[A-Z]{2}\Z", error="Not a country code of two capital letters.")
COUNTRY_OR_CENTRE = validate.Regexp(r"^([A-Z]{2}|\*)\Z", error="Neither a country code nor *.")
LANGUAGE = validate.Regexp(r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?\Z", error="Not a language code.")
ONE_LINE = validate.Regexp(r"^[^\x00-\x1f\x7f]{1,300}\Z", error="Not one line of 1-300 characters.")
EMAIL = validate.And(validate.Length(3, 254), validate.Email())
PHONE = validate.Regexp(r"^\+[1-9][0-9 ()-]{6,24}\Z", error="Not a number with country code.")


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def is_zone(name: str) -> None:
    """Admit IANA time zones."""
    if name not in _zones():
        raise ValidationError("Not an IANA time zone.")


def is_near(moment: datetime | date) -> None:
    """Admit years a training centre plans in."""
    if not 2000 <= moment.year < 2100:
        raise ValidationError("Not between 2000 and 2100.")


class Instant(fields.AwareDateTime):
    """An instant with its offset; read into UTC."""

    def __init__(self, **named: Any) -> None:
        super().__init__(format="iso", **named)

    def _deserialize(self, *args: Any, **named: Any) -> Any:
        instant = super()._deserialize(*args, **named)
        is_near(instant)
        return instant.astimezone(UTC)


class Choice(fields.Enum[E]):
    """A member of an enumeration by its value; what is stored is its value already."""

    def __init__(self, members: type[E], **named: Any) -> None:
        super().__init__(members, by_value=True, **named)

    def _serialize(self, value: Any, *_: Any, **__: Any) -> Any:
        return None if value is None else str(value)


def texts(**named: Any) -> fields.Dict:
    """A language map of titles: one line each."""
    return fields.Dict(
        keys=fields.String(validate=LANGUAGE), values=fields.String(validate=ONE_LINE), **named
    )


def long_texts(**named: Any) -> fields.Dict:
    """A language map of texts of several lines."""
    return fields.Dict(
        keys=fields.String(validate=LANGUAGE),
        values=fields.String(validate=validate.Length(1, 10_000)),
        **named,
    )


def codes(**named: Any) -> fields.List[Any]:
    """A list of codes, each once."""
    return fields.List(
        fields.String(validate=CODE), validate=[validate.Length(max=100), _distinct], **named
    )


def country_codes(**named: Any) -> fields.List[Any]:
    """Countries, one or more, each once."""
    return fields.List(
        fields.String(validate=COUNTRY), validate=[validate.Length(1, 250), _distinct], **named
    )


def ids(**named: Any) -> fields.List[Any]:
    """A list of ids."""
    return fields.List(fields.UUID(), validate=validate.Length(max=100), **named)


def _distinct(items: list[Any]) -> None:
    if len(set(items)) != len(items):
        raise ValidationError("Something is there twice.")


class Made(Schema):
    """What a command made."""

    id = fields.UUID(required=True)


class OfProgramme(PageQuery):
    """Query of a list: of one programme."""

    programme_id = fields.UUID(load_default=None)


class OfCall(PageQuery):
    """Query of a list: of one call or cohort, in one state."""

    call_id = fields.UUID(load_default=None)
    cohort_id = fields.UUID(load_default=None)
    status = fields.String(load_default=None, validate=CODE)


class OfPerson(PageQuery):
    """Query of a list: of one cohort or person, in one state."""

    cohort_id = fields.UUID(load_default=None)
    subject_id = fields.UUID(load_default=None)
    status = fields.String(load_default=None, validate=CODE)


class OneCohort(Schema):
    """Query about a cohort."""

    cohort_id = fields.UUID(required=True)


class Reason(Schema):
    """Body of what ends something: why."""

    reason_code = fields.String(required=True, validate=CODE)
