"""What is to be planned, as an immutable snapshot, and the plan that comes out of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from services.scheduling.domain.availability import ALWAYS, Availability
from services.scheduling.domain.delivery import Delivery


@dataclass(frozen=True, kw_only=True)
class SessionNeed:
    """One training that wants a time, a trainer and perhaps a room.

    Attributes:
        part_rank: place of its part in the curriculum; a lower part ends before a higher begins.
        rank: place in the curriculum, for the wanted order inside a part.
        after: sessions that must have ended before this one begins.
        earliest_on: it lies on no earlier day of the cohort; ``None`` leaves it open.
        latest_on: and on no later one.
        target_on: the day it would like best; ``None`` is its place in an even spread.
        block_code: sessions of one cohort with the same code are one study visit: they lie on
            consecutive days in their order, and nothing else of the cohort on those days.
        travel_minutes: the way there and the way back; cohort and trainer are taken meanwhile.
    """

    session_id: str
    cohort_id: str
    training_code: str
    part_rank: int
    rank: int
    minutes: int
    delivery: Delivery
    trainer_kind_code: str
    room_kind_code: str | None = None
    after: tuple[str, ...] = ()
    earliest_on: date | None = None
    latest_on: date | None = None
    target_on: date | None = None
    block_code: str | None = None
    travel_minutes: int = 0

    def may_lie_on(self, day: date) -> bool:
        """Whether ``day`` lies between its earliest and its latest."""
        return (self.earliest_on is None or day >= self.earliest_on) and (
            self.latest_on is None or day <= self.latest_on
        )


@dataclass(frozen=True, kw_only=True)
class TrainerOffer:
    """A trainer who can be had.

    Attributes:
        sessions_per_day: at most so many on one day, as the cohorts count days.
        sessions_per_week: at most so many in one ISO week.
    """

    trainer_id: str
    kind_code: str
    language_codes: tuple[str, ...]
    availability: Availability = ALWAYS
    sessions_per_day: int | None = None
    sessions_per_week: int | None = None


@dataclass(frozen=True, kw_only=True)
class RoomOffer:
    """A room that can be had."""

    room_code: str
    kind_code: str
    seat_count: int
    availability: Availability = ALWAYS


@dataclass(frozen=True, kw_only=True)
class LocalHours:
    """The part of the local day that people of one country can be asked to attend.

    Attributes:
        earliest_minute: a session starts no earlier, in minutes of the local day.
        latest_minute: and ends no later, on the same local day.
    """

    country_code: str
    zone: str
    earliest_minute: int
    latest_minute: int

    def hold(self, starts_at: datetime, ends_at: datetime) -> bool:
        """Whether a session lies inside these hours."""
        zone = ZoneInfo(self.zone)
        start, end = starts_at.astimezone(zone), ends_at.astimezone(zone)
        return (
            start.date() == end.date()
            and start.hour * 60 + start.minute >= self.earliest_minute
            and end.hour * 60 + end.minute <= self.latest_minute
        )


@dataclass(frozen=True, kw_only=True)
class CohortTerms:
    """When one cohort can meet.

    Attributes:
        zone: IANA zone in which its days and starting times are meant.
        weekdays: ISO weekdays on which it may meet.
        preferred_weekdays: those it wants first.
        start_minutes: starting times to choose from, minutes of the local day.
        closed_on: public holidays and other days without sessions.
        avoided_on: days better left free, such as holidays of a minority of its people.
        hours: local hours of every country that takes part.
        sessions_per_day: at most so many on one local day.
        sessions_per_week: at most so many in one ISO week.
        part_gap_days: whole days left free between two parts.
        seat_count: people to seat in a room.
    """

    cohort_id: str
    zone: str
    starts_on: date
    ends_on: date
    weekdays: tuple[int, ...]
    preferred_weekdays: tuple[int, ...]
    start_minutes: tuple[int, ...]
    closed_on: tuple[date, ...]
    avoided_on: tuple[date, ...]
    hours: tuple[LocalHours, ...]
    sessions_per_day: int
    seat_count: int
    language_code: str
    sessions_per_week: int | None = None
    part_gap_days: int = 0

    def days(self) -> Iterator[date]:
        """Every calendar day of the span."""
        for offset in range((self.ends_on - self.starts_on).days + 1):
            yield self.starts_on + timedelta(days=offset)

    def day_of(self, instant: datetime) -> date:
        """The cohort's calendar day at an instant."""
        return instant.astimezone(ZoneInfo(self.zone)).date()


@dataclass(frozen=True, kw_only=True)
class Pin:
    """A decision of a person the engine keeps: a start, and perhaps who and where."""

    session_id: str
    starts_at: datetime
    trainer_id: str | None = None
    room_code: str | None = None


