"""Timetables before their release: drafted, pinned, sent to the engine, answered by it."""

from __future__ import annotations

from chassis.ports import Aggregates, Jobs
from services.scheduling.domain.cohort import Cohort
from services.scheduling.domain.commands import (
    DraftTimetable,
    GiveUpSolving,
    PinSession,
    SolveTimetable,
    TakeObstacles,
    TakePlan,
    UnpinSession,
)
from services.scheduling.domain.curriculum import Curriculum
from services.scheduling.domain.solver.problem import Pin, Plan
from services.scheduling.domain.timetable import Timetable, planned_sessions
from services.scheduling.handlers.identities import session_id_of
from services.scheduling.handlers.progress import best_of

SOLVE = "solve"
"""Kind of the job that makes a plan."""


def draft_timetable(
    command: DraftTimetable,
    *,
    timetables: Aggregates[Timetable],
    cohorts: Aggregates[Cohort],
    curricula: Aggregates[Curriculum],
) -> None:
    """Begin a timetable from a published curriculum version, the newest unless one is named.

    Raises:
        NotFound: ``cohort.not_found`` or ``curriculum.not_found``.
        RuleViolation: ``curriculum.not_published`` or ``curriculum.no_such_version``.
        AlreadyExists: ``timetable.already_exists``.
    """
    scope = command.actor.scope
    cohort = cohorts.get(command.cohort_id, scope=scope)
    curriculum = curricula.get(command.curriculum_id, scope=scope)
    version = curriculum.pinned(command.curriculum_version)
    session_ids = {
        training.training_code: session_id_of(command.timetable_id, training.training_code)
        for training in version.trainings
    }
    timetable = Timetable(
        timetable_id=command.timetable_id,
        cohort_id=cohort.cohort_id,
        country_code=cohort.country_code,
        curriculum_id=curriculum.curriculum_id,
        curriculum_version=version.curriculum_version,
        sessions=planned_sessions(version, session_ids),
    )
    timetables.save(timetable, scope=scope)


def pin_session(command: PinSession, *, timetables: Aggregates[Timetable]) -> None:
    """Keep a session where a person wants it.

    Raises:
        NotFound: ``timetable.not_found``.
        RuleViolation: ``timetable.no_such_session``.
        StaleVersion: changed meanwhile.
    """
    scope = command.actor.scope
    timetable = timetables.get(
        command.timetable_id, scope=scope, expected_version=command.expected_version
    )
    timetable.pin(
        Pin(
            session_id=command.session_id,
            starts_at=command.starts_at,
            trainer_id=command.trainer_id,
            room_code=command.room_code,
        )
    )
    timetables.save(timetable, scope=scope)


def unpin_session(command: UnpinSession, *, timetables: Aggregates[Timetable]) -> None:
    """Leave a session to the engine again.

    Raises:
        NotFound: ``timetable.not_found``.
        RuleViolation: ``timetable.not_pinned``.
        StaleVersion: changed meanwhile.
    """
    scope = command.actor.scope
    timetable = timetables.get(
        command.timetable_id, scope=scope, expected_version=command.expected_version
    )
    timetable.unpin(command.session_id)
    timetables.save(timetable, scope=scope)


def solve_timetable(
    command: SolveTimetable, *, timetables: Aggregates[Timetable], jobs: Jobs
) -> int:
    """Have a plan made by a durable job; returns the number of the solving.

    Raises:
        NotFound: ``timetable.not_found``.
        RuleViolation: ``timetable.solving``.
        StaleVersion: changed meanwhile.
    """
    scope = command.actor.scope
    timetable = timetables.get(
        command.timetable_id, scope=scope, expected_version=command.expected_version
    )
    number = timetable.ask_for_plan()
    timetables.save(timetable, scope=scope)
    jobs.add(
        SOLVE,
        solving_key(timetable.timetable_id, number),
        {
            "timetable_id": timetable.timetable_id,
            "solving_number": number,
            "seed": command.seed,
            "work": command.work,
        },
    )
    return number


def solving_key(timetable_id: str, solving_number: int) -> str:
    """Key of the job of one solving."""
    return f"{timetable_id}:{solving_number}"


def give_up_solving(
    command: GiveUpSolving, *, timetables: Aggregates[Timetable], jobs: Jobs
) -> None:
    """Stop waiting for a plan; the best so far becomes the proposal, the job stops.

    Raises:
        NotFound: ``timetable.not_found``.
        RuleViolation: ``timetable.not_solving``.
    """
    scope = command.actor.scope
    timetable = timetables.get(command.timetable_id, scope=scope)
    key = solving_key(timetable.timetable_id, timetable.solving_number)
    best = best_of(jobs.progress(SOLVE, key))
    timetable.give_up_solving((best.plan, best.solution) if best is not None else None)
    timetables.save(timetable, scope=scope)
    jobs.cancel(SOLVE, key)


def take_plan(command: TakePlan, *, timetables: Aggregates[Timetable]) -> None:
    """Keep the engine's plan as the proposal, if it is still asked for.

    Raises:
        NotFound: ``timetable.not_found``.
    """
    scope = command.actor.scope
    timetable = timetables.get(command.timetable_id, scope=scope)
    plan = Plan(placed=command.placed)
    if timetable.propose(plan, command.solution, solving_number=command.solving_number):
        timetables.save(timetable, scope=scope)


def take_obstacles(command: TakeObstacles, *, timetables: Aggregates[Timetable]) -> None:
    """Keep why there is no plan, if it is still asked for.

    Raises:
        NotFound: ``timetable.not_found``.
    """
    scope = command.actor.scope
    timetable = timetables.get(command.timetable_id, scope=scope)
    if timetable.report_obstacles(command.sentences, solving_number=command.solving_number):
        timetables.save(timetable, scope=scope)
