"""Ready-made things of partners for tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from chassis.codec import encode
from chassis.envelope import Envelope, source_of
from chassis.ids import derived_id
from contracts.certification import CertificateIssued
from contracts.event import Event
from contracts.registration import (
    CohortCompleted,
    ParticipantEnrolled,
    SubjectErased,
    SubjectErasureRequested,
)
from services.partners.domain.delivery import Delivery
from services.partners.domain.endpoint import Endpoint, SealedSecret
from services.partners.domain.subscription import Subscription

NOON = datetime(2021, 1, 9, 8, 0, tzinfo=UTC)
SUBSCRIPTION = derived_id("test", "subscription")
COHORT = derived_id("test", "cohort")
ENROLLED = ParticipantEnrolled.event_type
COMPLETED = CohortCompleted.event_type
ISSUED = CertificateIssued.event_type


def a_subscription(**changes: Any) -> Subscription:
    """An active one, for enrolments in Azerbaijan."""
    asked: dict[str, Any] = {
        "subscription_id": SUBSCRIPTION,
        "partner_code": "sister-centre",
        "agreement_reference": "2020/17",
        "event_types": frozenset({ENROLLED}),
        "country_codes": frozenset({"AZ"}),
        "api_key_sha256": "0" * 64,
        "expires_at": None,
        "now": NOON,
    }
    return Subscription.activate(**(asked | changes))


def an_endpoint(**changes: Any) -> Endpoint:
    """An enabled one with one secret."""
    asked: dict[str, Any] = {
        "subscription_id": SUBSCRIPTION,
        "country_code": "AZ",
        "secrets": (SealedSecret(sealed="first", made_at=NOON),),
    }
    endpoint = Endpoint(**(asked | changes))
    endpoint.direct_to("https://partner.example/hooks")
    return endpoint


def a_delivery(**changes: Any) -> Delivery:
    """One that waits for its first try."""
    asked: dict[str, Any] = {
        "delivery_id": derived_id("test", "delivery"),
        "subscription_id": SUBSCRIPTION,
        "country_code": "AZ",
        "number": 1,
        "event_id": derived_id("test", "event"),
        "event_type": ENROLLED,
    }
    return Delivery(**(asked | changes))


def a_person(number: int = 0) -> str:
    """A subject id."""
    return derived_id("test", "subject", str(number))


def enrolled(number: int = 0, *, country_code: str = "AZ") -> ParticipantEnrolled:
    """Somebody took up a place."""
    return ParticipantEnrolled(
        participant_id=derived_id("test", "participant", str(number)),
        cohort_id=COHORT,
        subject_id=a_person(number),
        country_code=country_code,
        route="open",
        cause_id=derived_id("test", "offer", str(number)),
        language_code="az",
        enrolled_at=NOON,
    )


def completed(number: int = 0, *, country_code: str = "AZ") -> CohortCompleted:
    """A cohort ended."""
    return CohortCompleted(
        cohort_id=derived_id("test", "cohort", str(number)),
        country_code=country_code,
        completed_at=NOON,
    )


def erasure_requested(number: int = 0) -> SubjectErasureRequested:
    """Somebody asked to be forgotten."""
    return SubjectErasureRequested(
        subject_id=a_person(number), country_code="AZ", requested_at=NOON
    )


def erased(number: int = 0) -> SubjectErased:
    """Somebody is forgotten."""
    return SubjectErased(
        subject_id=a_person(number), country_code="AZ", receipt_count=5, erased_at=NOON
    )


def sent(event: Event, *, sequence: int = 1) -> Envelope:
    """The event as it comes from the log; the same event has the same id."""
    return Envelope(
        event_id=derived_id("test", "heard", event.event_type, event.key, str(sequence)),
        event_type=event.event_type,
        source=source_of(event.event_type),
        key=event.key,
        sequence=sequence,
        occurred_at=NOON + timedelta(seconds=sequence),
        cohort_id=getattr(event, "cohort_id", None),
        country_code=event.country_code,  # type: ignore[attr-defined]  # -- all heard events have one
        traceparent="00-" + "1" * 32 + "-" + "2" * 16 + "-01",
        body=encode(event),
    )
