"""Fields and small shapes that several routes share."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from chassis.access import CENTRE
from services.scheduling.domain.availability import Availability, DateSpan

_CODE = r"^[a-z0-9][a-z0-9_.-]{0,63}\Z"
_LANGUAGE = r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z"
# No control characters, no halves of surrogate pairs: neither MongoDB nor mail take them.
_TITLE = re.compile(r"^[^\x00-\x1f\x7f\ud800-\udfff]{1,300}\Z")

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)
"""Days the platform plans for: far enough from the ends of the calendar for any arithmetic."""


class Code(fields.String):
    """A stable word in lower case."""

    def __init__(self, **more: Any) -> None:
        super().__init__(validate=validate.Regexp(_CODE), **more)


class Language(fields.String):
    """A BCP 47 code."""

    def __init__(self, **more: Any) -> None:
        super().__init__(validate=[validate.Length(2, 35), validate.Regexp(_LANGUAGE)], **more)


class Country(fields.String):
    """ISO 3166-1 alpha-2, or ``*`` for the centre."""

    def __init__(self, **more: Any) -> None:
        super().__init__(validate=validate.Regexp(r"^([A-Z]{2}|\*)\Z"), **more)


class Texts(fields.Dict):
    """A language map: at least one language."""

    def __init__(self, **more: Any) -> None:
        super().__init__(
            keys=fields.String(validate=validate.Regexp(_LANGUAGE)),
            values=fields.String(validate=validate.Regexp(_TITLE)),
            validate=validate.Length(min=1, max=20),
            metadata={"minProperties": 1, "maxProperties": 20},
            **more,
        )


class Day(fields.Date):
    """A calendar date the platform plans for."""

    def __init__(self, **more: Any) -> None:
        super().__init__(validate=validate.Range(FIRST_DAY, LAST_DAY), **more)


class Instant(fields.AwareDateTime):
    """An instant with its offset; kept in UTC."""

    def __init__(self, **more: Any) -> None:
        super().__init__(format="iso", **more)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> datetime:
        read = super()._deserialize(value, attr, data, **more)
        if not FIRST_DAY <= read.date() <= LAST_DAY:
            raise ValidationError(f"must lie between {FIRST_DAY} and {LAST_DAY}")
        instant: datetime = read.astimezone(UTC)
        return instant


class Whole(fields.Integer):
    """A whole number within limits; ``1.0`` is one, ``1.5``, ``"1"`` and ``true`` are none."""

    def __init__(self, low: int, high: int, **more: Any) -> None:
        super().__init__(strict=True, validate=validate.Range(low, high), **more)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> int:
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if type(value) is not int:
            raise self.make_error("invalid", input=value)
        whole: int = super()._deserialize(value, attr, data, **more)
        return whole


class SpanShape(Schema):
    """Calendar days, both ends included."""

    first_on = Day(required=True)
    last_on = Day(required=True)


class AvailabilityShape(Schema):
    """When something can be had; what is left out sets no limit."""

    weekdays = fields.List(Whole(1, 7), load_default=list, validate=validate.Length(max=7))
    spans = fields.List(
        fields.Nested(SpanShape), load_default=list, validate=validate.Length(max=100)
    )
    unavailable_on = fields.List(Day(), load_default=list, validate=validate.Length(max=400))


def availability_of(loaded: dict[str, Any] | None) -> Availability:
    """From a loaded ``AvailabilityShape``.

    Raises:
        RuleViolation: ``span.ends_before_start``.
    """
    if loaded is None:
        return Availability()
    return Availability(
        weekdays=tuple(sorted(set(loaded["weekdays"]))),
        spans=tuple(DateSpan(**span) for span in loaded["spans"]),
        unavailable_on=tuple(sorted(set(loaded["unavailable_on"]))),
    )


class AvailabilityShown(Schema):
    """As stored."""

    weekdays = fields.List(fields.Integer(), required=True)
    spans = fields.List(fields.Dict(), required=True)
    unavailable_on = fields.List(fields.String(), required=True)


class Made(Schema):
    """What a command made."""

    id = fields.UUID(required=True)


class Numbered(Schema):
    """The number of what a command made: a version, a release, a solving."""

    number = fields.Integer(required=True)


class Marked(Schema):
    """What every document has."""

    id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    country_code = fields.String(required=True, metadata={"description": f"{CENTRE}: the centre"})
