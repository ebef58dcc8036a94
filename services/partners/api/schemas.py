"""Shapes of bodies and answers."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from chassis.http.paging import PageQuery
from services.partners.domain.delivery import DeliveryStatus
from services.partners.domain.projection import PUBLIC_FIELDS
from services.partners.domain.subscription import SubscriptionStatus

_CODE = validate.Regexp(r"^[a-z0-9][a-z0-9_.-]{0,63}\Z")
_COUNTRY = validate.Regexp(r"^([A-Z]{2}|\*)\Z")
_MAX_NUMBER = 2**53 - 1


def _address(*, required: bool) -> fields.String:
    return fields.String(
        required=required,
        validate=validate.Length(1, 2048),
        metadata={"description": "https address that webhooks are posted to"},
    )


class NewSubscription(Schema):
    """Body of ``POST /subscriptions``."""

    partner_code = fields.String(required=True, validate=_CODE)
    agreement_reference = fields.String(required=True, validate=validate.Length(1, 100))
    event_types = fields.List(
        fields.String(validate=validate.OneOf(sorted(PUBLIC_FIELDS))),
        required=True,
        validate=validate.Length(1, len(PUBLIC_FIELDS)),
    )
    country_codes = fields.List(
        fields.String(validate=_COUNTRY), required=True, validate=validate.Length(1, 250)
    )
    endpoint_url = _address(required=False)
    expires_at = fields.AwareDateTime(format="iso")


class CredentialsView(Schema):
    """What is shown once; a repeat with the same ``Idempotency-Key`` shows the id alone."""

    id = fields.UUID(required=True)
    api_key = fields.String()
    webhook_secret = fields.String()


class KeyView(Schema):
    """A new API key, shown once."""

    api_key = fields.String()


class SecretView(Schema):
    """A new webhook secret, shown once."""

    webhook_secret = fields.String()


class EndReason(Schema):
    """Body of ``POST /subscriptions/{id}/end``; may be empty."""

    reason_code = fields.String(load_default="ended_by_centre", validate=_CODE)


class EndpointAddress(Schema):
    """Body of ``POST /subscriptions/{id}/endpoint``."""

    endpoint_url = _address(required=True)


class ReplayStart(Schema):
    """Body of ``POST /subscriptions/{id}/replay``."""

    after_sequence = fields.Integer(
        required=True, strict=True, validate=validate.Range(0, _MAX_NUMBER)
    )


class ReplayView(Schema):
    """How many entries are sent once more."""

    entry_count = fields.Integer(required=True)


class EndpointView(Schema):
    """Where webhooks go."""

    url = fields.String(allow_none=True)
    status = fields.String(required=True)
    disabled_reason_code = fields.String(allow_none=True)


class SubscriptionView(Schema):
    """A subscription without its secrets."""

    id = fields.UUID(required=True)
    partner_code = fields.String(required=True)
    agreement_reference = fields.String(required=True)
    event_types = fields.List(fields.String(), required=True)
    country_codes = fields.List(fields.String(), required=True)
    country_code = fields.String(required=True)
    status = fields.String(required=True)
    activated_at = fields.AwareDateTime(format="iso", required=True)
    expires_at = fields.AwareDateTime(format="iso", allow_none=True)
    ended_at = fields.AwareDateTime(format="iso", allow_none=True)
    end_reason_code = fields.String(allow_none=True)
    endpoint = fields.Nested(EndpointView, required=True)
    entry_count = fields.Integer(required=True)


class AttemptView(Schema):
    """One try, in machine time."""

    at = fields.AwareDateTime(format="iso", required=True)
    outcome_code = fields.String(required=True)
    status_code = fields.Integer(allow_none=True)
    duration_ms = fields.Integer(required=True)


class DeliveryView(Schema):
    """One entry's delivery; ``sequence`` is its number in the feed."""

    id = fields.UUID(required=True)
    sequence = fields.Integer(required=True, attribute="number")
    event_id = fields.UUID(required=True)
    event_type = fields.String(required=True)
    status = fields.String(required=True)
    round = fields.Integer(required=True)
    attempts = fields.List(fields.Nested(AttemptView), required=True)
    next_attempt_at = fields.AwareDateTime(format="iso", allow_none=True)


class SubscriptionsQuery(PageQuery):
    """Query of ``GET /subscriptions``."""

    partner_code = fields.String(load_default=None, validate=_CODE)
    status = fields.Enum(SubscriptionStatus, by_value=True, load_default=None)


class DeliveriesQuery(PageQuery):
    """Query of ``GET /subscriptions/{id}/deliveries``."""

    status = fields.Enum(DeliveryStatus, by_value=True, load_default=None)


class PartnerFeedQuery(Schema):
    """Query of ``GET /feed``."""

    after = fields.String(
        load_default=None, metadata={"description": "next_cursor of the page before"}
    )
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 200))


class CloudEventView(Schema):
    """One event, CloudEvents 1.0; the same bytes that the webhook carries."""

    specversion = fields.String(required=True)
    id = fields.UUID(required=True)
    type = fields.String(required=True)
    source = fields.String(required=True)
    time = fields.String(required=True)
    datacontenttype = fields.String(required=True)
    countrycode = fields.String(required=True)
    sequence = fields.Integer(required=True)
    data = fields.Dict(required=True)


class PartnerFeedPage(Schema):
    """Some events in order, and where to go on; at the end the cursor stays."""

    items = fields.List(fields.Nested(CloudEventView), required=True)
    next_cursor = fields.String(required=True)
