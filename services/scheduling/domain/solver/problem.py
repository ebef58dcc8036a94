"""What is to be planned, as an immutable snapshot, and the plan that comes out of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
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


@dataclass(frozen=True, kw_only=True)
class TrainerOffer:
    """A trainer who can be had."""

    trainer_id: str
    kind_code: str
    language_codes: tuple[str, ...]
    availability: Availability = ALWAYS


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
    """A time for which a trainer or a room is taken by another timetable."""

    starts_at: datetime
    ends_at: datetime
    trainer_id: str | None = None
    room_code: str | None = None

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
        trainer_load: each session of the busiest trainer of a kind.
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
    """Everything the engine may know: same problem, seed and effort, same plan."""

    sessions: tuple[SessionNeed, ...]
    trainers: tuple[TrainerOffer, ...]
    rooms: tuple[RoomOffer, ...]
    cohorts: tuple[CohortTerms, ...]
    pins: tuple[Pin, ...] = ()
    engagements: tuple[Engagement, ...] = ()
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
    def pinned(self) -> dict[str, Pin]:
        """Session id -> its pin."""
        return {pin.session_id: pin for pin in self.pins}

    def digest(self) -> str:
        """SHA-256 of the snapshot, to name what was solved."""
        text = json.dumps(asdict(self), default=str, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


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
