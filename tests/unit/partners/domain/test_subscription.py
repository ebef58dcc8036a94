"""Rules of subscriptions and endpoints."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chassis.errors import RuleViolation
from contracts.partners import EndpointDisabled, SubscriptionActivated, SubscriptionEnded
from services.partners.domain.endpoint import EndpointStatus
from services.partners.domain.projection import SUBJECT_ERASED
from tests.builders.partners import COMPLETED, ENROLLED, NOON, a_subscription, an_endpoint

SECOND = timedelta(seconds=1)


def test_subscription_to_a_type_nobody_may_see_is_refused() -> None:  # R1
    with pytest.raises(RuleViolation) as refused:
        a_subscription(event_types=frozenset({"rtcm.registration.contact.sealed.v1"}))

    assert refused.value.code == "subscription.type_not_public"


def test_subscription_to_people_hears_of_their_erasure() -> None:  # R2
    assert a_subscription().event_types == (ENROLLED, SUBJECT_ERASED)
    assert a_subscription(event_types=frozenset({COMPLETED})).event_types == (COMPLETED,)


def test_subscription_that_ends_at_once_is_refused() -> None:  # R3
    with pytest.raises(RuleViolation) as refused:
        a_subscription(expires_at=NOON)

    assert refused.value.code == "subscription.ends_in_past"


def test_subscription_is_open_until_the_agreed_instant() -> None:  # R3
    subscription = a_subscription(expires_at=NOON + 2 * SECOND)

    assert subscription.is_open(NOON + SECOND)
    assert not subscription.is_open(NOON + 2 * SECOND)


def test_ended_subscription_changes_no_more() -> None:  # R4
    subscription = a_subscription()
    subscription.end("agreement_over", now=NOON)

    with pytest.raises(RuleViolation) as refused:
        subscription.end("again", now=NOON)
    with pytest.raises(RuleViolation):
        subscription.change_key("1" * 64)

    assert refused.value.code == "subscription.ended"
    assert not subscription.is_open(NOON)
    kinds = [type(event) for event in subscription.recorded]
    assert kinds == [SubscriptionActivated, SubscriptionEnded]


def test_subscription_for_several_countries_is_the_centres() -> None:
    assert a_subscription().country_code == "AZ"
    assert a_subscription(country_codes=frozenset({"AZ", "GE"})).country_code == "*"


def test_two_secrets_sign_while_a_rotation_lasts_and_never_three() -> None:  # R1
    endpoint = an_endpoint()
    until = NOON + timedelta(hours=24)

    endpoint.rotate("second", now=NOON, former_signs_until=until)
    assert endpoint.signing_secrets(until - SECOND) == ("second", "first")
    assert endpoint.signing_secrets(until) == ("second",)

    endpoint.rotate("third", now=NOON, former_signs_until=until)
    assert endpoint.signing_secrets(NOON) == ("third", "second")


def test_endpoint_is_disabled_once_and_enabled_by_an_address() -> None:  # R2, R3
    endpoint = an_endpoint()
    endpoint.disable("gone", now=NOON)

    with pytest.raises(RuleViolation) as refused:
        endpoint.disable("gone", now=NOON)

    assert refused.value.code == "endpoint.not_enabled"
    assert [type(event) for event in endpoint.recorded] == [EndpointDisabled]
    endpoint.direct_to("https://partner.example/again")
    assert (endpoint.status, endpoint.disabled_reason_code) == (EndpointStatus.ENABLED, None)
