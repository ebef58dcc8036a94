"""The person through whom a state body names its officials."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from chassis.access import Actor, Role
from chassis.aggregate import Aggregate
from chassis.errors import Forbidden, RuleViolation
from chassis.ids import derived_id
from contracts.registration import FocalPointInvited
from services.registration.domain.call import Call, Route
from services.registration.domain.cohort import Cohort
from services.registration.domain.subject import Subject


@dataclass(kw_only=True)
class FocalPoint(Aggregate):
    """A state body's focal point for one cohort of a call.

    Rules
      R1  a body has one focal point per cohort: the id follows from both
      R2  only a cohort of the call, and a country of that cohort, is invited
      R3  it names at most ``place_count`` people at a time
      R4  a focal point acts for its own body only; the centre may act for all

    Attributes:
        subject_id: the focal point's person.
    """

    focal_point_id: str
    call_id: str
    cohort_id: str
    subject_id: str | None = None
    country_code: str
    organisation_code: str
    place_count: int
    invited_at: datetime

    @staticmethod
    def id_for(*, cohort_id: str, organisation_code: str, country_code: str) -> str:
        """The only id this body's focal point for this cohort can have (R1)."""
        return derived_id("focal-point", cohort_id, country_code, organisation_code)

    @classmethod
    def invite(
        cls,
        call: Call,
        cohort: Cohort,
        subject: Subject,
        *,
        organisation_code: str,
        place_count: int,
        now: datetime,
    ) -> FocalPoint:
        """Ask a body to name officials; records ``FocalPointInvited`` (R1, R2).

        Raises:
            RuleViolation: ``focal_point.other_cohort``, ``focal_point.other_country`` or
                ``call.other_route``.
        """
        if cohort.cohort_id not in call.cohort_ids:
            raise RuleViolation("focal_point.other_cohort", "the call is not for this cohort")
        if Route.NOMINATION not in call.routes:
            raise RuleViolation("call.other_route", "this call takes no nominations")
        if subject.country_code not in cohort.country_codes:
            raise RuleViolation(
                "focal_point.other_country", f"the cohort is not for {subject.country_code}"
            )
        focal_point = cls(
            focal_point_id=cls.id_for(
                cohort_id=cohort.cohort_id,
                organisation_code=organisation_code,
                country_code=subject.country_code,
            ),
            call_id=call.call_id,
            cohort_id=cohort.cohort_id,
            subject_id=subject.subject_id,
            country_code=subject.country_code,
            organisation_code=organisation_code,
            place_count=place_count,
            invited_at=now,
        )
        focal_point.record(
            FocalPointInvited(
                focal_point_id=focal_point.focal_point_id,
                call_id=call.call_id,
                cohort_id=cohort.cohort_id,
                subject_id=subject.subject_id,
                country_code=subject.country_code,
                organisation_code=organisation_code,
                place_count=place_count,
                language_code=subject.language_code,
                invited_at=now,
            )
        )
        return focal_point

    def require_own(self, actor: Actor) -> None:
        """Refuse who neither is this focal point nor acts for the centre (R4).

        Raises:
            Forbidden: ``focal_point.other_person``.
        """
        if actor.has(Role.OPERATOR, Role.COORDINATOR):
            return
        if self.subject_id is None or actor.actor_id != self.subject_id:
            raise Forbidden("focal_point.other_person", "you are not this body's focal point")

    def free_place(self, taken: Collection[int]) -> int:
        """The lowest place number, from 1, that nobody was named for (R3).

        Raises:
            RuleViolation: ``nomination.no_place_left``.
        """
        for place_no in range(1, self.place_count + 1):
            if place_no not in taken:
                return place_no
        raise RuleViolation(
            "nomination.no_place_left",
            f"all {self.place_count} places are taken: replace a person instead",
        )

    def erase(self) -> None:
        """Forget who it was; the places stay. Repeating changes nothing."""
        self.subject_id = None
