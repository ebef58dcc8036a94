"""Timetables from their release on: released, moved, repaired, cancelled.

Each of these commands stores a timetable and the sessions it places in one transaction, against
the rule of one aggregate per command: two moves at the same moment would else both find the same
hour free. The timetable's version makes one of them wait; the sessions keep their own history,
because each is announced to people by itself.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from chassis.clock import Clock
from chassis.ports import Aggregates, Jobs
from services.scheduling.domain.cohort import Cohort
from services.scheduling.domain.commands import (
    CancelRepair,
    CancelSession,
    MoveSession,
    NoteRepairObstacles,
    ReleaseTimetable,
    RepairTimetable,
    TakeRepair,
)
from services.scheduling.domain.ports import Roster, Sessions
from services.scheduling.domain.session import Session
from services.scheduling.domain.solver.problem import Placed
from services.scheduling.domain.timetable import PlannedSession, Timetable
from services.scheduling.handlers.snapshots import Snapshots

REPAIR = "repair"
"""Kind of the job that repairs a released timetable."""


def repair_key(timetable_id: str, repair_id: str) -> str:
    """The job's key: a repair is asked for, and given up, within its timetable."""
    return f"{timetable_id}:{repair_id}"


def release_timetable(
    command: ReleaseTimetable,
    *,
    timetables: Aggregates[Timetable],
    sessions: Aggregates[Session],
    released: Sessions,
    cohorts: Aggregates[Cohort],
    snapshots: Snapshots,
    clock: Clock,
) -> int:
    """Make the proposal hold for everybody; returns the release's number.

    Raises:
        NotFound: ``timetable.not_found``.
        RuleViolation: ``timetable.not_solved`` or ``timetable.breaks_rules``.
        StaleVersion: changed meanwhile.
    """
    scope, now = command.actor.scope, clock()
    timetable = timetables.get(
        command.timetable_id, scope=scope, expected_version=command.expected_version
    )
    cohort = cohorts.get(timetable.cohort_id, scope=scope)
    places = timetable.accept(snapshots.of(timetable), actor_id=command.actor.actor_id, now=now)
    known = {each.session_id: each for each in released.of_timetable(timetable.timetable_id)}
    meetings = []
    for place in places:
        meeting = known.get(place.session_id)
        if meeting is None:
            planned = timetable.session(place.session_id)
            meeting = _opened(timetable, planned, place, zone=cohort.zone, now=now)
            sessions.save(meeting, scope=scope)
        elif meeting.follow(place, now=now):
            sessions.save(meeting, scope=scope)
        meetings.append(meeting)
    timetable.announce([meeting.announced() for meeting in meetings], now=now)
    timetables.save(timetable, scope=scope)
    return timetable.release_version


def _opened(
    timetable: Timetable, planned: PlannedSession, place: Placed, *, zone: str, now: datetime
) -> Session:
    return Session(
        session_id=planned.session_id,
        timetable_id=timetable.timetable_id,
        cohort_id=timetable.cohort_id,
        country_code=timetable.country_code,
        training_code=planned.training_code,
        part_code=planned.part_code,
        titles=planned.titles,
        zone=zone,
        delivery=planned.delivery,
        starts_at=place.starts_at,
        ends_at=place.ends_at,
        trainer_id=place.trainer_id,
        room_code=place.room_code,
        changed_at=now,
    )


def move_session(
    command: MoveSession,
    *,
    timetables: Aggregates[Timetable],
    sessions: Aggregates[Session],
    roster: Roster,
    snapshots: Snapshots,
    clock: Clock,
) -> None:
    """Give a released session the place a person chose; trainer and room stay unless named.

    Raises:
        NotFound: ``timetable.not_found`` or ``session.not_found``.
        RuleViolation: ``timetable.not_released``, ``timetable.no_such_session``,
            ``timetable.breaks_rules`` or ``session.unmoved``.
        StaleVersion: changed meanwhile.
    """
    timetable = timetables.get(
        command.timetable_id,
        scope=command.actor.scope,
        expected_version=command.expected_version,
    )
    planned = timetable.session(command.session_id)
    meeting = sessions.get(command.session_id, scope=command.actor.scope)
    place = replace(
        meeting.place,
        starts_at=command.starts_at,
        ends_at=command.starts_at + timedelta(minutes=planned.minutes),
        trainer_id=command.trainer_id or meeting.trainer_id,
        room_code=command.room_code or meeting.room_code,
    )
    _apply(
        [place],
        command,
        timetable,
        timetables=timetables,
        sessions=sessions,
        roster=roster,
        snapshots=snapshots,
        now=clock(),
    )


