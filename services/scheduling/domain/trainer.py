"""Who gives the trainings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chassis.aggregate import Aggregate
from chassis.errors import RuleViolation
from contracts.scheduling import TrainerConfirmed
from services.scheduling.domain.availability import ALWAYS, Availability


class TrainerStatus(StrEnum):
    """How far the request to the trainer's organisation has come."""

    REQUESTED = "requested"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"


@dataclass(kw_only=True)
class Trainer(Aggregate):
    """A trainer by an opaque id; the name, if any, is in registration's vault.

    Rules
      R1  a trainer is confirmed once, by the organisation that was asked
      R2  a withdrawn trainer stays withdrawn
      R3  a trainer speaks at least one language
    """

    trainer_id: str
    country_code: str
    kind_code: str
    organisation_code: str
    language_codes: tuple[str, ...]
    subject_id: str | None = None
    availability: Availability = ALWAYS
    status: TrainerStatus = TrainerStatus.REQUESTED

    def __post_init__(self) -> None:
        if not self.language_codes:
            raise RuleViolation("trainer.no_language", "name a language the trainer teaches in")

    def confirm(self, *, now: datetime) -> None:
        """The organisation sends the trainer; records ``TrainerConfirmed``.

        Raises:
            RuleViolation: ``trainer.not_requested``.
        """
        if self.status is not TrainerStatus.REQUESTED:
            raise RuleViolation("trainer.not_requested", f"the trainer is {self.status}")
        self.status = TrainerStatus.CONFIRMED
        self.record(
            TrainerConfirmed(
                trainer_id=self.trainer_id,
                country_code=self.country_code,
                kind_code=self.kind_code,
                organisation_code=self.organisation_code,
                confirmed_at=now,
            )
        )

    def withdraw(self) -> None:
        """The trainer can no longer come; sessions given are replanned by the planner.

        Raises:
            RuleViolation: ``trainer.withdrawn``.
        """
        if self.status is TrainerStatus.WITHDRAWN:
            raise RuleViolation("trainer.withdrawn", "the trainer is withdrawn already")
        self.status = TrainerStatus.WITHDRAWN

    def set_availability(self, availability: Availability) -> None:
        """Say anew when the trainer can be had.

        Raises:
            RuleViolation: ``trainer.withdrawn``.
        """
        if self.status is TrainerStatus.WITHDRAWN:
            raise RuleViolation("trainer.withdrawn", "the trainer is withdrawn")
        self.availability = availability

    def forget(self) -> bool:
        """Cut the link to the person; whether there was one."""
        linked = self.subject_id is not None
        self.subject_id = None
        return linked
