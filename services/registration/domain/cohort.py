"""One edition of a programme: who learns together, when and where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from chassis.aggregate import Aggregate
from chassis.errors import RuleViolation
from chassis.language_map import LanguageMap
from contracts.registration import CohortAnnounced, CohortChanged, CohortCompleted
from services.registration.domain.form.definition import Form
from services.registration.domain.form.rules import check_form
from services.registration.domain.programme import Programme, require_languages


class CohortStatus(StrEnum):
    """Where a cohort stands."""

    ANNOUNCED = "announced"
    COMPLETED = "completed"


@dataclass(frozen=True, kw_only=True)
class SeatPool:
    """Seats kept for one route, perhaps of one country.

    Attributes:
        country_code: ``None``: people of all the cohort's countries.
        reviewed: whether selection decides; else a confirmed nomination enrols at once.
    """

    route: str
    country_code: str | None = None
    seat_count: int
    reviewed: bool = True


@dataclass(kw_only=True)
class Cohort(Aggregate):
    """One edition of a programme in a country or for several countries.

    Rules
      R1  it ends on or after the day it starts, in a zone that exists
      R2  its seat pools hold together no more than its seats, and only its own countries' people
      R3  dates, zone and delivery change until it is completed
      R4  it is completed once, when its last day is over in its zone

    Attributes:
        country_code: whose cohort it is; ``*``: the centre's.
        country_codes: where its people come from.
        details_form: the second form, after acceptance (logistics); ``None``: there is none.
    """

    cohort_id: str
    programme_id: str
    programme_code: str
    edition_code: str
    titles: LanguageMap
    country_code: str
    country_codes: tuple[str, ...]
    starts_on: date
    ends_on: date
    zone: str
    delivery: str
    language_code: str
    seat_count: int
    seat_pools: tuple[SeatPool, ...]
    details_form: Form | None = None
    status: CohortStatus = CohortStatus.ANNOUNCED
    announced_at: datetime

    @classmethod
    def announce(
        cls,
        programme: Programme,
        *,
        cohort_id: str,
        edition_code: str,
        titles: LanguageMap,
        country_code: str,
        country_codes: tuple[str, ...],
        starts_on: date,
        ends_on: date,
        zone: str,
        delivery: str,
        language_code: str,
        seat_count: int,
        seat_pools: tuple[SeatPool, ...],
        details_form: Form | None,
        now: datetime,
    ) -> Cohort:
        """Make an edition known; records ``CohortAnnounced``.

        Raises:
            RuleViolation: ``cohort.dates`` or ``cohort.zone_unknown`` (R1), ``cohort.seat_pools``
                (R2), ``cohort.text_missing``.
            InvalidBody: ``form.malformed``.
        """
        require_languages("cohort", titles)
        _require_dates(starts_on, ends_on, zone)
        _require_pools(seat_pools, seat_count=seat_count, country_codes=country_codes)
        if details_form is not None:
            check_form(details_form)
        cohort = cls(
            cohort_id=cohort_id,
            programme_id=programme.programme_id,
            programme_code=programme.code,
            edition_code=edition_code,
            titles=titles,
            country_code=country_code,
            country_codes=country_codes,
            starts_on=starts_on,
            ends_on=ends_on,
            zone=zone,
            delivery=delivery,
            language_code=language_code,
            seat_count=seat_count,
            seat_pools=seat_pools,
            details_form=details_form,
            announced_at=now,
        )
        cohort._announce()
        return cohort

    def reschedule(
        self, *, starts_on: date, ends_on: date, zone: str, delivery: str, now: datetime
    ) -> None:
        """Change when and how it is held; records ``CohortChanged`` (R1, R3).

        Raises:
            RuleViolation: ``cohort.completed``, ``cohort.dates`` or ``cohort.zone_unknown``.
        """
        self._require_running()
        _require_dates(starts_on, ends_on, zone)
        self.starts_on, self.ends_on = starts_on, ends_on
        self.zone, self.delivery = zone, delivery
        self.record(
            CohortChanged(
                cohort_id=self.cohort_id,
                country_code=self.country_code,
                starts_on=starts_on,
                ends_on=ends_on,
                zone=zone,
                delivery=delivery,
                changed_at=now,
            )
        )

    def complete(self, *, now: datetime) -> None:
        """End it; records ``CohortCompleted`` (R4).

        Raises:
            RuleViolation: ``cohort.completed`` or ``cohort.not_over``.
        """
        self._require_running()
        if now < self.ends_at:
            raise RuleViolation("cohort.not_over", f"the cohort runs until {self.ends_on}")
        self.status = CohortStatus.COMPLETED
        self.record(
            CohortCompleted(
                cohort_id=self.cohort_id, country_code=self.country_code, completed_at=now
            )
        )

    @property
    def ends_at(self) -> datetime:
        """The instant its last day is over."""
        midnight = datetime.combine(
            self.ends_on + timedelta(days=1), time(), tzinfo=ZoneInfo(self.zone)
        )
        return midnight.astimezone(UTC)

    def enrols_at_once(self, *, route: str, country_code: str) -> bool:
        """Whether people of this route and country need no review."""
        return any(
            not pool.reviewed
            for pool in self.seat_pools
            if pool.route == route and pool.country_code in (None, country_code)
        )

    def _announce(self) -> None:
        self.record(
            CohortAnnounced(
                cohort_id=self.cohort_id,
                programme_id=self.programme_id,
                programme_code=self.programme_code,
                edition_code=self.edition_code,
                titles=self.titles,
                country_code=self.country_code,
                country_codes=self.country_codes,
                starts_on=self.starts_on,
                ends_on=self.ends_on,
                zone=self.zone,
                delivery=self.delivery,
                language_code=self.language_code,
                seat_count=self.seat_count,
                announced_at=self.announced_at,
            )
        )

    def _require_running(self) -> None:
        if self.status is CohortStatus.COMPLETED:
            raise RuleViolation("cohort.completed", "the cohort is over")


def _require_dates(starts_on: date, ends_on: date, zone: str) -> None:
    if ends_on < starts_on:
        raise RuleViolation("cohort.dates", "a cohort ends on or after the day it starts")
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise RuleViolation("cohort.zone_unknown", f"there is no time zone {zone!r}") from None


def _require_pools(
    pools: Sequence[SeatPool], *, seat_count: int, country_codes: Sequence[str]
) -> None:
    cells = [(pool.route, pool.country_code) for pool in pools]
    if len(set(cells)) != len(cells):
        raise RuleViolation("cohort.seat_pools", "each route and country has one pool")
    if sum(pool.seat_count for pool in pools) > seat_count:
        raise RuleViolation("cohort.seat_pools", f"the pools hold more than {seat_count} seats")
    strange = {pool.country_code for pool in pools} - {None, *country_codes}
    if strange:
        raise RuleViolation("cohort.seat_pools", "a pool names a country outside the cohort")
