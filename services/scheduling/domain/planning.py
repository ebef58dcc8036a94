"""From aggregates to the frozen snapshot the engine is fed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from services.scheduling.domain.calendar import closed_and_avoided, zone_of
from services.scheduling.domain.cohort import Cohort
from services.scheduling.domain.room import Room
from services.scheduling.domain.solver.problem import (
    CohortTerms,
    Engagement,
    LocalHours,
    Pin,
    Problem,
    RoomOffer,
    SessionNeed,
    TrainerOffer,
)
from services.scheduling.domain.timetable import Timetable
from services.scheduling.domain.trainer import Trainer, TrainerStatus


def problem_for(
    timetable: Timetable,
    *,
    cohort: Cohort,
    trainers: Iterable[Trainer],
    rooms: Iterable[Room],
    engagements: Iterable[Engagement],
    now: datetime,
) -> Problem:
    """The snapshot of one timetable.

    Sessions that have begun by ``now`` are pinned where they are: the past is not planned again.

    Args:
        engagements: when trainers and rooms are taken by other cohorts.
    """
    pins = {pin.session_id: pin for pin in timetable.pins}
    for place in timetable.placed:
        if place.starts_at <= now:
            pins[place.session_id] = Pin(
                session_id=place.session_id,
                starts_at=place.starts_at,
                trainer_id=place.trainer_id,
                room_code=place.room_code,
            )
    return Problem(
        sessions=_needs(timetable),
        trainers=_offers(trainers, {pin.trainer_id for pin in pins.values()}),
        rooms=tuple(sorted(map(_room, rooms), key=lambda room: room.room_code)),
        cohorts=(terms_of(cohort),),
        pins=tuple(pins[key] for key in sorted(pins)),
        engagements=tuple(
            sorted(engagements, key=lambda e: (e.starts_at, e.trainer_id or "", e.room_code or ""))
        ),
    )


def terms_of(cohort: Cohort) -> CohortTerms:
    """When the cohort can meet: its own terms, holidays and hours of every country."""
    terms = cohort.terms
    closed, avoided = closed_and_avoided(cohort.country_codes, cohort.starts_on, cohort.ends_on)
    zones = {code: zone_of(code) for code in cohort.country_codes}
    if len(zones) == 1:
        zones = dict.fromkeys(zones, cohort.zone)
    return CohortTerms(
        cohort_id=cohort.cohort_id,
        zone=cohort.zone,
        starts_on=cohort.starts_on,
        ends_on=cohort.ends_on,
        weekdays=terms.weekdays,
        preferred_weekdays=terms.preferred_weekdays,
        start_minutes=tuple(sorted(terms.start_minutes)),
        closed_on=tuple(sorted({*closed, *terms.closed_on})),
        avoided_on=avoided,
        hours=tuple(
            LocalHours(
                country_code=code,
                zone=zones[code],
                earliest_minute=terms.earliest_minute,
                latest_minute=terms.latest_minute,
            )
            for code in sorted(zones)
        ),
        sessions_per_day=terms.sessions_per_day,
        seat_count=cohort.seat_count,
        language_code=cohort.language_code,
    )


def _needs(timetable: Timetable) -> tuple[SessionNeed, ...]:
    held = {each.session_id for each in timetable.held}
    return tuple(
        SessionNeed(
            session_id=each.session_id,
            cohort_id=timetable.cohort_id,
            training_code=each.training_code,
            part_rank=each.part_rank,
            rank=each.rank,
            minutes=each.minutes,
            delivery=each.delivery,
            trainer_kind_code=each.trainer_kind_code,
            room_kind_code=each.room_kind_code,
            after=tuple(other for other in each.after if other in held),
        )
        for each in timetable.held
    )


def _offers(
    trainers: Iterable[Trainer], pinned_ids: Collection[str | None]
) -> tuple[TrainerOffer, ...]:
    """Confirmed trainers, and those who were when they gave what is pinned."""
    offers = (
        TrainerOffer(
            trainer_id=trainer.trainer_id,
            kind_code=trainer.kind_code,
            language_codes=trainer.language_codes,
            availability=trainer.availability,
        )
        for trainer in trainers
        if trainer.status is TrainerStatus.CONFIRMED or trainer.trainer_id in pinned_ids
    )
    return tuple(sorted(offers, key=lambda offer: offer.trainer_id))


def _room(room: Room) -> RoomOffer:
    return RoomOffer(
        room_code=room.room_code,
        kind_code=room.kind_code,
        seat_count=room.seat_count,
        availability=room.availability,
    )
