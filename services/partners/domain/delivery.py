"""One feed entry on its way to an endpoint."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil

from chassis.aggregate import Aggregate
from chassis.errors import RuleViolation
from chassis.ids import derived_id
from services.partners.domain.schedule import Outcome, pause_after


class DeliveryStatus(StrEnum):
    """``dropped``: not tried any more because endpoint or subscription went away meanwhile."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"
    DROPPED = "dropped"


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One try, as it went; ``at`` is machine time."""

    at: datetime
    outcome_code: str
    status_code: int | None
    duration_ms: int


@dataclass(kw_only=True)
class Delivery(Aggregate):
    """One entry's delivery; replays continue it.

    Rules
      R1  an attempt counts only while it waits, and only the next one of the round
      R2  a round ends delivered, gone, or failed after the tenth try
      R3  what still waits is not replayed: it comes anyway

    Attributes:
        number: place of the entry in the feed.
        round: 1, and one more with each replay.
        tries: of this round.
        attempts: of all rounds.
    """

    delivery_id: str
    subscription_id: str
    country_code: str
    number: int
    event_id: str
    event_type: str
    status: DeliveryStatus = DeliveryStatus.WAITING
    round: int = 1
    tries: int = 0
    attempts: tuple[Attempt, ...] = ()
    next_attempt_at: datetime | None = None

    @property
    def next_try(self) -> str:
        """Names the try that is due: each is a job of its own."""
        return f"{self.delivery_id}.{self.round}.{self.tries + 1}"

    def attempt(
        self, outcome: Outcome, *, due: str, at: datetime, duration_ms: int, chance: float
    ) -> None:
        """Note how the due try went, and when the next one is.

        Raises:
            RuleViolation: ``delivery.not_due``.
        """
        if self.status is not DeliveryStatus.WAITING or due != self.next_try:
            raise RuleViolation("delivery.not_due", "this try is over")
        self.tries += 1
        attempt = Attempt(
            at=at,
            outcome_code=outcome.code,
            status_code=outcome.status_code,
            duration_ms=duration_ms,
        )
        self.attempts = (*self.attempts, attempt)
        pause = pause_after(self.tries, outcome, chance=chance)
        over = at + timedelta(milliseconds=duration_ms)
        self.next_attempt_at = None if pause is None else over + timedelta(seconds=ceil(pause))
        if outcome.is_delivered:
            self.status = DeliveryStatus.DELIVERED
        elif pause is None:
            self.status = DeliveryStatus.FAILED

    def drop(self) -> bool:
        """Try no more; ``False`` when nothing was waiting."""
        if self.status is not DeliveryStatus.WAITING:
            return False
        self.status = DeliveryStatus.DROPPED
        self.next_attempt_at = None
        return True

    def replay(self) -> bool:
        """Begin a new round; ``False`` while the last one runs (R3)."""
        if self.status is DeliveryStatus.WAITING:
            return False
        self.status = DeliveryStatus.WAITING
        self.round += 1
        self.tries = 0
        return True


def delivery_id_of(subscription_id: str, number: int) -> str:
    """The id of an entry's one delivery."""
    return derived_id("partners", "delivery", subscription_id, str(number))
