"""Registers: evidence, excuses, closing, corrections."""

from __future__ import annotations

from chassis.access import Scope
from chassis.clock import Clock
from chassis.ports import Aggregates
from services.scheduling.domain.commands import (
    CorrectAttendance,
    ExcuseParticipant,
    NoteEvidence,
    NoteOnlineLog,
    RecordAttendance,
)
from services.scheduling.domain.ports import Roster
from services.scheduling.domain.register import Register
from services.scheduling.domain.session import Session
from services.scheduling.handlers.identities import register_id_of


class Registers:
    """The register of a session, opened when first needed, and who belongs to it."""

    def __init__(
        self, *, registers: Aggregates[Register], sessions: Aggregates[Session], roster: Roster
    ) -> None:
        self._registers = registers
        self._sessions = sessions
        self._roster = roster

    def of(self, session_id: str, *, scope: Scope) -> tuple[Register, frozenset[str]]:
        """The register at the session's present time, and the participants on its roster.

        Raises:
            NotFound: ``session.not_found``.
            RuleViolation: ``session.cancelled``.
        """
        session = self._sessions.get(session_id, scope=scope)
        session.require_planned()
        register = self._registers.find(register_id_of(session_id), scope=scope)
        if register is None:
            register = Register(
                register_id=register_id_of(session_id),
                session_id=session_id,
                cohort_id=session.cohort_id,
                country_code=session.country_code,
                training_code=session.training_code,
                part_code=session.part_code,
                starts_at=session.starts_at,
                ends_at=session.ends_at,
            )
        register.follow(starts_at=session.starts_at, ends_at=session.ends_at)
        members = self._roster.members(session.cohort_id)
        on_it = (each.participant_id for each in members if each.attends(register.starts_at))
        return register, frozenset(on_it)

    def save(self, register: Register, *, scope: Scope) -> None:
        """Store it."""
        self._registers.save(register, scope=scope)


def note_evidence(command: NoteEvidence, *, registers: Registers) -> None:
    """Add what a source says.

    Raises:
        NotFound: ``session.not_found``.
        RuleViolation: ``session.cancelled``, ``attendance.recorded`` or
            ``attendance.not_on_roster``.
    """
    scope = command.actor.scope
    register, roster = registers.of(command.session_id, scope=scope)
    register.note(command.evidence, roster=roster)
    registers.save(register, scope=scope)


def note_online_log(command: NoteOnlineLog, *, registers: Registers) -> dict[str, int]:
    """Add what a meeting's log says; participant id -> minutes it gives within the session.

    Raises:
        NotFound: ``session.not_found``.
        RuleViolation: as ``note_evidence``, or ``attendance.other_time``.
    """
    scope = command.actor.scope
    register, roster = registers.of(command.session_id, scope=scope)
    minutes = register.note_log(command.evidence, roster=roster)
    registers.save(register, scope=scope)
    return minutes


def excuse_participant(command: ExcuseParticipant, *, registers: Registers) -> None:
    """Absence with leave.

    Raises:
        NotFound: ``session.not_found``.
        RuleViolation: ``session.cancelled``, ``attendance.recorded`` or
            ``attendance.not_on_roster``.
    """
    scope = command.actor.scope
    register, roster = registers.of(command.session_id, scope=scope)
    register.excuse(command.participant_id, roster=roster)
    registers.save(register, scope=scope)


def record_attendance(command: RecordAttendance, *, registers: Registers, clock: Clock) -> None:
    """Close the register.

    Raises:
        NotFound: ``session.not_found``.
        RuleViolation: ``session.cancelled``, ``attendance.recorded``,
            ``attendance.too_early`` or ``attendance.nobody``.
    """
    scope = command.actor.scope
    register, roster = registers.of(command.session_id, scope=scope)
    register.record_attendance(roster=roster, now=clock())
    registers.save(register, scope=scope)


def correct_attendance(command: CorrectAttendance, *, registers: Registers, clock: Clock) -> None:
    """Put one entry of a closed register right.

    Raises:
        NotFound: ``session.not_found``.
        RuleViolation: ``session.cancelled`` or a rule of ``Register``.
    """
    scope = command.actor.scope
    register, roster = registers.of(command.session_id, scope=scope)
    register.correct(
        command.corrected,
        reason_code=command.reason_code,
        actor_id=command.actor.actor_id,
        roster=roster,
        now=clock(),
    )
    registers.save(register, scope=scope)
