"""Where people meet."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.aggregate import Aggregate
from chassis.errors import RuleViolation
from chassis.language_map import LanguageMap
from services.scheduling.domain.availability import ALWAYS, Availability


@dataclass(kw_only=True)
class Room(Aggregate):
    """A room of the centre, or one lent to it.

    Rules
      R1  a room has at least one seat
    """

    room_id: str
    room_code: str
    country_code: str
    titles: LanguageMap
    kind_code: str
    seat_count: int
    availability: Availability = ALWAYS

    def __post_init__(self) -> None:
        self._require_seats(self.seat_count)

    def refit(self, *, kind_code: str, seat_count: int, availability: Availability) -> None:
        """Change what the room offers; timetables see it when they are next solved.

        Raises:
            RuleViolation: ``room.no_seats``.
        """
        self._require_seats(seat_count)
        self.kind_code = kind_code
        self.seat_count = seat_count
        self.availability = availability

    @staticmethod
    def _require_seats(seat_count: int) -> None:
        if seat_count < 1:
            raise RuleViolation("room.no_seats", "a room has at least one seat")
