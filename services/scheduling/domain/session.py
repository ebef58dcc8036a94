"""One training as it meets: what people have in their calendars."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chassis.aggregate import Aggregate
from chassis.errors import RuleViolation
from chassis.language_map import LanguageMap
from contracts.scheduling import PlacedSession, SessionCancelled, SessionMoved
from services.scheduling.domain.delivery import Delivery
from services.scheduling.domain.solver.problem import Placed


class SessionStatus(StrEnum):
    """Whether it takes place."""

    PLANNED = "planned"
    CANCELLED = "cancelled"


@dataclass(kw_only=True)
class Session(Aggregate):
    """A training of a released timetable.

    The timetable decides where it goes; here it is announced, with a history of its own.

    Rules
      R1  every change of its place, the trainer's too, raises ``calendar_sequence`` (RFC 5545)
      R2  a cancelled session does not move and is not cancelled again
    """

    session_id: str
    timetable_id: str
    cohort_id: str
    country_code: str
    training_code: str
    part_code: str
    titles: LanguageMap
    zone: str
    delivery: Delivery
    starts_at: datetime
    ends_at: datetime
    trainer_id: str
    changed_at: datetime
    room_code: str | None = None
    calendar_sequence: int = 0
    status: SessionStatus = SessionStatus.PLANNED

    @property
    def place(self) -> Placed:
        """Where and when it is."""
        return Placed(
            session_id=self.session_id,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            trainer_id=self.trainer_id,
            room_code=self.room_code,
        )

    def follow(self, place: Placed, *, now: datetime) -> bool:
        """Take the place a new release gives; the release announces it.

        Returns:
            Whether anything changed.

        Raises:
            RuleViolation: ``session.cancelled``.
        """
        self.require_planned()
        if place == self.place:
            return False
        self.calendar_sequence += 1
        self.changed_at = now
        self.starts_at, self.ends_at = place.starts_at, place.ends_at
        self.trainer_id, self.room_code = place.trainer_id, place.room_code
        return True

    def move(
        self, place: Placed, *, participant_ids: tuple[str, ...], reason_code: str, now: datetime
    ) -> None:
        """Go to another place after the release; records ``SessionMoved``.

        Args:
            participant_ids: those affected; only they will hear of it.

        Raises:
            RuleViolation: ``session.cancelled`` or ``session.unmoved``.
        """
        previous_starts_at = self.starts_at
        if not self.follow(place, now=now):
            raise RuleViolation("session.unmoved", "it is there already")
        self.record(
            SessionMoved(
                session_id=self.session_id,
                timetable_id=self.timetable_id,
                cohort_id=self.cohort_id,
                country_code=self.country_code,
                training_code=self.training_code,
                titles=self.titles,
                zone=self.zone,
                previous_starts_at=previous_starts_at,
                starts_at=self.starts_at,
                ends_at=self.ends_at,
                room_code=self.room_code,
                calendar_sequence=self.calendar_sequence,
                participant_ids=participant_ids,
                reason_code=reason_code,
                moved_at=now,
            )
        )

    def cancel(self, *, reason_code: str, now: datetime) -> None:
        """It does not take place; records ``SessionCancelled``.

        Raises:
            RuleViolation: ``session.cancelled``.
        """
        self.require_planned()
        self.status = SessionStatus.CANCELLED
        self.changed_at = now
        self.calendar_sequence += 1
        self.record(
            SessionCancelled(
                session_id=self.session_id,
                timetable_id=self.timetable_id,
                cohort_id=self.cohort_id,
                country_code=self.country_code,
                training_code=self.training_code,
                titles=self.titles,
                starts_at=self.starts_at,
                calendar_sequence=self.calendar_sequence,
                reason_code=reason_code,
                cancelled_at=now,
            )
        )

    def announced(self) -> PlacedSession:
        """As a release tells it; a visit takes place onsite, in no room of ours."""
        delivery = Delivery.ONSITE if self.delivery is Delivery.VISIT else self.delivery
        return PlacedSession(
            session_id=self.session_id,
            training_code=self.training_code,
            part_code=self.part_code,
            titles=self.titles,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            zone=self.zone,
            delivery=delivery,
            room_code=self.room_code,
            calendar_sequence=self.calendar_sequence,
        )

    def require_planned(self) -> None:
        """Refuse what only a session that takes place can have.

        Raises:
            RuleViolation: ``session.cancelled``.
        """
        if self.status is SessionStatus.CANCELLED:
            raise RuleViolation("session.cancelled", "the session is cancelled")
