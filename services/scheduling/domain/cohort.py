"""What scheduling knows of a cohort: its dates, its zone, and when it can meet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from chassis.aggregate import Aggregate
from chassis.errors import RuleViolation
from chassis.language_map import LanguageMap
from services.scheduling.domain.availability import WEEKDAYS
from services.scheduling.domain.calendar import require_zone

_DAY_MINUTES = 24 * 60


@dataclass(frozen=True, kw_only=True)
class MeetingTerms:
    """When a cohort can be asked to meet; minutes count from local midnight.

    Attributes:
        weekdays: ISO weekdays on which it may meet.
        preferred_weekdays: those it wants first.
        start_minutes: starting times to choose from, in the cohort's zone.
        earliest_minute: in every country, no session starts earlier by its own clocks.
        latest_minute: and none ends later.
        sessions_per_day: at most so many.
        closed_on: days without sessions beside the public holidays.
    """

    weekdays: tuple[int, ...]
    preferred_weekdays: tuple[int, ...]
    start_minutes: tuple[int, ...]
    earliest_minute: int
    latest_minute: int
    sessions_per_day: int
    closed_on: tuple[date, ...] = ()

    def __post_init__(self) -> None:
        weekdays = {*self.weekdays, *self.preferred_weekdays}
        if not self.weekdays or not weekdays <= {*WEEKDAYS}:
            raise RuleViolation("terms.no_weekday", "name weekdays from 1 (Monday) to 7 (Sunday)")
        if not {*self.preferred_weekdays} <= {*self.weekdays}:
            raise RuleViolation("terms.not_allowed", "a preferred weekday must be an allowed one")
        if not self.start_minutes or any(not 0 <= m < _DAY_MINUTES for m in self.start_minutes):
            raise RuleViolation("terms.no_start", "starting times lie between 00:00 and 23:59")
        if not 0 <= self.earliest_minute < self.latest_minute <= _DAY_MINUTES:
            raise RuleViolation("terms.no_hours", "the local day ends before it begins")
        if self.sessions_per_day < 1:
            raise RuleViolation("terms.no_sessions", "at least one session a day must be allowed")


SCHOOL_TERMS = MeetingTerms(
    weekdays=(1, 2, 3, 4, 5, 6),
    preferred_weekdays=(6,),
    start_minutes=(10 * 60, 12 * 60 + 30, 15 * 60),
    earliest_minute=9 * 60,
    latest_minute=19 * 60,
    sessions_per_day=2,
)
"""A national course beside studies: Saturdays first. The hours are ours."""

REGIONAL_TERMS = MeetingTerms(
    weekdays=(1, 2, 3, 4, 5),
    preferred_weekdays=(1, 2, 3, 4, 5),
    start_minutes=tuple(range(8 * 60, 18 * 60 + 1, 30)),
    earliest_minute=9 * 60,
    latest_minute=18 * 60,
    sessions_per_day=3,
)
"""A course for officials of several countries: in everybody's working hours. The hours are ours."""


@dataclass(kw_only=True)
class Cohort(Aggregate):
    """Scheduling's own record of a cohort that registration announced.

    Rules
      R1  it ends no earlier than it starts
      R2  its zone is an IANA zone
    """

    cohort_id: str
    country_code: str
    country_codes: tuple[str, ...]
    titles: LanguageMap
    starts_on: date
    ends_on: date
    zone: str
    delivery: str
    language_code: str
    seat_count: int
    terms: MeetingTerms
    completed: bool = False

    def __post_init__(self) -> None:
        self._require_sound()

    def change(self, *, starts_on: date, ends_on: date, zone: str, delivery: str) -> None:
        """Take over what registration changed.

        Raises:
            RuleViolation: ``cohort.ends_before_start`` or ``calendar.unknown_zone``.
        """
        self.starts_on, self.ends_on = starts_on, ends_on
        self.zone, self.delivery = zone, delivery
        self._require_sound()

    def set_terms(self, terms: MeetingTerms) -> None:
        """Say anew when it can meet; timetables see it when they are next solved."""
        self.terms = terms

    def complete(self) -> None:
        """Nothing more is taught in it; saying so twice changes nothing."""
        self.completed = True

    def _require_sound(self) -> None:
        if self.ends_on < self.starts_on:
            raise RuleViolation("cohort.ends_before_start", "the cohort ends before it starts")
        require_zone(self.zone)
