"""Handlers of focal points and nominations.

A focal point's right is checked by its own rule (``FocalPoint.require_own``); the persons it names
are found within every scope, because they may be known from elsewhere.
"""

from __future__ import annotations

from chassis.access import EVERYTHING
from chassis.clock import Clock
from services.registration.domain.commands.nominations import (
    ConfirmNomination,
    EraseFocalPoint,
    EraseNomination,
    InviteFocalPoint,
    NominateOfficial,
    ReplaceNominee,
    RetireNomination,
    WithdrawNomination,
)
from services.registration.domain.focal_point import FocalPoint
from services.registration.domain.nomination import Nomination
from services.registration.domain.ports import (
    Calls,
    Cohorts,
    FocalPoints,
    Nominations,
    Places,
    Subjects,
)


def invite_focal_point(
    command: InviteFocalPoint,
    *,
    focal_points: FocalPoints,
    calls: Calls,
    cohorts: Cohorts,
    subjects: Subjects,
    clock: Clock,
) -> str:
    """Ask a state body to name officials; returns the focal point's id.

    Raises:
        NotFound: call, cohort or person.
        AlreadyExists: ``focal_point.already_exists``.
        RuleViolation: as ``FocalPoint.invite``.
    """
    focal_point = FocalPoint.invite(
        calls.get(command.call_id, scope=EVERYTHING),
        cohorts.get(command.cohort_id, scope=EVERYTHING),
        subjects.get(command.subject_id, scope=EVERYTHING),
        organisation_code=command.organisation_code,
        place_count=command.place_count,
        now=clock(),
    )
    focal_points.save(focal_point, scope=command.actor.scope)
    return focal_point.focal_point_id


def nominate_official(
    command: NominateOfficial,
    *,
    focal_points: FocalPoints,
    nominations: Nominations,
    calls: Calls,
    subjects: Subjects,
    places: Places,
    clock: Clock,
) -> str:
    """Name a person for the next free place; returns the nomination's id.

    Raises:
        NotFound, Forbidden.
        AlreadyExists: ``nomination.already_exists``: another took the place at the same time.
        RuleViolation: as ``FocalPoint.free_place`` and ``Nomination.nominate``.
    """
    scope = command.actor.scope
    focal_point = focal_points.get(command.focal_point_id, scope=scope)
    focal_point.require_own(command.actor)
    nomination = Nomination.nominate(
        focal_point,
        calls.get(focal_point.call_id, scope=EVERYTHING),
        subjects.get(command.subject_id, scope=EVERYTHING),
        place_no=focal_point.free_place(places.taken(focal_point.focal_point_id)),
        now=clock(),
    )
    nominations.save(nomination, scope=scope)
    return nomination.nomination_id


def confirm_nomination(
    command: ConfirmNomination,
    *,
    focal_points: FocalPoints,
    nominations: Nominations,
    calls: Calls,
    clock: Clock,
) -> None:
    """Make a nomination firm.

    Raises:
        NotFound, Forbidden, StaleVersion.
        RuleViolation: as ``Nomination.confirm``.
    """
    scope = command.actor.scope
    nomination = nominations.get(
        command.nomination_id, scope=scope, expected_version=command.expected_version
    )
    focal_points.get(nomination.focal_point_id, scope=scope).require_own(command.actor)
    nomination.confirm(calls.get(nomination.call_id, scope=EVERYTHING), now=clock())
    nominations.save(nomination, scope=scope)


def replace_nominee(
    command: ReplaceNominee,
    *,
    focal_points: FocalPoints,
    nominations: Nominations,
    subjects: Subjects,
    clock: Clock,
) -> str:
    """Name another person for the same place; returns the new nomination's id.

    Raises:
        NotFound, Forbidden, StaleVersion.
        AlreadyExists: ``nomination.already_exists``: it was replaced at the same time.
        RuleViolation: as ``Nomination.replace``.
    """
    scope = command.actor.scope
    present = nominations.get(
        command.nomination_id, scope=scope, expected_version=command.expected_version
    )
    focal_point = focal_points.get(present.focal_point_id, scope=scope)
    focal_point.require_own(command.actor)
    nomination = Nomination.replace(
        present, focal_point, subjects.get(command.subject_id, scope=EVERYTHING), now=clock()
    )
    nominations.save(nomination, scope=scope)
    return nomination.nomination_id


def retire_nomination(command: RetireNomination, *, nominations: Nominations, clock: Clock) -> None:
    """Have a replaced nomination give way.

    Raises:
        NotFound.
    """
    nomination = nominations.get(command.nomination_id, scope=command.actor.scope)
    nomination.retire(now=clock())
    nominations.save(nomination, scope=command.actor.scope)


def withdraw_nomination(
    command: WithdrawNomination,
    *,
    focal_points: FocalPoints,
    nominations: Nominations,
    clock: Clock,
) -> None:
    """Take a nomination back.

    Raises:
        NotFound, Forbidden, StaleVersion.
        RuleViolation: ``nomination.not_active``.
    """
    scope = command.actor.scope
    nomination = nominations.get(
        command.nomination_id, scope=scope, expected_version=command.expected_version
    )
    focal_points.get(nomination.focal_point_id, scope=scope).require_own(command.actor)
    nomination.withdraw(reason_code=command.reason_code, now=clock())
    nominations.save(nomination, scope=scope)


def erase_focal_point(command: EraseFocalPoint, *, focal_points: FocalPoints) -> None:
    """Forget who the focal point was; its places stay."""
    focal_point = focal_points.get(command.focal_point_id, scope=command.actor.scope)
    focal_point.erase()
    focal_points.save(focal_point, scope=command.actor.scope)


def erase_nomination(command: EraseNomination, *, nominations: Nominations, clock: Clock) -> None:
    """Forget whom it named; the count stays."""
    nomination = nominations.get(command.nomination_id, scope=command.actor.scope)
    nomination.erase(now=clock())
    nominations.save(nomination, scope=command.actor.scope)