@dataclass(frozen=True, kw_only=True)
class Engagement:
    """A time for which a trainer, a room or a cohort is taken by something else.

    Attributes:
        on: the day to which a trainer's limits count it; ``None`` is that of its start in UTC.
        interpreted: one of the interpreters is taken too.
    """

    starts_at: datetime
    ends_at: datetime
    trainer_id: str | None = None
    room_code: str | None = None
    cohort_id: str | None = None
    on: date | None = None
    interpreted: bool = False

    @property
    def day(self) -> date:
        """The day to which it counts."""
        return self.on or self.starts_at.astimezone(UTC).date()

    def overlaps(self, starts_at: datetime, ends_at: datetime) -> bool:
        """Whether it shares a moment with ``[starts_at, ends_at)``."""
        return self.starts_at < ends_at and starts_at < self.ends_at


@dataclass(frozen=True, kw_only=True)
class Weights:
    """What the wishes weigh against each other, in cost points. The figures are ours.

    Attributes:
        other_weekday: a session on a weekday that is not preferred.
        crowded_day: each session beyond the first of a day; the third weighs double, and so on.
        drift_per_day: each day away from an even spread in the curriculum's order.
        avoided_day: a session on a day better left free.
        interpreter: a trainer who does not speak the cohort's language.
        trainer_load: each session of the busiest trainer of a kind, engagements included.
        later_start: each starting time of the day that is passed over.
    """

    other_weekday: int = 60
    crowded_day: int = 12
    drift_per_day: int = 1
    avoided_day: int = 30
    interpreter: int = 3
    trainer_load: int = 2
    later_start: int = 1


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Everything the engine may know: same problem, seed and effort, same plan.

    Attributes:
        interpreter_count: sessions whose trainer does not speak the cohort's language that can
            be held at one moment; ``None`` sets no limit.
    """

    sessions: tuple[SessionNeed, ...]
    trainers: tuple[TrainerOffer, ...]
    rooms: tuple[RoomOffer, ...]
    cohorts: tuple[CohortTerms, ...]
    pins: tuple[Pin, ...] = ()
    engagements: tuple[Engagement, ...] = ()
    interpreter_count: int | None = None
    weights: Weights = Weights()

    @cached_property
    def terms(self) -> dict[str, CohortTerms]:
        """Cohort id -> its terms."""
        return {terms.cohort_id: terms for terms in self.cohorts}

    @cached_property
    def needs(self) -> dict[str, SessionNeed]:
        """Session id -> what it needs."""
        return {need.session_id: need for need in self.sessions}

    @cached_property
    def of_cohort(self) -> dict[str, tuple[SessionNeed, ...]]:
        """Cohort id -> its sessions."""
        found: dict[str, list[SessionNeed]] = {terms.cohort_id: [] for terms in self.cohorts}
        for need in self.sessions:
            found[need.cohort_id].append(need)
        return {cohort_id: tuple(needs) for cohort_id, needs in found.items()}

    @cached_property
    def offers(self) -> dict[str, TrainerOffer]:
        """Trainer id -> what the trainer offers."""
        return {offer.trainer_id: offer for offer in self.trainers}

    @cached_property
    def taken(self) -> dict[str, tuple[Engagement, ...]]:
        """Id of a trainer or cohort, or code of a room -> its engagements in order of start."""
        found: dict[str, list[Engagement]] = {}
        for each in sorted(self.engagements, key=lambda one: (one.starts_at, one.ends_at)):
            for holder in (each.trainer_id, each.room_code, each.cohort_id):
                if holder is not None:
                    found.setdefault(holder, []).append(each)
        return {holder: tuple(engagements) for holder, engagements in found.items()}

    @cached_property
    def pinned(self) -> dict[str, Pin]:
        """Session id -> its pin."""
        return {pin.session_id: pin for pin in self.pins}

    def digest(self) -> str:
        """SHA-256 of the snapshot, to name what was solved."""
        text = json.dumps(asdict(self), default=str, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def alone(self, cohort_id: str) -> Problem:
        """The problem of one cohort, as if there were no other."""
        sessions = self.of_cohort[cohort_id]
        ids = {need.session_id for need in sessions}
        return replace(
            self,
            sessions=sessions,
            cohorts=(self.terms[cohort_id],),
            pins=tuple(pin for pin in self.pins if pin.session_id in ids),
        )

    def day_of(self, place: Placed) -> date:
        """The day of a session as its cohort counts it."""
        return self.terms[self.needs[place.session_id].cohort_id].day_of(place.starts_at)

    def interprets(self, place: Placed) -> bool:
        """Whether a session needs an interpreter between trainer and cohort."""
        language = self.terms[self.needs[place.session_id].cohort_id].language_code
        offer = self.offers.get(place.trainer_id)
        return offer is not None and language not in offer.language_codes


@dataclass(frozen=True, kw_only=True)
class Placed:
    """One session in time and space."""

    session_id: str
    starts_at: datetime
    ends_at: datetime
    trainer_id: str
    room_code: str | None = None


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A place for every session, ordered by session id."""

    placed: tuple[Placed, ...]

    @cached_property
    def by_session(self) -> dict[str, Placed]:
        """Session id -> its place."""
        return {place.session_id: place for place in self.placed}
