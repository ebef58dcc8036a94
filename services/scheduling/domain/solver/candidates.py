"""When, by whom and where a session may be held, taken by itself."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from services.scheduling.domain.solver.problem import (
    CohortTerms,
    Problem,
    RoomOffer,
    SessionNeed,
    TrainerOffer,
)
from services.scheduling.domain.solver.rules import Rule

Without = Collection[Rule]
"""Rules left out of a model, to find which ones cannot hold together."""


def local_start(day: date, minute: int, zone: str) -> datetime | None:
    """The UTC instant of a local starting time; ``None`` when clocks skip it that day."""
    local = datetime.combine(day, time(minute // 60, minute % 60), ZoneInfo(zone))
    instant = local.astimezone(UTC)
    back = instant.astimezone(ZoneInfo(zone))
    return instant if back.replace(tzinfo=None) == local.replace(tzinfo=None) else None


def open_days(terms: CohortTerms, without: Without = ()) -> tuple[date, ...]:
    """Days of the span on which the cohort may meet, in order."""
    return tuple(
        day
        for day in terms.days()
        if (Rule.WEEKDAY in without or day.isoweekday() in terms.weekdays)
        and (Rule.HOLIDAY in without or day not in terms.closed_on)
    )


def starts_of(
    problem: Problem,
    need: SessionNeed,
    *,
    days: Sequence[date],
    also: Collection[datetime] = (),
    without: Without = (),
) -> tuple[datetime, ...]:
    """Every instant (UTC, ordered) at which ``need`` may begin.

    Args:
        days: the cohort's open days.
        also: instants off the cohort's starting times that are wanted, as those of pins.
    """
    terms = problem.terms[need.cohort_id]
    engaged = () if Rule.COHORT_AVAILABLE in without else problem.taken.get(need.cohort_id, ())
    pin = problem.pinned.get(need.session_id)
    if pin is not None and Rule.PIN not in without:
        wanted = {pin.starts_at}
    else:
        grid = (local_start(day, m, terms.zone) for day in days for m in terms.start_minutes)
        wanted = {start for start in grid if start is not None} | set(also)
    open_on = set(days)
    length = timedelta(minutes=need.minutes)
    return tuple(
        start
        for start in sorted(wanted)
        if terms.day_of(start) in open_on
        and (Rule.WINDOW in without or need.may_lie_on(terms.day_of(start)))
        and not any(each.overlaps(start, start + length) for each in engaged)
        and (Rule.HOURS in without or all(h.hold(start, start + length) for h in terms.hours))
    )


def trainers_of(
    problem: Problem, need: SessionNeed, without: Without = ()
) -> tuple[TrainerOffer, ...]:
    """Trainers of the kind that ``need`` asks for, or the one it is pinned to."""
    pin = problem.pinned.get(need.session_id)
    wanted = pin.trainer_id if pin is not None and Rule.PIN not in without else None
    return tuple(
        offer
        for offer in problem.trainers
        if (Rule.TRAINER_KIND in without or offer.kind_code == need.trainer_kind_code)
        and wanted in (None, offer.trainer_id)
    )


def rooms_of(problem: Problem, need: SessionNeed, without: Without = ()) -> tuple[RoomOffer, ...]:
    """Rooms that fit ``need``, or the one it is pinned to."""
    pin = problem.pinned.get(need.session_id)
    wanted = pin.room_code if pin is not None and Rule.PIN not in without else None
    seats = problem.terms[need.cohort_id].seat_count
    return tuple(
        offer
        for offer in problem.rooms
        if (
            Rule.ROOM_FIT in without
            or (offer.seat_count >= seats and need.room_kind_code in (None, offer.kind_code))
        )
        and wanted in (None, offer.room_code)
    )
