"""Forgetting a person."""

from __future__ import annotations

from chassis.clock import Clock
from chassis.ports import Aggregates
from services.scheduling.domain.commands import ForgetSubject
from services.scheduling.domain.erasure import Erasure
from services.scheduling.domain.member import Member
from services.scheduling.domain.placement import Placement
from services.scheduling.domain.ports import Traces
from services.scheduling.domain.trainer import Trainer
from services.scheduling.handlers.identities import erasure_id_of


def forget_subject(
    command: ForgetSubject,
    *,
    erasures: Aggregates[Erasure],
    members: Aggregates[Member],
    placements: Aggregates[Placement],
    trainers: Aggregates[Trainer],
    traces: Traces,
    clock: Clock,
) -> None:
    """Cut every link to a person and confirm it; the attendance stays, as nobody's.

    Several aggregates change in one transaction: a receipt must not be sent for half the work.
    A person who is forgotten already changes nothing.
    """
    scope = command.actor.scope
    erasure_id = erasure_id_of(command.subject_id)
    if erasures.find(erasure_id, scope=scope) is not None:
        return
    removed = 0
    for member in traces.members(command.subject_id):
        removed += member.forget()
        members.save(member, scope=scope)
    for placement in traces.placements(command.subject_id):
        removed += placement.forget()
        placements.save(placement, scope=scope)
    for trainer in traces.trainers(command.subject_id):
        removed += trainer.forget()
        trainers.save(trainer, scope=scope)
    erasure = Erasure(
        erasure_id=erasure_id, subject_id=command.subject_id, country_code=command.country_code
    )
    erasure.confirm(removed_count=removed, now=clock())
    erasures.save(erasure, scope=scope)
