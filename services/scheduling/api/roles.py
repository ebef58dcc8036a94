"""Who may do what."""

from __future__ import annotations

from chassis.access import Role

PLANNERS = (Role.OPERATOR, Role.COORDINATOR, Role.SERVICE)
"""Plan, release, move."""

TEACHERS = (*PLANNERS, Role.TRAINER)
"""Say who was there."""

READERS = (*TEACHERS, Role.AUDITOR, Role.REVIEWER)
"""Look."""

ATTENDEES = (*READERS, Role.PARTICIPANT)
"""Look at what concerns themselves: a participant's scope leaves nothing else."""
