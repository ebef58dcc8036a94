"""Placements: planned, completed, cancelled."""

from __future__ import annotations

from chassis.clock import Clock
from chassis.ports import Aggregates
from services.scheduling.domain.commands import (
    CancelPlacement,
    CompletePlacement,
    PlanPlacement,
)
from services.scheduling.domain.member import Member
from services.scheduling.domain.placement import Placement


def plan_placement(
    command: PlanPlacement,
    *,
    placements: Aggregates[Placement],
    members: Aggregates[Member],
) -> None:
    """Agree on a participant's time in a unit.

    Raises:
        NotFound: ``member.not_found``.
        RuleViolation: ``placement.ends_before_start``.
    """
    scope = command.actor.scope
    member = members.get(command.participant_id, scope=scope)
    placement = Placement(
        placement_id=command.placement_id,
        participant_id=member.participant_id,
        subject_id=member.subject_id,
        cohort_id=member.cohort_id,
        country_code=member.country_code,
        unit_code=command.unit_code,
        starts_on=command.starts_on,
        ends_on=command.ends_on,
    )
    placements.save(placement, scope=scope)


def complete_placement(
    command: CompletePlacement, *, placements: Aggregates[Placement], clock: Clock
) -> None:
    """The unit confirms the time.

    Raises:
        NotFound: ``placement.not_found``.
        RuleViolation: a rule of ``Placement``.
        StaleVersion: changed meanwhile.
    """
    scope = command.actor.scope
    placement = placements.get(
        command.placement_id, scope=scope, expected_version=command.expected_version
    )
    placement.complete(minutes=command.minutes, now=clock())
    placements.save(placement, scope=scope)


def cancel_placement(command: CancelPlacement, *, placements: Aggregates[Placement]) -> None:
    """It does not take place.

    Raises:
        NotFound: ``placement.not_found``.
        RuleViolation: ``placement.not_planned``.
        StaleVersion: changed meanwhile.
    """
    scope = command.actor.scope
    placement = placements.get(
        command.placement_id, scope=scope, expected_version=command.expected_version
    )
    placement.cancel()
    placements.save(placement, scope=scope)
