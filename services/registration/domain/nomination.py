"""An official named by a state body."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chassis.aggregate import Aggregate
from chassis.errors import RuleViolation
from chassis.ids import derived_id
from contracts.registration import NominationConfirmed, NominationWithdrawn
from services.registration.domain.call import Call, Route
from services.registration.domain.focal_point import FocalPoint
from services.registration.domain.subject import Subject


class NominationStatus(StrEnum):
    """Where a nomination stands; a place nobody was named for yet is only invited."""

    NOMINATED = "nominated"
    CONFIRMED = "confirmed"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


@dataclass(kw_only=True)
class Nomination(Aggregate):
    """One official on one place of a focal point.

    Rules
      R1  a place is taken once: the id follows from focal point and place
      R2  a person is named and confirmed while the call takes nominations
      R3  the named person is of the focal point's country
      R4  a replacement takes the same place, at any time, and only one replaces another: its id
          follows from the replaced one's
      R5  only a named or confirmed one is withdrawn; its place is filled by replacement
      R6  an erased one keeps its status and place, and nothing of the person

    Attributes:
        place_no: counted from 1.
    """

    nomination_id: str
    focal_point_id: str
    call_id: str
    cohort_id: str
    subject_id: str | None = None
    country_code: str
    organisation_code: str
    place_no: int
    language_code: str
    replaces_nomination_id: str | None = None
    status: NominationStatus = NominationStatus.NOMINATED
    nominated_at: datetime

    @staticmethod
    def id_for(*, focal_point_id: str, place_no: int) -> str:
        """The only id the first nomination for a place can have (R1)."""
        return derived_id("nomination", focal_point_id, str(place_no))

    @property
    def successor_id(self) -> str:
        """The only id a replacement of this nomination can have (R4)."""
        return derived_id("nomination", self.nomination_id, "replacement")

    @classmethod
    def nominate(
        cls, focal_point: FocalPoint, call: Call, subject: Subject, *, place_no: int, now: datetime
    ) -> Nomination:
        """Name an official (R1, R2, R3).

        Raises:
            RuleViolation: ``nomination.other_country``, or as ``Call.require_open``.
        """
        call.require_open(Route.NOMINATION, now=now)
        nomination_id = cls.id_for(focal_point_id=focal_point.focal_point_id, place_no=place_no)
        return cls._named(focal_point, subject, nomination_id, place_no, now)

    @classmethod
    def replace(
        cls, present: Nomination, focal_point: FocalPoint, subject: Subject, *, now: datetime
    ) -> Nomination:
        """Another person on the place of ``present``, confirmed at once (R4).

        Records ``NominationConfirmed``; ``present`` is retired when that is heard.

        Raises:
            RuleViolation: ``nomination.replaced``, ``nomination.same_person`` or
                ``nomination.other_country``.
        """
        if present.status is NominationStatus.REPLACED:
            raise RuleViolation("nomination.replaced", "this person was replaced before")
        if subject.subject_id == present.subject_id:
            raise RuleViolation("nomination.same_person", "name another person than the present")
        nomination = cls._named(focal_point, subject, present.successor_id, present.place_no, now)
        nomination.replaces_nomination_id = present.nomination_id
        _confirm(nomination, now)
        return nomination

    def confirm(self, call: Call, *, now: datetime) -> None:
        """Make it firm; records ``NominationConfirmed`` (R2).

        Raises:
            RuleViolation: ``nomination.not_nominated``, or as ``Call.require_open``.
        """
        call.require_open(Route.NOMINATION, now=now)
        if self.status is not NominationStatus.NOMINATED:
            raise RuleViolation("nomination.not_nominated", f"the nomination is {self.status}")
        _confirm(self, now)

    def withdraw(self, *, reason_code: str, now: datetime) -> None:
        """Take it back; records ``NominationWithdrawn`` (R5).

        Raises:
            RuleViolation: ``nomination.not_active``.
        """
        if not self.is_active:
            raise RuleViolation("nomination.not_active", f"the nomination is {self.status}")
        self.status = NominationStatus.WITHDRAWN
        self._announce_withdrawal(reason_code, now)

    def retire(self, *, now: datetime) -> None:
        """Give way to the replacement; records ``NominationWithdrawn`` where it was active.

        Repeating changes nothing.
        """
        if self.is_active:
            self._announce_withdrawal("replaced", now)
        self.status = NominationStatus.REPLACED

    def erase(self, *, now: datetime) -> None:
        """Forget the person (R6); an active one is withdrawn. Repeating changes nothing."""
        if self.is_active:
            self.withdraw(reason_code="erased", now=now)
        self.subject_id = None

    @property
    def is_active(self) -> bool:
        """Whether its person stands for the place."""
        return self.status in (NominationStatus.NOMINATED, NominationStatus.CONFIRMED)

    @classmethod
    def _named(
        cls,
        focal_point: FocalPoint,
        subject: Subject,
        nomination_id: str,
        place_no: int,
        now: datetime,
    ) -> Nomination:
        if subject.country_code != focal_point.country_code:
            raise RuleViolation(
                "nomination.other_country", f"name people of {focal_point.country_code} only"
            )
        return cls(
            nomination_id=nomination_id,
            focal_point_id=focal_point.focal_point_id,
            call_id=focal_point.call_id,
            cohort_id=focal_point.cohort_id,
            subject_id=subject.subject_id,
            country_code=focal_point.country_code,
            organisation_code=focal_point.organisation_code,
            place_no=place_no,
            language_code=subject.language_code,
            nominated_at=now,
        )

    def _announce_withdrawal(self, reason_code: str, now: datetime) -> None:
        assert self.subject_id is not None, "an erased nomination is not active"
        self.record(
            NominationWithdrawn(
                nomination_id=self.nomination_id,
                call_id=self.call_id,
                cohort_id=self.cohort_id,
                subject_id=self.subject_id,
                country_code=self.country_code,
                reason_code=reason_code,
                withdrawn_at=now,
            )
        )


def _confirm(nomination: Nomination, now: datetime) -> None:
    nomination.status = NominationStatus.CONFIRMED
    assert nomination.subject_id is not None, "an erased nomination is not confirmed"
    nomination.record(
        NominationConfirmed(
            nomination_id=nomination.nomination_id,
            call_id=nomination.call_id,
            cohort_id=nomination.cohort_id,
            subject_id=nomination.subject_id,
            country_code=nomination.country_code,
            organisation_code=nomination.organisation_code,
            replaces_nomination_id=nomination.replaces_nomination_id,
            language_code=nomination.language_code,
            confirmed_at=now,
        )
    )
