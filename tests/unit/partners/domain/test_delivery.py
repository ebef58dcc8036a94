"""When a webhook is tried again, and when no more."""

from __future__ import annotations

import pytest

from chassis.errors import RuleViolation
from services.partners.domain.delivery import Delivery, DeliveryStatus
from services.partners.domain.schedule import (
    LONGEST_RETRY_AFTER_SECONDS,
    PAUSES_SECONDS,
    Outcome,
    outcome_of_status,
    pause_after,
)
from tests.builders.partners import NOON, a_delivery

REFUSED = Outcome(code="refused", status_code=500)
DELIVERED = Outcome(code="delivered", status_code=204)


def _attempt(delivery: Delivery, outcome: Outcome) -> None:
    delivery.attempt(outcome, due=delivery.next_try, at=NOON, duration_ms=3, chance=0.0)


def test_schedule_is_that_of_the_standard() -> None:
    assert sum(PAUSES_SECONDS) == 75 * 3600 + 35 * 60 + 5
    assert pause_after(1, REFUSED, chance=0.0) == 5
    assert pause_after(9, REFUSED, chance=1.0) == pytest.approx(86_400 * 1.1)
    assert pause_after(10, REFUSED, chance=0.0) is None


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (200, "delivered"),
        (299, "delivered"),
        (301, "redirected"),
        (308, "redirected"),
        (400, "refused"),
        (410, "gone"),
        (429, "throttled"),
        (500, "refused"),
        (502, "throttled"),
        (503, "throttled"),
        (504, "throttled"),
        (199, "refused"),
    ],
)
def test_only_2xx_is_a_delivery(status: int, code: str) -> None:
    assert outcome_of_status(status, None).code == code


def test_retry_after_lengthens_a_pause_up_to_a_day_and_never_shortens_it() -> None:
    assert pause_after(1, outcome_of_status(429, 60), chance=0.0) == 60
    assert pause_after(2, outcome_of_status(503, 1), chance=0.0) == 300
    longest = pause_after(1, outcome_of_status(503, 10**9), chance=0.0)
    assert longest == LONGEST_RETRY_AFTER_SECONDS
    assert pause_after(1, outcome_of_status(500, 60), chance=0.0) == 5


def test_delivery_is_tried_ten_times() -> None:  # R2
    delivery = a_delivery()

    for _ in range(9):
        _attempt(delivery, REFUSED)
        assert delivery.next_attempt_at is not None
    _attempt(delivery, REFUSED)

    assert (delivery.status, delivery.tries) == (DeliveryStatus.FAILED, 10)
    assert delivery.next_attempt_at is None


def test_gone_and_delivered_end_a_round() -> None:  # R2
    gone, delivered = a_delivery(), a_delivery()

    _attempt(gone, Outcome(code="gone", status_code=410))
    _attempt(delivered, DELIVERED)

    assert (gone.status, delivered.status) == (DeliveryStatus.FAILED, DeliveryStatus.DELIVERED)


def test_try_that_is_not_due_does_not_count() -> None:  # R1
    delivery = a_delivery()
    first = delivery.next_try
    _attempt(delivery, REFUSED)

    with pytest.raises(RuleViolation) as refused:
        delivery.attempt(DELIVERED, due=first, at=NOON, duration_ms=3, chance=0.0)

    assert refused.value.code == "delivery.not_due"
    assert len(delivery.attempts) == 1


def test_replay_begins_a_round_of_its_own_unless_one_runs() -> None:  # R3
    delivery = a_delivery()
    assert not delivery.replay()
    _attempt(delivery, DELIVERED)
    first = delivery.next_try

    assert delivery.replay()

    assert (delivery.round, delivery.tries, len(delivery.attempts)) == (2, 0, 1)
    assert delivery.next_try != first


def test_only_what_waits_is_dropped() -> None:
    delivery = a_delivery()

    assert delivery.drop()
    assert not delivery.drop()
    assert delivery.status is DeliveryStatus.DROPPED
