"""A place offered to one person, and a place somebody waits for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from chassis.aggregate import Aggregate
from chassis.errors import RuleViolation
from chassis.ids import derived_id
from contracts.selection import (
    OfferAccepted,
    OfferDeclined,
    OfferExpired,
    OfferMade,
    OfferWithdrawn,
    PlaceWaitlisted,
)
from services.selection.domain.screening import Screening, ScreeningStatus


class OfferStatus(StrEnum):
    """Where an offer stands."""

    MADE = "made"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


MOVED_UP = "moved_up"
"""Why an offer is withdrawn whose holder got a place they prefer: nobody left the run."""


@dataclass(kw_only=True)
class Offer(Aggregate):
    """One place, kept for one person until ``answer_by``.

    Rules
      R1  it is answered once, before ``answer_by``; at that instant it is too late
      R2  it expires at ``answer_by``, not before, and only unanswered
      R3  the centre withdraws it unanswered, or accepted when the person leaves before the start
    """

    offer_id: str
    run_id: str
    round_number: int
    application_id: str
    cohort_id: str
    subject_id: str | None = None
    country_code: str
    route: str
    answer_by: datetime
    status: OfferStatus = OfferStatus.MADE
    reason_code: str | None = None

    @staticmethod
    def id_for(*, run_id: str, round_number: int, application_id: str) -> str:
        """A round makes a person at most one offer."""
        return derived_id("offer", run_id, str(round_number), application_id)

    @classmethod
    def make(
        cls,
        screening: Screening,
        *,
        run_id: str,
        round_number: int,
        cohort_id: str,
        answer_hours: int,
        now: datetime,
    ) -> Offer:
        """Offer a place; records ``OfferMade``.

        Raises:
            RuleViolation: ``offer.person_gone``; erased, or the application is withdrawn.
        """
        application_id = screening.application_id
        if screening.subject_id is None or screening.status is ScreeningStatus.WITHDRAWN:
            raise RuleViolation("offer.person_gone", "there is nobody to offer the place to")
        offer = cls(
            offer_id=cls.id_for(
                run_id=run_id, round_number=round_number, application_id=application_id
            ),
            run_id=run_id,
            round_number=round_number,
            application_id=application_id,
            cohort_id=cohort_id,
            subject_id=screening.subject_id,
            country_code=screening.country_code,
            route=screening.route,
            answer_by=now + timedelta(hours=answer_hours),
        )
        offer.record(
            OfferMade(**offer._marks(), run_id=run_id, answer_by=offer.answer_by, made_at=now)
        )
        return offer

    @property
    def is_gone(self) -> bool:
        """Whether its holder left the run by it."""
        return self.status in (OfferStatus.DECLINED, OfferStatus.EXPIRED) or (
            self.status is OfferStatus.WITHDRAWN and self.reason_code != MOVED_UP
        )

    def accept(self, *, now: datetime) -> None:
        """Take the place; records ``OfferAccepted`` (R1).

        Raises:
            RuleViolation: ``offer.answered`` or ``offer.too_late``.
        """
        self._require_in_time(now)
        self.status = OfferStatus.ACCEPTED
        self.record(OfferAccepted(**self._marks(), accepted_at=now))

    def decline(self, *, now: datetime) -> None:
        """Leave the place to others; records ``OfferDeclined`` (R1).

        Raises:
            RuleViolation: ``offer.answered`` or ``offer.too_late``.
        """
        self._require_in_time(now)
        self.status = OfferStatus.DECLINED
        self.record(OfferDeclined(**self._marks(), declined_at=now))

    def expire(self, *, now: datetime) -> None:
        """Nobody answered; records ``OfferExpired`` (R2).

        Raises:
            RuleViolation: ``offer.answered`` or ``offer.too_early``.
        """
        self._require_unanswered()
        if now < self.answer_by:
            raise RuleViolation("offer.too_early", f"it stands until {self.answer_by:%F %R} UTC")
        self.status = OfferStatus.EXPIRED
        self.record(OfferExpired(**self._marks(), expired_at=now))

    def withdraw(self, *, reason_code: str, now: datetime) -> None:
        """Take the offer back; records ``OfferWithdrawn`` (R3).

        Raises:
            RuleViolation: ``offer.answered``.
        """
        if self.status is not OfferStatus.ACCEPTED or reason_code == MOVED_UP:
            self._require_unanswered()
        self.status, self.reason_code = OfferStatus.WITHDRAWN, reason_code
        self.record(OfferWithdrawn(**self._marks(), reason_code=reason_code, withdrawn_at=now))

    def erase(self) -> None:
        """Forget the person; the count of offers stays."""
        self.subject_id = None

    def _marks(self) -> dict[str, Any]:
        return {
            "offer_id": self.offer_id,
            "application_id": self.application_id,
            "cohort_id": self.cohort_id,
            "subject_id": self.subject_id or "",
            "country_code": self.country_code,
            "route": self.route,
        }

    def _require_unanswered(self) -> None:
        if self.status is not OfferStatus.MADE:
            raise RuleViolation("offer.answered", f"the offer is {self.status}")

    def _require_in_time(self, now: datetime) -> None:
        self._require_unanswered()
        if now >= self.answer_by:
            raise RuleViolation("offer.too_late", f"it stood until {self.answer_by:%F %R} UTC")


@dataclass(kw_only=True)
class Place(Aggregate):
    """Somebody's place on a cohort's waiting list.

    Rules
      R1  its rank is what the latest round says; it is announced once
      R2  it ends once: the person moved up, or left the run
    """

    place_id: str
    run_id: str
    application_id: str
    cohort_id: str
    subject_id: str | None = None
    country_code: str
    rank: int
    ended_code: str | None = None

    @staticmethod
    def id_for(*, run_id: str, cohort_id: str, application_id: str) -> str:
        """One place per run, cohort and person."""
        return derived_id("place", run_id, cohort_id, application_id)

    @classmethod
    def waitlist(
        cls, screening: Screening, *, run_id: str, cohort_id: str, rank: int, now: datetime
    ) -> Place:
        """Put somebody on the list; records ``PlaceWaitlisted`` (R1).

        Raises:
            RuleViolation: ``place.person_gone``; erased, or the application is withdrawn.
        """
        if screening.subject_id is None or screening.status is ScreeningStatus.WITHDRAWN:
            raise RuleViolation("place.person_gone", "there is nobody to put on the list")
        place = cls(
            place_id=cls.id_for(
                run_id=run_id, cohort_id=cohort_id, application_id=screening.application_id
            ),
            run_id=run_id,
            application_id=screening.application_id,
            cohort_id=cohort_id,
            subject_id=screening.subject_id,
            country_code=screening.country_code,
            rank=rank,
        )
        place.record(
            PlaceWaitlisted(
                place_id=place.place_id,
                run_id=run_id,
                application_id=place.application_id,
                cohort_id=cohort_id,
                subject_id=screening.subject_id,
                country_code=place.country_code,
                rank=rank,
                waitlisted_at=now,
            )
        )
        return place

    def rank_at(self, rank: int) -> None:
        """Move within the list (R1).

        Raises:
            RuleViolation: ``place.ended``.
        """
        self._require_waiting()
        self.rank = rank

    def end(self, *, reason_code: str) -> None:
        """Leave the list (R2).

        Raises:
            RuleViolation: ``place.ended``.
        """
        self._require_waiting()
        self.ended_code = reason_code

    def erase(self) -> None:
        """Forget the person; the count of places stays."""
        self.subject_id = None

    def _require_waiting(self) -> None:
        if self.ended_code is not None:
            raise RuleViolation("place.ended", f"the place ended: {self.ended_code}")
