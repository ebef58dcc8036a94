"""Trainers and rooms."""

from __future__ import annotations

from chassis.clock import Clock
from chassis.ports import Aggregates
from services.scheduling.domain.commands import (
    AddRoom,
    ConfirmTrainer,
    RefitRoom,
    RequestTrainer,
    SetTrainerAvailability,
    WithdrawTrainer,
)
from services.scheduling.domain.room import Room
from services.scheduling.domain.trainer import Trainer


def request_trainer(command: RequestTrainer, *, trainers: Aggregates[Trainer]) -> None:
    """Ask an organisation for a trainer.

    Raises:
        RuleViolation: ``trainer.no_language``.
    """
    trainer = Trainer(
        trainer_id=command.trainer_id,
        country_code=command.country_code,
        kind_code=command.kind_code,
        organisation_code=command.organisation_code,
        language_codes=command.language_codes,
        subject_id=command.subject_id,
        availability=command.availability,
    )
    trainers.save(trainer, scope=command.actor.scope)


def confirm_trainer(
    command: ConfirmTrainer, *, trainers: Aggregates[Trainer], clock: Clock
) -> None:
    """The organisation sends the trainer.

    Raises:
        NotFound: ``trainer.not_found``.
        RuleViolation: ``trainer.not_requested``.
    """
    scope = command.actor.scope
    trainer = trainers.get(
        command.trainer_id, scope=scope, expected_version=command.expected_version
    )
    trainer.confirm(now=clock())
    trainers.save(trainer, scope=scope)


def withdraw_trainer(command: WithdrawTrainer, *, trainers: Aggregates[Trainer]) -> None:
    """The trainer cannot come any more.

    Raises:
        NotFound: ``trainer.not_found``.
        RuleViolation: ``trainer.withdrawn``.
    """
    scope = command.actor.scope
    trainer = trainers.get(
        command.trainer_id, scope=scope, expected_version=command.expected_version
    )
    trainer.withdraw()
    trainers.save(trainer, scope=scope)


def set_trainer_availability(
    command: SetTrainerAvailability, *, trainers: Aggregates[Trainer]
) -> None:
    """Say when the trainer can be had.

    Raises:
        NotFound: ``trainer.not_found``.
        RuleViolation: ``trainer.withdrawn``.
        StaleVersion: changed meanwhile.
    """
    scope = command.actor.scope
    trainer = trainers.get(
        command.trainer_id, scope=scope, expected_version=command.expected_version
    )
    trainer.set_availability(command.availability)
    trainers.save(trainer, scope=scope)


def add_room(command: AddRoom, *, rooms: Aggregates[Room]) -> None:
    """Take a room into the list.

    Raises:
        AlreadyExists: a room with this code is there.
        RuleViolation: ``room.no_seats``.
    """
    room = Room(
        room_id=command.room_id,
        room_code=command.room_code,
        country_code=command.country_code,
        titles=command.titles,
        kind_code=command.kind_code,
        seat_count=command.seat_count,
        availability=command.availability,
    )
    rooms.save(room, scope=command.actor.scope)


def refit_room(command: RefitRoom, *, rooms: Aggregates[Room]) -> None:
    """Change what a room offers.

    Raises:
        NotFound: ``room.not_found``.
        RuleViolation: ``room.no_seats``.
        StaleVersion: changed meanwhile.
    """
    scope = command.actor.scope
    room = rooms.get(command.room_id, scope=scope, expected_version=command.expected_version)
    room.refit(
        kind_code=command.kind_code,
        seat_count=command.seat_count,
        availability=command.availability,
    )
    rooms.save(room, scope=scope)