def take_repair(
    command: TakeRepair,
    *,
    timetables: Aggregates[Timetable],
    sessions: Aggregates[Session],
    roster: Roster,
    snapshots: Snapshots,
    clock: Clock,
) -> None:
    """Give released sessions the places the engine found.

    Raises:
        NotFound: ``timetable.not_found`` or ``session.not_found``.
        RuleViolation: as ``move_session``: things changed since the engine looked.
    """
    timetable = timetables.get(command.timetable_id, scope=command.actor.scope)
    _apply(
        command.placed,
        command,
        timetable,
        timetables=timetables,
        sessions=sessions,
        roster=roster,
        snapshots=snapshots,
        now=clock(),
    )


def _apply(
    places: Collection[Placed],
    command: MoveSession | TakeRepair,
    timetable: Timetable,
    *,
    timetables: Aggregates[Timetable],
    sessions: Aggregates[Session],
    roster: Roster,
    snapshots: Snapshots,
    now: datetime,
) -> None:
    """Move sessions in the plan, and announce each to those it concerns."""
    scope = command.actor.scope
    timetable.loosen({place.session_id for place in places})
    timetable.move(
        places,
        snapshots.of(timetable),
        reason_code=command.reason_code,
        actor_id=command.actor.actor_id,
        now=now,
    )
    affected = tuple(
        sorted(
            member.participant_id
            for member in roster.members(timetable.cohort_id)
            if member.belongs_at(now)
        )
    )
    for place in places:
        meeting = sessions.get(place.session_id, scope=scope)
        meeting.move(place, participant_ids=affected, reason_code=command.reason_code, now=now)
        sessions.save(meeting, scope=scope)
    timetables.save(timetable, scope=scope)


def repair_timetable(
    command: RepairTimetable, *, timetables: Aggregates[Timetable], jobs: Jobs
) -> None:
    """Have the engine move a session and as few others as possible, by a durable job.

    Raises:
        NotFound: ``timetable.not_found``.
        RuleViolation: ``timetable.not_released`` or ``timetable.no_such_session``.
        StaleVersion: changed meanwhile.
    """
    timetable = timetables.get(
        command.timetable_id,
        scope=command.actor.scope,
        expected_version=command.expected_version,
    )
    timetable.require_released()
    timetable.session(command.session_id)
    jobs.add(
        REPAIR,
        repair_key(timetable.timetable_id, command.repair_id),
        {
            "timetable_id": timetable.timetable_id,
            "session_id": command.session_id,
            "starts_at": command.starts_at.isoformat() if command.starts_at else None,
            "reason_code": command.reason_code,
            "actor_id": command.actor.actor_id,
            "seed": command.seed,
            "work": command.work,
        },
    )


def cancel_repair(command: CancelRepair, *, timetables: Aggregates[Timetable], jobs: Jobs) -> None:
    """Ask for a repair no more: its job stops, and what it would find is dropped.

    Raises:
        NotFound: ``timetable.not_found``.
    """
    timetable = timetables.get(command.timetable_id, scope=command.actor.scope)
    jobs.cancel(REPAIR, repair_key(timetable.timetable_id, command.repair_id))


def note_repair_obstacles(
    command: NoteRepairObstacles, *, timetables: Aggregates[Timetable]
) -> None:
    """Keep why a repair found no other places.

    Raises:
        NotFound: ``timetable.not_found``.
    """
    timetable = timetables.get(command.timetable_id, scope=command.actor.scope)
    timetable.note_obstacles(command.sentences)
    timetables.save(timetable, scope=command.actor.scope)


def cancel_session(
    command: CancelSession,
    *,
    timetables: Aggregates[Timetable],
    sessions: Aggregates[Session],
    clock: Clock,
) -> None:
    """A released session does not take place.

    Raises:
        NotFound: ``timetable.not_found`` or ``session.not_found``.
        RuleViolation: ``timetable.not_released`` or ``timetable.no_such_session``.
        StaleVersion: changed meanwhile.
    """
    scope, now = command.actor.scope, clock()
    timetable = timetables.get(
        command.timetable_id, scope=scope, expected_version=command.expected_version
    )
    timetable.cancel_session(
        command.session_id,
        reason_code=command.reason_code,
        actor_id=command.actor.actor_id,
        now=now,
    )
    meeting = sessions.get(command.session_id, scope=scope)
    meeting.cancel(reason_code=command.reason_code, now=now)
    sessions.save(meeting, scope=scope)
    timetables.save(timetable, scope=scope)
