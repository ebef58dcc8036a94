"""The rules of UD2, one object each: count, change, CP-SAT encoding, a sentence for people."""

from services.scheduling.domain.timetabling.rules.hard import (
    AVAILABILITY,
    CONFLICTS,
    LECTURES,
    ROOM_AVAILABILITY,
    ROOM_OCCUPANCY,
)
from services.scheduling.domain.timetabling.rules.rule import Breach, Rule
from services.scheduling.domain.timetabling.rules.soft import (
    CURRICULUM_COMPACTNESS,
    MIN_WORKING_DAYS,
    ROOM_CAPACITY,
    ROOM_STABILITY,
)

HARD: tuple[Rule, ...] = (LECTURES, CONFLICTS, AVAILABILITY, ROOM_OCCUPANCY, ROOM_AVAILABILITY)
SOFT: tuple[Rule, ...] = (ROOM_CAPACITY, MIN_WORKING_DAYS, CURRICULUM_COMPACTNESS, ROOM_STABILITY)
RULES = (*HARD, *SOFT)

__all__ = ["HARD", "RULES", "SOFT", "Breach", "Rule"]
