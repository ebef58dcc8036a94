"""A made-up planning problem of the centre's kind, from a seed: cohorts of many countries."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

from services.scheduling.domain.availability import Availability
from services.scheduling.domain.calendar import ZONES, closed_and_avoided
from services.scheduling.domain.delivery import Delivery
from services.scheduling.domain.solver.candidates import local_start, open_days
from services.scheduling.domain.solver.problem import (
    CohortTerms,
    LocalHours,
    Pin,
    Problem,
    RoomOffer,
    SessionNeed,
    TrainerOffer,
)

LANGUAGES = {
    "AZ": "az", "GE": "ka", "TR": "tr", "KZ": "kk", "UZ": "uz", "KG": "ky", "TJ": "tg",
    "MD": "ro", "UA": "uk", "BY": "be", "AM": "hy", "TM": "tk", "RS": "sr", "BA": "bs",
    "RU": "ru", "PK": "ur", "IR": "fa",
}  # fmt: skip
"""The countries a problem may have, in the order in which they join, with a language of each."""

_KINDS = ("sms", "iom", "partner", "ngo", "international", "local")
_PART_SHARES = (8, 15, 10)
_FIRST_DAY = date(2027, 1, 4)
_WEEKS = 26
_DELIVERIES = (Delivery.ONSITE, Delivery.HYBRID, Delivery.HYBRID, Delivery.ONLINE)


@dataclass(frozen=True, kw_only=True)
class Size:
    """How large a problem is."""

    countries: int
    cohorts: int  # of each country
    trainings: int  # of each cohort
    trainers: int


def centre_problem(size: Size, *, seed: int) -> Problem:
    """The same size and seed give the same problem.

    Two cohorts of three are national courses on Fridays and Saturdays; the third has guests
    online from two neighbours, so that the hours of three countries count. Zones, holidays and
    clock changes are real; people, rooms and limits are made up.
    """
    dice = random.Random(seed)  # noqa: S311 -- a test problem, no secret
    countries = list(LANGUAGES)[: size.countries]
    cohorts: list[CohortTerms] = []
    sessions: list[SessionNeed] = []
    pins: list[Pin] = []
    for place, country in enumerate(countries):
        for number in range(1, size.cohorts + 1):
            guests = [countries[(place + step) % len(countries)] for step in (1, 2)]
            joint = number % 3 == 0
            terms = _terms(dice, f"{country}-{number}", [country, *guests] if joint else [country])
            needs = _needs(dice, terms.cohort_id, country, size.trainings)
            cohorts.append(terms)
            sessions += needs
            if dice.random() < 0.3:
                pins += _opening(terms, needs[0])
    return Problem(
        sessions=tuple(sessions),
        trainers=tuple(_trainer(dice, n, countries) for n in range(size.trainers)),
        rooms=tuple(
            RoomOffer(
                room_code=f"{country}-room-{number}",
                kind_code=f"hall-{country}",
                seat_count=24 + 6 * number,
                availability=Availability(unavailable_on=_some_days(dice, 3)),
            )
            for country in countries
            for number in (1, 2)
        ),
        cohorts=tuple(cohorts),
        pins=tuple(pins),
        interpreter_count=2 * size.countries,
    )


def _terms(dice: random.Random, cohort_id: str, countries: list[str]) -> CohortTerms:
    starts_on = _FIRST_DAY + timedelta(days=7 * dice.randrange(4))
    ends_on = starts_on + timedelta(days=7 * _WEEKS - 1)
    members = list(dict.fromkeys(countries))
    closed, avoided = closed_and_avoided(members, starts_on, ends_on)
    joint = len(members) > 1
    return CohortTerms(
        cohort_id=cohort_id,
        zone=ZONES[members[0]],
        starts_on=starts_on,
        ends_on=ends_on,
        weekdays=(1, 2, 3, 4, 5) if joint else (4, 5, 6),
        preferred_weekdays=(2, 4) if joint else (6,),
        start_minutes=(600, 660, 720, 780, 840) if joint else (600, 750, 900),
        closed_on=closed,
        avoided_on=avoided,
        hours=tuple(
            LocalHours(country_code=code, zone=ZONES[code], earliest_minute=480, latest_minute=1200)
            for code in sorted(members)
        ),
        sessions_per_day=2,
        sessions_per_week=3,
        part_gap_days=dice.choice((0, 2, 4)),
        seat_count=dice.randrange(16, 30),
        language_code="ru" if joint else LANGUAGES[members[0]],
    )


def _needs(dice: random.Random, cohort_id: str, country: str, count: int) -> list[SessionNeed]:
    parts = [part for part, share in enumerate(_PART_SHARES) for _ in range(share)]
    needs: list[SessionNeed] = []
    for number in range(count):
        code = f"m{number + 1:02}"
        visit = count >= 6 and number in (count - 3, count - 2)
        delivery = Delivery.VISIT if visit else dice.choice(_DELIVERIES)
        part_rank = parts[number * len(parts) // count]
        builds_on = number and needs[-1].part_rank == part_rank and dice.random() < 0.3
        needs.append(
            SessionNeed(
                session_id=f"{cohort_id}-{code}",
                cohort_id=cohort_id,
                training_code=code,
                part_rank=part_rank,
                rank=number,
                minutes=300 if visit else dice.choice((90, 120, 120)),
                delivery=delivery,
                trainer_kind_code=_KINDS[number % len(_KINDS)],
                room_kind_code=f"hall-{country}" if delivery.needs_room else None,
                after=(needs[-1].session_id,) if builds_on else (),
                block_code="visit" if visit else None,
                travel_minutes=60 if visit else 0,
            )
        )
    return needs


def _trainer(dice: random.Random, number: int, countries: list[str]) -> TrainerOffer:
    home = LANGUAGES[countries[number % len(countries)]]
    return TrainerOffer(
        trainer_id=f"t{number + 1:02}",
        kind_code=_KINDS[number % len(_KINDS)],
        language_codes=tuple(dict.fromkeys((home, dice.choice(("ru", "en"))))),
        availability=Availability(
            weekdays=tuple(sorted(dice.sample(range(1, 7), dice.choice((4, 5, 6))))),
            unavailable_on=_some_days(dice, 8),
        ),
        sessions_per_day=2,
        sessions_per_week=dice.choice((4, 5, 6)),
    )


def _some_days(dice: random.Random, count: int) -> tuple[date, ...]:
    days = range(7 * (_WEEKS + 4))
    return tuple(_FIRST_DAY + timedelta(days=day) for day in sorted(dice.sample(days, count)))


def _opening(terms: CohortTerms, need: SessionNeed) -> list[Pin]:
    """The first session where it is announced already: the first preferred day, at ten."""
    for day in open_days(terms):
        start = local_start(day, terms.start_minutes[0], terms.zone)
        if day.isoweekday() in terms.preferred_weekdays and start is not None:
            length = timedelta(minutes=need.minutes)
            if all(hours.hold(start, start + length) for hours in terms.hours):
                return [Pin(session_id=need.session_id, starts_at=start)]
    return []
